//! Responses with values of unexpected types are decoded if the executor is tolerant.

use std::sync::{Arc, Mutex};

use tracing_subscriber::layer::{Context, SubscriberExt};

use crate::support::transport::Mock;
use stream_http::ErrorKind;
use stream_models::users::QueryUsers;

const ODD: &str = r#"{"users":[
    {"id":"a","name":{"first":"PLANTED"},"teams":["red",7]},
    {"id":"b","name":"B","created_at":"PLANTED"}
],"duration":"1ms"}"#;

/// Collects the warnings as text.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Warnings {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if *event.metadata().level() == tracing::Level::WARN {
            let mut text = event.metadata().name().to_owned();
            event.record(&mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| {
                text.push_str(&format!(" {field}={value:?}"));
            });
            self.0.lock().unwrap().push(text);
        }
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_absent_listed_and_named_once() {
    let warnings = Warnings::default();
    let _guard =
        tracing::subscriber::set_default(tracing_subscriber::registry().with(warnings.clone()));
    let executor = Mock::json(200, ODD).executor().tolerant(true).build().unwrap();
    let response = executor.send(&QueryUsers::new()).await.unwrap();
    assert_eq!(response.users.len(), 2);
    assert_eq!(
        (response.users[0].name.as_deref(), &response.users[0].teams[..]),
        (None, &["red".to_owned()][..])
    );
    assert_eq!(response.users[1].name.as_deref(), Some("B"));
    let skipped: Vec<_> = response.skipped().iter().map(|failure| failure.path.as_str()).collect();
    assert_eq!(skipped, ["$.users[0].name", "$.users[0].teams[1]", "$.users[1].created_at"]);

    let warnings = warnings.0.lock().unwrap();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    for part in ["http.response.skipped", "QueryUsers", "$.users[0].name", response.request_id()] {
        assert!(warnings[0].contains(part), "{part}: {warnings:?}");
    }
    assert!(!format!("{warnings:?} {:?}", response.map(drop)).contains("PLANTED"));
}

#[tokio::test]
async fn tolerance_is_off_by_default() {
    let executor = Mock::json(200, ODD).executor().build().unwrap();
    let error = executor.send(&QueryUsers::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.json_path(), Some("$.users[0].name"));
}

#[tokio::test]
async fn what_can_be_read_skips_nothing() {
    let good = r#"{"users":[{"id":"a","new":{"b":[1]}}],"duration":"1ms"}"#;
    let executor = Mock::json(200, good).executor().tolerant(true).build().unwrap();
    let response = executor.send(&QueryUsers::new()).await.unwrap();
    assert!(response.skipped().is_empty());
    assert_eq!(response.users[0].id, "a");
}

#[tokio::test]
async fn tolerance_has_limits() {
    for body in ["[]", "1", "{\"users\":[", "", "null", r#"{"login":"first"}"#] {
        let executor = Mock::json(200, body).executor().tolerant(true).build().unwrap();
        let error = executor.send(&QueryUsers::new()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
    }
    let users = vec![r#"{"name":1}"#; stream_models::tolerant::MAX_SKIPPED + 1].join(",");
    let body: &'static str = Box::leak(format!(r#"{{"users":[{users}]}}"#).into_boxed_str());
    let executor = Mock::json(200, body).executor().tolerant(true).build().unwrap();
    let error = executor.send(&QueryUsers::new()).await.unwrap_err();
    assert_eq!(error.json_path(), Some("$.users[0].name"));
}
