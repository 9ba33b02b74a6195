//! The base URL of the API.

use std::fmt;
use std::str::FromStr;

use http::Uri;
use http::uri::{Authority, Parts, PathAndQuery, Scheme};

use crate::error::Error;

/// The base URL of the API: scheme, host, and an optional path prefix.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl {
    scheme: Scheme,
    authority: Authority,
    prefix: String,
}

impl BaseUrl {
    /// The base URL of all products of Stream.
    pub const DEFAULT: &'static str = "https://chat.stream-io-api.com";

    /// Returns the host that is sent in `Host`.
    #[must_use]
    pub fn host(&self) -> &str {
        self.authority.host()
    }

    /// Returns the port, given or implied by the scheme.
    #[must_use]
    pub fn port(&self) -> u16 {
        let implied = if self.scheme == Scheme::HTTP { 80 } else { 443 };
        self.authority.port_u16().unwrap_or(implied)
    }

    /// Returns whether the connection is encrypted.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }

    /// Joins a path and the parts of a query, which may be empty, to this URL.
    pub(crate) fn join(&self, path: String, query: [&str; 2]) -> Result<Uri, http::Error> {
        let mut target = path;
        let length = query.iter().map(|pairs| pairs.len() + 1).sum::<usize>();
        target.reserve(self.prefix.len() + length);
        target.insert_str(0, &self.prefix);
        let mut separator = '?';
        for pairs in query.into_iter().filter(|pairs| !pairs.is_empty()) {
            target.push(separator);
            target.push_str(pairs);
            separator = '&';
        }
        let mut parts = Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(PathAndQuery::try_from(target)?);
        Ok(Uri::from_parts(parts)?)
    }
}

impl FromStr for BaseUrl {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        // The error does not contain the URL, which may contain a password.
        let wrong = |what: &str| {
            Error::configuration(format!("the base URL {what}; give one such as {}", Self::DEFAULT))
        };
        let text = text.trim();
        // A fragment would be dropped silently, and some clients read a backslash as a slash.
        if text.contains(['#', '\\']) {
            return Err(wrong("has a fragment or a backslash"));
        }
        let uri: Uri = text.parse().map_err(|_| wrong("is not a URL"))?;
        let parts = uri.into_parts();
        let scheme = parts
            .scheme
            .filter(|scheme| *scheme == Scheme::HTTP || *scheme == Scheme::HTTPS)
            .ok_or_else(|| wrong("does not begin with https:// or http://"))?;
        let authority = parts.authority.ok_or_else(|| wrong("has no host"))?;
        if authority.as_str().contains('@') {
            return Err(wrong("holds a user name or password"));
        }
        if scheme == Scheme::HTTP && authority.host().ends_with(".stream-io-api.com") {
            return Err(wrong("would send tokens unencrypted, because it begins with http://"));
        }
        // A port that is out of range would be dropped, and the request sent to the default port.
        let port = authority.as_str().strip_prefix(authority.host()).unwrap_or_default();
        if port.len() > 1 && authority.port_u16().is_none() {
            return Err(wrong("has a port that is not valid"));
        }
        let path = parts.path_and_query;
        if path.as_ref().is_some_and(|path| path.query().is_some()) {
            return Err(wrong("has a query"));
        }
        let prefix = path.as_ref().map_or("", |path| path.path()).trim_end_matches('/').to_owned();
        if prefix.split('/').any(is_dotted) {
            return Err(wrong("has a path with `.` or `..` in it"));
        }
        // Copied from the documentation of an endpoint: the paths of operations begin with it.
        if prefix.ends_with("/api/v2") || prefix.contains("/api/v2/") {
            return Err(wrong("ends with a path of the API; leave `/api/v2` out"));
        }
        Ok(Self { scheme, authority, prefix })
    }
}

/// Returns whether a path segment is `.` or `..`, encoded or not, which would lead to another path.
fn is_dotted(segment: &str) -> bool {
    let plain = segment.to_ascii_lowercase().replace("%2e", ".");
    plain == "." || plain == ".."
}

/// Parses a URL outside of the API. The error does not contain the URL, which may be signed.
pub(crate) fn foreign_url(text: &str) -> Result<Uri, Error> {
    let wrong = |what: &str| Error::invalid_request(format!("the URL {what}"));
    let uri: Uri = text.parse().map_err(|_| wrong("is not valid"))?;
    if uri.scheme() != Some(&Scheme::HTTP) && uri.scheme() != Some(&Scheme::HTTPS) {
        return Err(wrong("is not valid: expected `https://host/path`"));
    }
    let authority = uri.authority().map_or("", Authority::as_str);
    if authority.is_empty() || authority.contains('@') {
        return Err(wrong("has no host, or holds a user name"));
    }
    Ok(uri)
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.prefix)
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(base: &str) -> String {
        let base: BaseUrl = base.parse().unwrap();
        base.join("/api/v2/app".to_owned(), ["", "a=b"]).unwrap().to_string()
    }

    #[test]
    fn a_path_prefix_is_kept() {
        assert_eq!(joined("https://example.com"), "https://example.com/api/v2/app?a=b");
        assert_eq!(joined("http://localhost:3030/"), "http://localhost:3030/api/v2/app?a=b");
        assert_eq!(joined(" https://example.com/a/b/ "), "https://example.com/a/b/api/v2/app?a=b");
        assert_eq!(joined("https://[::1]:8080"), "https://[::1]:8080/api/v2/app?a=b");
    }

    #[test]
    fn the_parts_of_the_query_are_joined() {
        let base: BaseUrl = "https://example.com".parse().unwrap();
        for (query, joined) in [
            (["", ""], "https://example.com/app"),
            (["a=b", ""], "https://example.com/app?a=b"),
            (["a=b", "c=d"], "https://example.com/app?a=b&c=d"),
        ] {
            assert_eq!(base.join("/app".to_owned(), query).unwrap().to_string(), joined);
        }
    }

    #[test]
    fn invalid_base_urls_are_refused_without_repeating_them() {
        for text in [
            "",
            "example.com",
            "ftp://example.com",
            "https://",
            "https://u:hunter2@example.com",
            "https://example.com?x=1",
            "https://example.com#hunter2",
            "https://example.com/a#",
            "https://example.com\\@evil.test",
            "https://example.com/a\\b",
            "https://example.com:99999",
            "https://example.com:-1",
            "https://example.com/a/../b",
            "https://example.com/a/%2E%2e",
            "https://example.com/.",
            "https://exam\nple.com",
            "https://example.com\r\nhost: evil.test",
            "/api",
            "http://chat.stream-io-api.com",
            "https://example.com/api/v2",
            "https://example.com/api/v2/",
            "https://example.com/api/v2/chat",
        ] {
            let error = text.parse::<BaseUrl>().unwrap_err().to_string();
            assert!(error.contains("https://chat.stream-io-api.com"), "{error}");
            assert!(!error.contains("hunter2"));
        }
    }
}
