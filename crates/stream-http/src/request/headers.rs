//! The headers of a request.

use http::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, InvalidHeaderValue,
    TRANSFER_ENCODING, USER_AGENT,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::auth::{AuthType, Token};
use crate::error::Error;

const AUTH_TYPE: HeaderName = HeaderName::from_static("stream-auth-type");
const CLIENT: HeaderName = HeaderName::from_static("x-stream-client");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-client-request-id");
const CLIENT_NAME: &str = concat!("stream-rust-client-", env!("CARGO_PKG_VERSION"));
/// The content type of a request whose body sets no other.
pub(crate) const JSON: &str = "application/json";
const AGENT: &str = concat!("stream-rust/", env!("CARGO_PKG_VERSION"));

/// The headers of a request to the API. Headers that differ between attempts have placeholders, so
/// that the copy for an attempt needs only one allocation.
pub(crate) struct FixedHeaders {
    headers: HeaderMap,
    /// Whether the headers include a fixed token.
    is_authorized: bool,
}

impl FixedHeaders {
    /// Creates the headers, with `product` appended to the `User-Agent`, and with a fixed token if
    /// there is one.
    pub(crate) fn new(
        auth_type: AuthType,
        product: Option<&str>,
        token: Option<&Token>,
    ) -> Result<Self, Error> {
        let agent = match product {
            None => HeaderValue::from_static(AGENT),
            Some(product) => {
                HeaderValue::try_from(format!("{AGENT} {product}")).map_err(|_| {
                    Error::configuration(
                        "the product of the user agent is not valid: expected visible ASCII such as `my-app/1.2`",
                    )
                })?
            }
        };
        let mut headers = HeaderMap::with_capacity(9);
        headers.insert(ACCEPT, HeaderValue::from_static(JSON));
        if cfg!(feature = "gzip") {
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        }
        headers.insert(CLIENT, HeaderValue::from_static(CLIENT_NAME));
        headers.insert(AUTH_TYPE, HeaderValue::from_static(auth_type.as_str()));
        headers.insert(USER_AGENT, agent);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
        headers.insert(REQUEST_ID, HeaderValue::from_static(""));
        // An invalid token is reported by each call.
        let authorization = token.and_then(|token| authorization(token).ok());
        let is_authorized = authorization.is_some();
        if let Some(authorization) = authorization {
            headers.insert(AUTHORIZATION, authorization);
        }
        headers.insert(HOST, HeaderValue::from_static(""));
        Ok(Self { headers, is_authorized })
    }

    /// Returns whether `name` is a header that a call cannot set.
    pub(crate) fn reserves(&self, name: &HeaderName) -> bool {
        self.headers.contains_key(name)
            || [AUTHORIZATION, CONTENT_LENGTH, TRANSFER_ENCODING].contains(name)
    }

    /// Returns the headers of an attempt, with [`JSON`] as its content type.
    pub(crate) fn for_attempt(
        &self,
        request_id: RequestId,
        token: Option<&Token>,
    ) -> Result<HeaderMap, Error> {
        let mut headers = self.headers.clone();
        // The HTTP client adds it: what remains is the room for it.
        headers.remove(HOST);
        if let Ok(id) = HeaderValue::from_bytes(&request_id.0) {
            headers.insert(REQUEST_ID, id);
        }
        if let Some(token) = token.filter(|_| !self.is_authorized) {
            let authorization = authorization(token).map_err(|_| {
                Error::configuration(
                    "the token holds characters that no header can carry; was it read with a line break?",
                )
            })?;
            headers.insert(AUTHORIZATION, authorization);
        }
        Ok(headers)
    }
}

fn authorization(token: &Token) -> Result<HeaderValue, InvalidHeaderValue> {
    let mut value = HeaderValue::from_str(token.expose_secret())?;
    value.set_sensitive(true);
    Ok(value)
}

/// The ID of a call in logs: a random UUID (version 4) as text, kept without an allocation.
#[derive(Clone, Copy)]
pub(crate) struct RequestId([u8; 36]);

impl RequestId {
    pub(crate) fn random() -> Self {
        // The ID only distinguishes calls and protects nothing, so a fast generator suffices.
        let mut random = fastrand::u128(..);
        // `x` is a random digit, and `y` one whose upper bits name the variant.
        let mut text = *b"xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
        for character in &mut text {
            let digit = match character {
                b'x' => random & 0xf,
                b'y' => random & 0x3 | 0x8,
                _ => continue,
            } as u8;
            *character = if digit < 10 { b'0' + digit } else { b'a' + digit - 10 };
            random >>= 4;
        }
        Self(text)
    }

    pub(crate) fn as_str(&self) -> &str {
        // The ID is ASCII, so this never fails.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_random_uuids() {
        let mut digits = [false; 16];
        for _ in 0..100 {
            let id = RequestId::random();
            let groups: Vec<&str> = id.as_str().split('-').collect();
            assert_eq!(
                groups.iter().map(|group| group.len()).collect::<Vec<_>>(),
                [8, 4, 4, 4, 12]
            );
            assert!(groups[2].starts_with('4'), "{}", id.as_str());
            assert!(groups[3].starts_with(['8', '9', 'a', 'b']), "{}", id.as_str());
            for digit in groups.concat().chars() {
                assert!(!digit.is_ascii_uppercase());
                digits[digit.to_digit(16).unwrap() as usize] = true;
            }
        }
        assert_eq!(digits, [true; 16]);
        assert_ne!(RequestId::random().as_str(), RequestId::random().as_str());
    }

    #[test]
    fn a_token_that_is_not_a_valid_header_is_not_shown() {
        let id = RequestId::random();
        let [bad, good] = ["s3cret\n", "s3cret"].map(Token::new);
        for fixed in [None, Some(&bad)] {
            let headers = FixedHeaders::new(AuthType::Jwt, None, fixed).unwrap();
            let error = headers.for_attempt(id, Some(&bad)).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cret"));
        }
        for fixed in [None, Some(&good)] {
            let headers = FixedHeaders::new(AuthType::Jwt, None, fixed).unwrap();
            let headers = headers.for_attempt(id, Some(&good)).unwrap();
            assert_eq!(headers[AUTHORIZATION], "s3cret");
            assert!(!format!("{headers:?}").contains("s3cret"));
        }
    }
}
