//! The wire formats v2 and v1 of the same operations.
//!
//! A [`Route`] maps a method and a path to an operation and a [`Dialect`]. Reading converts a
//! request to the shape of v2, which operations take; a [`Form`] encodes the resulting document.

mod form;
mod inputs;
mod reading;
mod route;
mod v1;

pub(crate) use form::Form;
pub(crate) use reading::read;
pub(crate) use route::{Dialect, Match, find};
pub(crate) use v1::{nest_custom, read as read_v1};
