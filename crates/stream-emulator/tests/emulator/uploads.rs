//! Uploads follow the API's rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::{Setup, token};

async fn upload(setup: &Setup, path: &str, name: &str, content: &str) -> crate::support::Reply {
    let body = format!(
        "--xyz\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\n{{\"id\":\"john\"}}\r\n\
         --xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: text/plain\r\n\r\n{content}\r\n--xyz--\r\n"
    );
    let (base, key) = (setup.emulator.base_url(), setup.emulator.api_key());
    let uri = format!("{base}{path}?api_key={key}");
    let token = token(setup.emulator.api_secret(), &json!({"server": true}));
    let headers = [
        ("authorization", token.as_str()),
        ("stream-auth-type", "jwt"),
        ("content-type", "multipart/form-data; boundary=xyz"),
    ];
    setup.raw(Method::POST, &uri, &headers, body).await
}

/// Uploads a page, and returns its URL.
pub(crate) async fn served(setup: &Setup, name: &str, content: &str) -> String {
    setup.upsert(&["john"]).await;
    let sent = upload(setup, "/api/v2/uploads/file", name, content).await;
    sent.body["file"].as_str().unwrap().to_owned()
}

async fn status(setup: &Setup, url: &str) -> u16 {
    setup.raw(Method::GET, url, &[], "").await.status.as_u16()
}

#[tokio::test]
async fn files_are_uploaded_served_and_deleted() {
    let setup = Setup::with_users(&["john"]).await;
    setup.channel(&["john"]).await;
    for (path, kind) in [
        ("/api/v2/uploads", "file"),
        ("/api/v2/uploads", "image"),
        ("/api/v2/chat/channels/messaging/general", "file"),
        ("/api/v2/chat/channels/messaging/general", "image"),
        ("/channels/messaging/general", "file"),
    ] {
        let path = format!("{path}/{kind}");
        let sent = upload(&setup, &path, "hello.json", r#"{"hello":"world"}"#).await;
        assert_eq!(sent.status, 201, "{path}: {}", sent.body);
        let url = sent.body["file"].as_str().unwrap();
        assert!(url.contains("/hello.json?Expires="), "{url}");
        assert_eq!(sent.body.get("upload_sizes"), None);
        let read: Value = setup.raw(Method::GET, url, &[], "").await.body;
        assert_eq!(read, json!({"hello": "world"}));
        setup.delete(&format!("{path}?url={url}")).await;
        assert_eq!(status(&setup, url).await, 404);
        setup.fail(Method::DELETE, &format!("{path}?url={url}"), None, 404, 16).await;
    }
}

#[tokio::test]
async fn a_file_may_be_larger_than_other_bodies() {
    let setup = Setup::with_users(&["john"]).await;
    let large = "x".repeat(11 * 1024 * 1024);
    let sent = upload(&setup, "/api/v2/uploads/file", "large.txt", &large).await;
    assert_eq!(sent.status, 201);
    let url = sent.body["file"].as_str().unwrap();
    let (_, read) = setup.exchange(Method::GET, url, &[("accept-encoding", "identity")], "").await;
    assert_eq!(read.len(), large.len());
    // Without a valid token, the limit is that of all bodies.
    let uri = format!("{}/api/v2/uploads/file?api_key=emulator", setup.emulator.base_url());
    let headers = [("authorization", "x"), ("content-type", "multipart/form-data; boundary=x")];
    setup.raw(Method::POST, &uri, &headers, large).await.assert_error(413, 22);
}

#[tokio::test]
async fn users_delete_only_what_they_uploaded() {
    let setup = Setup::with_users(&["john", "jane"]).await;
    setup.channel(&["john", "jane"]).await;
    let general = "/api/v2/chat/channels/messaging/general/file";
    let of_backend = upload(&setup, general, "a.txt", "text").await.body["file"].clone();
    let of_backend = of_backend.as_str().unwrap();
    let jane = setup.user_token("jane");
    for path in [general, "/api/v2/uploads/file"] {
        let path = format!("{path}?url={of_backend}");
        setup.call_as(&jane, Method::DELETE, &path, None).await.assert_error(403, 17);
    }
    let headers = [
        ("authorization", jane.as_str()),
        ("stream-auth-type", "jwt"),
        ("content-type", "multipart/form-data; boundary=x"),
    ];
    let body = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"b.txt\"\r\n\r\ntext\r\n--x--\r\n";
    let uri = format!("{}{general}?api_key=emulator", setup.emulator.base_url());
    let own = setup.raw(Method::POST, &uri, &headers, body).await.body["file"].clone();
    let path = format!("{general}?url={}", own.as_str().unwrap());
    assert_eq!(setup.call_as(&jane, Method::DELETE, &path, None).await.status, 200);
}

#[tokio::test]
async fn settings_limit_files() {
    let setup = Setup::with_users(&["john"]).await;
    let limit = |config: Value| setup.patch("/api/v2/app", json!({"file_upload_config": config}));
    for (config, text) in [
        (json!({"blocked_file_extensions": [".TXT"]}), "File extension .txt is not supported"),
        (json!({"allowed_file_extensions": [".pdf"]}), "File extension .txt is not supported"),
        (json!({"blocked_mime_types": ["text/plain"]}), "File type text/plain is not supported"),
        (json!({"size_limit": 3}), "too large"),
    ] {
        limit(config).await;
        let refused = upload(&setup, "/api/v2/uploads/file", "a.txt", "hello").await;
        let message = refused.assert_error(400, 4);
        assert!(message.contains(text), "{message}");
    }
    limit(json!({"allowed_file_extensions": []})).await;
    assert_eq!(upload(&setup, "/api/v2/uploads/file", "a.txt", "hello").await.status, 201);
}

#[tokio::test]
async fn bad_uploads_are_refused() {
    let setup = Setup::with_users(&["john"]).await;
    let body = Some(json!({"file": "hello"}));
    setup.fail(Method::POST, "/api/v2/uploads/file", body, 400, 4).await;
    setup.fail(Method::DELETE, "/api/v2/uploads/file", None, 400, 4).await;
    let missing = upload(&setup, "/api/v2/chat/channels/messaging/missing/file", "a", "b").await;
    missing.assert_error(404, 16);
    let data = json!({"data": {"created_by_id": "john", "config_overrides": {"uploads": false}}});
    setup.post("/api/v2/chat/channels/messaging/quiet/query", data).await;
    let refused = upload(&setup, "/api/v2/chat/channels/messaging/quiet/file", "a", "b").await;
    assert!(refused.assert_error(400, 4).contains("has upload disabled"));
}

#[tokio::test]
async fn what_browsers_could_run_is_downloaded_and_names_lead_nowhere() {
    let setup = Setup::with_users(&["john"]).await;
    for (name, end) in [
        ("../../etc/passwd", "/passwd"),
        ("..", "/file"),
        ("C:\\\\x\\\\y.txt", "/y.txt"),
        ("a/", "/file"),
    ] {
        let url = served(&setup, name, "x").await;
        let path = url.split('?').next().unwrap();
        assert!(path.ends_with(end) && !url.contains("..") && !url.contains("%2F"), "{url}");
    }
    let token = token(setup.emulator.api_secret(), &json!({"server": true}));
    let uri = format!("{}/api/v2/uploads/file?api_key=emulator", setup.emulator.base_url());
    for (kind, is_shown) in [
        ("text/html; charset=utf-7", false),
        ("image/svg+xml", false),
        ("application/xhtml+xml", false),
        ("text/javascript", false),
        ("", false),
        ("image/png", true),
        ("TEXT/plain", true),
    ] {
        let body = format!(
            "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\
             Content-Type: {kind}\r\n\r\nx\r\n--xyz--\r\n"
        );
        let headers = [
            ("authorization", token.as_str()),
            ("stream-auth-type", "jwt"),
            ("content-type", "multipart/form-data; boundary=xyz"),
        ];
        let sent = setup.raw(Method::POST, &uri, &headers, body).await;
        let url = sent.body["file"].as_str().unwrap();
        let headers = setup.raw(Method::GET, url, &[], "").await.headers;
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert!(headers.contains_key("content-security-policy"), "{kind}");
        assert_eq!(!headers.contains_key("content-disposition"), is_shown, "{kind}");
    }
}

#[tokio::test]
async fn sizes_of_images_are_numbers() {
    let setup = Setup::with_users(&["john"]).await;
    let uri = format!("{}/api/v2/uploads/image?api_key=emulator", setup.emulator.base_url());
    let token = setup.user_token("john");
    let headers = [
        ("authorization", token.as_str()),
        ("stream-auth-type", "jwt"),
        ("content-type", "multipart/form-data; boundary=x"),
    ];
    let part = |name: &str, content: &str| {
        format!("--x\r\ncontent-disposition: form-data; {name}\r\n\r\n{content}\r\n")
    };
    let send = async |sizes: &str| {
        let file = part("name=\"file\"; filename=\"a.png\"", "image");
        let body = format!("{}{file}--x--\r\n", part("name=\"upload_sizes\"", sizes));
        setup.raw(Method::POST, &uri, &headers, body).await
    };
    let sent = send(r#"[{"width": 100, "height": 100, "crop": "center"}]"#).await;
    assert_eq!(sent.body["upload_sizes"][0]["width"], 100);
    for bad in ["x", "{}", "[1]", r#"[{"width": "100"}]"#, r#"[{"crop": 1}]"#] {
        send(bad).await.assert_error(400, 4);
    }
    let long = format!("{}é.png", "a".repeat(1_000));
    let sent = upload(&setup, "/api/v2/uploads/image", &long, "image").await;
    let url = sent.body["file"].as_str().unwrap();
    assert!(url.len() < 400 && url.contains(".png?Expires="), "{url}");
    assert_eq!(status(&setup, url).await, 200);
}
