//! Signed webhooks for tests of a handler.

use std::fmt;

use ::http::header::{CONTENT_TYPE, HeaderName};
use ::http::{HeaderMap, HeaderValue, Method, Request};
use serde::Serialize;

use crate::client::Client;
use crate::webhook::{API_KEY_HEADER, ATTEMPT_HEADER, ID_HEADER, SIGNATURE_HEADER, WebhookSigner};
use stream_http::Error;

/// A signed webhook as Stream delivers it, for the handler under test.
///
/// ```
/// # async fn example() -> Result<(), stream_chat::Error> {
/// use serde_json::json;
/// use stream_chat::Client;
/// use stream_chat::webhook::{Webhook, WebhookEndpoint};
///
/// let client = Client::new("key", "secret")?;
/// let endpoint = WebhookEndpoint::new(client.webhook_receiver()?, |webhook: Webhook| async move {
///     println!("{}", webhook.event_type());
///     Ok::<(), std::io::Error>(())
/// });
///
/// let message = json!({"id": "m1", "text": "hi", "user": {"id": "john"}});
/// let event = json!({"type": "message.new", "message": message});
/// let delivery = client.signed_webhook(&event)?.id("delivery-1");
/// assert_eq!(endpoint.handle(delivery.headers(), delivery.body()).await.status(), 200);
///
/// // Stream delivers again what it thinks is lost; the handler is not called a second time.
/// let again = delivery.attempt(2);
/// assert_eq!(endpoint.handle(again.headers(), again.body()).await.status(), 200);
/// let forged = again.forged();
/// assert_eq!(endpoint.handle(forged.headers(), forged.body()).await.status(), 401);
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
/// ```
#[derive(Clone)]
#[must_use]
pub struct SignedWebhook {
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Client {
    /// Signs an event, or the request of a synchronous hook, like Stream, with the secret of this
    /// client; the client's own receivers accept it. `payload` is serialized as the JSON body. This
    /// sends no request.
    ///
    /// # Errors
    /// The client acts as a user and has no secret, or the payload cannot be serialized as JSON.
    pub fn signed_webhook(&self, payload: &impl Serialize) -> Result<SignedWebhook, Error> {
        let signer = WebhookSigner::new(self.secret()?);
        let body = serde_json::to_vec(payload)?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let delivery = SignedWebhook { headers, body };
        let signature = signer.sign(&delivery.body);
        Ok(delivery
            .header(SIGNATURE_HEADER, &signature)
            .header(API_KEY_HEADER, self.executor().api_key())
            .attempt(1))
    }
}

impl SignedWebhook {
    /// Sets the ID of the webhook, which identifies redeliveries. An ID with characters that are
    /// not valid in a header is omitted.
    pub fn id(self, id: &str) -> Self {
        self.header(ID_HEADER, id)
    }

    /// Sets the number of the delivery attempt, from 1.
    pub fn attempt(self, attempt: u32) -> Self {
        self.header(ATTEMPT_HEADER, &attempt.to_string())
    }

    /// Replaces the signature with an invalid one.
    pub fn forged(self) -> Self {
        let signature = "0".repeat(64);
        self.header(SIGNATURE_HEADER, &signature)
    }

    /// Returns the headers.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the JSON body, as it is signed.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Returns a `POST` request to `path`, for a router or service; `B` is its body type, such as
    /// `axum::body::Body`.
    ///
    /// # Errors
    /// The path is not valid.
    pub fn request<B: From<Vec<u8>>>(&self, path: &str) -> Result<Request<B>, Error> {
        let mut request = Request::new(B::from(self.body.clone()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = path.parse().map_err(|error: ::http::uri::InvalidUri| {
            Error::invalid_request(format!("the path {path:?} is not valid")).caused_by(error)
        })?;
        *request.headers_mut() = self.headers.clone();
        Ok(request)
    }

    fn header(mut self, name: &'static str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            self.headers.insert(name, value);
        }
        self
    }
}

impl fmt::Debug for SignedWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedWebhook")
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}
