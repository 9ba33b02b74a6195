use crate::app::EventHook;

impl EventHook {
    /// Creates a webhook that calls `url` with all events, unless
    /// [`event_types`](Self::event_types) says which.
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

/// A webhook that calls this URL.
impl From<&str> for EventHook {
    fn from(url: &str) -> Self {
        Self::webhook(url)
    }
}

/// A webhook that calls this URL.
impl From<&String> for EventHook {
    fn from(url: &String) -> Self {
        Self::webhook(url)
    }
}

/// A webhook that calls this URL.
impl From<String> for EventHook {
    fn from(url: String) -> Self {
        Self::webhook(url)
    }
}
