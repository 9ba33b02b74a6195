//! Import files are written as the server expects, and invalid entries are refused before.

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support;
use stream_chat::import::{
    AsyncImportWriter, ImportEncoder, ImportError, ImportItem, ImportWriter, check_import,
};
use stream_chat::models::imports::ImportMode;
use stream_chat::models::push::PushProviderType;
use stream_chat::models::users::UserFilter;
use stream_chat::{Attachment, MessageRequest, Timestamp, Upload, UserRequest};

fn time() -> Timestamp {
    "2019-05-01T12:00:00Z".parse().unwrap()
}

/// Returns items of each kind, in order.
fn items() -> [ImportItem; 7] {
    [
        ImportItem::from(UserRequest::new("john").name("John").custom("city", "Delft")),
        ImportItem::user("jane").created_at(time()),
        ImportItem::device("token", PushProviderType::Firebase, "jane"),
        ImportItem::channel("messaging:general", "john").custom("topic", "cats"),
        ImportItem::member("messaging:general", "jane").created_at(time()),
        ImportItem::message(
            "messaging:general",
            MessageRequest::from("Look")
                .id("m-1")
                .user_id("jane")
                .attachment(Attachment::image("https://example.com/cat.jpg"))
                .custom("old_id", 17),
        )
        .created_at(time()),
        ImportItem::reaction("m-1", "like", "john").created_at(time()),
    ]
}

#[tokio::test]
async fn a_file_with_everything_is_taken_over() {
    let (_emulator, client) = support::start().await;
    let mut file = ImportWriter::with_encoder(Vec::new(), ImportEncoder::new().self_contained());
    for item in items() {
        file.write(&item).unwrap();
    }
    assert_eq!(file.encoder().lines(), 7);
    let lines = file.finish().unwrap();
    let first: Value =
        serde_json::from_slice(lines.split(|byte| *byte == b'\n').next().unwrap()).unwrap();
    assert_eq!(
        first,
        json!({ "type": "user", "item": { "id": "john", "name": "John", "city": "Delft" } })
    );
    let rules = ImportEncoder::new().self_contained();
    assert_eq!(check_import(&lines[..], rules).unwrap(), 7);

    let upload = Upload::bytes("old.jsonl", lines);
    client.imports().run(upload, ImportMode::Insert).await.unwrap();
    let users = client.query_users(UserFilter::id().eq("john")).await.unwrap();
    assert_eq!(users.users[0].custom.get_as::<String>("city").unwrap().as_deref(), Some("Delft"));
    let message = client.message("m-1").get().await.unwrap().into_inner().message;
    assert_eq!((message.user.id.as_str(), message.created_at), ("jane", time()));
    assert_eq!((message.attachments.len(), message.latest_reactions.len()), (1, 1));
    assert_eq!(message.custom.get_as::<i64>("old_id").unwrap(), Some(17));
}

#[tokio::test]
async fn the_asynchronous_writer_writes_the_same() {
    let mut blocking = ImportWriter::new(Vec::new());
    let mut file = AsyncImportWriter::new(Piecemeal::default());
    for item in items() {
        blocking.write(&item).unwrap();
        file.write(&item).await.unwrap();
    }
    let refused = file.write(&ImportItem::user("late")).await.unwrap_err();
    assert!(
        matches!(ImportError::of(&refused), Some(ImportError::Invalid { line: 8, .. })),
        "{refused}"
    );
    let written = file.finish().await.unwrap();
    assert!(written.flushed);
    assert_eq!(written.bytes, blocking.finish().unwrap());
}

/// Writes a few bytes at a time.
#[derive(Default)]
struct Piecemeal {
    bytes: Vec<u8>,
    flushed: bool,
}

impl tokio::io::AsyncWrite for Piecemeal {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let taken = bytes.len().min(7);
        self.bytes.extend(&bytes[..taken]);
        Poll::Ready(Ok(taken))
    }

    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.flushed = true;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[test]
fn what_the_server_would_refuse_is_not_written() {
    let message = |id: &str, text: String| {
        let message = MessageRequest::new().id(id).text(text).user_id("john");
        ImportItem::message("messaging:general", message)
    };
    for (item, problem) in [
        (ImportItem::user(""), "(user): `id` is empty"),
        (
            ImportItem::user("a b"),
            "(user): `id` may have letters, digits, `@`, `_` and `-`, and is \"a b\"",
        ),
        (
            ImportItem::user("a".repeat(256)),
            "(user): id has 256 characters, and the server takes 255",
        ),
        (
            ImportItem::user("a").set("teams", vec!["t"; 251]),
            "(user): teams has 251 entries, and the server takes 250",
        ),
        (
            ImportItem::user("a").set("created_at", "yesterday"),
            "(user): `created_at` is not a time of RFC 3339: \"yesterday\"",
        ),
        (
            ImportItem::user("a").custom("note", "x".repeat(5200)),
            "(user): custom data has 5210 bytes, and the server takes 5120",
        ),
        (
            ImportItem::device("d", PushProviderType::Apn, "john").set("push_provider", ""),
            "(device): `push_provider` is empty",
        ),
        (
            ImportItem::channel("messaging:a:b", "john"),
            "(channel): `id` may have letters, digits, `!`, `_` and `-`, and is \"a:b\"",
        ),
        (
            ImportItem::channel(format!("messaging:{}", "c".repeat(65)), "john"),
            "(channel): id has 65 characters, and the server takes 64",
        ),
        (ImportItem::member("messaging:general", "j,"), "(member): `user_id` may have"),
        (message("a%", "x".into()), "(message): `id` may have neither `,` nor `%`"),
        (
            message("m", "x".repeat(20_001)),
            "(message): text has 20001 characters, and the server takes 20000",
        ),
        (
            message("m", String::new()).set("attachments", vec![json!({}); 31]),
            "(message): attachments has 31 entries",
        ),
        (
            message("m", String::new()).set("type", "error"),
            "(message): `type` is one of regular, reply, system, deleted, and is \"error\"",
        ),
        (
            message("m", String::new()).set("type", "reply"),
            "(message): `parent_id` of a reply is missing",
        ),
        (
            ImportItem::reaction("m", "like", "john").custom("x", "y".repeat(1100)),
            "(reaction): custom data has",
        ),
        (
            ImportItem::message("messaging:general", MessageRequest::from("x").id("m")),
            "(message): `user` is missing",
        ),
        (
            ImportItem::member("general", "john"),
            "(member): \"general\" is not a valid CID: expected `type:id`",
        ),
        (
            ImportItem::message("messaging:", MessageRequest::from("x").id("m").user_id("john")),
            "(message): \"messaging:\" is not a valid CID",
        ),
    ] {
        let mut file = ImportWriter::new(Vec::new());
        file.write(&ImportItem::user("john")).unwrap();
        let error = file.write(&item).unwrap_err();
        assert!(error.to_string().starts_with(&format!("line 2 {problem}")), "{error}");
        assert!(error.is_invalid_input());
        file.write(&ImportItem::user("jane")).unwrap();
        assert_eq!(file.encoder().lines(), 2, "the next line takes its place");
    }
    let mut file = ImportWriter::with_encoder(Vec::new(), ImportEncoder::new().max_size(70));
    file.write(&ImportItem::user("john")).unwrap();
    let error = file.write(&ImportItem::user("jane")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 2 (user): the file would have 74 bytes, and the server takes 70: begin another file"
    );
}

#[test]
fn a_self_contained_file_names_nothing_that_is_not_in_it() {
    let mut encoder = ImportEncoder::new().self_contained();
    let mut refused = |item: ImportItem| encoder.encode(&item).err().map(|error| error.to_string());
    assert_eq!(refused(ImportItem::user("john")), None);
    assert_eq!(
        refused(ImportItem::user("john")).as_deref(),
        Some("line 2 (user): the user \"john\" is in the file already")
    );
    assert_eq!(
        refused(ImportItem::channel("messaging:general", "jane")).as_deref(),
        Some("line 2 (channel): there is no user \"jane\" before it in the file")
    );
    assert_eq!(refused(ImportItem::channel("messaging:general", "john")), None);
    let message = |id: &str| {
        let message = MessageRequest::from("x").id(id).user_id("john");
        ImportItem::message("messaging:general", message)
    };
    assert!(
        refused(ImportItem::member("team:general", "john"))
            .unwrap()
            .contains("channel \"team:general\"")
    );
    assert!(refused(message("m-1").set("parent_id", "m-0")).unwrap().contains("message \"m-0\""));
    assert_eq!(refused(message("m-1")), None);
    assert_eq!(refused(message("m-2").set("parent_id", "m-1")), None);
    assert!(refused(ImportItem::reaction("m-3", "like", "john")).unwrap().contains("\"m-3\""));
}

#[test]
fn a_file_that_is_there_is_checked_line_by_line() {
    for (file, problem) in [
        ("{\"type\":\"user\",\"item\":{\"id\":\"a\"}}\n\n{\"type\":\"user\"", "line 3: "),
        ("[]", "line 1: "),
        ("{\"type\":\"poll\",\"item\":{}}", "line 1: `type` is \"poll\", which is not imported"),
        (
            "\n{\"type\":\"member\",\"item\":{\"channel_type\":1}}",
            "line 2 (member): `channel_type` is not a string",
        ),
    ] {
        let error = check_import(file.as_bytes(), ImportEncoder::new()).unwrap_err();
        assert!(error.to_string().starts_with(problem), "{error}");
    }
    assert_eq!(check_import(&b""[..], ImportEncoder::new()).unwrap(), 0);
}

#[test]
fn a_file_that_broke_off_is_not_used() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::other("disk full"))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut file = ImportWriter::new(Full);
    let error = file.write(&ImportItem::user("john")).unwrap_err();
    assert_eq!(error.to_string(), "the import file: disk full");
    assert!(matches!(
        file.write(&ImportItem::user("jane")).unwrap_err().downcast(),
        Ok(ImportError::Broken)
    ));
    assert!(matches!(file.finish().err().unwrap().downcast(), Ok(ImportError::Broken)));
}

proptest! {
    #[test]
    fn any_text_is_one_line_or_refused(id in any::<String>(), name in any::<String>(), key in any::<String>()) {
        let user = UserRequest::new(id.as_str()).name(name.as_str()).custom(key.as_str(), name.as_str());
        let mut file = ImportWriter::new(Vec::new());
        let is_written = file.write(&ImportItem::from(user)).is_ok();
        let lines = file.finish().unwrap();
        if is_written {
            prop_assert_eq!(lines.iter().filter(|byte| **byte == b'\n').count(), 1);
            let line: Value = serde_json::from_slice(&lines).unwrap();
            prop_assert_eq!(&line["item"]["id"], &json!(id));
            prop_assert_eq!(check_import(&lines[..], ImportEncoder::new()).unwrap(), 1);
        } else {
            prop_assert!(lines.is_empty());
        }
    }

    #[test]
    fn any_file_is_checked(lines in proptest::collection::vec(any::<Vec<u8>>(), 0..6), cut in any::<usize>()) {
        let mut file = ImportWriter::new(Vec::new());
        for item in items() {
            file.write(&item).unwrap();
        }
        let mut bytes = file.finish().unwrap();
        bytes.truncate(cut % (bytes.len() + 1));
        for line in lines {
            bytes.extend(line);
            bytes.push(b'\n');
        }
        if let Err(error) = check_import(&bytes[..], ImportEncoder::new()) {
            prop_assert!(!error.to_string().contains('\n'), "{error}");
        }
    }
}
