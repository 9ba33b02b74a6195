//! Requests that are sent when they are awaited, and the types of their setters.

mod actor;
mod ids;
mod names;
mod single;

pub use actor::{Actor, Me};
pub use names::IntoNames;
pub use single::Request;
