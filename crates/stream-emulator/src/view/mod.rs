//! Renders the state as documents.
//!
//! These functions are written by hand from the API's schema and use no code of the SDK, so that a
//! mistake there does not cancel itself out. A document has no wire format yet; `wire` adds it.

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
pub(crate) use user::RenderedUsers;

use crate::state::{Timestamp, World};

/// The state at a point in time, as a viewer sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) world: &'a World,
    /// The point in time, which decides what has expired.
    pub(crate) now: Timestamp,
    /// The viewing user, for the viewer's "own" fields in a response; `None` for a backend.
    pub(crate) viewer: Option<&'a str>,
    /// The users that are rendered already, for responses in which users recur.
    pub(crate) users: Option<&'a RenderedUsers>,
    /// The names of the custom data of members that messages show of their authors.
    pub(crate) member_custom: &'a [String],
}

impl<'a> View<'a> {
    /// Returns the view of a backend, which is also what everyone may see.
    pub(crate) fn of_backend(world: &'a World, now: Timestamp) -> Self {
        Self { world, now, viewer: None, users: None, member_custom: &[] }
    }

    /// Returns the view of a user.
    pub(crate) fn of(self, viewer: &'a str) -> Self {
        Self { viewer: Some(viewer), ..self }
    }
}
