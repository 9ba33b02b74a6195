//! Resources: what is only created, read, changed, listed and deleted.
//!
//! A resource is a table of its fields. Its operations are lines in its domain's module:
//!
//! ```text
//! const COMMANDS: Resource = Resource {
//!     kind: "command",
//!     key: Key::Given("name"),
//!     fields: &[
//!         Field::new("description", Kind::Text).required(),
//!         Field::new("args", Kind::Text).default(Default::Text("")),
//!     ],
//!     one: Some("command"),
//!     many: "commands",
//!     ..Resource::DEFAULT
//! };
//!
//! operations! {
//!     "CreateCommand" => |call, input| COMMANDS.create(call, input),
//!     "GetCommand" => |call, input| COMMANDS.get(call, input),
//! }
//! ```
//!
//! What a resource has beyond that is a function of its domain that takes part: `check` refuses
//! what breaks a rule before it is kept, `keep` refuses to delete what is in use.

mod field;
mod resource;

pub(super) use field::{Default, Field};
pub(super) use resource::{Key, Resource, Searched};

pub(super) use crate::state::Kind;
