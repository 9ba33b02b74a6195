//! The data of the Stream Chat API: requests, responses, events, filters and operations, without
//! I/O.
//!
//! This is an unofficial crate. It is not made or endorsed by Stream.
//!
//! # Operations
//! Each of the API's operations is a plain value that contains the request and names the type of
//! the response ([`Operation`]); an executor such as that of `stream-http` sends it. Operations and
//! their types are in modules by domain.
//!
//! ```
//! use stream_models::Operation;
//! use stream_models::messages::{Attachment, MessageRequest, SendMessage, SendMessageRequest};
//!
//! let message = MessageRequest::from("Look, @jane")
//!     .user_id("john")
//!     .mention("jane")
//!     .attachment(Attachment::image("https://example.com/cat.jpg"))
//!     .custom("myapp_mood", "happy");
//! let operation = SendMessage::new("messaging", "general", SendMessageRequest::new(message));
//! assert_eq!(operation.path()?, "/api/v2/chat/channels/messaging/general/message");
//! # Ok::<(), stream_models::InvalidRequest>(())
//! ```
//!
//! # Encoding
//! Only fields that were set are sent. A field that was not set is left out; a field that was
//! cleared (`clear_...`) is sent as `null`, which resets the setting on the server; a list that was
//! set to be empty is sent empty. See [`Optional`]. Your own data goes into [`Custom`].
//!
//! A value of an enum is one of its variants, so a misspelled string does not compile. `other`
//! creates a value that this version does not know.
//!
//! ```
//! use stream_models::users::{DeleteUsersRequest, DeletionMode};
//!
//! let request = DeleteUsersRequest::new(["john"])
//!     .user(DeletionMode::Hard)
//!     .messages(DeletionMode::other("added-next-year"));
//! assert_eq!(request.messages.as_ref().map(DeletionMode::as_str), Some("added-next-year"));
//! assert_eq!(DeletionMode::other("hard"), DeletionMode::Hard);
//! ```
//!
//! ```compile_fail,E0277
//! use stream_models::users::DeleteUsersRequest;
//!
//! DeleteUsersRequest::new(["john"]).messages("hrad");
//! ```
//!
//! # Decoding
//! Anything that a newer server may send is decoded, unless a value has another type. Unknown
//! fields are skipped, unknown values of enums are preserved, and unknown events contain their JSON
//! (`OtherEvent`). `null` and absence mean the same and never fail, in required fields too, which
//! then have their default: an empty string, zero, an empty list. Timestamps are decoded from
//! nanoseconds or from RFC 3339 ([`Timestamp`]).
//!
//! The memory of a decoded document is bounded: above 4 MiB, a document that takes more than 24
//! times its length in memory (a long list of empty objects) is an error. The service's responses
//! take about five times their length.

#![cfg_attr(docsrs, feature(doc_cfg))]
// Nearly every item requires `chat`, which every other domain turns on.
#![cfg_attr(docsrs, doc(auto_cfg(hide(feature = "chat"))))]

// The traits without the support of derives, of which there are none, under the usual name.
extern crate serde_core as serde;

#[cfg(feature = "builders")]
mod build;
#[doc(hidden)]
pub mod codec;
#[cfg(feature = "events")]
mod event;
#[cfg(feature = "chat")]
mod extensions;
pub mod filter;
mod generated;
mod operation;
pub mod tolerant;
mod value;

#[cfg(feature = "builders")]
pub use build::Build;
#[cfg(feature = "events")]
pub use event::OtherEvent;
#[cfg(feature = "chat")]
pub use extensions::{PredefinedFilter, RefusedMessage};
pub use filter::Filter;
pub use generated::*;
pub use operation::{
    Body, ExternalSource, FileUrl, InvalidRequest, Method, Operation, OperationInfo, Part,
    PartContent, Query, RawBody, ResponseMembers, Upload, UploadSource, Uploaded, expand_path,
};
pub use value::units;
pub use value::{Cid, Custom, InvalidCid, InvalidTimestamp, Optional, Secret, Timestamp};

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExamples;
