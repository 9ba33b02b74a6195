//! Link previews from a table, since the emulator only reads pages of this machine.

use serde_json::{Map, Value, json};

/// A site with a known preview.
struct Site {
    host: &'static str,
    kind: &'static str,
    title: &'static str,
    text: &'static str,
    author: &'static str,
}

const SITES: &[Site] = &[
    Site {
        host: "getstream.io",
        kind: "image",
        title: "Stream",
        text: "Chat, video, feeds and moderation",
        author: "Stream",
    },
    Site {
        host: "giphy.com",
        kind: "image",
        title: "GIPHY",
        text: "An animated picture",
        author: "GIPHY",
    },
    Site {
        host: "youtube.com",
        kind: "video",
        title: "YouTube",
        text: "A video",
        author: "YouTube",
    },
    Site {
        host: "github.com",
        kind: "image",
        title: "GitHub",
        text: "A repository",
        author: "GitHub",
    },
    Site {
        host: "example.com",
        kind: "image",
        title: "Example Domain",
        text: "For use in documents",
        author: "Example",
    },
];

/// Returns the preview of a URL as an attachment, if the site is in the table.
pub(in crate::operations) fn preview(url: &str) -> Option<Map<String, Value>> {
    let uri: http::Uri = url.parse().ok()?;
    let host = uri.host()?.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let site = SITES.iter().find(|site| site.host == host)?;
    let image = format!("https://{host}/preview.png");
    let preview = json!({
        "type": site.kind,
        "og_scrape_url": url,
        "title_link": url,
        "title": site.title,
        "text": site.text,
        "author_name": site.author,
        "image_url": image,
        "thumb_url": image,
        "custom": {},
    });
    match preview {
        Value::Object(preview) => Some(preview),
        _ => None,
    }
}

/// Returns the first URL in a text.
pub(in crate::operations) fn first_url(text: &str) -> Option<&str> {
    let is_url = |word: &&str| word.starts_with("https://") || word.starts_with("http://");
    // Most texts have no URL, and finding that out needs no words.
    let url = text.contains("://").then(|| text.split_whitespace().find(is_url))??;
    Some(url.trim_end_matches(['.', ',', ')', '!', '?']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_sites_have_previews() {
        let url = first_url("look: https://www.example.com/page, ok").unwrap();
        assert_eq!(preview(url).unwrap()["og_scrape_url"], "https://www.example.com/page");
        assert_eq!(preview("https://unknown.test"), None);
        assert_eq!(first_url("example.com"), None);
    }
}
