//! Collection of the secrets in a request, to redact them in what a server returns.

use serde_json::Value;

use super::url::{Url, parameters};
use super::{MIN_LENGTH, decoded, is_hook, is_secret};

/// The maximum size of a body that is searched for secrets, in bytes.
const BODY_LIMIT: usize = 4 << 20;

/// Collects the secrets in a JSON body and in a query: the values with secret names, at every
/// depth, and the secret parts of URLs. Longer secrets come first.
pub(crate) fn secrets_of(body: &[u8], query: &str) -> Vec<String> {
    let mut found = Found::default();
    if body.len() <= BODY_LIMIT
        && let Ok(value) = serde_json::from_slice(body)
    {
        found.json(&value, Place::default());
    }
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let place = Place { is_secret: is_secret(name), is_hook: is_hook(name) };
        found.text(&decoded(value), place);
    }
    found.0.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
    found.0.dedup();
    found.0
}

/// Collects the values of a query, both raw and decoded.
pub(crate) fn values_of(query: &str) -> Vec<String> {
    let values = query.split('&').filter_map(|pair| pair.split_once('=')).map(|(_, value)| value);
    values.flat_map(|value| [value.to_owned(), decoded(value)]).collect()
}

/// What the enclosing names say about a value.
#[derive(Clone, Copy, Default)]
struct Place {
    is_secret: bool,
    is_hook: bool,
}

#[derive(Default)]
struct Found(Vec<String>);

impl Found {
    fn add(&mut self, secret: &str) {
        if secret.len() >= MIN_LENGTH {
            self.0.push(secret.to_owned());
        }
    }

    fn json(&mut self, value: &Value, place: Place) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let place = Place {
                        is_secret: place.is_secret || is_secret(name),
                        is_hook: place.is_hook || is_hook(name),
                    };
                    self.json(value, place);
                }
            }
            Value::Array(values) => values.iter().for_each(|value| self.json(value, place)),
            Value::String(text) => self.text(text, place),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, place: Place) {
        if text.trim_start().starts_with(['{', '['])
            && let Ok(inner) = serde_json::from_str(text)
        {
            self.json(&inner, place);
        }
        if place.is_secret {
            self.add(text);
            // A server may quote a single line of a certificate.
            text.lines().skip(1).for_each(|line| self.add(line.trim()));
        }
        let mut rest = text;
        while let Some((url, tail)) = Url::first(rest) {
            if let Some(user) = url.user {
                self.add(user);
                user.split(':').for_each(|part| self.add(part));
            }
            if place.is_hook || url.is_hook() {
                self.add(url.path.trim_start_matches('/'));
                self.add(url.query);
            }
            for parameter in parameters(url.query).filter(super::url::Parameter::is_secret) {
                self.add(parameter.value);
            }
            rest = tail;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_in_a_request_are_found() {
        let body = json!({
            "name": "public",
            "sqs_secret": "s3cret-1",
            "push": [{"credentials": {"deep": ["s3cret-2"]}, "inner": " {\"password\":\"s3cret-3\"}"}],
            "webhook_url": "https://user:s3cret-4@example.com/path/s3cret-5?public",
            "image": "https://cdn.example.com/public.png?Signature=s3cret-6",
            "p12_cert": "-----BEGIN-----\ns3cret-7\n",
        });
        let found = secrets_of(body.to_string().as_bytes(), "token=s3cret%2D8&limit=public");
        for number in 1..=8 {
            let secret = format!("s3cret-{number}");
            assert!(found.iter().any(|found| found.contains(&secret)), "{secret}: {found:?}");
        }
        assert!(found.contains(&"path/s3cret-5".to_owned()));
        assert!(!found.contains(&"public".to_owned()));
        assert!(found.is_sorted_by_key(|secret| std::cmp::Reverse(secret.len())));
        assert_eq!(secrets_of(b"not JSON", ""), Vec::<String>::new());
    }
}
