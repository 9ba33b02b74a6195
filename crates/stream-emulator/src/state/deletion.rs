//! What remains of users and messages that are deleted.

/// How users or messages are deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deletion {
    /// They are marked as deleted.
    Soft,
    /// They are marked as deleted, and their content is removed.
    Pruning,
    /// They are removed.
    Hard,
}

impl Deletion {
    /// All modes, from the mildest to the most thorough.
    pub(crate) const ALL: &[Self] = &[Self::Soft, Self::Pruning, Self::Hard];

    /// Returns the name that requests and events contain.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Soft => "soft",
            Self::Pruning => "pruning",
            Self::Hard => "hard",
        }
    }
}

/// How a user is deleted, and what they leave behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UserDeletion {
    pub(crate) user: Deletion,
    /// The user's messages; `None` keeps them.
    pub(crate) messages: Option<Deletion>,
    /// The channels of the user with one other member; `None` keeps them.
    pub(crate) conversations: Option<Deletion>,
}

impl UserDeletion {
    /// Returns the deletion that the flags of the older API describe.
    pub(crate) fn of_flags(
        is_hard: bool,
        deletes_messages: bool,
        deletes_conversations: bool,
    ) -> Self {
        let user = if is_hard { Deletion::Hard } else { Deletion::Soft };
        Self {
            user,
            messages: (is_hard || deletes_messages).then_some(user),
            conversations: deletes_conversations.then_some(user),
        }
    }
}
