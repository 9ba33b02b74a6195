//! All channels, and the index of their members.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Channel, Member};

/// All channels by cid, with an index from users to their channels.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, Channel>", into = "BTreeMap<String, Channel>")]
pub(crate) struct Channels {
    by_cid: BTreeMap<String, Channel>,
    of_member: HashMap<String, BTreeSet<String>>,
}

impl Channels {
    pub(crate) fn get(&self, cid: &str) -> Option<&Channel> {
        self.by_cid.get(cid)
    }

    pub(crate) fn get_mut(&mut self, cid: &str) -> Option<&mut Channel> {
        self.by_cid.get_mut(cid)
    }

    /// Returns all channels, sorted by cid.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Channel> {
        self.by_cid.values()
    }

    pub(crate) fn len(&self) -> usize {
        self.by_cid.len()
    }

    /// Returns the channels that a user is a member of, or is invited to.
    pub(crate) fn of_member(&self, user_id: &str) -> impl Iterator<Item = &Channel> {
        self.of_member.get(user_id).into_iter().flatten().filter_map(|cid| self.by_cid.get(cid))
    }

    /// Adds a channel, and replaces one with the same cid.
    pub(crate) fn insert(&mut self, channel: Channel) {
        self.remove(&channel.cid.clone());
        for member in channel.members() {
            self.of_member.entry(member.user_id.clone()).or_default().insert(channel.cid.clone());
        }
        self.by_cid.insert(channel.cid.clone(), channel);
    }

    pub(crate) fn remove(&mut self, cid: &str) -> Option<Channel> {
        let channel = self.by_cid.remove(cid)?;
        for member in channel.members() {
            self.forget(&member.user_id, cid);
        }
        Some(channel)
    }

    /// Adds a member to a channel. An existing member is not changed.
    pub(crate) fn add_member(&mut self, cid: &str, member: Member) {
        let Some(channel) = self.by_cid.get_mut(cid) else {
            return;
        };
        if channel.member(&member.user_id).is_some() {
            return;
        }
        self.of_member.entry(member.user_id.clone()).or_default().insert(cid.to_owned());
        channel.add_member(member);
    }

    /// Removes a member from a channel and returns it.
    pub(crate) fn take_member(&mut self, cid: &str, user_id: &str) -> Option<Member> {
        let member = self.by_cid.get_mut(cid)?.take_member(user_id)?;
        self.forget(user_id, cid);
        Some(member)
    }

    fn forget(&mut self, user_id: &str, cid: &str) {
        if let Some(cids) = self.of_member.get_mut(user_id) {
            cids.remove(cid);
            if cids.is_empty() {
                self.of_member.remove(user_id);
            }
        }
    }
}

impl From<BTreeMap<String, Channel>> for Channels {
    fn from(by_cid: BTreeMap<String, Channel>) -> Self {
        let mut channels = Self::default();
        for channel in by_cid.into_values() {
            channels.insert(channel);
        }
        channels
    }
}

impl From<Channels> for BTreeMap<String, Channel> {
    fn from(channels: Channels) -> Self {
        channels.by_cid
    }
}

/// Returns the ID of the distinct channel of a set of members.
pub(crate) fn distinct_id<'a>(user_ids: impl Iterator<Item = &'a str>) -> String {
    let mut ids: Vec<&str> = user_ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let digest = Sha256::digest(ids.join(","));
    format!("!members-{}", URL_SAFE_NO_PAD.encode(digest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Timestamp;

    fn cids(channels: &Channels, user_id: &str) -> Vec<String> {
        channels.of_member(user_id).map(|channel| channel.cid.clone()).collect()
    }

    #[test]
    fn the_index_follows_the_members() {
        let now = Timestamp::now();
        let mut channels = Channels::default();
        for id in ["one", "two"] {
            channels.insert(Channel::new("messaging", id, "jane", now));
        }
        channels.add_member("messaging:one", Member::new("jane", now));
        channels.add_member("messaging:two", Member::new("jane", now));
        assert_eq!(cids(&channels, "jane"), ["messaging:one", "messaging:two"]);
        assert!(channels.take_member("messaging:one", "jane").is_some());
        assert_eq!(cids(&channels, "jane"), ["messaging:two"]);
        let copy: Channels =
            serde_json::from_value(serde_json::to_value(&channels).unwrap()).unwrap();
        assert_eq!(cids(&copy, "jane"), ["messaging:two"]);
        channels.remove("messaging:two");
        assert!(cids(&channels, "jane").is_empty());
    }
}
