//! What the state looks like as JSON.
//!
//! Written by hand from the API's schema, and by nothing that the SDK decodes with: so that a
//! mistake there does not cancel out here.

mod app;
mod channel;
mod message;
mod object;
mod types;
mod user;

pub(crate) use channel::Page;
pub(crate) use object::Object;
pub(crate) use types::channel_type;

use crate::state::{Moment, World};
use serde_json::Value;

/// The form in which times are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Times {
    /// Integers, as answers have them.
    Nanoseconds,
    /// Text, as webhooks have them.
    Rfc3339,
}

/// The state as someone sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) world: &'a World,
    pub(crate) times: Times,
    /// Whose view it is, if a user's; for what is "own" in an answer.
    pub(crate) viewer: Option<&'a str>,
}

impl View<'_> {
    pub(crate) fn time(self, moment: Moment) -> Value {
        match self.times {
            Times::Nanoseconds => moment.nanoseconds().into(),
            Times::Rfc3339 => moment.to_rfc3339().into(),
        }
    }

    fn optional_time(self, moment: Option<Moment>) -> Option<Value> {
        moment.map(|moment| self.time(moment))
    }
}
