use serde::Deserialize;

/// The request with which a message came to Stream, as the synchronous hooks are told of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RequestInfo {
    /// Who made the request: `client` with a user's token, or `server`.
    #[serde(rename = "type")]
    pub type_: Option<String>,
    /// The IP address that it came from.
    pub ip: Option<String>,
    /// The `User-Agent` of it.
    pub user_agent: Option<String>,
    /// The SDK that made it, with its version.
    pub sdk: Option<String>,
    /// What the client sent in the header `X-Stream-Ext`.
    pub ext: Option<String>,
}

impl RequestInfo {
    /// Whether a user's client made the request, and not a backend.
    #[must_use]
    pub fn is_from_client(&self) -> bool {
        self.type_.as_deref() == Some("client")
    }
}
