//! The receivers of events in the app's settings.

use std::time::Duration;

use serde_json::Value;

use crate::state::App;

/// The default timeout of a receiver.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(3);
/// The maximum timeout of a receiver.
const MAX_TIMEOUT: Duration = Duration::from_secs(30);

/// A receiver of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hook {
    pub(super) id: String,
    pub(super) url: String,
    pub(super) timeout: Duration,
    /// The types of events; empty for all.
    events: Vec<String>,
}

impl Hook {
    pub(super) fn wants(&self, event: &str) -> bool {
        self.events.is_empty() || self.events.iter().any(|wanted| wanted == event)
    }
}

/// Returns whether there are any receivers.
pub(super) fn has_hooks(app: &App) -> bool {
    hooks(app).next().is_some()
}

/// Returns the receivers of an app: those in `event_hooks`, and that of `webhook_url`.
pub(super) fn hooks(app: &App) -> impl Iterator<Item = Hook> {
    let single = app.text("webhook_url").map(|url| Hook {
        id: "webhook_url".to_owned(),
        url: url.to_owned(),
        timeout: DEFAULT_TIMEOUT,
        events: texts(app.list("webhook_events")),
    });
    app.list("event_hooks").iter().filter_map(hook).chain(single)
}

/// Returns an enabled hook that uses HTTP. Queues of cloud providers are not emulated.
fn hook(settings: &Value) -> Option<Hook> {
    let text = |name: &str| settings.get(name).and_then(Value::as_str);
    let is_enabled = settings.get("enabled").and_then(Value::as_bool) != Some(false);
    let is_webhook = matches!(text("hook_type"), None | Some("" | "webhook"));
    if !is_enabled || !is_webhook {
        return None;
    }
    let events = settings.get("event_types").and_then(Value::as_array);
    let timeout = settings
        .get("timeout_ms")
        .and_then(Value::as_u64)
        .filter(|milliseconds| *milliseconds > 0)
        .map_or(DEFAULT_TIMEOUT, Duration::from_millis);
    Some(Hook {
        id: text("id").unwrap_or_default().to_owned(),
        url: text("webhook_url").filter(|url| !url.is_empty())?.to_owned(),
        timeout: timeout.min(MAX_TIMEOUT),
        events: texts(events.map_or(&[][..], Vec::as_slice)),
    })
}

fn texts(values: &[Value]) -> Vec<String> {
    values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}
