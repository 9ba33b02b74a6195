//! Events about drafts.

use super::Event;
use crate::state::Draft;
use crate::view::View;

/// Creates `draft.updated` or `draft.deleted`.
pub(crate) fn draft(view: View<'_>, kind: &'static str, draft: &Draft, user_id: &str) -> Event {
    Event::in_channel(kind, view, &draft.cid)
        .with("draft", view.of(user_id).draft(draft))
        .maybe("parent_id", draft.parent_id.as_deref())
        .about(user_id)
}
