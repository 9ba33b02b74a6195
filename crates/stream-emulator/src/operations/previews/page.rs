//! The Open Graph tags of a web page.

use serde_json::{Map, Value};

/// The maximum number of bytes of a page that are searched.
const MAX_PAGE: usize = 256 * 1024;

/// The properties of a page, and the attachment fields that they fill.
const PROPERTIES: &[(&str, &[&str])] = &[
    ("og:title", &["title"]),
    ("og:description", &["text"]),
    ("og:site_name", &["author_name"]),
    ("og:image", &["image_url", "thumb_url"]),
    ("og:video", &["asset_url"]),
    ("og:audio", &["asset_url"]),
];

/// Returns the preview of a page as an attachment, or `None` without a title and an image.
pub(in crate::operations) fn preview(url: &str, html: &str) -> Option<Map<String, Value>> {
    let end = (0..=MAX_PAGE.min(html.len())).rev().find(|at| html.is_char_boundary(*at));
    let html = html.get(..end.unwrap_or_default()).unwrap_or_default();
    let mut preview = Map::new();
    let mut kind = "image";
    for tag in tags(html, "meta") {
        let property = attribute(tag, "property").or_else(|| attribute(tag, "name"));
        let (Some(property), Some(content)) = (property, attribute(tag, "content")) else {
            continue;
        };
        let Some((name, fields)) = PROPERTIES.iter().find(|(name, _)| *name == property) else {
            continue;
        };
        match *name {
            "og:video" => kind = "video",
            "og:audio" => kind = "audio",
            _ => {}
        }
        for field in *fields {
            preview.entry(*field).or_insert_with(|| content.as_str().into());
        }
    }
    if !preview.contains_key("title")
        && let Some(title) = title(html)
    {
        preview.insert("title".to_owned(), title.into());
    }
    if !preview.contains_key("title") && !preview.contains_key("image_url") {
        return None;
    }
    for (name, value) in [("type", kind), ("og_scrape_url", url), ("title_link", url)] {
        preview.insert(name.to_owned(), value.into());
    }
    preview.insert("custom".to_owned(), Value::Object(Map::new()));
    Some(preview)
}

/// Returns the contents of all tags of a name.
fn tags<'a>(html: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    html.split('<').filter_map(move |part| {
        let (tag, rest) = part.split_at_checked(name.len())?;
        let is_tag = tag.eq_ignore_ascii_case(name) && rest.starts_with(char::is_whitespace);
        is_tag.then(|| rest.split('>').next().unwrap_or_default())
    })
}

/// Returns an attribute of a tag, quoted or not.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    loop {
        let (before, after) = rest.split_once('=')?;
        let found = before.trim_end().rsplit(char::is_whitespace).next().unwrap_or_default();
        let after = after.trim_start();
        let (value, next) = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => after.get(1..)?.split_once(quote)?,
            _ => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        if found.eq_ignore_ascii_case(name) {
            return Some(unescape(value));
        }
        rest = next;
    }
}

fn title(html: &str) -> Option<String> {
    let start = html.find("<title")?;
    let (_, rest) = html.get(start..)?.split_once('>')?;
    let (title, _) = rest.split_once("</")?;
    let title = unescape(title.trim());
    (!title.is_empty()).then_some(title)
}

fn unescape(text: &str) -> String {
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    marks.into_iter().fold(text.to_owned(), |text, (mark, plain)| text.replace(mark, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_what_it_is() {
        let html = "<html><head><TITLE>no</TITLE><title> Plain </title>
            <meta charset=utf-8><meta content='Fish &amp; \"chips\"' property='og:title'>
            <META name=\"og:description\" content=\"All of it\">
            <meta property=og:image content=http://x.test/a.png /></head>";
        let preview = preview("http://x.test", html).unwrap();
        assert_eq!(preview["title"], "Fish & \"chips\"");
        assert_eq!(preview["text"], "All of it");
        assert_eq!(preview["image_url"], "http://x.test/a.png");
        assert_eq!(preview["type"], "image");
    }

    #[test]
    fn without_tags_the_title_counts_and_without_both_nothing() {
        let title = preview("http://x.test", "<title>Plain</title>").unwrap();
        assert_eq!(title["title"], "Plain");
        for html in ["", "<meta property=\"og:title\">", "<meta =", "<title></title>", "\u{e9}"] {
            assert_eq!(preview("http://x.test", html), None, "{html}");
        }
    }
}
