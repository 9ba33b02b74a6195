//! Polls and their votes.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Timestamp;

/// A poll.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Poll {
    pub(crate) id: String,
    pub(crate) rules: PollRules,
    pub(crate) options: Vec<PollOption>,
    pub(crate) custom: Map<String, Value>,
    /// The votes, from the oldest to the newest.
    pub(crate) votes: Vec<Vote>,
    pub(crate) created_by: String,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// The fields that a full update of a poll replaces, without its options.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct PollRules {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) is_anonymous: bool,
    pub(crate) enforce_unique_vote: bool,
    pub(crate) max_votes_allowed: Option<usize>,
    pub(crate) allow_answers: bool,
    pub(crate) allow_user_suggested_options: bool,
    pub(crate) is_closed: bool,
}

/// An option of a poll.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PollOption {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) custom: Map<String, Value>,
}

/// The content of a vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Choice {
    Option(String),
    Answer(String),
}

/// A vote of a user for an option, or an answer of their own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Vote {
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) choice: Choice,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

impl Vote {
    pub(crate) fn option_id(&self) -> Option<&str> {
        match &self.choice {
            Choice::Option(id) => Some(id),
            Choice::Answer(_) => None,
        }
    }

    pub(crate) fn answer(&self) -> Option<&str> {
        match &self.choice {
            Choice::Option(_) => None,
            Choice::Answer(text) => Some(text),
        }
    }
}

/// The result of casting a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cast {
    New,
    /// It replaced another vote of the user.
    Changed,
    /// The user already had this vote.
    Repeated,
    /// The user has no votes left.
    TooMany,
}

impl Poll {
    pub(crate) fn option(&self, id: &str) -> Option<&PollOption> {
        self.options.iter().find(|option| option.id == id)
    }

    /// Returns the votes for options, from the oldest to the newest.
    pub(crate) fn option_votes(&self) -> impl DoubleEndedIterator<Item = &Vote> {
        self.votes.iter().filter(|vote| vote.option_id().is_some())
    }

    /// Returns the answers, from the oldest to the newest.
    pub(crate) fn answers(&self) -> impl DoubleEndedIterator<Item = &Vote> {
        self.votes.iter().filter(|vote| vote.answer().is_some())
    }

    /// Replaces the options. Votes for options that are gone are removed.
    pub(crate) fn set_options(&mut self, options: Vec<PollOption>) {
        self.votes.retain(|vote| {
            vote.option_id().is_none_or(|id| options.iter().any(|option| option.id == id))
        });
        self.options = options;
    }

    /// Casts a vote. An answer replaces the user's previous one; so does a vote, if only one is
    /// allowed.
    pub(crate) fn cast(&mut self, vote: Vote) -> Cast {
        let is_answer = vote.answer().is_some();
        let own = |other: &&mut Vote| {
            other.user_id == vote.user_id && other.answer().is_some() == is_answer
        };
        if self.votes.iter_mut().any(|other| own(&other) && other.choice == vote.choice) {
            return Cast::Repeated;
        }
        if (is_answer || self.rules.enforce_unique_vote)
            && let Some(before) = self.votes.iter_mut().find(own)
        {
            before.choice = vote.choice;
            before.updated_at = vote.updated_at;
            return Cast::Changed;
        }
        let count = self.votes.iter_mut().filter(own).count();
        if !is_answer && self.rules.max_votes_allowed.is_some_and(|most| count >= most) {
            return Cast::TooMany;
        }
        self.votes.push(vote);
        Cast::New
    }
}
