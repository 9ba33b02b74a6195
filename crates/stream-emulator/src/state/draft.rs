//! Drafts: messages that their authors have not sent yet.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Content, Timestamp};

/// A draft.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Draft {
    pub(crate) id: String,
    pub(crate) cid: String,
    /// The parent message, if it is in a thread.
    pub(crate) parent_id: Option<String>,
    pub(crate) content: Content,
    pub(crate) show_in_channel: Option<bool>,
    pub(crate) silent: bool,
    pub(crate) created_at: Timestamp,
}

impl Draft {
    fn is_in(&self, cid: &str, parent_id: Option<&str>) -> bool {
        self.cid == cid && self.parent_id.as_deref() == parent_id
    }
}

/// The drafts of all users. A user has at most one in a channel, and one in a thread.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Drafts(BTreeMap<String, Vec<Draft>>);

impl Drafts {
    pub(crate) fn of(&self, user_id: &str) -> &[Draft] {
        self.0.get(user_id).map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn get(&self, user_id: &str, cid: &str, parent_id: Option<&str>) -> Option<&Draft> {
        self.of(user_id).iter().find(|draft| draft.is_in(cid, parent_id))
    }

    /// Removes the drafts of a permanently deleted user.
    pub(super) fn forget_user(&mut self, user_id: &str) {
        self.0.remove(user_id);
    }

    /// Stores a draft, and replaces the previous one.
    pub(crate) fn put(&mut self, user_id: &str, draft: Draft) {
        self.remove(user_id, &draft.cid, draft.parent_id.as_deref());
        self.0.entry(user_id.to_owned()).or_default().push(draft);
    }

    pub(crate) fn remove(
        &mut self,
        user_id: &str,
        cid: &str,
        parent_id: Option<&str>,
    ) -> Option<Draft> {
        let drafts = self.0.get_mut(user_id)?;
        let position = drafts.iter().position(|draft| draft.is_in(cid, parent_id))?;
        let draft = drafts.remove(position);
        if drafts.is_empty() {
            self.0.remove(user_id);
        }
        Some(draft)
    }
}
