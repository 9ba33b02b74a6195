//! The webhooks of the app, which the server only replaces as a whole.

use serde_json::{Map, Value};

use crate::client::Client;
use stream_http::{BodySource, CallOptions, Error, PreparedRequest, Response};
use stream_models::app::{EventHook, UpdateApp, UpdateAppRequest};
use stream_models::shared;

/// The hook type of a webhook.
const WEBHOOK: &str = "webhook";

impl Client {
    /// Adds a webhook to the event hooks of the app, and leaves the others unchanged. If there is
    /// already a webhook for the same URL, it gets the new settings.
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
    /// assert_eq!(client.app().await?.app.event_hooks.len(), 2);
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new()?.block_on(example())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// `GET /api/v2/app`, `PATCH /api/v2/app`
    ///
    /// # Errors
    /// The hook has no URL, which is detected before anything is sent; for other errors see
    /// [`Error`].
    pub async fn add_webhook(
        &self,
        hook: impl Into<EventHook>,
    ) -> Result<Response<shared::Response>, Error> {
        let mut hook = hook.into();
        if hook.webhook_url.as_deref().unwrap_or_default().is_empty() {
            return Err(Error::invalid_request("the webhook has no URL: set `webhook_url`"));
        }
        hook.hook_type.get_or_insert_with(|| WEBHOOK.to_owned());
        let url = hook.webhook_url.clone().unwrap_or_default();
        let new = object(&hook)?;
        let mut hooks = self.event_hooks().await?;
        match hooks.iter_mut().find(|hook| calls(hook, &url)) {
            Some(present) => present.extend(new),
            None => hooks.push(new),
        }
        self.set_event_hooks(hooks).await
    }

    /// Removes the webhooks that call a URL from the event hooks of the app, and leaves the others
    /// unchanged; see [`Client::add_webhook`]. Returns whether there was one; if not, nothing is
    /// changed.
    ///
    /// `GET /api/v2/app`, `PATCH /api/v2/app`
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn remove_webhook(&self, url: impl AsRef<str>) -> Result<bool, Error> {
        let mut hooks = self.event_hooks().await?;
        let before = hooks.len();
        hooks.retain(|hook| !calls(hook, url.as_ref()));
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

/// Returns whether a hook is a webhook that calls this URL.
fn calls(hook: &Map<String, Value>, url: &str) -> bool {
    let text = |name: &str| hook.get(name).and_then(Value::as_str);
    text("webhook_url") == Some(url) && text("hook_type").is_none_or(|kind| kind == WEBHOOK)
}

fn object(hook: &EventHook) -> Result<Map<String, Value>, Error> {
    let value = serde_json::to_value(hook);
    let value = value.map_err(|error| Error::invalid_request(format!("the webhook: {error}")))?;
    into_object(value).ok_or_else(|| Error::invalid_request("the webhook is not an object"))
}

fn into_object(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(members) => Some(members),
        _ => None,
    }
}
