//! Redaction of URLs in texts: the user, the signing parameters, and the path of a webhook, which
//! is often its only protection.

use std::borrow::Cow;
use std::fmt::Write;

use super::{REDACTED, is_secret};

/// The names of signing parameters that do not look like secrets: those of CloudFront, Azure,
/// Google and older Amazon URLs.
const SIGNING: [&str; 7] =
    ["sig", "policy", "keypairid", "awsaccesskeyid", "googleaccessid", "hmac", "auth"];
/// The minimum length of a parameter of letters and digits that is taken for a token.
const TOKEN_LENGTH: usize = 20;

/// A URL in a text.
pub(super) struct Url<'a> {
    /// The text before the URL.
    before: &'a str,
    scheme: &'a str,
    /// The user information: `user:password`.
    pub(super) user: Option<&'a str>,
    host: &'a str,
    pub(super) path: &'a str,
    /// The query and the fragment, including their delimiters.
    pub(super) query: &'a str,
}

impl<'a> Url<'a> {
    /// Finds the first URL in a text, and returns it and the text after it.
    pub(super) fn first(text: &'a str) -> Option<(Self, &'a str)> {
        let (head, tail) = text.split_once("://")?;
        let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let (before, scheme) = head.split_at(head.trim_end_matches(is_scheme).len());
        let is_end =
            |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '`');
        let (url, rest) = tail.split_at(tail.find(is_end).unwrap_or(tail.len()));
        let (url, query) = url.split_at(url.find(['?', '#']).unwrap_or(url.len()));
        let (authority, path) = url.split_at(url.find(['/', '\\']).unwrap_or(url.len()));
        let found = |user, host, path| Self { before, scheme, user, host, path, query };
        if let Some((user, host)) = authority.rsplit_once('@') {
            return Some((found(Some(user), host, path), rest));
        }
        // The password contains a slash, which should have been encoded.
        let port = authority.rsplit_once(':').map(|(_, port)| port);
        let is_password = port.is_some_and(|port| port.parse::<u16>().is_err());
        if is_password && let Some((user, rest_of_url)) = url.rsplit_once('@') {
            let end = rest_of_url.find('/').unwrap_or(rest_of_url.len());
            let (host, path) = rest_of_url.split_at(end);
            return Some((found(Some(user), host, path), rest));
        }
        Some((found(None, authority, path), rest))
    }

    /// Returns whether the path is that of a webhook, whatever the field is called.
    pub(super) fn is_hook(&self) -> bool {
        let path = self.path.to_ascii_lowercase();
        self.host.starts_with("hooks.") || path.contains("webhook") || path.contains("/hooks/")
    }

    fn write(&self, hides_path: bool, out: &mut String) {
        let _ = write!(out, "{}{}://", self.before, self.scheme);
        if self.user.is_some() {
            let _ = write!(out, "{REDACTED}@");
        }
        out.push_str(self.host);
        if (hides_path || self.is_hook()) && (self.path.len() > 1 || !self.query.is_empty()) {
            let _ = write!(out, "/{REDACTED}");
            return;
        }
        out.push_str(self.path);
        for parameter in parameters(self.query) {
            out.push_str(parameter.before);
            match parameter.is_secret() {
                true => {
                    let _ = write!(out, "{}{REDACTED}", parameter.name);
                }
                false => {
                    let _ = write!(out, "{}{}", parameter.name, parameter.value);
                }
            }
        }
    }
}

/// One parameter of a query or fragment.
pub(super) struct Parameter<'a> {
    /// The delimiter before the parameter: `?`, `&`, `;`, `#`, or nothing.
    before: &'a str,
    /// The name, including its `=`.
    name: &'a str,
    pub(super) value: &'a str,
}

impl Parameter<'_> {
    pub(super) fn is_secret(&self) -> bool {
        let name = self.name.trim_end_matches('=');
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let is_token = self.value.len() >= TOKEN_LENGTH
            && self.value.contains(|c: char| c.is_ascii_digit())
            && self.value.contains(|c: char| c.is_ascii_alphabetic());
        let has_url = self.value.contains("://") || self.value.to_ascii_lowercase().contains("%3a");
        !self.value.is_empty()
            && (is_secret(name)
                || SIGNING.contains(&plain.to_ascii_lowercase().as_str())
                || is_token
                || has_url)
    }
}

pub(super) fn parameters(query: &str) -> impl Iterator<Item = Parameter<'_>> {
    const MARKS: [char; 4] = ['?', '&', ';', '#'];
    let mut rest = query;
    std::iter::from_fn(move || {
        let (before, pair) = rest.split_at(usize::from(rest.starts_with(MARKS)));
        let (pair, tail) = pair.split_at(pair.find(MARKS).unwrap_or(pair.len()));
        if before.is_empty() && pair.is_empty() {
            return None;
        }
        rest = tail;
        let (name, value) = pair.split_at(pair.find('=').map_or(0, |at| at + 1));
        Some(Parameter { before, name, value })
    })
}

/// Returns a text without the secrets of its URLs. With `hides_paths`, only the scheme and the host
/// of each URL remain.
pub(crate) fn urls(text: &str, hides_paths: bool) -> Cow<'_, str> {
    let mut rest = text;
    let mut out = String::new();
    while let Some((url, tail)) = Url::first(rest) {
        url.write(hides_paths, &mut out);
        rest = tail;
    }
    if out.is_empty() {
        return Cow::Borrowed(text);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn who_logs_in_and_what_signs_is_hidden() {
        for (text, shown) in [
            ("https://user:s3c@example.com/a", "https://[redacted]@example.com/a"),
            (
                "see https://u:s3c@e.com, and ftp://s3c@f.com/x",
                "see https://[redacted]@e.com, and ftp://[redacted]@f.com/x",
            ),
            ("https://u:s3/s3c@e.com/a", "https://[redacted]@e.com/a"),
            ("https://u:p@s3c@e.com:80/a", "https://[redacted]@e.com:80/a"),
            (
                "https://cdn.example.com/a.png?w=10&Key-Pair-Id=s3c&Policy=s3c_&Signature=s3c&Expires=1",
                "https://cdn.example.com/a.png?w=10&Key-Pair-Id=[redacted]&Policy=[redacted]&Signature=[redacted]&Expires=1",
            ),
            (
                "https://b.example.com/f?sv=1;sig=s3c#token=s3c",
                "https://b.example.com/f?sv=1;sig=[redacted]#token=[redacted]",
            ),
            ("https://e.com/a?x=0123456789abcdef0123s3c", "https://e.com/a?x=[redacted]"),
            ("https://e.com/?next=https%3A%2F%2Fu%3As3c%40f.com", "https://e.com/?next=[redacted]"),
            ("https://hooks.example.com/services/T0/s3c", "https://hooks.example.com/[redacted]"),
            ("https://e.com/api/webhooks/1/s3c", "https://e.com/[redacted]"),
        ] {
            assert_eq!(urls(text, false), shown);
        }
    }

    #[test]
    fn other_text_is_kept() {
        for text in [
            "",
            "no URL: a/b?token",
            "https://example.com",
            "https://example.com:8080/a/@b?v=abc&t=1#top",
            "https://[::1]:80/a",
            "://",
            "http://?",
        ] {
            assert_eq!(urls(text, false), text);
        }
        assert_eq!(urls("https://e.com/a/s3c?b", true), "https://e.com/[redacted]");
        assert_eq!(urls("https://e.com/", true), "https://e.com/");
    }

    proptest! {
        #[test]
        fn any_text_is_printed(text in ".{0,80}", url in r"[a-z@:/?#&=%\\.]{0,40}") {
            let _ = urls(&text, false);
            let text = format!("{text}://{url}");
            let _ = urls(&text, true);
            prop_assert!(urls(&text, false).contains("://"));
        }
    }
}
