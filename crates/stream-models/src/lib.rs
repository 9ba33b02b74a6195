//! The data of the Stream Chat API: requests, responses, events and operations, without I/O.
//!
//! This is an unofficial crate. It is not made or endorsed by Stream.

mod codec;
mod event;
mod extensions;
#[rustfmt::skip]
mod generated;
mod operation;
mod value;

pub use event::OtherEvent;
pub use generated::*;
pub use operation::{
    Body, InvalidRequest, Method, Operation, OperationInfo, Part, PartContent, Query, Upload,
    UploadSource, expand_path,
};
pub use value::{Custom, InvalidTimestamp, Optional, Secret, Timestamp};
