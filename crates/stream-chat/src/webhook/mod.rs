//! Webhooks of Stream: from the bytes of a request to a verified, typed event.
//!
//! Stream calls a server of yours when something happens in the app (`event_hooks` in the settings
//! of the app), and asks it before it accepts a message (`before_message_send_hook_url`) or when
//! someone uses a command of your own (`custom_action_handler_url`). Every such request is signed
//! with the secret of the app. A [`WebhookReceiver`] checks the signature over the bytes as they
//! came, unpacks them and parses them; nothing of a body that is not from Stream is parsed.
//!
//! ```
//! use http::{HeaderMap, StatusCode};
//! use stream_chat::auth::ApiSecret;
//! use stream_chat::models::events::Event;
//! use stream_chat::webhook::{WebhookReceiver, status};
//!
//! fn receive(receiver: &WebhookReceiver, headers: &HeaderMap, body: &[u8]) -> StatusCode {
//!     match receiver.event(headers, body) {
//!         Ok(webhook) => {
//!             match webhook.payload {
//!                 Event::MessageNew(event) => println!("{}", event.message.text),
//!                 Event::Other(event) => println!("{}: {:?}", event.event_type, event.json),
//!                 _ => {}
//!             }
//!             StatusCode::OK
//!         }
//!         Err(error) => status(&error), // 401, 413 or 400
//!     }
//! }
//! # use stream_chat::webhook::{SIGNATURE_HEADER, WebhookSigner};
//! # let secret = ApiSecret::new("the secret of your app")?;
//! # let receiver = WebhookReceiver::new(&secret);
//! # let body = br#"{"type":"message.new","message":{"text":"hello"}}"#;
//! # let mut headers = HeaderMap::new();
//! # assert_eq!(receive(&receiver, &headers, body), StatusCode::UNAUTHORIZED);
//! # headers.insert(SIGNATURE_HEADER, WebhookSigner::new(&secret).sign(body).parse()?);
//! # assert_eq!(receive(&receiver, &headers, body), StatusCode::OK);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | where it comes from | what takes it |
//! |---|---|
//! | axum | [`Webhook`] as an extractor, with the feature `axum` |
//! | anything with `http::HeaderMap` | [`WebhookReceiver::receive`] and its short forms |
//! | anything else with headers | [`WebhookReceiver::read`] |
//! | SQS and SNS | [`QueueReceiver`] |
//!
//! Stream repeats a webhook that was not answered in time with a status of success. A
//! [`DuplicateFilter`] tells the repetitions.
#![cfg_attr(
    feature = "axum",
    doc = "\nThe [guide](crate::guide::webhooks) goes through all of it."
)]

mod before_message_send;
mod custom_command;
mod duplicate;
#[cfg(feature = "axum")]
mod extract;
mod metadata;
mod payload;
mod queue;
mod receiver;
mod request_info;
mod status;
mod verdict;

pub use before_message_send::{BeforeMessageSendRequest, BeforeMessageSendResponse};
pub use custom_command::{CustomCommandRequest, CustomCommandResponse};
pub use duplicate::{Claim, DuplicateFilter, RecentWebhooks};
#[cfg(feature = "axum")]
pub use extract::WebhookRejection;
pub use metadata::WebhookMetadata;
pub use payload::Payload;
pub use queue::QueueReceiver;
pub use receiver::{Webhook, WebhookReceiver};
pub use request_info::RequestInfo;
pub use status::status;

pub use stream_auth::webhook::{
    API_KEY_HEADER, ATTEMPT_HEADER, DEFAULT_MAX_BODY_SIZE, ID_HEADER, SIGNATURE_HEADER,
    VerifiedBody, WebhookError, WebhookSigner,
};
