//! The page and its assets, embedded from `assets/`.

use axum::body::Body;
use axum::response::Response;
use http::StatusCode;

use super::response::respond;

const INDEX: &str = include_str!("assets/index.html");

/// An asset of the page.
struct Asset {
    name: &'static str,
    content: &'static str,
}

macro_rules! assets {
    ($($name:literal),* $(,)?) => {
        /// The assets of the page, by name.
        const ASSETS: &[Asset] =
            &[$(Asset { name: $name, content: include_str!(concat!("assets/", $name)) }),*];
    };
}

assets![
    "core/api.js",
    "core/dom.js",
    "core/feed.js",
    "core/format.js",
    "core/heights.js",
    "core/pages.js",
    "core/router.js",
    "core/shortcuts.js",
    "core/theme.js",
    "core/virtual-list.js",
    "icon.svg",
    "main.js",
    "parts/attachments.js",
    "parts/avatar.js",
    "parts/curl.js",
    "parts/help.js",
    "parts/icons.js",
    "parts/json-view.js",
    "parts/links.js",
    "parts/list-view.js",
    "parts/message.js",
    "parts/palette.js",
    "parts/reactions.js",
    "parts/toast.js",
    "parts/widgets.js",
    "session/client.js",
    "styles/base.css",
    "styles/chat.css",
    "styles/layout.css",
    "styles/parts.css",
    "theme-init.js",
    "views/app.js",
    "views/channels.js",
    "views/connections.js",
    "views/controls.js",
    "views/message.js",
    "views/messages.js",
    "views/requests.js",
    "views/session.js",
    "views/tasks.js",
    "views/users.js",
    "views/webhooks.js",
];

/// Serves the page.
pub(super) fn index() -> Response {
    respond(StatusCode::OK, "text/html; charset=utf-8", Body::from(INDEX))
}

/// Serves an asset of the page.
pub(super) fn asset(name: &str) -> Option<Response> {
    let asset = ASSETS.iter().find(|asset| asset.name == name)?;
    let content_type = match name.rsplit_once('.')?.1 {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => return None,
    };
    Some(respond(StatusCode::OK, content_type, Body::from(asset.content)))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    fn files(folder: &Path, prefix: &str) -> Vec<String> {
        let mut names = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            match entry.file_type().unwrap().is_dir() {
                true => names.extend(files(&entry.path(), &format!("{name}/"))),
                false => names.push(name),
            }
        }
        names
    }

    #[test]
    fn every_file_is_embedded_and_named_once() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/inspector/assets");
        let mut found = files(&folder, "");
        found.retain(|name| name != "index.html");
        found.sort();
        let mut embedded: Vec<_> = ASSETS.iter().map(|asset| asset.name.to_owned()).collect();
        embedded.sort();
        assert_eq!(embedded, found);
        assert!(ASSETS.iter().all(|embedded| asset(embedded.name).is_some()));
    }

    #[test]
    fn nothing_parses_text_as_html_and_nothing_comes_from_elsewhere() {
        for Asset { name, content } in ASSETS.iter().chain([&Asset { name: "/", content: INDEX }]) {
            for forbidden in [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "DOMParser",
                "eval(",
                "new Function",
                "//cdn",
                "@import",
                " onclick=",
                " style=\"",
            ] {
                assert!(!content.contains(forbidden), "{name} has {forbidden}");
            }
            let elsewhere = content
                .match_indices("https://")
                .chain(content.match_indices("http://"))
                .filter(|(at, _)| !content[*at..].starts_with("http://www.w3.org/"));
            assert_eq!(elsewhere.count(), 0, "{name} names another origin");
        }
    }
}
