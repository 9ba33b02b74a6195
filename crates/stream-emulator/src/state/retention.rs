//! What is deleted when it has become old.

use super::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The policies that are switched on, by name: after how many hours something is old, and since
/// when that holds.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Retention(pub(crate) BTreeMap<String, (i32, Timestamp)>);
