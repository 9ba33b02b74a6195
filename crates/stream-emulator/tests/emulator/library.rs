//! The library has snapshots, a clock, seeds and a data file.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::Setup;
use stream_emulator::{Emulator, Snapshot, StartError};

const GENERAL: &str = "/api/v2/chat/channels/messaging/general";

#[tokio::test]
async fn a_snapshot_restores_the_state() {
    let setup = Setup::with_users(&["a"]).await;
    setup.channel(&["a"]).await;
    let snapshot = setup.emulator.snapshot();
    setup.send_text("a", "later").await;
    let json = serde_json::to_string(&snapshot).unwrap();
    let snapshot: Snapshot = serde_json::from_str(&json).unwrap();
    setup.emulator.restore(snapshot);
    assert_eq!(setup.get(GENERAL).await["messages"], json!([]));
    setup.emulator.reset();
    setup.fail(http::Method::GET, GENERAL, None, 404, 16).await;
}

#[tokio::test]
async fn the_clock_is_moved_and_set() {
    let emulator = Emulator::start().await.unwrap();
    let before = emulator.now();
    emulator.advance_clock(Duration::from_secs(3600));
    assert!(emulator.now().duration_since(before).unwrap() >= Duration::from_secs(3600));
    emulator.set_clock(before);
    assert!(emulator.now().duration_since(before).unwrap() < Duration::from_secs(3600));
}

fn seed() -> Value {
    json!({
        "app": {"enforce_unique_usernames": "app"},
        "users": {"jane": {"name": "Jane", "level": 3}, "bob": {}},
        "channels": [{
            "id": "general", "created_by_id": "jane", "members": ["jane", "bob"],
            "name": "General",
            "messages": [{"user_id": "jane", "text": "welcome", "likes": 1}],
        }],
    })
}

#[tokio::test]
async fn a_seed_is_the_initial_state() {
    let setup = Setup::with(Emulator::builder().seed(seed())).await;
    let state = setup.get(GENERAL).await;
    assert_eq!(state["channel"]["custom"], json!({"name": "General"}));
    assert_eq!(state["members"].as_array().unwrap().len(), 2);
    assert_eq!(state["messages"][0]["custom"], json!({"likes": 1}));
    let payload = "%7B%22filter_conditions%22%3A%7B%22level%22%3A3%7D%7D";
    let found = setup.get(&format!("/api/v2/users?payload={payload}")).await;
    assert_eq!(found["users"][0]["name"], "Jane");
}

#[tokio::test]
async fn a_seed_that_breaks_a_rule_says_where() {
    let cases = [
        (json!([]), "the top"),
        (json!({"people": {}}), "people"),
        (json!({"users": 7}), "users"),
        (json!({"users": {"no good": {}}}), "users.no good"),
        (json!({"channels": [{"created_by_id": "jane"}]}), "channels[0]"),
        (
            json!({"channels": [{"id": "x", "created_by_id": "jane", "members": ["bob"]}]}),
            "channels[0]",
        ),
        (
            json!({
                "users": [{"id": "jane"}],
                "channels": [{"id": "x", "created_by_id": "jane", "messages": [{"text": "by whom"}]}],
            }),
            "channels[0].messages[0]",
        ),
    ];
    for (seed, place) in cases {
        let error = Emulator::builder().seed(seed.clone()).start().await.unwrap_err();
        assert!(matches!(error, StartError::Seed(_)), "{error}");
        assert!(error.to_string().contains(&format!("at {place}:")), "{seed}: {error}");
    }
}

#[tokio::test]
async fn a_file_outlives_the_emulator() {
    let folder = std::env::temp_dir().join(format!("stream-emulator-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("world.json");
    let builder = || Emulator::builder().data_file(&path).seed(seed());
    let setup = Setup::with(builder()).await;
    setup.send_text("bob", "and more").await;
    setup.emulator.shutdown().await;

    let setup = Setup::with(builder()).await;
    let state = setup.get(GENERAL).await;
    let texts: Vec<&Value> =
        state["messages"].as_array().unwrap().iter().map(|message| &message["text"]).collect();
    assert_eq!(texts, ["welcome", "and more"]);
    // The file is also written while the emulator runs, so a killed test loses at most half a
    // second.
    setup.send_text("jane", "meanwhile").await;
    let deadline = std::time::Instant::now() + Duration::from_secs(30);
    while !std::fs::read_to_string(&path).unwrap().contains("meanwhile") {
        assert!(std::time::Instant::now() < deadline, "the file is not written");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    drop(setup);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "only the file itself is left");

    // A file of something else is not overwritten.
    for other in ["{", r#"{"name": "my-app", "version": "1.0.0"}"#, r#"["users"]"#] {
        std::fs::write(&path, other).unwrap();
        let error = builder().start().await.unwrap_err();
        assert!(matches!(error, StartError::Data { .. }), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), other);
    }
    let error = Emulator::builder().data_file(&folder).start().await.unwrap_err();
    assert!(matches!(error, StartError::Data { .. }), "{error}");
    let nowhere = Emulator::builder().data_file(folder.join("none").join("world.json"));
    assert!(nowhere.start().await.is_err());
    std::fs::remove_dir_all(&folder).unwrap();
}
