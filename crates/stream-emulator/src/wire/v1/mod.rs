//! The older API, spoken by front ends and by the older SDKs: paths without a prefix, times as
//! text, and custom data beside the fields.
//!
//! What follows from a rule is a rule here: paths derive from v2's, and custom data is nested by
//! the names of the fields that hold it. What does not is a line in a table: [`ALIASES`], [`STATUSES`],
//! and the readings of [`readings`].

mod paths;
mod readings;
mod shapes;

pub(super) use paths::{ALIASES, STATUSES, path};
pub(crate) use readings::{nest_custom, read};
