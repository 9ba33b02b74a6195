//! Tools for testing code that uses the SDK.
//!
//! | replacement for Stream | when to use it | notes |
//! |---|---|---|
//! | the emulator (crate `stream-emulator`) | the code does several things that depend on each other | it has state, permissions, errors and webhooks |
//! | a [`Script`] | a single step matters: a failure, a delay, an unusual response | requests without a rule fail with an error that names them |
//! | a [`Cassette`] | the traffic with the real service is to be preserved | it is recorded once and played back |
//!
//! # One function, three tests
//! ```
//! use stream_chat::models::channels::GetOrCreateChannel;
//! use stream_chat::models::messages::SendMessage;
//! use stream_chat::models::users::UpdateUsers;
//! use stream_chat::testing::{Cassette, Recorder, Replayer, Script};
//! use stream_chat::{Client, Error, ErrorCode, MessageRequest, UserRequest};
//! use stream_emulator::Emulator;
//!
//! /// The function: a customer asks support a question. Returns the ID of the message.
//! async fn ask(client: &Client, customer: &str, question: &str) -> Result<String, Error> {
//!     client.upsert_users([UserRequest::new(customer)]).await?;
//!     let channel = client.channel("messaging", format!("ticket-{customer}"));
//!     channel.get_or_create().created_by(customer).members([customer, "support"]).await?;
//!     let message = MessageRequest::from(question).user_id(customer);
//!     match channel.send_message(message).await {
//!         Ok(sent) => Ok(sent.message.id.clone()),
//!         Err(error) if error.is_cooldown() => Ok("asked a moment ago".to_owned()),
//!         Err(error) => Err(error),
//!     }
//! }
//!
//! /// Emulated: what comes of it.
//! async fn the_question_is_in_the_channel() -> Result<(), Box<dyn std::error::Error>> {
//!     let emulator = Emulator::start().await?;
//!     let client = Client::builder(emulator.api_key(), emulator.api_secret())
//!         .base_url(emulator.base_url())
//!         .build()?;
//!     client.upsert_users([UserRequest::new("support")]).await?;
//!
//!     let id = ask(&client, "ann", "Where is my parcel?").await?;
//!     let state = client.channel("messaging", "ticket-ann").get().await?;
//!     assert_eq!(state.messages[0].id, id);
//!     Ok(())
//! }
//!
//! /// Scripted: what it does when one step goes wrong, and what it sends.
//! async fn slow_mode_is_not_an_error() -> Result<(), Error> {
//!     let script = Script::new();
//!     let client = Client::scripted(&script)?;
//!     script.on::<UpdateUsers>().respond(|_| {});
//!     script.on::<GetOrCreateChannel>().respond(|_| {});
//!     script.on::<SendMessage>().error(403, ErrorCode::Cooldown, "slow mode");
//!
//!     assert_eq!(ask(&client, "ann", "Where is my parcel?").await?, "asked a moment ago");
//!     let sent = script.sent::<SendMessage>();
//!     assert_eq!(sent[0].id, "ticket-ann");
//!     assert_eq!(sent[0].body.message.text.as_deref(), Some("Where is my parcel?"));
//!     assert!(script.unused().is_empty());
//!     Ok(())
//! }
//!
//! /// Recorded: what the real service said once. `record` runs by hand, the test from then on.
//! async fn the_recording_plays_back(file: &std::path::Path) -> Result<(), Error> {
//!     let replayer = Replayer::new(Cassette::load(file)?);
//!     let client = Client::builder("key", "secret").transport(replayer.clone()).build()?;
//!     ask(&client, "ann", "Where is my parcel?").await?;
//!     assert_eq!(replayer.remaining(), 0);
//!     Ok(())
//! }
//!
//! async fn record(file: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
//!     # let emulator = Emulator::start().await?;
//!     # let builder = Client::builder(emulator.api_key(), emulator.api_secret()).base_url(emulator.base_url());
//!     # builder.build()?.upsert_users([UserRequest::new("support")]).await?;
//!     # if false {
//!     let builder = stream_chat::ClientBuilder::from_env()?;
//!     # }
//!     # let builder = Client::builder(emulator.api_key(), emulator.api_secret()).base_url(emulator.base_url());
//!     let recorder = Recorder::new(stream_chat::transport::hyper::HyperTransport::new()?);
//!     let client = builder.transport(recorder.clone()).build()?;
//!     ask(&client, "ann", "Where is my parcel?").await?;
//!     recorder.cassette().save(file)?;
//!     Ok(())
//! }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # the_question_is_in_the_channel().await?;
//! # slow_mode_is_not_an_error().await?;
//! # let file = std::env::temp_dir().join(format!("ask-{}.json", std::process::id()));
//! # record(&file).await?;
//! # let replayed = the_recording_plays_back(&file).await;
//! # std::fs::remove_file(&file)?;
//! # replayed?;
//! # Ok(())
//! # }
//! ```
//!
//! # Scripts
//! A rule applies to one request of an operation, and the rules of an operation are used in order:
//! a list of two pages takes two rules, and ends with a page that is empty or has no cursor.
//! A bulk request of any size takes one rule with [`On::always`]. [`On::respond_to`] creates the
//! response from the request.
//!
//! A client of a script does not retry unless it is built with a
//! [policy](crate::ClientBuilder::retry), and waits for tasks take no time. Delays ([`On::after`])
//! use the timers of tokio: with `#[tokio::test(start_paused = true)]` they take no time either,
//! and neither do the timeouts of your code.
//!
//! # Responses as values
//! Response types gain fields over time, so they have no struct literals. [`Build`] creates one
//! with a function that sets its fields:
//!
//! ```
//! use stream_chat::models::messages::MessageResponse;
//! use stream_chat::testing::Build;
//!
//! let message = MessageResponse::build(|message| message.text = "hi".to_owned());
//! assert_eq!(message.text, "hi");
//! ```
#![cfg_attr(
    feature = "webhooks",
    doc = "\n# Webhooks\n[`Client::signed_webhook`] makes a delivery as Stream would, for the handler of a server, and
[`Webhook::of`](crate::webhook::Webhook::of) a webhook for a function that takes one."
)]

#[cfg(feature = "webhooks")]
mod signed_webhook;

#[cfg(feature = "webhooks")]
pub use signed_webhook::SignedWebhook;

pub use stream_http::transport::testing::{
    Cassette, Exchange, On, Recorder, Replayer, Script, ScriptedTransport, SentRequest,
};
pub use stream_models::Build;

use crate::client::Client;
use stream_http::{Error, RetryPolicy};

impl Client {
    /// Creates a client whose requests get the responses of `script`, with the key `key` and the
    /// secret `secret`. It does not retry.
    ///
    /// For other settings, such as a client that acts as a user, pass a clone of the script to the
    /// builder as its [transport](crate::ClientBuilder::transport).
    ///
    /// ```
    /// # async fn example() -> Result<(), stream_chat::Error> {
    /// use stream_chat::Client;
    /// use stream_chat::models::users::{FullUserResponse, QueryUsers};
    /// use stream_chat::testing::{Build, Script};
    ///
    /// let script = Script::new();
    /// let client = Client::scripted(&script)?;
    /// script.on::<QueryUsers>().respond(|page| {
    ///     page.users = vec![FullUserResponse::build(|user| user.id = "john".to_owned())];
    /// });
    /// let john = client.user("john").get().await?;
    /// assert_eq!(john.map(|john| john.id), Some("john".to_owned()));
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    ///
    /// # Errors
    /// The platform has no clock.
    pub fn scripted(script: &Script) -> Result<Self, Error> {
        Self::builder("key", "secret").transport(script.clone()).retry(RetryPolicy::off()).build()
    }
}
