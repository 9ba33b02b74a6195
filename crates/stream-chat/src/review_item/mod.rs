//! Items of the review queue: the decisions that a moderator takes.

use crate::ReviewItem;
use crate::request::{Actor, Request};
use stream_models::review_queue::{
    BanActionRequestPayload, BlockActionRequestPayload, CustomActionRequestPayload,
    DeleteMessageRequestPayload, DeleteUserRequestPayload, EscalatePayload,
    MarkReviewedRequestPayload, RestoreActionRequestPayload, ShadowBlockActionRequestPayload,
    SubmitAction, SubmitActionType, UnbanActionRequestPayload,
};

/// Each of them is `POST /api/v2/moderation/submit_action`, on behalf of a moderator.
impl ReviewItem {
    /// Takes any of the actions.
    pub fn submit(
        &self,
        action: impl Into<SubmitActionType>,
        moderator: impl Into<Actor>,
    ) -> Request<SubmitAction> {
        let request = self.client().moderation().submit_action(action, moderator);
        request.body(|body| body.item_id(self.id()))
    }

    /// Marks the item as reviewed.
    pub fn mark_reviewed(&self, moderator: impl Into<Actor>) -> Request<SubmitAction> {
        self.submit(SubmitActionType::MarkReviewed, moderator)
            .mark_reviewed(MarkReviewedRequestPayload::new())
    }

    /// Bans the user; [`Request::ban`] says how.
    pub fn ban(&self, moderator: impl Into<Actor>) -> Request<SubmitAction> {
        self.submit(SubmitActionType::Ban, moderator).ban(BanActionRequestPayload::new())
    }

    /// Lifts the ban of the user.
    pub fn unban(&self, moderator: impl Into<Actor>) -> Request<SubmitAction> {
        self.submit(SubmitActionType::Unban, moderator).unban(UnbanActionRequestPayload::new())
    }

    /// Deletes the message.
    pub fn delete_message(&self, moderator: impl Into<Actor>) -> Request<SubmitAction> {
        self.submit(SubmitActionType::DeleteMessage, moderator)
            .delete_message(DeleteMessageRequestPayload::new())
    }

    /// Deletes the user.
    pub fn delete_user(&self, moderator: impl Into<Actor>) -> Request<SubmitAction> {
        self.submit(SubmitActionType::DeleteUser, moderator)
            .delete_user(DeleteUserRequestPayload::new())
    }

    /// Restores what was deleted.
    pub fn restore(&self, moderator: impl Into<Actor>) -> Request<SubmitAction> {
        self.submit(SubmitActionType::Restore, moderator)
            .restore(RestoreActionRequestPayload::new())
    }

    /// Blocks the content.
    pub fn block(&self, moderator: impl Into<Actor>) -> Request<SubmitAction> {
        self.submit(SubmitActionType::Block, moderator).block(BlockActionRequestPayload::new())
    }

    /// Blocks the content without its author noticing it.
    pub fn shadow_block(&self, moderator: impl Into<Actor>) -> Request<SubmitAction> {
        self.submit(SubmitActionType::ShadowBlock, moderator)
            .shadow_block(ShadowBlockActionRequestPayload::new())
    }

    /// Passes the item on to somebody who decides more.
    pub fn escalate(&self, moderator: impl Into<Actor>) -> Request<SubmitAction> {
        self.submit(SubmitActionType::Escalate, moderator).escalate(EscalatePayload::new())
    }

    /// Takes the item back from there.
    pub fn de_escalate(&self, moderator: impl Into<Actor>) -> Request<SubmitAction> {
        self.submit(SubmitActionType::DeEscalate, moderator)
    }

    /// Takes an action of your own.
    pub fn custom(
        &self,
        action: impl Into<CustomActionRequestPayload>,
        moderator: impl Into<Actor>,
    ) -> Request<SubmitAction> {
        self.submit(SubmitActionType::Custom, moderator).custom(action)
    }
}
