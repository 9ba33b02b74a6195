//! Mutes of users.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::state::Timestamp;

/// A mute of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mute {
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) expires: Option<Timestamp>,
}

/// All mutes, by the muting and the muted user.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Mutes(BTreeMap<String, BTreeMap<String, Mute>>);

impl Mutes {
    /// Mutes a user, and replaces the expiration of an existing mute.
    pub(crate) fn put(
        &mut self,
        user_id: &str,
        target: &str,
        expires: Option<Timestamp>,
        now: Timestamp,
    ) {
        let created_at = self.get(user_id, target, now).map_or(now, |mute| mute.created_at);
        let mute = Mute { created_at, updated_at: now, expires };
        self.0.entry(user_id.to_owned()).or_default().insert(target.to_owned(), mute);
    }

    /// Removes a mute, and returns whether there was one.
    pub(crate) fn remove(&mut self, user_id: &str, target: &str) -> bool {
        self.0.get_mut(user_id).is_some_and(|mutes| mutes.remove(target).is_some())
    }

    /// Removes the mutes of a permanently deleted user.
    pub(crate) fn forget_user(&mut self, user_id: &str) {
        self.0.remove(user_id);
        for mutes in self.0.values_mut() {
            mutes.remove(user_id);
        }
    }

    /// Returns the mutes of a user that have not expired, by muted user.
    pub(crate) fn of(&self, user_id: &str, now: Timestamp) -> impl Iterator<Item = (&str, &Mute)> {
        let mutes = self.0.get(user_id).into_iter().flatten();
        mutes
            .filter(move |(_, mute)| mute.expires.is_none_or(|at| at > now))
            .map(|(target, mute)| (target.as_str(), mute))
    }

    /// Returns a mute that has not expired.
    pub(crate) fn get(&self, user_id: &str, target: &str, now: Timestamp) -> Option<&Mute> {
        let mute = self.0.get(user_id)?.get(target)?;
        Some(mute).filter(|mute| mute.expires.is_none_or(|at| at > now))
    }
}
