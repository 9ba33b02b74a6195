//! A moderation bot: blocked words, a hook that checks each message before it is sent, timeouts in
//! channels, and a review queue that is processed by a simple rule.

use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::routing::post;

use stream_chat::models::channel_types::ModerationBehavior;
use stream_chat::models::review_queue::{ReviewQueueFilter, ReviewQueueItemResponse};
use stream_chat::webhook::{BeforeMessageSendRequest, BeforeMessageSendResponse, Webhook};
use stream_chat::{Channel, Client, User};

/// The duration of a ban after several flags.
const BAN: Duration = Duration::from_secs(24 * 60 * 60);
/// The number of flags that lead to a ban.
const FLAGS: i64 = 2;
/// The duration of a timeout in a channel.
const TIME_OUT: Duration = Duration::from_secs(10 * 60);

/// A bot that moderates as a user of its own.
#[derive(Debug, Clone)]
pub struct Bot {
    client: Client,
    user: User,
}

/// What became of the items of the review queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions {
    /// The IDs of the messages that were deleted.
    pub deleted: Vec<String>,
    /// The IDs of what was left as it is.
    pub left: Vec<String>,
}

/// Returns the hook that Stream asks before a message is sent. Its sender waits, so it is quick: no
/// links to strangers, and no phone numbers.
///
/// # Errors
/// The client has no secret to verify webhooks with.
pub fn router(client: &Client) -> Result<Router> {
    let hook = Router::new().route("/webhooks/before-message-send", post(before_message_send));
    Ok(hook.with_state(client.webhook_receiver()?))
}

async fn before_message_send(
    webhook: Webhook<BeforeMessageSendRequest>,
) -> BeforeMessageSendResponse {
    let text = &webhook.message.text;
    if text.contains("https://") {
        return BeforeMessageSendResponse::reject("Please write without links");
    }
    let masked = mask_numbers(text);
    if masked == *text {
        BeforeMessageSendResponse::accept()
    } else {
        BeforeMessageSendResponse::rewrite(masked)
    }
}

/// Masks words of seven or more digits.
fn mask_numbers(text: &str) -> String {
    let is_number = |word: &&str| word.len() > 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    let mask = |word| if is_number(&word) { "***" } else { word };
    text.split(' ').map(mask).collect::<Vec<_>>().join(" ")
}

impl Bot {
    /// Returns the bot that acts as the user with this ID.
    #[must_use]
    pub fn new(client: &Client, id: &str) -> Self {
        Self { client: client.clone(), user: client.user(id) }
    }

    /// Blocks messages with one of the words in all channels of the type `messaging`, and has the
    /// hook at `url` asked about the others.
    ///
    /// # Errors
    /// The server refuses one of the settings.
    pub async fn install(&self, words: &[&str], url: &str) -> Result<()> {
        let list = self.client.block_lists().upsert("bot-words", words.iter().copied());
        list.attach_to("messaging", ModerationBehavior::Block).await?;
        self.client.update_app().before_message_send_hook_url(url).await?;
        Ok(())
    }

    /// Silences a user in a channel for a few minutes.
    ///
    /// # Errors
    /// The server refuses the ban.
    pub async fn time_out(&self, channel: &Channel, user_id: &str) -> Result<()> {
        channel.ban(user_id, &self.user).timeout(TIME_OUT).reason("cool down").await?;
        Ok(())
    }

    /// Lifts a timeout early.
    ///
    /// # Errors
    /// The server refuses it.
    pub async fn pardon(&self, channel: &Channel, user_id: &str) -> Result<()> {
        channel.unban(user_id).unbanned_by(&self.user).await?;
        Ok(())
    }

    /// Returns the IDs of the users who are banned from a channel at present.
    ///
    /// # Errors
    /// The server refuses the query.
    pub async fn silenced(&self, channel: &Channel) -> Result<Vec<String>> {
        let bans = channel.query_banned_users().exclude_expired().items().collect().await?;
        Ok(bans.into_iter().filter_map(|ban| Some(ban.user?.id)).collect())
    }

    /// Works off the review queue: what several users flagged is deleted and its author banned for a
    /// day; the rest is left as it is.
    ///
    /// # Errors
    /// The server refuses one of the actions. What is decided stays decided.
    pub async fn work_off_queue(&self) -> Result<Decisions> {
        let moderation = self.client.moderation();
        // All are loaded at once, since processing changes the queue.
        let open = moderation.query_review_queue(ReviewQueueFilter::reviewed().eq(false));
        let mut decisions = Decisions::default();
        for item in open.items().collect().await? {
            let review = moderation.review_item(&item.id);
            if item.flags_count < FLAGS {
                review.mark_reviewed(&self.user).await?;
                decisions.left.push(item.entity_id);
                continue;
            }
            review.delete_message(&self.user).await?;
            self.ban_author(&item).await?;
            decisions.deleted.push(item.entity_id);
        }
        Ok(decisions)
    }

    async fn ban_author(&self, item: &ReviewQueueItemResponse) -> Result<()> {
        if let Some(author) = &item.entity_creator_id {
            let ban = self.client.user(author).ban(&self.user);
            ban.timeout(BAN).reason("flagged by several users").await?;
        }
        Ok(())
    }
}
