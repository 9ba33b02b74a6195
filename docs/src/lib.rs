//! The code of the guide, whose chapters are in `crates/stream-chat/docs`. The doc tests of this
//! crate compile it, and run it against the emulator where possible.

use std::error::Error;

use stream_chat::{Client, MessageRequest, UserRequest};
use stream_emulator::Emulator;

#[cfg(test)]
mod calls;

macro_rules! chapters {
    ($($name:ident $file:literal)*) => { $(
        #[cfg(doctest)]
        #[doc = include_str!(concat!("../../crates/stream-chat/docs/", $file))]
        mod $name {}
    )* };
}

chapters! {
    getting_started "getting-started.md"
    login "login.md"
    users "users.md"
    channels "channels.md"
    messages "messages.md"
    queries "queries.md"
    moderation "moderation.md"
    conversations "conversations.md"
    webhooks "webhooks.md"
    large_jobs "large-jobs.md"
    administration "administration.md"
    errors "errors.md"
    testing "testing.md"
    transports "transports.md"
    following_the_api "following-the-api.md"
    many_machines "many-machines.md"
    security "security.md"
    other_sdks "other-sdks.md"
}

/// The result of a piece of code in the guide.
pub type Outcome = Result<(), Box<dyn Error>>;

/// Runs a piece of code with a client of an emulator, in which a few people talk in the channel `messaging:general`.
///
/// # Panics
/// The code fails, or the emulator cannot start.
pub fn run(code: impl AsyncFnOnce(Client) -> Outcome) {
    let result = runtime().block_on(async {
        let emulator = Emulator::start().await?;
        let client = Client::builder(emulator.api_key(), emulator.api_secret())
            .base_url(emulator.base_url())
            .build()?;
        populate(&client).await?;
        code(client).await
    });
    assert!(result.is_ok(), "{}", result.err().map_or_else(String::new, |error| error.to_string()));
}

/// Runs a piece of code that needs no server.
///
/// # Panics
/// The code fails.
pub fn run_alone(code: impl AsyncFnOnce() -> Outcome) {
    let result = runtime().block_on(code());
    assert!(result.is_ok(), "{}", result.err().map_or_else(String::new, |error| error.to_string()));
}

/// Creates the users and the channel that the guide assumes.
async fn populate(client: &Client) -> Outcome {
    client.upsert_users(["jane", "bob", "kate", "thierry", "josh"]).await?;
    client.upsert_user(UserRequest::new("john").role("admin")).await?;
    let general = client.channel("messaging", "general");
    general.get_or_create().created_by("john").members(["john", "jane"]).await?;
    general.send_message(MessageRequest::from("Welcome").id("welcome").user_id("john")).await?;
    Ok(())
}

fn runtime() -> tokio::runtime::Runtime {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    #[expect(clippy::expect_used, reason = "only tests call it")]
    runtime.expect("a runtime")
}
