//! A request, as operations see it: independent of the wire format.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::auth::Keys;
use crate::error::ApiError;
use crate::parameters::{PathParameters, QueryParameters};
use crate::timestamp::NO_DATE;

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
    /// Who sent the request; `None` for requests of the emulator itself.
    pub(crate) origin: Option<Origin>,
}

/// Who sent a request, as webhooks report it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Origin {
    pub(crate) ip: Option<IpAddr>,
    pub(crate) user_agent: Option<String>,
    /// The SDK with its version.
    pub(crate) sdk: Option<String>,
    /// The value of the header `X-Stream-Ext`.
    pub(crate) ext: Option<String>,
}

impl Origin {
    /// Reads the origin from the headers of a request.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
        Self {
            ip: None,
            user_agent: text("user-agent"),
            sdk: text("x-stream-client"),
            ext: text("x-stream-ext"),
        }
    }
}

/// Decodes JSON. An error names the place in the value.
pub(crate) fn decode<T: DeserializeOwned>(value: Value) -> Result<T, ApiError> {
    T::deserialize(&value).map_err(|error| {
        // The path is tracked only when it is needed.
        let found: Result<T, _> = serde_path_to_error::deserialize(&value);
        let Err(found) = found else {
            return ApiError::input(in_json_terms(&error.to_string()));
        };
        let path = found.path().to_string();
        let problem = found.into_inner().to_string();
        match problem.strip_prefix(NO_DATE) {
            _ if path == "." => ApiError::input(in_json_terms(&problem)),
            Some(given) => ApiError::field(
                &path,
                format!("expected date for field \"{path}\" but got {given}"),
            ),
            None => ApiError::field(&path, in_json_terms(&problem)),
        }
    })
}

/// What `serde` calls types of Rust, and what clients call them.
const TERMS: &[(&str, &str)] = &[
    ("expected usize", "expected an integer from 0"),
    ("expected u32", "expected an integer from 0"),
    ("expected u64", "expected an integer from 0"),
    ("expected i32", "expected an integer"),
    ("expected i64", "expected an integer"),
    ("expected f64", "expected a number"),
    ("expected a sequence", "expected a list"),
    ("expected a map", "expected an object"),
    ("invalid type: sequence", "invalid type: list"),
    ("invalid type: map", "invalid type: object"),
];

fn in_json_terms(problem: &str) -> String {
    let renamed = |text: String, (rust, json): &(&str, &str)| text.replace(rust, json);
    TERMS.iter().fold(problem.to_owned(), renamed)
}
