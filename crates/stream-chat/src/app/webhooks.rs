//! The event hooks of the app, which the server only replaces as a whole.

use serde_json::{Map, Value};

use crate::client::Client;
use stream_http::{BodySource, CallOptions, Error, PreparedRequest, Response};
use stream_models::app::{EventHook, UpdateApp, UpdateAppRequest};
use stream_models::shared;

/// The hook type of a webhook, which is also that of a hook without a type.
const WEBHOOK: &str = "webhook";

/// The field with the address of a hook, by its type.
const ADDRESSES: [(&str, &str); 3] =
    [(WEBHOOK, "webhook_url"), ("sqs", "sqs_queue_url"), ("sns", "sns_topic_arn")];

impl Client {
    /// Adds a webhook, or a hook for SQS or SNS, to the event hooks of the app, and leaves the others
    /// unchanged. If there is already a hook with the same address, it gets the new settings.
    ///
    /// Takes a URL, for all events, or an [`EventHook`] that selects events. The server only
    /// replaces the whole list of hooks, so they are read first and sent back unchanged, including
    /// members that this version does not know. A change made by someone else between the two
    /// requests is overwritten.
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = stream_emulator::Emulator::start().await?;
    /// # let client = stream_chat::Client::builder(emulator.api_key(), emulator.api_secret())
    /// #     .base_url(emulator.base_url()).build()?;
    /// use stream_chat::models::app::EventHook;
    ///
    /// client.add_webhook("https://example.com/all").await?;
    /// let hook = EventHook::webhook("https://example.com/new").event_types(["message.new"]);
    /// client.add_webhook(hook).await?;
    /// let queue = EventHook::sqs("https://sqs.us-east-1.amazonaws.com/123456789012/chat");
    /// client.add_webhook(queue.sqs_region("us-east-1").sqs_auth_type("resource")).await?;
    /// assert_eq!(client.app().await?.app.event_hooks.len(), 3);
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new()?.block_on(example())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// `GET /api/v2/app`, `PATCH /api/v2/app`
    ///
    /// # Errors
    /// The hook has no address (URL, URL of a queue, ARN of a topic) or is of another type, which is
    /// detected before anything is sent; for other errors see [`Error`].
    pub async fn add_webhook(
        &self,
        hook: impl Into<EventHook>,
    ) -> Result<Response<shared::Response>, Error> {
        let mut hook = hook.into();
        hook.hook_type.get_or_insert_with(|| WEBHOOK.to_owned());
        let new = object(&hook)?;
        let Some((field, address)) = address(&new) else {
            return Err(Error::invalid_request(
                "the event hook has no address: set `webhook_url`, or for `sqs` and `sns` \
                 `sqs_queue_url` and `sns_topic_arn`; other types are set by `update_app`",
            ));
        };
        let address = address.to_owned();
        let mut hooks = self.event_hooks().await?;
        match hooks.iter_mut().find(|hook| self::address(hook) == Some((field, &address))) {
            Some(present) => present.extend(new),
            None => hooks.push(new),
        }
        self.set_event_hooks(hooks).await
    }

    /// Removes the event hooks with an address (the URL of a webhook, the URL of a queue, or the ARN
    /// of a topic), and leaves the others unchanged; see [`Client::add_webhook`]. Returns whether
    /// there was one; if not, nothing is changed.
    ///
    /// `GET /api/v2/app`, `PATCH /api/v2/app`
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn remove_webhook(&self, address: impl AsRef<str>) -> Result<bool, Error> {
        let mut hooks = self.event_hooks().await?;
        let before = hooks.len();
        let removed = address.as_ref();
        hooks.retain(|hook| self::address(hook).is_none_or(|(_, address)| address != removed));
        if hooks.len() == before {
            return Ok(false);
        }
        self.set_event_hooks(hooks).await.map(|_| true)
    }

    /// Returns the event hooks as the server sends them, including members that the models do not
    /// know.
    async fn event_hooks(&self) -> Result<Vec<Map<String, Value>>, Error> {
        let response = self.app().options(CallOptions::new().keep_raw_body()).await?;
        let body = response.raw_body().cloned().unwrap_or_default();
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        let Some(hooks) = body.get("app").and_then(|app| app.get("event_hooks")) else {
            return Ok(Vec::new());
        };
        let hooks = hooks.as_array().cloned().unwrap_or_default();
        let all = hooks.len();
        let hooks: Vec<_> = hooks.into_iter().filter_map(into_object).collect();
        if hooks.len() < all {
            // Sending only the hooks that were understood would remove the others.
            return Err(Error::invalid_request(
                "an event hook of the app is not an object: change the hooks by hand",
            ));
        }
        Ok(hooks)
    }

    async fn set_event_hooks(
        &self,
        hooks: Vec<Map<String, Value>>,
    ) -> Result<Response<shared::Response>, Error> {
        let body = serde_json::json!({ "event_hooks": hooks }).to_string();
        let request = PreparedRequest::from_operation(&UpdateApp::new(UpdateAppRequest::new()))?
            .body(BodySource::json(body));
        self.executor().execute(request, &CallOptions::new()).await?.decode()
    }
}

/// Returns the address of a hook, with the name of its field.
fn address(hook: &Map<String, Value>) -> Option<(&'static str, &str)> {
    let text = |name: &str| hook.get(name).and_then(Value::as_str);
    let kind = text("hook_type").unwrap_or(WEBHOOK);
    let (_, field) = ADDRESSES.into_iter().find(|(known, _)| *known == kind)?;
    let address = text(field).filter(|address| !address.is_empty())?;
    Some((field, address))
}

fn object(hook: &EventHook) -> Result<Map<String, Value>, Error> {
    let value = serde_json::to_value(hook);
    let value =
        value.map_err(|error| Error::invalid_request(format!("the event hook: {error}")))?;
    into_object(value).ok_or_else(|| Error::invalid_request("the event hook is not an object"))
}

fn into_object(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(members) => Some(members),
        _ => None,
    }
}
