//! Items of the review queue: the decisions of moderators.

mod action;

pub use action::ReviewAction;

use crate::ReviewItem;
use crate::request::{Actor, Request};
use stream_models::review_queue::{
    BanActionRequestPayload, BlockActionRequestPayload, CustomActionRequestPayload,
    DeleteMessageRequestPayload, DeleteUserRequestPayload, EscalatePayload,
    MarkReviewedRequestPayload, RestoreActionRequestPayload, ShadowBlockActionRequestPayload,
    SubmitAction, UnbanActionRequestPayload,
};

/// Each of them is `POST /api/v2/moderation/submit_action`, on behalf of a moderator. For an action
/// with details, use [`ReviewItem::submit`].
impl ReviewItem {
    /// Submits any of the actions, with its details.
    ///
    /// `POST /api/v2/moderation/submit_action` · [guide](crate::guide::moderation)
    pub fn submit(
        &self,
        action: impl Into<ReviewAction>,
        moderator: impl Into<Actor>,
    ) -> Request<SubmitAction> {
        let action = action.into();
        let request = self.client().moderation().submit_action(action.kind(), moderator);
        request.body(|body| action.fill(body.item_id(self.id())))
    }

    /// Marks the item as reviewed.
    ///
    /// `POST /api/v2/moderation/submit_action` · [guide](crate::guide::moderation)
    pub fn mark_reviewed(&self, moderator: impl Into<Actor>) -> Request<SubmitAction> {
        self.submit(MarkReviewedRequestPayload::new(), moderator)
    }

    /// Bans the user.
    ///
    /// `POST /api/v2/moderation/submit_action` · [guide](crate::guide::moderation)
    pub fn ban(&self, moderator: impl Into<Actor>) -> Request<SubmitAction> {
        self.submit(BanActionRequestPayload::new(), moderator)
    }

    /// Lifts the ban of the user.
    ///
    /// `POST /api/v2/moderation/submit_action` · [guide](crate::guide::moderation)
    pub fn unban(&self, moderator: impl Into<Actor>) -> Request<SubmitAction> {
        self.submit(UnbanActionRequestPayload::new(), moderator)
    }

    /// Deletes the message.
    ///
    /// `POST /api/v2/moderation/submit_action` · [guide](crate::guide::moderation)
    pub fn delete_message(&self, moderator: impl Into<Actor>) -> Request<SubmitAction> {
        self.submit(DeleteMessageRequestPayload::new(), moderator)
    }

    /// Deletes the user.
    ///
    /// `POST /api/v2/moderation/submit_action` · [guide](crate::guide::moderation)
    pub fn delete_user(&self, moderator: impl Into<Actor>) -> Request<SubmitAction> {
        self.submit(DeleteUserRequestPayload::new(), moderator)
    }

    /// Restores the deleted content.
    ///
    /// `POST /api/v2/moderation/submit_action` · [guide](crate::guide::moderation)
    pub fn restore(&self, moderator: impl Into<Actor>) -> Request<SubmitAction> {
        self.submit(RestoreActionRequestPayload::new(), moderator)
    }

    /// Blocks the content.
    ///
    /// `POST /api/v2/moderation/submit_action` · [guide](crate::guide::moderation)
    pub fn block(&self, moderator: impl Into<Actor>) -> Request<SubmitAction> {
        self.submit(BlockActionRequestPayload::new(), moderator)
    }

    /// Blocks the content without its author noticing it.
    ///
    /// `POST /api/v2/moderation/submit_action` · [guide](crate::guide::moderation)
    pub fn shadow_block(&self, moderator: impl Into<Actor>) -> Request<SubmitAction> {
        self.submit(ShadowBlockActionRequestPayload::new(), moderator)
    }

    /// Escalates the item to a moderator with more authority.
    ///
    /// `POST /api/v2/moderation/submit_action` · [guide](crate::guide::moderation)
    pub fn escalate(&self, moderator: impl Into<Actor>) -> Request<SubmitAction> {
        self.submit(EscalatePayload::new(), moderator)
    }

    /// Reverts an escalation.
    ///
    /// `POST /api/v2/moderation/submit_action` · [guide](crate::guide::moderation)
    pub fn de_escalate(&self, moderator: impl Into<Actor>) -> Request<SubmitAction> {
        self.submit(ReviewAction::DeEscalate, moderator)
    }

    /// Submits a custom action.
    ///
    /// `POST /api/v2/moderation/submit_action` · [guide](crate::guide::moderation)
    pub fn custom(
        &self,
        action: impl Into<CustomActionRequestPayload>,
        moderator: impl Into<Actor>,
    ) -> Request<SubmitAction> {
        self.submit(action.into(), moderator)
    }
}
