//! Documents: responses and events independent of the wire format.
//!
//! A document marks values as timestamps and as custom data. [`crate::wire::Form`] decides how to
//! write them (timestamps as integers or text, custom data nested or flat), so that operations do
//! not depend on v1 or v2.

mod json;
mod tree;

pub(crate) use tree::{Field, Node, Object};
