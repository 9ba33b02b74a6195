//! Requests that are sent when they are awaited, and what their setters take.

mod actor;
mod single;
mod sort;

pub use actor::{Actor, Me};
pub use single::Request;
pub use sort::Sort;
