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
//! # Requests
//! A [`Client`] returns handles, which send nothing: [`User`], [`Channel`], [`Message`],
//! [`Thread`], [`Poll`], [`Task`] and others for each part of the API, such as
//! `client.moderation()`, `client.campaigns()` and `client.block_lists()`. Every operation of the
//! API is a method of a handle or of the client, and the search of this documentation finds it by
//! its ID.
//!
//! A method returns a [`Request`]: a value with a setter for every field of the operation, which is
//! sent when it is awaited. The user who acts is the last argument, an [`Actor`].
//!
//! - Requests with more entries than the server accepts are divided into batches: [`Bulk`].
//! - Lists are paginated: [`Request::pages`], [`Request::items`].
//! - Background tasks can be awaited: [`Request::and_wait`], [`Bulk::and_wait`], [`Task`].
//! - Anything else is a value of [`models`] that [`Client::send`] accepts.
//!
//! # Features
//! The features for the quick start and for webhooks are on by default. The other domains of the
//! API are optional, to keep compile times short: `cargo add stream-chat --features moderation`.
//! In this documentation, items of a feature are marked with its name; without the feature, they
//! do not exist.
//!
//! | feature | what it adds | default |
//! |---|---|---|
//! | `hyper` | the default transport | yes |
//! | `ring` | TLS with ring | yes |
//! | `http2` | HTTP/2 | yes |
//! | `gzip` | responses compressed with gzip; without it, the client does not offer gzip | yes |
//! | `media-types` | the media type of an upload, from its name or its first bytes; without it, the one that you set, else `application/octet-stream` | yes |
//! | `proxy` | proxies from the environment and set in code; without it, `HTTPS_PROXY` and the like are **not read** | yes |
//! | `aws-lc-rs` | TLS with aws-lc-rs, preferred over ring | |
//! | `reqwest` | a transport on your `reqwest::Client`; turns on no feature of reqwest | |
//! | `reqwest-rustls` | a reqwest client that is set up for you; turns on `rustls` and `http2` in reqwest, and `proxy` | |
//! | `webhooks` | `webhook`: verified and typed webhooks, without the operations of other domains | yes |
//! | `verify` | [`Client::verify_token`]: verification of the tokens that the app has signed; signing them needs no feature | |
//! | `moderation` | bans, flags, mutes, `client.moderation()` with the review queue, rules and appeals | |
//! | `admin` | block lists, commands, exports, imports, permissions, predefined filters, retention, statistics, storage | |
//! | `campaigns` | campaigns and segments | |
//! | `full` | every domain of the API: `admin`, `campaigns`, `moderation` | |
//! | `axum` | webhooks as extractors of axum 0.8 | |
//! | `tower` | `transport::tower`: `tower` services as transports, and transports as services | |
//! | `chrono`, `jiff`, `time` | conversions between [`Timestamp`] and the timestamps of these crates | |
//! | `testing` | `testing`: scripted and recorded clients, signed webhooks, responses as values, for tests of your own code | |

#![cfg_attr(docsrs, feature(doc_cfg))]

// The traits without the support of derives, of which there are none, under the usual name.
extern crate serde_core as serde;

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
pub use stream_models::filter::{Filter, Sort};
pub use stream_models::members::ChannelMemberRequest;
pub use stream_models::messages::{Attachment, MessageRequest};
pub use stream_models::shared::SortParamRequest;
pub use stream_models::users::UserRequest;
pub use stream_models::{
    Cid, Custom, InvalidCid, Optional, PredefinedFilter, RefusedMessage, Timestamp, Upload,
};

/// Compiles the code of the workspace's README.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

/// Compiles the examples of the crate's README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct CrateReadme;
