//! Constructors of event hooks.

use crate::app::EventHook;

impl EventHook {
    /// Creates a webhook that calls `url` with all events, or only with those of
    /// [`event_types`](Self::event_types).
    ///
    /// ```
    /// use stream_models::app::EventHook;
    ///
    /// let hook = EventHook::webhook("https://example.com/hook").event_types(["message.new"]);
    /// assert_eq!(hook.hook_type.as_deref(), Some("webhook"));
    /// ```
    pub fn webhook(url: impl Into<String>) -> Self {
        Self::new().hook_type("webhook").enabled(true).webhook_url(url)
    }
}

/// Creates a webhook that calls this URL.
impl From<&str> for EventHook {
    fn from(url: &str) -> Self {
        Self::webhook(url)
    }
}

/// Creates a webhook that calls this URL.
impl From<&String> for EventHook {
    fn from(url: &String) -> Self {
        Self::webhook(url)
    }
}

/// Creates a webhook that calls this URL.
impl From<String> for EventHook {
    fn from(url: String) -> Self {
        Self::webhook(url)
    }
}
