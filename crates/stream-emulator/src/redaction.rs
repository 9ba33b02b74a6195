//! Redaction of secrets, tokens and fields named like credentials in the inspector and in
//! `/emulator/requests`.

use std::borrow::Cow;

use serde_json::Value;

/// The replacement for redacted text.
const REDACTED: &str = "[redacted]";

/// Parts of the names of fields, headers and parameters whose values are credentials.
const CREDENTIALS: &[&str] = &[
    "secret",
    "password",
    "passwd",
    "authorization",
    "cookie",
    "credential",
    "private_key",
    "privatekey",
    "auth_key",
    "api_token",
    "p12_cert",
];

/// Redacts credentials in output.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Redaction<'a> {
    secret: &'a str,
}

impl<'a> Redaction<'a> {
    pub(crate) const fn new(secret: &'a str) -> Self {
        Self { secret }
    }

    /// Redacts credentials in JSON, at any depth.
    pub(crate) fn json(self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Cow::Owned(clean) = self.text(text) {
                    *text = clean;
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.json(item)),
            Value::Object(fields) => {
                let mut has_secret_name = false;
                for (name, value) in fields.iter_mut() {
                    has_secret_name |= matches!(self.text(name), Cow::Owned(_));
                    match value {
                        Value::String(text) if !text.is_empty() && is_credential(name) => {
                            REDACTED.clone_into(text);
                        }
                        value => self.json(value),
                    }
                }
                if has_secret_name {
                    let old = std::mem::take(fields);
                    let clean = |name: String| self.text(&name).into_owned();
                    *fields = old.into_iter().map(|(name, value)| (clean(name), value)).collect();
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Redacts the secret and tokens in a text.
    pub(crate) fn text(self, text: &str) -> Cow<'_, str> {
        let has_secret = !self.secret.is_empty() && text.contains(self.secret);
        let clean = match has_secret {
            true => Cow::Owned(text.replace(self.secret, REDACTED)),
            false => Cow::Borrowed(text),
        };
        match without_tokens(&clean) {
            Some(clean) => Cow::Owned(clean),
            None => match clean {
                Cow::Owned(clean) => Cow::Owned(clean),
                Cow::Borrowed(_) => Cow::Borrowed(text),
            },
        }
    }

    /// Returns the redacted value of a header or parameter.
    pub(crate) fn named(self, name: &str, value: &str) -> String {
        if !value.is_empty() && is_credential(name) {
            return REDACTED.to_owned();
        }
        // The parameter `json` of a live connection also contains a token.
        match serde_json::from_str::<Value>(value) {
            Ok(mut json) if value.starts_with('{') => {
                self.json(&mut json);
                json.to_string()
            }
            _ => self.text(value).into_owned(),
        }
    }
}

/// Returns whether a name is that of a credential.
fn is_credential(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    name == "token"
        || name.ends_with("_token")
        || CREDENTIALS.iter().any(|credential| name.contains(credential))
}

/// Replaces the JSON Web Tokens in a text; `None` if it contains none.
fn without_tokens(text: &str) -> Option<String> {
    // Every header of a token begins with this: `{"` in Base64.
    const BEGINNING: &str = "eyJ";
    if !text.contains(BEGINNING) {
        return None;
    }
    let is_inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut clean = String::with_capacity(text.len());
    let mut has_token = false;
    let mut rest = text;
    while let Some(start) = rest.find(BEGINNING) {
        let (before, candidate) = rest.split_at(start);
        clean.push_str(before);
        let end = candidate.find(|c| !is_inside(c)).unwrap_or(candidate.len());
        let (candidate, after) = candidate.split_at(end);
        let is_token = candidate.matches('.').count() >= 2;
        has_token |= is_token;
        clean.push_str(if is_token { REDACTED } else { candidate });
        rest = after;
    }
    clean.push_str(rest);
    has_token.then_some(clean)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SECRET: &str = "s3cr3t-of-app";
    const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiamFuZSJ9.c2lnbmF0dXJl";

    #[test]
    fn credentials_are_taken_out_at_any_depth() {
        let mut value = json!({
            "text": format!("my secret is {SECRET}, and {TOKEN}."),
            "list": [{"sqs_secret": "x", "access_token": "y", "name": "Jane"}],
            "apn_config": {"auth_key": "z", "key_id": "shown", "p12_cert": ""},
            SECRET: 1,
            "token_count": 3,
        });
        Redaction::new(SECRET).json(&mut value);
        assert_eq!(
            value,
            json!({
                "text": "my secret is [redacted], and [redacted]",
                "list": [{"sqs_secret": "[redacted]", "access_token": "[redacted]", "name": "Jane"}],
                "apn_config": {"auth_key": "[redacted]", "key_id": "shown", "p12_cert": ""},
                "[redacted]": 1,
                "token_count": 3,
            })
        );
    }

    #[test]
    fn parameters_and_headers_are_judged_by_name_and_content() {
        let redaction = Redaction::new(SECRET);
        assert_eq!(redaction.named("Authorization", TOKEN), "[redacted]");
        assert_eq!(redaction.named("X-Auth-Token", "x"), "[redacted]");
        assert_eq!(redaction.named("api_key", "key"), "key");
        let json = json!({"user_id": "jane", "user_token": TOKEN}).to_string();
        assert_eq!(
            redaction.named("json", &json),
            r#"{"user_id":"jane","user_token":"[redacted]"}"#
        );
    }

    #[test]
    fn other_text_stays() {
        let redaction = Redaction::new(SECRET);
        for text in ["plain", "eyJ alone", "eyJ.one", "ünïcode eyJ… ", ""] {
            assert!(matches!(redaction.text(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }
}
