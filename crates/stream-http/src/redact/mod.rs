//! Redaction of secrets in texts for logs, errors and recordings.

mod request;
mod url;

pub(crate) use request::{secrets_of, values_of};
pub(crate) use url::urls;

use std::borrow::Cow;

use serde_json::Value;

pub(crate) const REDACTED: &str = "[redacted]";
/// The maximum size of a printed body, in bytes; a larger one would be expensive to parse.
const BODY_LIMIT: usize = 64 * 1024;
/// The minimum length of a secret, in bytes: replacing shorter strings would only garble a text.
const MIN_LENGTH: usize = 6;
/// The maximum number of times that a value is decoded, for values that were encoded more than
/// once.
const ENCODINGS: usize = 4;

/// Returns whether the value called `name` is a secret: a key, token, password or any other
/// credential.
///
/// Errs on the side of hiding: a name that merely looks like one hides a harmless value in a log.
pub(crate) fn is_secret(name: &str) -> bool {
    let name: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect();
    let holds = [
        "secret",
        "token",
        "password",
        "passwd",
        "passphrase",
        "credential",
        "authorization",
        "signature",
        "p12",
        "privatekey",
    ];
    let ends = ["key", "cert", "certificate", "pem", "jwt"];
    holds.iter().any(|part| name.contains(part)) || ends.iter().any(|end| name.ends_with(end))
}

/// Returns whether a URL called `name` is protected only by its path, as the target of a webhook or
/// of an upload.
fn is_hook(name: &str) -> bool {
    let name: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect();
    ["hook", "handler", "callback", "uploadurl", "serverurl"].iter().any(|part| name.contains(part))
}

/// Redacts known `secrets` in a text, for example in a response that repeats what the server
/// received.
pub(crate) fn known<S: AsRef<str>>(
    mut text: String,
    secrets: impl IntoIterator<Item = S>,
) -> String {
    for secret in secrets {
        let secret = secret.as_ref();
        if secret.len() >= MIN_LENGTH && text.contains(secret) {
            text = text.replace(secret, REDACTED);
        }
    }
    text
}

/// Applies `clean` to the texts of a JSON value.
pub(crate) fn texts(value: &mut Value, clean: &impl Fn(String) -> String) {
    match value {
        Value::String(text) => *text = clean(std::mem::take(text)),
        Value::Array(values) => values.iter_mut().for_each(|value| texts(value, clean)),
        Value::Object(fields) => fields.values_mut().for_each(|value| texts(value, clean)),
        _ => {}
    }
}

/// Returns a query string without its secrets, including those in parameters that contain JSON.
pub(crate) fn query(query: &str) -> String {
    let pairs = query.split('&').map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if is_secret(name) {
            return Cow::Owned(format!("{name}={REDACTED}"));
        }
        // Braces, brackets and quotes, encoded or not, indicate JSON.
        if ["%7B", "%7b", "%5B", "%5b", "%22", "{", "["].iter().any(|mark| value.contains(mark)) {
            let decoded = percent_decoded(value);
            let text = body(decoded.as_bytes(), &[]);
            return Cow::Owned(format!("{name}={text}"));
        }
        let decoded = decoded(value);
        match urls(&decoded, is_hook(name)) {
            Cow::Owned(text) => Cow::Owned(format!("{name}={text}")),
            Cow::Borrowed(_) => Cow::Borrowed(pair),
        }
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// Returns a JSON body without its secrets and without known `secrets`; for any other body, only its
/// length.
pub(crate) fn body(body: &[u8], secrets: &[String]) -> String {
    if body.len() <= BODY_LIMIT
        && let Ok(mut value) = serde_json::from_slice(body)
    {
        json(&mut value, secrets);
        return known(value.to_string(), secrets);
    }
    format!("[{} bytes]", body.len())
}

/// Redacts the secrets in `value`, at every depth, and known `secrets` in its texts.
pub(crate) fn json(value: &mut Value, secrets: &[String]) {
    replace(value, false);
    if !secrets.is_empty() {
        // Within the JSON text, quotes and line breaks of a secret would be escaped.
        texts(value, &|text| known(text, secrets));
    }
}

/// Redacts the secrets in `value`. Of URLs below a hook, it keeps only the scheme and the host.
fn replace(value: &mut Value, in_hook: bool) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if is_secret(name) {
                    if !value.is_null() {
                        *value = REDACTED.into();
                    }
                } else {
                    replace(value, in_hook || is_hook(name));
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| replace(value, in_hook)),
        Value::String(text) => {
            // A string may itself contain JSON, as in forwarded bodies.
            if text.trim_start().starts_with(['{', '['])
                && let Ok(mut inner) = serde_json::from_str(text)
            {
                replace(&mut inner, in_hook);
                *text = inner.to_string();
            } else if let Cow::Owned(redacted) = urls(text, in_hook) {
                *text = redacted;
            }
        }
        _ => {}
    }
}

/// Returns a value of a query, decoded even if it was encoded more than once.
fn decoded(value: &str) -> String {
    let mut text = value.to_owned();
    for _ in 0..ENCODINGS {
        let decoded = percent_decoded(&text);
        if decoded == text {
            break;
        }
        text = decoded;
    }
    text
}

pub(crate) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let hex = tail
            .get(..2)
            .filter(|_| byte == b'%')
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(hex.unwrap_or(byte));
        rest = if hex.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn names_of_secrets_are_recognized() {
        for name in [
            "api_key",
            "api_secret",
            "token",
            "Password",
            "auth_key",
            "server_key",
            "sqs_secret",
            "sns_key",
            "firebase_credentials",
            "credentials_json",
            "p12_cert",
            "Authorization",
            "apn-token",
            "privateKey",
            "push_tokens",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["user_id", "name", "limit", "keyboard", "id", "text", "created_at"] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn secrets_in_queries_are_redacted() {
        assert_eq!(query("a=b&api_key=k3y&token=t0k"), "a=b&api_key=[redacted]&token=[redacted]");
        assert_eq!(
            query("payload=%7B%22x%22%3A%5B%7B%22api_secret%22%3A%22s3c%22%7D%5D%7D"),
            r#"payload={"x":[{"api_secret":"[redacted]"}]}"#
        );
        assert_eq!(query("payload=%7B%22api_secret%22%3A%22s3c"), "payload=[18 bytes]");
        assert_eq!(query(""), "");
        assert_eq!(
            query("url=https%3A%2F%2Fcdn.example.com%2Fa.png%3FPolicy%3Ds3c%26Signature%3Ds3c"),
            "url=https://cdn.example.com/a.png?Policy=[redacted]&Signature=[redacted]"
        );
        assert_eq!(
            query("url=https%253A%252F%252Fu%253As3c%2540e.com"),
            "url=https://[redacted]@e.com"
        );
        assert_eq!(query("text=a%20b&ids=a%2Cb"), "text=a%20b&ids=a%2Cb");
    }

    #[test]
    fn secrets_in_bodies_are_redacted() {
        let text = body(br#"{"push":[{"auth_key":"s3c","team":"t"}],"inner":"{\"token\":\"s3c\"}","password":null}"#, &[]);
        assert!(!text.contains("s3c"), "{text}");
        assert!(text.contains("team"));
        assert!(text.contains("\"password\":null"));
        assert_eq!(body(b"token=s3c", &[]), "[9 bytes]");
        let text = body(
            br#"{"inner":" \n{\"token\":\"s3c\"}","upload_url":"https://b.example.com/s3c?X-Amz-Signature=s3c",
                "event_hooks":[{"webhook_url":"https://u:s3c@e.com/in/s3c","hook_type":"webhook"}],
                "image":"https://cdn.example.com/a.png?Signature=s3c"}"#,
            &[],
        );
        assert!(!text.contains("s3c"), "{text}");
        for shown in
            ["https://b.example.com/[redacted]", "@e.com/[redacted]", "\"webhook\"", "a.png"]
        {
            assert!(text.contains(shown), "{shown}: {text}");
        }
        let secret = "\"s3cret\"\nline".to_owned();
        let echo = json!({"message": format!("{secret} is not valid"), "s3cret": 1}).to_string();
        let text = body(echo.as_bytes(), std::slice::from_ref(&secret));
        assert_eq!(text, r#"{"message":"[redacted] is not valid","s3cret":1}"#);
    }

    proptest! {
        #[test]
        fn a_secret_is_hidden_at_every_depth(wraps in proptest::collection::vec(0u8..4, 0..20)) {
            let mut value = json!({"api_secret": "PLANTED"});
            for wrap in wraps {
                value = match wrap {
                    0 => json!([1, value]),
                    1 => json!({"a": value, "b": 2}),
                    2 => json!({"token": value}),
                    // Each level of nested text doubles the escapes, so only one level is
                    // generated.
                    _ if value.to_string().len() < 200 => json!({"text": value.to_string()}),
                    _ => json!([value]),
                };
            }
            prop_assert!(!body(value.to_string().as_bytes(), &[]).contains("PLANTED"));
            let mut encoded = stream_models::Query::new();
            encoded.pair("payload", &value.to_string());
            prop_assert!(!query(encoded.as_str()).contains("PLANTED"));
        }

        #[test]
        fn any_query_and_body_is_printed(text in ".{0,200}") {
            let _ = query(&text);
            let _ = body(text.as_bytes(), &[]);
        }
    }
}
