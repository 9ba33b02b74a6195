//! Links to files that the emulator serves.

use std::net::IpAddr;

use http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The prefix of the paths of files, followed by key and name.
const FILES: &str = "/emulator/files/";

/// The characters of a file's name that are percent-encoded.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// Returns the URL of a file.
pub(crate) fn file_url(base_url: &str, key: &str, name: &str) -> String {
    format!("{base_url}{FILES}{key}/{}", utf8_percent_encode(name, NAME))
}

/// Returns the key in a file's URL or path.
pub(crate) fn file_key(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once(FILES)?;
    rest.split(['/', '?']).next().filter(|key| !key.is_empty())
}

/// Returns whether the host of a URL is this machine.
pub(crate) fn is_local(url: &str) -> bool {
    url.parse::<Uri>().is_ok_and(|uri| uri.host().is_some_and(is_loopback))
}

/// Returns whether a host is an IP address, which no DNS can redirect.
pub(crate) fn is_address(host: &str) -> bool {
    host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
}

/// Returns whether a host is this machine, by its address or as `localhost`.
pub(crate) fn is_loopback(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    match host.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_found_in_the_link() {
        let url = file_url("http://127.0.0.1:1", "k1", "a b.txt");
        assert_eq!(url, "http://127.0.0.1:1/emulator/files/k1/a%20b.txt");
        assert_eq!(file_key(&url), Some("k1"));
        assert_eq!(file_key("/emulator/files/"), None);
        assert_eq!(file_key("/emulator/reset"), None);
    }
}
