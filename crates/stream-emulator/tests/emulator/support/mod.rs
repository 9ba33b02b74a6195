//! A small client, independent of the SDK, and checks that all tests share.

pub(crate) mod schema;
pub(crate) mod socket;

use std::io::Read;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use flate2::read::GzDecoder;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use sha2::Sha256;

use stream_emulator::{Emulator, EmulatorBuilder};

/// An emulator with its own client.
pub(crate) struct Setup {
    pub(crate) emulator: Emulator,
    http: Client<HttpConnector, Full<Bytes>>,
}

/// A response with its body as JSON.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Setup {
    pub(crate) async fn new() -> Self {
        Self::with(Emulator::builder()).await
    }

    pub(crate) async fn with(builder: EmulatorBuilder) -> Self {
        Self {
            emulator: builder.start().await.unwrap(),
            http: Client::builder(TokioExecutor::new()).build_http(),
        }
    }

    /// Starts an emulator with these users.
    pub(crate) async fn with_users(ids: &[&str]) -> Self {
        let setup = Self::new().await;
        setup.upsert(ids).await;
        setup
    }

    pub(crate) async fn upsert(&self, ids: &[&str]) {
        let users: serde_json::Map<_, _> =
            ids.iter().map(|id| ((*id).to_owned(), json!({"id": id}))).collect();
        self.post("/api/v2/users", json!({"users": users})).await;
    }

    /// Creates `messaging:general` with these members, of whom the first one is the creator.
    pub(crate) async fn channel(&self, members: &[&str]) -> Value {
        let list: Vec<Value> = members.iter().map(|id| json!({"user_id": id})).collect();
        let body = json!({"data": {"created_by_id": members[0], "members": list}});
        self.post("/api/v2/chat/channels/messaging/general/query", body).await
    }

    pub(crate) async fn send_text(&self, user_id: &str, text: &str) -> Value {
        let body = json!({"message": {"text": text, "user_id": user_id}});
        self.post("/api/v2/chat/channels/messaging/general/message", body).await["message"].clone()
    }

    /// Makes a call with the server token, which must succeed.
    pub(crate) async fn get(&self, path: &str) -> Value {
        self.succeed(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        self.succeed(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Value {
        self.succeed(Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Value {
        self.succeed(Method::PATCH, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Value {
        self.succeed(Method::DELETE, path, None).await
    }

    async fn succeed(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let reply = self.call(method.clone(), path, body).await;
        assert!(reply.status.is_success(), "{method} {path}: {} {}", reply.status, reply.body);
        reply.body
    }

    /// Makes a call that must fail with a status and a code, and returns the text of the error.
    pub(crate) async fn fail(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        status: u16,
        code: i64,
    ) -> String {
        let reply = self.call(method, path, body).await;
        reply.assert_error(status, code)
    }

    /// Makes a call with the server token.
    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Reply {
        let token = token(self.emulator.api_secret(), &json!({"server": true}));
        self.call_as(&token, method, path, body).await
    }

    /// Makes a call with another token.
    pub(crate) async fn call_as(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Reply {
        let separator = if path.contains('?') { '&' } else { '?' };
        let uri = format!(
            "{}{path}{separator}api_key={}",
            self.emulator.base_url(),
            self.emulator.api_key()
        );
        let headers = [("authorization", token), ("stream-auth-type", "jwt")];
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        self.raw(method, &uri, &headers, body).await
    }

    /// Makes any request.
    pub(crate) async fn raw(
        &self,
        method: Method,
        uri: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Reply {
        let (parts, bytes) = self.exchange(method.clone(), uri, headers, body).await;
        let body = read(&parts.headers, &bytes);
        let reply = Reply { status: parts.status, headers: parts.headers, body };
        if reply.status.is_success() {
            let path = uri.trim_start_matches(self.emulator.base_url());
            let path = path.split('?').next().unwrap();
            if path.starts_with("/api/v2/") {
                schema::check_response(&method, path, reply.status, &reply.body);
            } else if !path.starts_with("/emulator/") {
                schema::check_v1_response(&method, path, reply.status, &reply.body);
            }
        }
        reply
    }

    /// Makes any request, and returns the raw response.
    pub(crate) async fn exchange(
        &self,
        method: Method,
        uri: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> (http::response::Parts, Bytes) {
        let mut request = Request::builder()
            .method(method)
            .uri(uri)
            .header("accept-encoding", "gzip")
            .body(Full::new(body.into()))
            .unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(
                HeaderName::try_from(*name).unwrap(),
                HeaderValue::try_from(*value).unwrap(),
            );
        }
        let response = self.http.request(request).await.unwrap();
        let (parts, body) = response.into_parts();
        (parts, body.collect().await.unwrap().to_bytes())
    }

    /// Returns a token of a user, issued now.
    pub(crate) fn user_token(&self, user_id: &str) -> String {
        let claims = json!({"user_id": user_id, "iat": now()});
        token(self.emulator.api_secret(), &claims)
    }
}

impl Reply {
    /// Checks the envelope of an error, and returns its text.
    #[track_caller]
    pub(crate) fn assert_error(&self, status: u16, code: i64) -> String {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.body["code"], code, "{}", self.body);
        assert_eq!(self.body["StatusCode"], status);
        schema::check("APIError", &self.body);
        let text = self.body["message"].as_str().unwrap().to_owned();
        // SDKs recognize a feature that an app does not have by these words.
        for word in ["not enabled", "feature flag"] {
            assert!(!text.to_lowercase().contains(word), "{text}");
        }
        text
    }
}

fn read(headers: &HeaderMap, bytes: &[u8]) -> Value {
    let is_gzip = headers.get("content-encoding").is_some_and(|coding| coding == "gzip");
    if is_gzip {
        return serde_json::from_slice(&unpack(bytes)).unwrap();
    }
    serde_json::from_slice(bytes).unwrap_or(Value::Null)
}

/// Decompresses gzip.
pub(crate) fn unpack(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut plain).unwrap();
    plain
}

/// Returns a token with HS256.
pub(crate) fn token(secret: &str, claims: &Value) -> String {
    token_with_header(secret, &json!({"alg": "HS256", "typ": "JWT"}), claims)
}

pub(crate) fn token_with_header(secret: &str, header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    format!("{signed}.{signature}")
}

/// Returns the current time in seconds.
pub(crate) fn now() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since_epoch.as_secs()).unwrap()
}

/// Formats seconds as RFC 3339.
pub(crate) fn rfc3339(second: i64) -> String {
    time::OffsetDateTime::from_unix_timestamp(second)
        .unwrap()
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap()
}
