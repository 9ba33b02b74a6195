//! Access control: only browsers on this machine may load the inspector, and no page of another
//! origin may use it.

use std::net::SocketAddr;

use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, header};

use crate::links;

/// The reason why the inspector is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("the inspector is served to this machine alone")]
    Remote,
    #[error("the inspector is not served through a proxy")]
    Proxy,
    #[error(
        "the inspector is served under a loopback name alone: open it as http://localhost or \
         http://127.0.0.1, with the emulator's port"
    )]
    Host,
    #[error("the inspector is not served to pages of other origins")]
    Origin,
}

/// The headers with which proxies mark forwarded requests.
const FORWARDED: &[&str] = &["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/// Checks a request. The page itself can be opened by a link on another site; its resources can
/// only be loaded by the page.
pub(super) fn check(parts: &Parts, peer: SocketAddr, is_page: bool) -> Result<(), Refusal> {
    let headers = &parts.headers;
    if !peer.ip().to_canonical().is_loopback() {
        return Err(Refusal::Remote);
    }
    if FORWARDED.iter().any(|name| headers.contains_key(*name)) {
        return Err(Refusal::Proxy);
    }
    // The host name must be checked, since an attacker's DNS can point any name to this machine.
    let host = sole(headers, header::HOST).ok_or(Refusal::Host)?;
    if !is_loopback(host) || parts.uri.authority().is_some_and(|authority| authority != host) {
        return Err(Refusal::Host);
    }
    if headers.contains_key(header::ORIGIN)
        && sole(headers, header::ORIGIN).and_then(|origin| origin.strip_prefix("http://"))
            != Some(host)
    {
        return Err(Refusal::Origin);
    }
    match headers.get("sec-fetch-site").map(http::HeaderValue::as_bytes) {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) if is_page && is_navigation(headers) => Ok(()),
        Some(_) => Err(Refusal::Origin),
    }
}

fn is_navigation(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-mode").is_some_and(|mode| mode == "navigate")
        && headers.get("sec-fetch-dest").is_some_and(|destination| destination == "document")
}

/// Returns the value of a header that occurs exactly once.
fn sole(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Returns whether a `Host` header names this machine. Text before an `@` does not count.
fn is_loopback(host: &str) -> bool {
    host.parse::<Authority>().is_ok_and(|authority| {
        !authority.as_str().contains('@') && links::is_loopback(authority.host())
    })
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    const HERE: &str = "127.0.0.1:9";

    fn checked(peer: &str, headers: &[(&str, &str)], is_page: bool) -> Result<(), Refusal> {
        let mut request = Request::builder().uri("/emulator/inspector/api/users");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        check(&parts, peer.parse().unwrap(), is_page)
    }

    #[test]
    fn loopback_names_and_peers_pass() {
        for host in ["localhost:8080", "LOCALHOST", "127.0.0.1:1", "127.9.9.9", "[::1]:8080"] {
            assert_eq!(checked(HERE, &[("host", host)], false), Ok(()), "{host}");
        }
        assert_eq!(checked("[::ffff:127.0.0.1]:9", &[("host", "localhost")], false), Ok(()));
    }

    #[test]
    fn names_that_another_dns_could_point_here_do_not() {
        for host in [
            "evil.test",
            "localhost.evil.test",
            "127.0.0.1.evil.test",
            "localhost:80@evil.test",
            "user@localhost",
            "0.0.0.0",
            "",
        ] {
            assert_eq!(checked(HERE, &[("host", host)], true), Err(Refusal::Host), "{host}");
        }
        assert_eq!(checked(HERE, &[], true), Err(Refusal::Host));
        let twice = [("host", "localhost"), ("host", "localhost")];
        assert_eq!(checked(HERE, &twice, true), Err(Refusal::Host));
    }

    #[test]
    fn other_machines_and_proxies_do_not() {
        let host = ("host", "localhost");
        assert_eq!(checked("10.0.0.2:9", &[host], true), Err(Refusal::Remote));
        for name in FORWARDED {
            assert_eq!(checked(HERE, &[host, (name, "x")], true), Err(Refusal::Proxy), "{name}");
        }
    }

    #[test]
    fn pages_of_other_origins_do_not() {
        let host = ("host", "localhost:8080");
        for origin in
            ["http://evil.test", "http://localhost:3000", "https://localhost:8080", "null"]
        {
            let headers = [host, ("origin", origin)];
            assert_eq!(checked(HERE, &headers, false), Err(Refusal::Origin), "{origin}");
        }
        let own = [host, ("origin", "http://localhost:8080"), ("sec-fetch-site", "same-origin")];
        assert_eq!(checked(HERE, &own, false), Ok(()));
        let cross = ("sec-fetch-site", "cross-site");
        assert_eq!(checked(HERE, &[host, cross], false), Err(Refusal::Origin));
        let link = [host, cross, ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
        assert_eq!(checked(HERE, &link, true), Ok(()));
        assert_eq!(checked(HERE, &link, false), Err(Refusal::Origin));
        let frame = [host, cross, ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")];
        assert_eq!(checked(HERE, &frame, true), Err(Refusal::Origin));
    }
}
