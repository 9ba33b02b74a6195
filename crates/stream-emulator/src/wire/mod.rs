//! v2 and v1: two readings and two renderings of the same operations.
//!
//! A [`Route`] says which operation a method and a path mean, and in which [`Dialect`]. Reading
//! brings a request into the shape of v2, which operations take; a [`Form`] writes the document
//! that an operation came to.

mod form;
mod reading;
mod route;
mod v1;

pub(crate) use form::Form;
pub(crate) use reading::read;
pub(crate) use route::{Dialect, Match, find};
pub(crate) use v1::{nest_custom, read as read_v1};
