//! The headers of a webhook, in lower case as HTTP/2 and the `http` crate have them.

/// The signature of the uncompressed body: HMAC-SHA256 with the API secret, as 64 lower-case
/// hexadecimal digits.
pub const SIGNATURE_HEADER: &str = "x-signature";
/// The API key of the app that the event comes from: tells apps apart where several send to one
/// address.
pub const API_KEY_HEADER: &str = "x-api-key";
/// The id of the webhook, the same in every attempt to deliver it: identifies redeliveries.
pub const ID_HEADER: &str = "x-webhook-id";
/// The number of the attempt to deliver, from 1.
pub const ATTEMPT_HEADER: &str = "x-webhook-attempt";
