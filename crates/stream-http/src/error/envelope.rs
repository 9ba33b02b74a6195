//! The body of an error response.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use super::codes::ErrorCode;
use crate::redact;

/// The maximum size of an envelope, in bytes: small objects take up to a hundred times their text in
/// memory.
const SIZE_LIMIT: usize = 1 << 20;

/// The body of Stream's error responses.
///
/// It is decoded leniently: a field of an unexpected type counts as absent, so that a decoding
/// error never hides the server's error.
#[derive(Clone, PartialEq)]
pub struct ApiError {
    code: i64,
    message: String,
    more_info: Option<String>,
    exception_fields: BTreeMap<String, String>,
    details: Value,
    unrecoverable: bool,
}

impl ApiError {
    /// Parses the envelope, if `body` is a JSON object with a `code` or a `message`, of a size that
    /// an error may have.
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        if body.len() > SIZE_LIMIT {
            return None;
        }
        let json = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let mut fields: Map<String, Value> = serde_json::from_slice(json).ok()?;
        let code = fields.get("code").and_then(integer);
        let message = fields.get("message").and_then(Value::as_str);
        if code.is_none() && message.is_none() {
            return None;
        }
        Some(Self {
            code: code.unwrap_or_default(),
            message: message.unwrap_or_default().to_owned(),
            more_info: fields
                .get("more_info")
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
                .map(str::to_owned),
            exception_fields: fields.get("exception_fields").map(texts).unwrap_or_default(),
            unrecoverable: fields.get("unrecoverable").and_then(Value::as_bool).unwrap_or(false),
            details: fields.remove("details").unwrap_or_default(),
        })
    }

    /// Redacts known secrets in the texts of the error.
    pub(super) fn remove(&mut self, secrets: &[String]) {
        let clean = |text: String| {
            let text = redact::known(text, secrets);
            redact::urls(&text, false).into_owned()
        };
        self.message = clean(std::mem::take(&mut self.message));
        self.more_info = self.more_info.take().map(clean);
        let fields = std::mem::take(&mut self.exception_fields).into_iter();
        self.exception_fields = fields.map(|(name, text)| (clean(name), clean(text))).collect();
        redact::texts(&mut self.details, &clean);
    }

    /// Returns Stream's error code; 0 if the server sent none.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        ErrorCode::from(self.code)
    }

    /// Returns the text for human readers. It may change at any time.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the URL of a page that explains the error.
    #[must_use]
    pub fn more_info(&self) -> Option<&str> {
        self.more_info.as_deref()
    }

    /// Returns the problems of single fields of the request, by field.
    #[must_use]
    pub const fn exception_fields(&self) -> &BTreeMap<String, String> {
        &self.exception_fields
    }

    /// Returns further details without a fixed form; `null` if there are none.
    #[must_use]
    pub const fn details(&self) -> &Value {
        &self.details
    }

    /// Returns whether the server says that the request will never succeed.
    #[must_use]
    pub const fn is_unrecoverable(&self) -> bool {
        self.unrecoverable
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The texts repeat parts of the request, which may contain secrets.
        f.debug_struct("ApiError")
            .field("code", &self.code())
            .field("more_info", &self.more_info)
            .field("exception_fields", &self.exception_fields.keys().collect::<Vec<_>>())
            .field("unrecoverable", &self.unrecoverable)
            .finish_non_exhaustive()
    }
}

fn integer(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn texts(value: &Value) -> BTreeMap<String, String> {
    let entries = value.as_object().into_iter().flatten();
    entries
        .map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (name.clone(), text)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_envelope_is_read() {
        let error = ApiError::parse(
            br#"{"code":9,"message":"Too many requests","StatusCode":429,"duration":"0.00ms",
                "more_info":"https://x","exception_fields":{"a":"bad","b":3},"details":[1],"unrecoverable":true}"#,
        )
        .unwrap();
        assert_eq!(error.code(), ErrorCode::RateLimited);
        assert_eq!(error.message(), "Too many requests");
        assert_eq!(error.more_info(), Some("https://x"));
        assert_eq!(error.exception_fields()["b"], "3");
        assert_eq!(error.details(), &serde_json::json!([1]));
        assert!(error.is_unrecoverable());
    }

    #[test]
    fn fields_of_another_type_are_as_good_as_absent() {
        let error = ApiError::parse(
            br#"{"code":"16","message":null,"exception_fields":[1],"details":{"x":1},"unrecoverable":"yes"}"#,
        )
        .unwrap();
        assert_eq!(error.code(), ErrorCode::NotFound);
        assert_eq!(error.message(), "");
        assert!(!error.is_unrecoverable());
        assert!(error.exception_fields().is_empty());
    }

    #[test]
    fn other_json_is_not_an_envelope() {
        for body in ["", "{}", "[]", "null", "<html>", r#"{"code":9"#, r#"{"error":"x"}"#] {
            assert_eq!(ApiError::parse(body.as_bytes()), None, "{body}");
        }
        let mut large = br#"{"code":9}"#.to_vec();
        large.resize(SIZE_LIMIT, b' ');
        assert!(ApiError::parse(&large).is_some());
        large.push(b' ');
        assert_eq!(ApiError::parse(&large), None, "it would take a hundred times as much memory");
    }

    proptest! {
        #[test]
        fn any_body_is_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = ApiError::parse(&body);
        }

        #[test]
        fn any_envelope_is_read(code: i64, message: String) {
            let body = serde_json::json!({"code": code, "message": message}).to_string();
            let error = ApiError::parse(body.as_bytes()).unwrap();
            prop_assert_eq!(error.code().as_i64(), code);
            prop_assert_eq!(error.message(), message);
        }
    }
}
