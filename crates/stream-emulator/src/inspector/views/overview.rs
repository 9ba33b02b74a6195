//! The address of the emulator, its clock, and the number of objects.

use serde_json::{Value, json};

use crate::catalogue;
use crate::runtime::Shared;
use crate::state::Timestamp;

/// Returns the initial data of the page.
pub(in super::super) fn overview(shared: &Shared) -> Value {
    let operations: Vec<_> = catalogue::operations().iter().map(|operation| operation.id).collect();
    json!({
        "instance": shared.instance(),
        "version": env!("CARGO_PKG_VERSION"),
        "base_url": shared.settings.base_url,
        "api_key": shared.settings.keys.api_key,
        "operations": operations,
        "counts": counts(shared),
    })
}

/// Returns the number of objects of each kind, and the time.
pub(in super::super) fn counts(shared: &Shared) -> Value {
    let deliveries = shared.webhooks.journal_counts();
    let requests = shared.feed.exchanges().len();
    let events = shared.feed.events().len();
    let faults = shared.faults.describe().len();
    let world = shared.world();
    json!({
        "connections": world.live.len(),
        "users": world.users.len(),
        "channels": world.channels.len(),
        "messages": world.messages.len(),
        "tasks": world.tasks.len(),
        "requests": requests,
        "events": events,
        "deliveries": deliveries.0,
        "failed_deliveries": deliveries.1,
        "faults": faults,
        "changes": shared.changes(),
        "now": world.clock.now().to_rfc3339(),
        "system_now": Timestamp::now().to_rfc3339(),
    })
}
