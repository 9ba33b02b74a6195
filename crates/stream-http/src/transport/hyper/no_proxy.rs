//! The warning about proxies of the environment, without the feature `proxy`.

use crate::transport::settings::{Proxies, Settings};

const VARIABLES: &[&str] =
    &["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// Warns if the environment names a proxy, unless the program asked for direct connections.
pub(super) fn warn_of_proxies(settings: &Settings) {
    if matches!(settings.proxies, Proxies::Direct) {
        return;
    }
    let is_set = |name: &&&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if let Some(variable) = VARIABLES.iter().find(is_set) {
        tracing::warn!(
            "{variable} is set, but connections go directly to the server: enable the feature `proxy` \
             to use proxies, or call `no_proxy` on the builder of the transport"
        );
    }
}
