//! Requests with their responses.

use axum::extract::Query;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use serde_json::{Value, json};

use super::super::listing::Listing;
use super::body;
use crate::error::ApiError;
use crate::feed::{Excerpt, ObservedExchange};
use crate::parameters::QueryParameters;
use crate::redaction::Redaction;
use crate::runtime::Shared;

/// Returns the requests, newest first. A search includes bodies.
pub(in super::super) fn list(shared: &Shared, query: &QueryParameters) -> Result<Value, ApiError> {
    let listing = Listing::read(query)?;
    let redaction = Redaction::new(&shared.settings.keys.api_secret);
    let exchanges = shared.feed.exchanges();
    let found = exchanges.iter().rev().filter(|(_, seen)| {
        let texts = [
            seen.uri.path().to_owned(),
            seen.operation.unwrap_or_default().to_owned(),
            seen.status.to_string(),
        ];
        listing.matches(texts.iter().map(String::as_str))
            || listing.matches([
                String::from_utf8_lossy(seen.request.bytes()).as_ref(),
                String::from_utf8_lossy(seen.response.bytes()).as_ref(),
            ])
    });
    Ok(listing.part(found, |(number, seen)| summary(number, seen, redaction)))
}

/// Returns the summary of a request.
pub(in super::super) fn summary(
    number: u64,
    seen: &ObservedExchange,
    redaction: Redaction<'_>,
) -> Value {
    json!({
        "number": number,
        "at": seen.at.to_rfc3339(),
        "operation": seen.operation,
        "method": seen.method.as_str(),
        "path": redaction.text(seen.uri.path()),
        "status": seen.status,
        "duration_ms": seen.duration.as_secs_f64() * 1000.0,
        "client": client(seen),
        "caller": caller(seen),
        "request_size": seen.request.size(),
        "response_size": seen.response.size(),
    })
}

/// Returns a request with its response.
pub(in super::super) fn one(shared: &Shared, query: &QueryParameters) -> Result<Value, ApiError> {
    let number = query.required("number")?;
    let redaction = Redaction::new(&shared.settings.keys.api_secret);
    let exchanges = shared.feed.exchanges();
    let seen = number.parse().ok().and_then(|number| Some((number, exchanges.get(number)?)));
    let (number, seen) =
        seen.ok_or_else(|| ApiError::not_found("the request is not kept any more"))?;
    let mut shown = summary(number, seen, redaction);
    if let Some(fields) = shown.as_object_mut() {
        fields.insert("query".to_owned(), parameters(seen, redaction));
        fields.insert("request_headers".to_owned(), headers(&seen.request_headers, redaction));
        fields.insert("response_headers".to_owned(), headers(&seen.response_headers, redaction));
        fields.insert("request".to_owned(), content(&seen.request));
        fields.insert("response".to_owned(), content(&seen.response));
    }
    Ok(shown)
}

fn content(excerpt: &Excerpt) -> Value {
    let (form, value) = body(excerpt.bytes());
    json!({"form": form, "value": value, "size": excerpt.size(), "whole": excerpt.is_whole()})
}

fn headers(headers: &HeaderMap, redaction: Redaction<'_>) -> Value {
    let shown = headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        json!([name.as_str(), redaction.named(name.as_str(), &value)])
    });
    shown.collect()
}

fn pairs(seen: &ObservedExchange) -> Vec<(String, String)> {
    Query::try_from_uri(&seen.uri).map(|Query(pairs)| pairs).unwrap_or_default()
}

fn parameters(seen: &ObservedExchange, redaction: Redaction<'_>) -> Value {
    let shown =
        pairs(seen).into_iter().map(|(name, value)| json!([name, redaction.named(&name, &value)]));
    shown.collect()
}

/// Returns the name of the client, from Stream's header or `User-Agent`.
fn client(seen: &ObservedExchange) -> Option<String> {
    let header = |name: &str| seen.request_headers.get(name).and_then(|value| value.to_str().ok());
    let named = header("x-stream-client").map(str::to_owned);
    named
        .or_else(|| {
            let mut pairs = pairs(seen).into_iter();
            pairs.find(|(name, _)| name.eq_ignore_ascii_case("x-stream-client")).map(|pair| pair.1)
        })
        .or_else(|| header("user-agent").map(str::to_owned))
}

/// Returns the user in the token, unverified; `None` for a backend.
fn caller(seen: &ObservedExchange) -> Option<String> {
    let header = seen.request_headers.get("authorization").and_then(|value| value.to_str().ok());
    let token = header.map(str::to_owned).or_else(|| {
        pairs(seen).into_iter().find(|(name, _)| name == "authorization").map(|pair| pair.1)
    })?;
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    claims.get("user_id")?.as_str().map(str::to_owned)
}
