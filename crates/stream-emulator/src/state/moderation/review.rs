//! Flags, the review queue and appeals.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::state::Timestamp;

/// The maximum number of entries in the log of actions.
const MAX_ACTIONS: usize = 10_000;

/// A flag of an entity by a user or a check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Flag {
    pub(crate) item_id: String,
    /// The origin: `user_report`, `automod` or the type of a custom check.
    pub(crate) kind: String,
    /// The ID of the reporting user; empty for checks.
    pub(crate) user_id: String,
    pub(crate) reason: Option<String>,
    pub(crate) labels: Vec<String>,
    pub(crate) custom: Map<String, Value>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// An item of the review queue: an entity with all its flags.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) entity_type: String,
    pub(crate) entity_id: String,
    pub(crate) creator: Option<String>,
    /// The channel of the entity, if it is in one.
    pub(crate) cid: Option<String>,
    pub(crate) config_key: Option<String>,
    pub(crate) payload: Option<Value>,
    pub(crate) recommended_action: String,
    pub(crate) status: String,
    pub(crate) severity: i64,
    pub(crate) latest_moderator_action: String,
    pub(crate) reviewed_at: Option<Timestamp>,
    pub(crate) reviewed_by: String,
    pub(crate) completed_at: Option<Timestamp>,
    /// The escalation: the user, the time and the reason.
    pub(crate) escalation: Option<(String, Timestamp, Value)>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// An entry in the log of moderators' actions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Action {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) item_id: Option<String>,
    pub(crate) user_id: String,
    pub(crate) target_user_id: String,
    pub(crate) entity_type: String,
    pub(crate) entity_id: String,
    pub(crate) reason: String,
    pub(crate) reporter_type: String,
    pub(crate) custom: Map<String, Value>,
    pub(crate) created_at: Timestamp,
}

/// An appeal against a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Appeal {
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) entity_type: String,
    pub(crate) entity_id: String,
    pub(crate) item_id: Option<String>,
    pub(crate) reason: String,
    pub(crate) attachments: Vec<String>,
    /// `submitted`, `accepted` or `rejected`.
    pub(crate) status: String,
    pub(crate) decision_reason: Option<String>,
    pub(crate) decided_by: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// The review queue with its flags, actions and appeals.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Review {
    /// In the order in which they were created.
    pub(crate) flags: Vec<Flag>,
    pub(crate) items: BTreeMap<String, Item>,
    actions: Vec<Action>,
    pub(crate) appeals: BTreeMap<String, Appeal>,
}

impl Review {
    /// Returns the item of an entity.
    pub(crate) fn item_of(&self, entity_type: &str, entity_id: &str) -> Option<&Item> {
        self.items
            .values()
            .find(|item| item.entity_type == entity_type && item.entity_id == entity_id)
    }

    /// Adds a flag, or replaces the one of the same user on the same item.
    pub(crate) fn raise(&mut self, flag: Flag) {
        let same = self.flags.iter_mut().find(|other| {
            !flag.user_id.is_empty()
                && other.item_id == flag.item_id
                && other.user_id == flag.user_id
        });
        match same {
            Some(other) => *other = Flag { created_at: other.created_at, ..flag },
            None => self.flags.push(flag),
        }
    }

    /// Returns the flags on an item, in the order in which they were created.
    pub(crate) fn flags_on<'a>(&'a self, item_id: &'a str) -> impl Iterator<Item = &'a Flag> {
        self.flags.iter().filter(move |flag| flag.item_id == item_id)
    }

    /// Removes a user's flag on an item, and returns whether there was one. An item without flags
    /// and actions is removed.
    pub(crate) fn take_back(&mut self, item_id: &str, user_id: &str) -> bool {
        let count = self.flags.len();
        self.flags.retain(|flag| flag.item_id != item_id || flag.user_id != user_id);
        if self.flags_on(item_id).next().is_none() && self.actions_on(item_id).next().is_none() {
            self.items.remove(item_id);
        }
        count > self.flags.len()
    }

    /// Adds an entry to the log; beyond the limit, the oldest is removed.
    pub(crate) fn log(&mut self, action: Action) {
        self.actions.push(action);
        if self.actions.len() > MAX_ACTIONS {
            self.actions.drain(..MAX_ACTIONS / 10);
        }
    }

    /// Returns the log, from the oldest entry to the newest.
    pub(crate) fn actions(&self) -> &[Action] {
        &self.actions
    }

    /// Returns the actions on an item.
    pub(crate) fn actions_on<'a>(&'a self, item_id: &'a str) -> impl Iterator<Item = &'a Action> {
        self.actions.iter().filter(move |action| action.item_id.as_deref() == Some(item_id))
    }
}
