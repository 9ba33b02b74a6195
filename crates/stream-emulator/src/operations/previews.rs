//! Previews of links.

use super::{Answer, Call, messages, operations};
use crate::{error::ApiError, view::attachment};
use serde::de::IgnoredAny;

operations! {
    "GetOG" => get,
}

/// `GetOG`: what the emulator knows of a site; it reads no pages.
fn get(call: &mut Call<'_>, _: IgnoredAny) -> Answer {
    let url = call.request.query.get("url").unwrap_or_default();
    if url.is_empty() {
        return Err(ApiError::field("url", "url is a required field"));
    }
    match messages::preview(url) {
        Some(preview) => Ok(attachment(&preview)),
        None => Err(ApiError::input(format!("the emulator knows no preview of {url}"))),
    }
}
