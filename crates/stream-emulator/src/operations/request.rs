//! A request, as operations see it: without its wire.

use std::sync::Arc;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::auth::Keys;
use crate::error::ApiError;
use crate::parameters::{PathParameters, QueryParameters};

/// What a request carries beside its input.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) path: PathParameters,
    pub(crate) query: QueryParameters,
    /// The `Content-Type`, for bodies that are not JSON.
    pub(crate) content_type: Option<String>,
    /// The body as it came, unpacked, for bodies that are not JSON.
    pub(crate) content: Bytes,
    /// The key and the secret of the app, for tokens that an operation makes.
    pub(crate) keys: Arc<Keys>,
    /// The URL under which the emulator is reached, for links to what it serves.
    pub(crate) base_url: String,
}

/// JSON as the type that is expected.
pub(crate) fn decode<T: DeserializeOwned>(value: Value) -> Result<T, ApiError> {
    serde_json::from_value(value).map_err(|error| ApiError::input(error.to_string()))
}
