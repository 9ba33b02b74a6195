//! Polls: methods that combine or specialize operations.

use crate::request::{Actor, Request};
use crate::{MessagePoll, Poll};
use stream_models::polls::{
    CastPollVote, CastPollVoteRequest, PollVoteFilter, QueryPollVotes, UpdatePollPartial, VoteData,
};

/// # Closing and votes
impl Poll {
    /// Closes the poll, so that nobody can vote any more.
    ///
    /// `PATCH /api/v2/polls/{poll_id}` · [guide](crate::guide::conversations)
    pub fn close(&self, user: impl Into<Actor>) -> Request<UpdatePollPartial> {
        self.update_partial(user).set("is_closed", true)
    }

    /// Opens the poll again.
    ///
    /// `PATCH /api/v2/polls/{poll_id}` · [guide](crate::guide::conversations)
    pub fn reopen(&self, user: impl Into<Actor>) -> Request<UpdatePollPartial> {
        self.update_partial(user).set("is_closed", false)
    }

    /// Queries the answers that users wrote in the poll.
    ///
    /// `POST /api/v2/polls/{poll_id}/votes` · [guide](crate::guide::conversations)
    pub fn query_answers(&self) -> Request<QueryPollVotes> {
        self.query_votes(PollVoteFilter::is_answer().eq(true))
    }

    /// Queries the votes for one option of the poll.
    ///
    /// `POST /api/v2/polls/{poll_id}/votes` · [guide](crate::guide::conversations)
    pub fn query_option_votes(&self, option_id: impl Into<String>) -> Request<QueryPollVotes> {
        self.query_votes(PollVoteFilter::option_id().eq(option_id.into()))
    }
}

/// # Answers
impl MessagePoll {
    /// Answers the poll with a text, on behalf of a user.
    ///
    /// `POST /api/v2/chat/messages/{message_id}/polls/{poll_id}/vote` · [guide](crate::guide::conversations)
    pub fn answer(&self, text: impl Into<String>, user: impl Into<Actor>) -> Request<CastPollVote> {
        let mut body = CastPollVoteRequest::new().vote(VoteData::new().answer_text(text));
        body.user_id = self.client().acting(user).into();
        self.client().request(CastPollVote::new(self.message_id(), self.poll_id(), body))
    }
}
