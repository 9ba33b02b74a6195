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

    /// Creates a hook that puts events into a queue of Amazon SQS: all of them, or only those of
    /// [`event_types`](Self::event_types). [`sqs_auth_type`](Self::sqs_auth_type) says how Stream
    /// signs in.
    ///
    /// ```
    /// use stream_models::app::EventHook;
    ///
    /// let url = "https://sqs.us-east-1.amazonaws.com/123456789012/chat";
    /// let hook = EventHook::sqs(url).sqs_region("us-east-1").sqs_auth_type("resource");
    /// assert_eq!(hook.hook_type.as_deref(), Some("sqs"));
    /// ```
    pub fn sqs(queue_url: impl Into<String>) -> Self {
        Self::new().hook_type("sqs").enabled(true).sqs_queue_url(queue_url)
    }

    /// Creates a hook that publishes events to a topic of Amazon SNS: all of them, or only those of
    /// [`event_types`](Self::event_types). [`sns_auth_type`](Self::sns_auth_type) says how Stream
    /// signs in.
    pub fn sns(topic_arn: impl Into<String>) -> Self {
        Self::new().hook_type("sns").enabled(true).sns_topic_arn(topic_arn)
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
