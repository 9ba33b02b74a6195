//! v1 of the API, which front ends and older SDKs use: paths without a prefix, timestamps as text,
//! and flat custom data.
//!
//! Most of it follows rules: paths derive from those of v2, and custom data is nested by the names
//! of the fields that contain it. The exceptions are in tables: [`ALIASES`], [`STATUSES`], and
//! those of [`readings`].

mod paths;
mod readings;
mod shapes;

pub(super) use paths::{ALIASES, STATUSES, path};
pub(crate) use readings::{nest_custom, read};
