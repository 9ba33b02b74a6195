//! Snapshots of the state.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::state::World;

/// The whole state of an emulator at one point in time.
///
/// It is opaque: its serialized form is only for [`Emulator::restore`](crate::Emulator::restore) of
/// the same version of this crate.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Snapshot(pub(crate) World);

impl fmt::Debug for Snapshot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Snapshot").finish_non_exhaustive()
    }
}
