//! Uploads send the file with its name and type, and report progress.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support;
use stream_chat::models::uploads::ImageUploadResponse;
use stream_chat::transport::{TransportError, TransportErrorKind};
use stream_chat::{Attachment, CallOptions, FileSource, Upload};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

#[tokio::test]
async fn the_media_type_is_given_or_found() {
    let (transport, client) = support::scripted();
    let response = r#"{"file":"https://example.com/a","thumb_url":""}"#;
    let path = std::env::temp_dir().join(format!("stream-chat-{}-upload", std::process::id()));
    std::fs::write(&path, PNG).unwrap();
    for (file, given, found) in [
        (Upload::bytes("a.pdf", PNG), None, "application/pdf"),
        (Upload::bytes("a.pdf", PNG), Some("text/x-own"), "text/x-own"),
        (Upload::bytes("picture", PNG), None, "image/png"),
        (Upload::path(&path), None, "image/png"),
        (Upload::bytes("nothing", *b"known"), None, "application/octet-stream"),
    ] {
        transport.json(201, response);
        let mut upload = client.upload_file(file, "john");
        if let Some(given) = given {
            upload = upload.content_type(given);
        }
        let uploaded = upload.await.unwrap();
        let body = transport.sent().pop().unwrap().body;
        let form = String::from_utf8_lossy(&body);
        assert!(form.contains(&format!("Content-Type: {found}\r\n")), "{form}");
        let attachment = Attachment::file(&uploaded);
        assert_eq!(attachment.asset_url.as_deref(), Some("https://example.com/a"));
        assert_eq!(attachment.thumb_url.as_deref(), None);
    }
    let body = transport.sent().remove(3).body;
    assert!(body.windows(PNG.len()).any(|part| part == PNG), "the file is sent whole");
    std::fs::remove_file(path).unwrap();

    let mut image = ImageUploadResponse::default();
    image.file = "https://example.com/b".to_owned();
    image.thumb_url = Some("https://example.com/t".to_owned());
    let attachment = Attachment::image(&image);
    assert_eq!(attachment.image_url.as_deref(), Some("https://example.com/b"));
    assert_eq!(attachment.thumb_url.as_deref(), Some("https://example.com/t"));
}

#[tokio::test]
async fn a_file_comes_from_a_reader() {
    let (transport, client) = support::scripted();
    let refused = TransportError::new(TransportErrorKind::ConnectionReset, "reset");
    transport.fail(refused.before_send(true));
    let channel = client.channel("messaging", "general");
    let file = FileSource::reader("a.csv", &b"1,2"[..], Some(3)).content_type("text/x-own");
    let upload = channel.upload_file(file, "john");
    assert!(format!("{:?}", upload.operation().body.file).contains("ExternalSource(..)"));
    assert!(upload.await.unwrap_err().is_transport(), "a reader cannot be read again");
    let body = transport.sent().pop().unwrap().body;
    let form = String::from_utf8_lossy(&body);
    for part in ["filename=\"a.csv\"", "Content-Type: text/x-own\r\n", "\r\n1,2\r\n"] {
        assert!(form.contains(part), "{form}");
    }
}

#[tokio::test(start_paused = true)]
async fn progress_counts_anew_where_an_upload_is_repeated() {
    let (transport, client) = support::scripted();
    let refused = TransportError::new(TransportErrorKind::ConnectionReset, "reset");
    transport.fail(refused.before_send(true));
    transport.json(201, r#"{"file":"https://example.com/a"}"#);
    let log = Arc::new(Mutex::new(Vec::new()));
    let seen = log.clone();
    client
        .channel("messaging", "general")
        .upload_image(Upload::bytes("a.png", vec![0; 200_000]), "john")
        .file_name("b.png")
        .on_progress(move |sent, total| seen.lock().unwrap().push((sent, total.unwrap())))
        .options(CallOptions::new().timeout(Duration::from_secs(60)))
        .await
        .unwrap();
    let log = log.lock().unwrap();
    let ends: Vec<_> = log.iter().filter(|(sent, total)| sent == total).collect();
    assert_eq!(ends.len(), 2, "both attempts are counted to their end");
    assert!(log.len() > 6, "it is told in parts: {log:?}");
    let body = transport.sent().pop().unwrap().body;
    assert!(String::from_utf8_lossy(&body).contains("filename=\"b.png\""));
}
