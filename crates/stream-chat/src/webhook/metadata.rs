//! The headers of a webhook.

use ::http::HeaderMap;

use stream_auth::webhook::{API_KEY_HEADER, ATTEMPT_HEADER, ID_HEADER};

/// The metadata in the headers of a webhook.
///
/// The signature only covers the body: an attacker who has intercepted a webhook can replay it with
/// other headers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookMetadata {
    /// The key of the app that the webhook comes from (`X-Api-Key`), which distinguishes apps that
    /// share a URL.
    pub api_key: Option<String>,
    /// The ID of the webhook (`X-Webhook-Id`), the same in every delivery attempt; see
    /// [`DuplicateFilter`](super::DuplicateFilter).
    pub id: Option<String>,
    /// The number of the delivery attempt (`X-Webhook-Attempt`), from 1.
    pub attempt: Option<u32>,
}

impl WebhookMetadata {
    /// Reads the headers. A header that is missing, empty, not readable or repeated is `None`.
    ///
    /// Nothing is verified. A server for several apps can use it to select the
    /// [`WebhookReceiver`](super::WebhookReceiver) by the key.
    ///
    /// ```
    /// use http::Request;
    /// use stream_chat::webhook::WebhookMetadata;
    ///
    /// let request = Request::post("/hook").header("X-Api-Key", "key").header("X-Webhook-Attempt", "2").body(())?;
    /// let metadata = WebhookMetadata::from_headers(request.headers());
    /// assert_eq!(metadata.api_key.as_deref(), Some("key"));
    /// assert_eq!(metadata.attempt, Some(2));
    /// assert_eq!(metadata.id, None);
    /// # Ok::<(), http::Error>(())
    /// ```
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Self {
        Self {
            api_key: text(headers, API_KEY_HEADER).map(str::to_owned),
            id: text(headers, ID_HEADER).map(str::to_owned),
            attempt: text(headers, ATTEMPT_HEADER).and_then(|attempt| attempt.parse().ok()),
        }
    }

    /// Returns whether this is a redelivery. The first attempt may not have arrived.
    #[must_use]
    pub fn is_retry(&self) -> bool {
        self.attempt.is_some_and(|attempt| attempt > 1)
    }
}

/// Returns the value of a header that occurs exactly once.
fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let text = value.to_str().ok()?.trim();
    (!text.is_empty()).then_some(text)
}
