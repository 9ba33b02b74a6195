//! Webhooks of Stream: from the bytes of a request to a verified, typed event.
//!
//! Stream calls your server when something happens in the app (`event_hooks` in the app settings),
//! before it accepts a message (`before_message_send_hook_url`), and when someone uses a custom
//! command (`custom_action_handler_url`). Each request is signed with the secret of the app. A
//! [`WebhookReceiver`] verifies the signature over the received bytes, decompresses and parses
//! them; a body that is not from Stream is not parsed.
//!
//! ```
//! use http::{HeaderMap, StatusCode};
//! use stream_chat::auth::ApiSecret;
//! use stream_chat::models::events::Event;
//! use stream_chat::webhook::{Webhook, WebhookEndpoint, WebhookReceiver};
//! # use stream_chat::webhook::{SIGNATURE_HEADER, WebhookSigner};
//!
//! async fn on_event(webhook: Webhook) -> Result<(), std::io::Error> {
//!     match &webhook.payload {
//!         Event::MessageNew(event) => println!("{}", event.message.text),
//!         Event::Other(event) => println!("{}: {:?}", event.event_type, event.json),
//!         _ => {}
//!     }
//!     Ok(())
//! }
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let secret = ApiSecret::new("the secret of your app")?;
//! let endpoint = WebhookEndpoint::new(WebhookReceiver::new(&secret), on_event);
//!
//! // For each request, with its headers and the bytes of its body:
//! # let body = br#"{"type":"message.new","message":{"text":"hello"}}"#;
//! # let mut headers = HeaderMap::new();
//! # assert_eq!(endpoint.handle(&headers, body).await.status(), StatusCode::UNAUTHORIZED);
//! # headers.insert(SIGNATURE_HEADER, WebhookSigner::new(&secret).sign(body).parse()?);
//! let status = endpoint.handle(&headers, body).await.status(); // 200, 401, 413, 500, ...
//! # assert_eq!(status, StatusCode::OK);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | source | receiver |
//! |---|---|
//! | axum, events | [`WebhookEndpoint`] as a handler, with the feature `axum` |
//! | axum, synchronous hooks | [`Webhook`] as an extractor, with the feature `axum` |
//! | any other server, events | [`WebhookEndpoint::handle`] |
//! | any other server, synchronous hooks | [`WebhookReceiver::receive`] and its short forms |
//! | a server without `http::HeaderMap` | [`WebhookReceiver::read`] |
//! | SQS and SNS | [`QueueReceiver`] |
//!
//! Stream delivers a webhook again unless it receives a response with a success status in time. A
//! [`DuplicateFilter`] ensures that each is handled once; every endpoint has one.
#![cfg_attr(
    feature = "axum",
    doc = "\nThe [guide](crate::guide::webhooks) goes through all of it."
)]

#[cfg(feature = "axum")]
mod axum;
mod before_message_send;
mod custom_command;
mod duplicate;
mod endpoint;
mod hook;
mod metadata;
mod payload;
mod queue;
mod received;
mod receiver;
mod status;
mod verdict;

#[cfg(feature = "axum")]
pub use axum::WebhookRejection;
pub use before_message_send::{BeforeMessageSendRequest, BeforeMessageSendResponse};
pub use custom_command::{CustomCommandRequest, CustomCommandResponse};
pub use duplicate::{Claim, Claimed, DuplicateFilter, Lease, LeaseToken, RecentWebhooks};
pub use endpoint::{WebhookEndpoint, WebhookOutcome};
pub use metadata::WebhookMetadata;
pub use payload::Payload;
pub use queue::QueueReceiver;
pub use received::Webhook;
pub use receiver::WebhookReceiver;
pub use status::status;
pub use verdict::CustomDataForm;

pub use stream_auth::webhook::{
    API_KEY_HEADER, ATTEMPT_HEADER, DEFAULT_MAX_BODY_SIZE, DEFAULT_MAX_MESSAGE_SIZE, ID_HEADER,
    SIGNATURE_HEADER, VerifiedBody, WebhookError, WebhookSigner,
};
pub use stream_models::events::{EventDetails, EventMember, RequestInfo, UnreadCounts};
pub use stream_models::tolerant::DecodeFailure;
