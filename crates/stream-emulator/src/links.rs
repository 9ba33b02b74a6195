//! Links to what the emulator serves itself.

use std::net::IpAddr;

use http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Below this path there are the files, by key and name.
const FILES: &str = "/emulator/files/";

/// What is encoded in the name of a file.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// The URL of a file.
pub(crate) fn file_url(base_url: &str, key: &str, name: &str) -> String {
    format!("{base_url}{FILES}{key}/{}", utf8_percent_encode(name, NAME))
}

/// The key in a file's URL or path.
pub(crate) fn file_key(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once(FILES)?;
    rest.split(['/', '?']).next().filter(|key| !key.is_empty())
}

/// Whether the host of a URL is this machine.
pub(crate) fn is_local(url: &str) -> bool {
    url.parse::<Uri>().is_ok_and(|uri| uri.host().is_some_and(is_loopback))
}

/// Whether a host is an address, which no DNS can point elsewhere.
pub(crate) fn is_address(host: &str) -> bool {
    host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
}

/// Whether a host is this machine, by its address or as `localhost`.
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
