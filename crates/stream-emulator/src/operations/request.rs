//! A request, as operations see it: independent of the wire format.

use std::sync::Arc;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::auth::Keys;
use crate::error::ApiError;
use crate::parameters::{PathParameters, QueryParameters};

/// A request without its input.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) path: PathParameters,
    pub(crate) query: QueryParameters,
    /// The `Content-Type`, for bodies that are not JSON.
    pub(crate) content_type: Option<String>,
    /// The decompressed body, for bodies that are not JSON.
    pub(crate) content: Bytes,
    /// The key and the secret of the app, for tokens that an operation signs.
    pub(crate) keys: Arc<Keys>,
    /// The base URL of the emulator, for links to files.
    pub(crate) base_url: String,
}

/// Decodes JSON.
pub(crate) fn decode<T: DeserializeOwned>(value: Value) -> Result<T, ApiError> {
    serde_json::from_value(value).map_err(|error| ApiError::input(error.to_string()))
}
