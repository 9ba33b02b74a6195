//! Server-side SDK for [Stream Chat](https://getstream.io/chat/): mint tokens, sync users, manage
//! channels, members and messages, change app settings.
//!
//! This is an unofficial crate. It is not made or endorsed by Stream.
//!
//! # A first message
//! ```
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! # let emulator = stream_emulator::Emulator::start().await?;
//! # let client = stream_chat::Client::builder(emulator.api_key(), emulator.api_secret())
//! #     .base_url(emulator.base_url()).build()?;
//! # if false {
//! let client = stream_chat::Client::from_env()?; // STREAM_API_KEY, STREAM_API_SECRET
//! # }
//! use std::time::Duration;
//! use stream_chat::{Attachment, MessageRequest, UserRequest};
//!
//! client.upsert_users([UserRequest::new("john").role("admin"), UserRequest::new("jane")]).await?;
//! let token = client.user_token("john").expires_in(Duration::from_secs(3600)).sign()?;
//! # assert!(!token.expose_secret().is_empty());
//!
//! let channel = client.channel("messaging", "john-and-jane");
//! channel.get_or_create().created_by("john").members(["john", "jane"]).await?;
//! let sent = channel
//!     .send_message(
//!         MessageRequest::from("Look, @jane")
//!             .user_id("john")
//!             .mention("jane")
//!             .attachment(Attachment::image("https://example.com/cat.jpg")),
//!     )
//!     .await?;
//! assert_eq!(sent.message.user.id, "john");
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new()?.block_on(example())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How requests are made
//! A [`Client`] gives handles, which send nothing: [`User`], [`Channel`], [`Message`], [`Thread`],
//! [`Poll`], [`Task`] and one for each other thing that the API knows, such as
//! `client.moderation()`, `client.campaigns()` and `client.block_lists()`. Every operation of the API
//! is a method of one of them, and is found by its ID in the search of this documentation.
//!
//! A method returns a [`Request`]: a value with a setter for everything that the operation can hold,
//! sent when it is awaited. Who does something is the last argument, an [`Actor`].
//!
//! - What the server takes only in parts is split: [`Bulk`].
//! - What comes in pages is walked: [`Request::pages`], [`Request::items`].
//! - What runs in the background is waited for: [`Request::and_wait`], [`Bulk::and_wait`], [`Task`].
//! - Anything else is a value of [`models`] that [`Client::send`] takes.
//!
//! # Features
//! What the quick start and webhooks need is on by default. The other domains of the API are asked for, so that
//! nobody compiles what is not used: `stream-chat = { version = "0.1", features = ["moderation"] }`. In
//! this documentation, what a feature adds is marked with its name; without it, a method is not found.
//!
//! | feature | what it adds | default |
//! |---|---|---|
//! | `hyper` | the default transport | yes |
//! | `ring` | TLS with ring | yes |
//! | `http2` | HTTP/2 | yes |
//! | `aws-lc-rs` | TLS with aws-lc-rs, preferred over ring | |
//! | `reqwest` | a transport on your `reqwest::Client`; turns on no feature of reqwest | |
//! | `reqwest-rustls` | a reqwest client that is set up for you; turns on `rustls` and `http2` in reqwest | |
//! | `webhooks` | `webhook`: verified and typed webhooks, without the operations of other domains | yes |
//! | `verify` | [`Client::verify_token`]: verification of the tokens that the app has signed; signing them needs no feature | |
//! | `moderation` | bans, flags, mutes, `client.moderation()` with the review queue, rules and appeals | |
//! | `admin` | block lists, commands, exports, imports, permissions, predefined filters, retention, statistics, storage | |
//! | `campaigns` | campaigns and segments | |
//! | `full` | every domain of the API: `admin`, `campaigns`, `moderation` | |
//! | `axum` | webhooks as extractors of axum 0.8 | |
//! | `testing` | `testing`: scripted and recorded clients, signed webhooks, responses as values, for tests of your own code | |

#![cfg_attr(docsrs, feature(doc_cfg))]

mod app;
#[cfg(feature = "admin")]
mod block_lists;
mod bulk;
mod channel;
mod channel_types;
mod client;
mod generated;
pub mod guide;
mod handle_of;
#[cfg(feature = "admin")]
pub mod import;
#[cfg(feature = "admin")]
mod imports;
mod message;
mod page;
#[cfg(feature = "moderation")]
mod policy_tests;
mod poll;
mod request;
#[cfg(feature = "moderation")]
mod review_item;
#[cfg(feature = "campaigns")]
mod segment;
#[cfg(any(feature = "admin", feature = "moderation"))]
mod stored_sort;
mod task;
#[cfg(feature = "testing")]
pub mod testing;
mod thread;
pub mod token_source;
pub mod transport;
mod upload;
mod user;
#[cfg(feature = "webhooks")]
pub mod webhook;

#[cfg(feature = "admin")]
pub use block_lists::UpsertBlockList;
pub use bulk::{
    BatchOutcome, BatchResult, Bulk, BulkError, BulkHandle, BulkProgress, BulkReport, BulkResponse,
    Entries, FailedBatch, IntoEntries, Outcomes,
};
pub use channel::{Channel, ChannelBatch};
pub use client::{Client, ClientBuilder};
pub use generated::handles::*;
pub use handle_of::{HasChannel, HasMessage, HasPoll, HasThread, HasUser};
#[cfg(feature = "admin")]
pub use imports::{ImportFailure, ImportRun, ImportTaskFailure};
pub use message::Message;
pub use page::{Items, Paged, Pages, Stuck};
pub use request::{Actor, IntoNames, Me, Request};
#[cfg(feature = "moderation")]
pub use review_item::ReviewAction;
pub use task::{
    AndWait, FailedTask, FinishedTask, StartsTask, Task, TaskCounts, TaskOutcome, TasksError,
    TasksReport, Updates, Wait,
};
pub use upload::HoldsFile;
pub use user::{User, UserTokenBuilder};

pub use stream_auth as auth;
pub use stream_models as models;

pub use stream_http::{
    CallOptions, Error, ErrorCode, ErrorKind, FileSource, Response, RetryPolicy, Token,
};
pub use stream_models::app::UpdateAppRequest;
pub use stream_models::channels::{ChannelInput, ChannelSort};
pub use stream_models::filter::Sort;
pub use stream_models::members::ChannelMemberRequest;
pub use stream_models::messages::{Attachment, MessageRequest};
pub use stream_models::shared::SortParamRequest;
pub use stream_models::users::UserRequest;
pub use stream_models::{Cid, Custom, InvalidCid, Optional, PredefinedFilter, Timestamp, Upload};

/// The code of the README, compiled with the tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct CrateReadme;
