//! Stores a message in its channel, or returns it as refused.

use crate::document::Object;
use crate::events;
use crate::operations::Call;
use crate::state::Message;

/// Stores a message in its channel, emits the event, and renders it for its author. A shadow-banned
/// author does not learn of the ban.
pub(in crate::operations) fn publish(call: &mut Call<'_>, message: Message) -> Object {
    let mut shown = call.view().message(&message);
    if message.shadowed {
        shown.set("shadowed", false);
    }
    let sent = call.has_listeners().then(|| message.clone());
    let draft = call.world.drafts.get(&message.user_id, &message.cid, message.parent_id.as_deref());
    let draft = draft.filter(|_| sent.is_some()).cloned();
    call.world.add_message(message);
    if let Some(message) = sent {
        call.emit(|view| events::messages::new(view, &message));
        if !message.shadowed {
            call.emit_some(|view| events::messages::replied(view, &message));
        }
        if let Some(draft) = draft {
            let author = &message.user_id;
            call.emit(|view| events::drafts::draft(view, "draft.deleted", &draft, author));
        }
    }
    shown
}

/// Returns a message of the type `error`, which is stored in no channel.
pub(super) fn refusal(call: &Call<'_>, mut message: Message, text: &str) -> Object {
    text.clone_into(&mut message.content.text);
    "error".clone_into(&mut message.kind);
    Object::new().field("message", call.view().message(&message))
}
