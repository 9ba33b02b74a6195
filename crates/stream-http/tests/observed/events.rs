//! Spans and events have the documented names and fields, and no secrets.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

use crate::support::operations::{DeleteMessage, GetApp};
use crate::support::transport::{Mock, answer};

type Fields = BTreeMap<String, String>;

#[derive(Clone, Default)]
struct Capture {
    span: Arc<Mutex<Fields>>,
    events: Arc<Mutex<Vec<(String, Level, Fields)>>>,
}

struct Collect<'a>(&'a mut Fields);

impl Visit for Collect<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

impl<S: Subscriber> Layer<S> for Capture {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        attributes.record(&mut Collect(&mut self.span.lock().unwrap()));
    }

    fn on_record(&self, _: &Id, values: &Record<'_>, _: Context<'_, S>) {
        values.record(&mut Collect(&mut self.span.lock().unwrap()));
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::new();
        event.record(&mut Collect(&mut fields));
        let metadata = event.metadata();
        self.events.lock().unwrap().push((metadata.name().to_owned(), *metadata.level(), fields));
    }
}

fn names(capture: &Capture) -> Vec<(String, Level)> {
    capture.events.lock().unwrap().iter().map(|(name, level, _)| (name.clone(), *level)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_call_is_a_span_and_an_attempt_an_event() {
    let capture = Capture::default();
    let _guard =
        tracing::subscriber::set_default(tracing_subscriber::registry().with(capture.clone()));
    let mock =
        Mock::new(|number| Ok(if number == 0 { answer(503, "") } else { answer(200, "{}") }));
    mock.executor().build().unwrap().send(&DeleteMessage).await.unwrap();

    let names = names(&capture);
    let names: Vec<_> = names.iter().map(|(name, level)| (name.as_str(), *level)).collect();
    assert_eq!(
        names,
        [
            ("client.initialized", Level::INFO),
            ("http.request.sent", Level::DEBUG),
            ("http.response.received", Level::DEBUG),
            ("http.request.failed", Level::DEBUG),
            ("http.request.sent", Level::DEBUG),
            ("http.response.received", Level::DEBUG),
        ]
    );
    let span = capture.span.lock().unwrap();
    for (name, value) in [
        ("otel.name", "DeleteMessage"),
        ("otel.kind", "client"),
        ("http.request.method", "DELETE"),
        ("url.full", "https://chat.stream-io-api.com/api/v2/chat/messages/m1?[redacted]"),
        ("url.template", "/api/v2/chat/messages/{id}"),
        ("server.address", "chat.stream-io-api.com"),
        ("server.port", "443"),
        ("http.response.status_code", "200"),
        ("http.request.resend_count", "1"),
    ] {
        assert_eq!(span.get(name).map(String::as_str), Some(value), "{name}");
    }
    let events = capture.events.lock().unwrap();
    assert_eq!(events[4].2["attempt"], "2");
    assert!(!events[4].2.contains_key("body"));
}

#[tokio::test]
async fn a_failure_is_an_error() {
    let capture = Capture::default();
    let _guard =
        tracing::subscriber::set_default(tracing_subscriber::registry().with(capture.clone()));
    let mock = Mock::json(404, r#"{"code":16,"message":"no such app"}"#);
    mock.executor().build().unwrap().send(&GetApp).await.unwrap_err();
    let (name, level) = names(&capture).pop().unwrap();
    assert_eq!((name.as_str(), level), ("http.request.failed", Level::ERROR));
    let span = capture.span.lock().unwrap();
    assert_eq!(span["otel.status_code"], "ERROR");
    assert_eq!(span["error.type"], "api");
    let events = capture.events.lock().unwrap();
    assert_eq!(events.last().unwrap().2["error.type"], "api");
}
