//! The host names under which `/emulator/...` is served.
//!
//! A page of another site can let its own name resolve to this machine. The browser then treats the
//! emulator as that site and sends no `Origin`, but `Host` contains the name.

use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, Uri, header};

use crate::links;

/// The host names under which the emulator can be controlled.
#[derive(Debug, Clone, Default)]
pub(crate) struct ControlHosts {
    named: Vec<String>,
    /// Whether other machines can reach the emulator, such as containers that know each other by
    /// names without dots.
    pub(crate) is_exposed: bool,
}

impl ControlHosts {
    pub(crate) fn add(&mut self, host: String) {
        self.named.push(host);
    }

    /// Returns the host name of a request, if it is not allowed.
    pub(crate) fn foreign_host(&self, parts: &Parts) -> Option<String> {
        let sent = parts.headers.get_all(header::HOST).iter();
        let sent = sent.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let target = parts.uri.authority().map(Authority::to_string);
        sent.chain(target).find(|authority| !self.admits(authority))
    }

    /// Returns whether a request comes from a page of another host. Such a page may use the API
    /// like any front end, but must not reset the emulator or read its state.
    pub(crate) fn is_foreign_page(&self, headers: &HeaderMap) -> bool {
        let is_own = |origin: &str| {
            origin.parse::<Uri>().is_ok_and(|uri| {
                uri.host().is_some_and(|host| links::is_loopback(host) || self.is_named(host))
            })
        };
        let mut origins = headers.get_all(header::ORIGIN).iter();
        origins.any(|origin| !origin.to_str().is_ok_and(is_own))
    }

    fn admits(&self, authority: &str) -> bool {
        let Ok(parsed) = authority.parse::<Authority>() else {
            return false;
        };
        if authority.contains('@') {
            return false;
        }
        let host = parsed.host();
        links::is_address(host)
            || links::is_loopback(host)
            || self.is_named(host)
            // A name without a dot cannot be registered.
            || (self.is_exposed && !host.contains('.'))
    }

    fn is_named(&self, host: &str) -> bool {
        self.named.iter().any(|named| named.eq_ignore_ascii_case(host))
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn is_foreign(hosts: &ControlHosts, host: &str) -> bool {
        let request = Request::get("/emulator/snapshot").header("host", host).body(()).unwrap();
        hosts.foreign_host(&request.into_parts().0).is_some()
    }

    #[test]
    fn names_that_another_dns_could_point_here_are_foreign() {
        let mut hosts = ControlHosts::default();
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]:8080", "10.0.0.7:8080"] {
            assert!(!is_foreign(&hosts, host), "{host}");
        }
        let foreign = ["evil.test", "localhost.evil.test:80", "127.0.0.1.evil.test", "a@localhost"];
        for host in foreign.into_iter().chain(["emulator:8080", ""]) {
            assert!(is_foreign(&hosts, host), "{host}");
        }
        hosts.is_exposed = true;
        assert!(!is_foreign(&hosts, "emulator:8080"));
        for host in foreign {
            assert!(is_foreign(&hosts, host), "{host}");
        }
        hosts.add("Emulator.internal.test".to_owned());
        assert!(!is_foreign(&hosts, "emulator.internal.test:8080"));
    }

    #[test]
    fn every_name_in_a_request_counts() {
        let hosts = ControlHosts::default();
        let twice = Request::get("/").header("host", "localhost").header("host", "evil.test");
        assert!(hosts.foreign_host(&twice.body(()).unwrap().into_parts().0).is_some());
        let target = Request::get("http://evil.test/emulator/snapshot").header("host", "localhost");
        assert!(hosts.foreign_host(&target.body(()).unwrap().into_parts().0).is_some());
    }
}
