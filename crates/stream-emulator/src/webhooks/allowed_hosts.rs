//! The hosts that webhooks are sent to.

use http::Uri;

use crate::links::is_loopback;

/// The hosts that webhooks are sent to: this machine and the allowed ones.
///
/// Tests may load settings of production into an emulator, which must not call production.
#[derive(Debug, Clone, Default)]
pub(crate) struct AllowedHosts(Vec<String>);

impl AllowedHosts {
    pub(crate) fn add(&mut self, host: String) {
        self.0.push(host);
    }

    /// Returns whether the host of a URL is allowed.
    pub(super) fn admit(&self, url: &str) -> bool {
        let Ok(uri) = url.parse::<Uri>() else {
            return false;
        };
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        is_loopback(host) || self.0.iter().any(|allowed| allowed.eq_ignore_ascii_case(host))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_and_what_was_named() {
        let mut hosts = AllowedHosts::default();
        for url in ["http://127.0.0.1:3000/hook", "http://localhost/", "http://[::1]:8/x"] {
            assert!(hosts.admit(url), "{url}");
        }
        for url in ["http://example.com/", "http://10.0.0.1/", "http://localhost.example.com/", ""]
        {
            assert!(!hosts.admit(url), "{url}");
        }
        hosts.add("host.docker.internal".to_owned());
        assert!(hosts.admit("http://host.docker.internal:3000/hook"));
    }
}
