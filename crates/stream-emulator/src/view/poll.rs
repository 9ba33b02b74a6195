//! Renders polls.

use std::collections::HashMap;

use super::View;
use crate::document::{Node, Object};
use crate::state::{Poll, PollOption, Vote};

/// The maximum number of votes per option, and of answers, in a poll.
const LATEST: usize = 10;

impl View<'_> {
    /// Renders a poll (`PollResponseData`).
    pub(crate) fn poll(self, poll: &Poll) -> Object {
        let rules = &poll.rules;
        let mut by_option: HashMap<&str, Vec<&Vote>> = HashMap::new();
        for vote in &poll.votes {
            if let Some(option_id) = vote.option_id() {
                by_option.entry(option_id).or_default().push(vote);
            }
        }
        let voted = || {
            let options = poll.options.iter();
            options.filter_map(|option| Some((&option.id, by_option.get(option.id.as_str())?)))
        };
        let counts: Object = voted().map(|(id, votes)| (id.clone(), votes.len())).collect();
        let latest: Object = voted()
            .map(|(id, votes)| {
                let latest = votes.iter().rev().take(LATEST);
                (id.clone(), latest.map(|vote| self.vote(poll, vote)).collect::<Node>())
            })
            .collect();
        let answers = poll.answers().rev().take(LATEST).map(|vote| self.vote(poll, vote));
        let own = poll.votes.iter().filter(|vote| self.viewer == Some(vote.user_id.as_str()));
        Object::new()
            .field("id", poll.id.as_str())
            .field("name", rules.name.as_str())
            .field("description", rules.description.as_str())
            .field("voting_visibility", if rules.is_anonymous { "anonymous" } else { "public" })
            .field("enforce_unique_vote", rules.enforce_unique_vote)
            .nullable("max_votes_allowed", rules.max_votes_allowed)
            .field("allow_answers", rules.allow_answers)
            .field("allow_user_suggested_options", rules.allow_user_suggested_options)
            .field("is_closed", rules.is_closed)
            .field(
                "options",
                poll.options.iter().map(|one| self.poll_option(one)).collect::<Node>(),
            )
            .field("vote_count", poll.option_votes().count())
            .field("answers_count", poll.answers().count())
            .field("vote_counts_by_option", counts)
            .field("latest_votes_by_option", latest)
            .field("latest_answers", answers.collect::<Node>())
            .field("own_votes", own.map(|vote| self.vote(poll, vote)).collect::<Node>())
            .field("created_by_id", poll.created_by.as_str())
            .field("created_by", self.user_by_id(&poll.created_by))
            .custom(&poll.custom)
            .field("created_at", poll.created_at)
            .field("updated_at", poll.updated_at)
    }

    /// Renders an option (`PollOptionResponseData`).
    pub(crate) fn poll_option(self, option: &PollOption) -> Object {
        Object::new()
            .field("id", option.id.as_str())
            .field("text", option.text.as_str())
            .custom(&option.custom)
    }

    /// Renders a vote (`PollVoteResponseData`). In an anonymous poll, only the voter sees the user.
    pub(crate) fn vote(self, poll: &Poll, vote: &Vote) -> Object {
        let is_shown = !poll.rules.is_anonymous || self.viewer == Some(vote.user_id.as_str());
        let user_id = is_shown.then_some(vote.user_id.as_str());
        Object::new()
            .field("id", vote.id.as_str())
            .field("poll_id", poll.id.as_str())
            .field("option_id", vote.option_id().unwrap_or_default())
            .optional("is_answer", vote.answer().map(|_| true))
            .optional("answer_text", vote.answer())
            .optional("user_id", user_id)
            .optional("user", user_id.map(|id| self.user_by_id(id)))
            .field("created_at", vote.created_at)
            .field("updated_at", vote.updated_at)
    }
}
