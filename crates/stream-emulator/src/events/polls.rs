//! Events about polls.

use super::Event;
use crate::state::{Message, Poll, Vote};
use crate::view::View;

/// Creates `poll.updated`, `poll.closed` or `poll.deleted`, in the channel of the poll's message.
pub(crate) fn poll(view: View<'_>, kind: &'static str, message: &Message, poll: &Poll) -> Event {
    Event::in_channel(kind, view, &message.cid)
        .with("message_id", message.id.as_str())
        .with("poll", view.poll(poll))
}

/// Creates `poll.vote_casted`, `poll.vote_changed` or `poll.vote_removed`.
pub(crate) fn vote(
    view: View<'_>,
    kind: &'static str,
    message: &Message,
    poll: &Poll,
    vote: &Vote,
) -> Event {
    // In an anonymous poll, only the voter's own connections are told whose vote it is.
    let own = view.of(&vote.user_id).vote(poll, vote);
    let event = self::poll(view, kind, message, poll).with("poll_vote", view.vote(poll, vote));
    let event = if poll.rules.is_anonymous { event.own("poll_vote", own) } else { event };
    event.about(&vote.user_id)
}
