//! Documents: responses and events before a wire renders them.
//!
//! A document says *what* there is: that something is a point in time, that something is custom
//! data. How that is written (times as integers or as text, custom data nested or beside the
//! fields) is for [`crate::wire::Form`] to decide, so that no operation knows of v1 and v2.

mod json;
mod node;
mod object;

pub(crate) use node::Node;
pub(crate) use object::Object;
