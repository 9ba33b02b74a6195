//! The headers of a webhook, in lower case as in HTTP/2 and the `http` crate.

/// The signature of the uncompressed body: HMAC-SHA256 with the API secret, as 64 lower-case
/// hexadecimal digits.
pub const SIGNATURE_HEADER: &str = "x-signature";
/// The API key of the app that sent the event, for an endpoint that several apps use.
pub const API_KEY_HEADER: &str = "x-api-key";
/// The ID of the webhook, the same in every delivery attempt: identifies redeliveries.
pub const ID_HEADER: &str = "x-webhook-id";
/// The number of the delivery attempt, from 1.
pub const ATTEMPT_HEADER: &str = "x-webhook-attempt";
