//! The state as documents.
//!
//! Written by hand from the API's schema, and by nothing that the SDK decodes with: so that a
//! mistake there does not cancel out here. A document has no form yet: `wire` gives it one.

mod app;
mod capabilities;
mod channel;
mod channel_type;
mod draft;
mod location;
mod message;
mod moderation;
mod poll;
mod push;
mod read_state;
mod reminder;
mod thread;
mod user;

pub(crate) use channel::Page;
pub(crate) use channel_type::BUILT_IN_COMMANDS;
pub(crate) use message::attachment;
pub(crate) use push::push_preferences;
pub(crate) use read_state::UnreadSums;
pub(crate) use thread::ThreadLimits;

use crate::state::{Timestamp, World};

/// The state as someone sees it at a point in time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) world: &'a World,
    /// When it is seen: what has expired by then is not shown.
    pub(crate) now: Timestamp,
    /// Who sees it, if a user; for what is "own" in a response.
    pub(crate) viewer: Option<&'a str>,
}

impl<'a> View<'a> {
    /// The same state as a user sees it.
    pub(crate) fn of(self, viewer: &'a str) -> Self {
        Self { viewer: Some(viewer), ..self }
    }
}
