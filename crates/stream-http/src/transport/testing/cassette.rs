//! The file of a recording.

use std::path::Path;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::redact;

/// A recording of requests and responses, in order, as a JSON file without keys, tokens and other
/// secrets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cassette {
    pub(super) exchanges: Vec<Exchange>,
}

/// One request and its response in a [`Cassette`], without secrets.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Exchange {
    /// The method of the request.
    pub method: Method,
    /// The path and the query of the request.
    pub target: String,
    /// The body of the request: JSON or text; for other content, only its length.
    pub request_body: Value,
    /// The status of the response.
    pub status: StatusCode,
    /// The headers of the response, without those that depend on the connection.
    pub headers: HeaderMap,
    /// The body of the response, decompressed: JSON or text.
    pub body: Value,
}

impl Cassette {
    /// Returns the recorded exchanges, in order.
    #[must_use]
    pub fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }

    /// Loads a cassette from a file.
    ///
    /// # Errors
    /// The file cannot be read or is not a cassette.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let wrong = |what: &str| Error::configuration(format!("{}: {what}", path.display()));
        let text = std::fs::read(path)
            .map_err(|error| wrong("the cassette cannot be read").caused_by(error))?;
        let entries: Vec<Value> = serde_json::from_slice(&text)
            .map_err(|error| wrong("the cassette is not a JSON list").caused_by(error))?;
        let exchanges: Option<Vec<_>> = entries.iter().map(Exchange::from_json).collect();
        let exchanges =
            exchanges.ok_or_else(|| wrong("an exchange of the cassette is incomplete"))?;
        Ok(Self { exchanges })
    }

    /// Saves the cassette to a file.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let entries: Vec<Value> = self.exchanges.iter().map(Exchange::to_json).collect();
        let text = format!("{:#}\n", Value::Array(entries));
        std::fs::write(path, text).map_err(|error| {
            Error::configuration(format!("{}: the cassette cannot be written", path.display()))
                .caused_by(error)
        })
    }
}

impl Exchange {
    /// Returns the recorded response as an HTTP response.
    pub(super) fn response(&self) -> Response<Bytes> {
        let body = match &self.body {
            Value::Null => Bytes::new(),
            Value::String(text) => Bytes::from(text.clone()),
            json => Bytes::from(json.to_string()),
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.clone();
        response
    }

    fn to_json(&self) -> Value {
        let headers: Map<String, Value> = self
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.into())))
            .collect();
        json!({
            "request": {"method": self.method.as_str(), "target": self.target, "body": self.request_body},
            "response": {"status": self.status.as_u16(), "headers": headers, "body": self.body},
        })
    }

    fn from_json(value: &Value) -> Option<Self> {
        let (request, response) = (value.get("request")?, value.get("response")?);
        let headers = response.get("headers")?.as_object()?.iter();
        let headers = headers.filter_map(|(name, value)| {
            let name: HeaderName = name.parse().ok()?;
            Some((name, HeaderValue::from_str(value.as_str()?).ok()?))
        });
        let status = u16::try_from(response.get("status")?.as_u64()?).ok()?;
        Some(Self {
            method: request.get("method")?.as_str()?.parse().ok()?,
            target: request.get("target")?.as_str()?.to_owned(),
            request_body: request.get("body").cloned().unwrap_or_default(),
            status: StatusCode::from_u16(status).ok()?,
            headers: headers.collect(),
            body: response.get("body").cloned().unwrap_or_default(),
        })
    }
}

/// Returns the path and the query without secrets.
pub(super) fn target(uri: &http::Uri) -> String {
    match uri.query() {
        Some(query) => format!("{}?{}", uri.path(), redact::query(query)),
        None => uri.path().to_owned(),
    }
}

/// Returns a body without its secrets, without `credentials`, and without `secrets` in its texts.
pub(super) fn printable(body: &[u8], credentials: &[String], secrets: &[String]) -> Value {
    let text = match std::str::from_utf8(body) {
        Ok("") => return Value::Null,
        Ok(text) => redact::known(text.to_owned(), credentials),
        Err(_) => return format!("[{} bytes]", body.len()).into(),
    };
    if let Ok(mut value) = serde_json::from_str(&text) {
        redact::json(&mut value, secrets);
        return value;
    }
    // A form contains files, and a boundary that differs in each request.
    if text.starts_with("--") || text.len() > 4096 {
        return format!("[{} bytes]", body.len()).into();
    }
    redact::known(text, secrets).into()
}
