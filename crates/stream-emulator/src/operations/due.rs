//! Scheduled work.

use super::{Call, campaigns, retention};
use crate::events;
use crate::state::World;

/// Returns whether any work is due.
pub(crate) fn is_any(world: &World) -> bool {
    let now = world.clock.now();
    let next = [world.reminders.next_due(), world.retention.next_due()];
    next.into_iter().flatten().any(|at| at <= now) || campaigns::is_any_due(world, now)
}

/// Sends reminders and campaigns that are due, and deletes what the retention policies say.
pub(crate) fn run(call: &mut Call<'_>) {
    for reminder in call.world.reminders.take_due(call.now) {
        call.emit(|view| events::reminders::reminder(view, "notification.reminder_due", &reminder));
    }
    campaigns::run_due(call);
    retention::run(call);
}
