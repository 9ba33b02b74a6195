//! Import files: users, devices, channels, members, messages and reactions of another chat as JSON
//! lines, checked as they are written.
//!
//! ```
//! use stream_chat::import::{ImportItem, ImportWriter};
//! use stream_chat::{MessageRequest, Timestamp};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let long_ago: Timestamp = "2019-05-01T12:00:00Z".parse()?;
//! let mut file = ImportWriter::new(Vec::new());
//! file.write(&ImportItem::user("john").name("John").created_at(long_ago))?;
//! file.write(&ImportItem::channel("messaging:general", "john").custom("topic", "cats"))?;
//! file.write(&ImportItem::member("messaging:general", "john"))?;
//! let message = MessageRequest::from("Hello").id("m-1").user_id("john");
//! file.write(&ImportItem::message("messaging:general", message).created_at(long_ago))?;
//!
//! // A line that the server would refuse is not written.
//! let error = file.write(&ImportItem::user("jane")).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "line 5 (user): it comes after a message: users come before devices, channels, members, messages and reactions"
//! );
//! let json_lines = file.finish()?;
//! # assert_eq!(json_lines.iter().filter(|byte| **byte == b'\n').count(), 4);
//! # Ok(())
//! # }
//! ```
//!
//! # The file
//! Each line is an object with the `type` and the `item`. Types are in the order of [`ImportKind`];
//! an item follows those that it refers to. Custom data is stored beside the other fields of an
//! item. These are the rules and limits that Stream documents; the server performs further checks
//! during an import.

mod check;
mod encoder;
mod error;
mod item;
mod writer;

pub use encoder::{ImportEncoder, check_import};
pub use error::ImportError;
pub use item::{ImportItem, ImportKind};
pub use writer::{AsyncImportWriter, ImportWriter};
