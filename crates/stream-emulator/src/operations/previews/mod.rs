//! Previews of links.

mod page;
mod sites;

pub(super) use page::preview as preview_of_page;
pub(super) use sites::{first_url, preview as preview_of_site};

use std::time::Duration;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::{Asked, Call, Question, Reply, operations};
use crate::error::ApiError;
use crate::links::is_local;
use crate::view::attachment;

/// The timeout for reading a page of this machine.
pub(super) const PAGE_TIMEOUT: Duration = Duration::from_secs(2);

operations! {
    "GetOG" => get,
}

/// Handles `GetOG`: returns the preview of a known site, or of a page of this machine.
fn get(call: &mut Call<'_>, _: IgnoredAny) -> Result<Reply, ApiError> {
    let url = call.request.query.get("url").unwrap_or_default();
    if url.is_empty() {
        return Err(ApiError::field("url", "url is a required field"));
    }
    if let Some(preview) = preview_of_site(url) {
        return Ok(attachment(&preview).into());
    }
    let url = url.to_owned();
    if !is_local(&url) {
        return Err(ApiError::input(format!("the emulator knows no preview of {url}")));
    }
    let asked = url.clone();
    let then = move |_: &mut Call<'_>, page: Option<Value>| {
        let page = page.as_ref().and_then(Value::as_str);
        let page =
            page.ok_or_else(|| ApiError::input(format!("the page {asked} cannot be read")))?;
        let preview = preview_of_page(&asked, page)
            .ok_or_else(|| ApiError::input(format!("the page {asked} has no preview")))?;
        Ok(attachment(&preview).into())
    };
    let question =
        Question { url, timeout: PAGE_TIMEOUT, asked: Asked::Page, then: Box::new(then) };
    Ok(Reply::Ask(Box::new(question)))
}
