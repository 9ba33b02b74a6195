//! The table of all operations.

use super::entry::Entry;
use super::{
    app, blocklists, campaigns, channel_types, channels, commands, custom_events, drafts, exports,
    external_storage, imports, legacy, locations, members, messages, moderation, permissions,
    polls, predefined_filters, previews, push, push_providers, rate_limits, reactions, read_state,
    reminders, retention, roles, search, segments, stats, sync, tasks, threads, uploads,
    user_groups, users,
};

/// The operations of all domains.
const DOMAINS: &[&[Entry]] = &[
    app::OPERATIONS,
    blocklists::OPERATIONS,
    campaigns::OPERATIONS,
    channel_types::OPERATIONS,
    channels::OPERATIONS,
    commands::OPERATIONS,
    custom_events::OPERATIONS,
    drafts::OPERATIONS,
    exports::OPERATIONS,
    external_storage::OPERATIONS,
    imports::OPERATIONS,
    legacy::OPERATIONS,
    locations::OPERATIONS,
    members::OPERATIONS,
    messages::OPERATIONS,
    moderation::OPERATIONS,
    permissions::OPERATIONS,
    polls::OPERATIONS,
    predefined_filters::OPERATIONS,
    previews::OPERATIONS,
    push::OPERATIONS,
    push_providers::OPERATIONS,
    rate_limits::OPERATIONS,
    reactions::OPERATIONS,
    read_state::OPERATIONS,
    reminders::OPERATIONS,
    retention::OPERATIONS,
    roles::OPERATIONS,
    search::OPERATIONS,
    segments::OPERATIONS,
    stats::OPERATIONS,
    sync::OPERATIONS,
    tasks::OPERATIONS,
    threads::OPERATIONS,
    uploads::OPERATIONS,
    user_groups::OPERATIONS,
    users::OPERATIONS,
];

/// Returns the operations that are emulated.
pub(crate) fn emulated() -> impl Iterator<Item = &'static Entry> {
    DOMAINS.iter().copied().flatten()
}
