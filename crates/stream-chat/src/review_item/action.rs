//! The decisions of a moderator about an item of the review queue.

use stream_models::bans_and_flags::FlagRequest;
use stream_models::review_queue::{
    BanActionRequestPayload, BlockActionRequestPayload, BypassActionRequest,
    CustomActionRequestPayload, DeleteActivityRequestPayload, DeleteCommentRequestPayload,
    DeleteMessageRequestPayload, DeleteReactionRequestPayload, DeleteUserMessagesRequestPayload,
    DeleteUserRequestPayload, EscalatePayload, MarkReviewedRequestPayload,
    RejectAppealRequestPayload, RestoreActionRequestPayload, ShadowBlockActionRequestPayload,
    SubmitActionRequest, SubmitActionType, UnbanActionRequestPayload, UnblockActionRequestPayload,
};

/// Defines [`ReviewAction`]: first the actions with details, then those without.
macro_rules! actions {
    ($($with:ident($field:ident: $payload:ident), $doc:literal;)* --- $($plain:ident, $plain_doc:literal;)*) => {
        /// A moderator's decision about an item of the review queue, with its details; see
        /// [`ReviewItem::submit`](crate::ReviewItem::submit).
        ///
        /// The details of an action convert into the action:
        ///
        /// ```no_run
        /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
        /// use std::time::Duration;
        /// use stream_chat::ReviewAction;
        /// use stream_chat::models::review_queue::BanActionRequestPayload;
        ///
        /// let item = client.moderation().review_item("item-id");
        /// let week = Duration::from_secs(7 * 86_400);
        /// let ban = BanActionRequestPayload::new().reason("spam").timeout(week);
        /// item.submit(ban, "moderator").await?;
        /// item.submit(ReviewAction::KickUser, "moderator").await?;
        /// # Ok(())
        /// # }
        /// ```
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum ReviewAction {
            $(#[doc = $doc] $with(Box<$payload>),)*
            $(#[doc = $plain_doc] $plain,)*
            /// Another action, without details.
            Other(SubmitActionType),
        }

        impl ReviewAction {
            /// Returns the type of the action, without its details.
            #[must_use]
            pub fn kind(&self) -> SubmitActionType {
                match self {
                    $(Self::$with(_) => SubmitActionType::$with,)*
                    $(Self::$plain => SubmitActionType::$plain,)*
                    Self::Other(kind) => kind.clone(),
                }
            }

            /// Sets the details in a request.
            pub(super) fn fill(self, mut body: SubmitActionRequest) -> SubmitActionRequest {
                match self {
                    $(Self::$with(payload) => body.$field = (*payload).into(),)*
                    $(Self::$plain => {})*
                    Self::Other(_) => {}
                }
                body
            }
        }

        $(impl From<$payload> for ReviewAction {
            fn from(payload: $payload) -> Self {
                Self::$with(Box::new(payload))
            }
        })*

        /// Creates the action without details.
        impl From<SubmitActionType> for ReviewAction {
            fn from(kind: SubmitActionType) -> Self {
                match kind {
                    $(SubmitActionType::$plain => Self::$plain,)*
                    kind => Self::Other(kind),
                }
            }
        }
    };
}

actions! {
    Ban(ban: BanActionRequestPayload), "Bans the user.";
    Block(block: BlockActionRequestPayload), "Blocks the content.";
    Bypass(bypass: BypassActionRequest), "Exempts the user from moderation, or ends that.";
    Custom(custom: CustomActionRequestPayload), "Takes a custom action of the app.";
    DeleteActivity(delete_activity: DeleteActivityRequestPayload), "Deletes the activity.";
    DeleteComment(delete_comment: DeleteCommentRequestPayload), "Deletes the comment.";
    DeleteMessage(delete_message: DeleteMessageRequestPayload), "Deletes the message.";
    DeleteReaction(delete_reaction: DeleteReactionRequestPayload), "Deletes the reaction.";
    DeleteUser(delete_user: DeleteUserRequestPayload), "Deletes the user.";
    DeleteUserMessages(delete_user_messages: DeleteUserMessagesRequestPayload), "Deletes the messages of the user.";
    Escalate(escalate: EscalatePayload), "Escalates the item to a moderator with more authority.";
    Flag(flag: FlagRequest), "Flags the content.";
    MarkReviewed(mark_reviewed: MarkReviewedRequestPayload), "Marks the item as reviewed.";
    RejectAppeal(reject_appeal: RejectAppealRequestPayload), "Rejects the appeal.";
    Restore(restore: RestoreActionRequestPayload), "Restores what was deleted.";
    ShadowBlock(shadow_block: ShadowBlockActionRequestPayload), "Blocks the content without its author noticing it.";
    Unban(unban: UnbanActionRequestPayload), "Lifts the ban of the user.";
    Unblock(unblock: UnblockActionRequestPayload), "Unblocks the content.";
    ---
    DeEscalate, "Reverts an escalation.";
    EndCall, "Ends the call.";
    KickUser, "Removes the user from the call.";
    Unmask, "Shows the content again.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use stream_models::users::DeletionMode;

    fn sent(action: ReviewAction) -> serde_json::Value {
        let body = SubmitActionRequest::new(action.kind());
        serde_json::to_value(action.fill(body)).unwrap()
    }

    #[test]
    fn the_details_stand_below_the_name_of_the_action() {
        for (action, expected) in [
            (
                BanActionRequestPayload::new().reason("spam").into(),
                serde_json::json!({ "action_type": "ban", "ban": { "reason": "spam" } }),
            ),
            (
                DeleteUserMessagesRequestPayload::new(DeletionMode::Hard).into(),
                serde_json::json!({
                    "action_type": "delete_user_messages",
                    "delete_user_messages": { "delete_messages": "hard" },
                }),
            ),
            (ReviewAction::KickUser, serde_json::json!({ "action_type": "kick_user" })),
            (
                SubmitActionType::other("promote").into(),
                serde_json::json!({ "action_type": "promote" }),
            ),
        ] {
            assert_eq!(sent(action), expected);
        }
    }

    #[test]
    fn a_word_without_details_is_its_action() {
        assert_eq!(ReviewAction::from(SubmitActionType::Unmask), ReviewAction::Unmask);
        let ban = ReviewAction::from(SubmitActionType::Ban);
        assert_eq!(ban, ReviewAction::Other(SubmitActionType::Ban));
    }
}
