//! The inbox of a support agent: all conversations with their unread counts, and the work on one of
//! them: pin it, reply in its thread, send a file, ask for a rating, set a reminder.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

use stream_chat::models::channels::{ChannelConfigOverrides, ChannelFilter};
use stream_chat::models::drafts::DraftFilter;
use stream_chat::models::reminders::{ReminderFilter, ReminderSort};
use stream_chat::models::threads::{ThreadFilter, ThreadSort};
use stream_chat::{
    Attachment, Channel, ChannelSort, Client, Message, MessageRequest, Timestamp, Upload, User,
};

const TOMORROW: Duration = Duration::from_secs(24 * 60 * 60);

/// One conversation in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// The ID of the channel.
    pub id: String,
    /// Whether the agent pinned it.
    pub is_pinned: bool,
    /// How many messages the agent has not read.
    pub unread: i64,
    /// The latest message: its ID and its text.
    pub latest: Option<(String, String)>,
}

/// What waits for the agent beside the conversations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// How many messages are unread in all.
    pub unread: i64,
    /// The first messages of the threads in which the agent takes part, the latest reply first.
    pub threads: Vec<String>,
    /// What the agent began to write.
    pub drafts: Vec<String>,
    /// The messages to come back to, with the next one first.
    pub reminders: Vec<String>,
}

/// An agent with an inbox.
#[derive(Debug, Clone)]
pub struct Agent {
    client: Client,
    user: User,
}

impl Agent {
    /// Returns the agent with this ID.
    #[must_use]
    pub fn new(client: &Client, id: &str) -> Self {
        Self { client: client.clone(), user: client.user(id) }
    }

    /// Returns all conversations of the agent: those that are pinned, then by their latest message.
    ///
    /// # Errors
    /// The server refuses the query.
    pub async fn conversations(&self) -> Result<Vec<Conversation>> {
        let mut channels = self
            .client
            .query_channels(ChannelFilter::members().is_in([&self.user]))
            .sort([
                ChannelSort::pinned_at().descending(),
                ChannelSort::last_message_at().descending(),
            ])
            .message_limit(1)
            .user(&self.user)
            .items();
        let mut conversations = Vec::new();
        while let Some(state) = channels.next().await? {
            let read = state.read.iter().find(|read| read.user.id == self.user.id());
            conversations.push(Conversation {
                id: state.channel.id,
                is_pinned: state.membership.is_some_and(|member| member.pinned_at.is_some()),
                unread: read.map_or(0, |read| read.unread_messages),
                latest: state.messages.into_iter().next_back().map(|last| (last.id, last.text)),
            });
        }
        Ok(conversations)
    }

    /// Returns what waits for the agent beside the conversations.
    ///
    /// # Errors
    /// The server refuses one of the queries.
    pub async fn desk(&self) -> Result<Desk> {
        let threads = self
            .user
            .query_threads(ThreadFilter::all())
            .sort([
                ThreadSort::last_message_at().descending(),
                ThreadSort::parent_message_id().descending(),
            ])
            .items();
        let drafts = self.user.query_drafts(DraftFilter::all()).items();
        let reminders = self
            .user
            .query_reminders(ReminderFilter::remind_at().exists(true))
            .sort(ReminderSort::remind_at().ascending())
            .items();
        let threads = threads.collect().await?;
        let drafts = drafts.collect().await?;
        let reminders = reminders.collect().await?;
        Ok(Desk {
            unread: self.user.unread_counts().await?.total_unread_count,
            threads: threads.into_iter().map(|thread| thread.parent_message_id).collect(),
            drafts: drafts.into_iter().map(|draft| draft.message.text).collect(),
            reminders: reminders.into_iter().map(|reminder| reminder.message_id).collect(),
        })
    }

    /// Takes a conversation on: pins it, shows that the question was seen, answers in its thread,
    /// and sets a reminder for tomorrow.
    ///
    /// # Errors
    /// The server refuses one of the steps.
    pub async fn take_on(
        &self,
        channel: &Channel,
        question: &Message,
        text: &str,
    ) -> Result<String> {
        channel.pin(&self.user).await?;
        question.react("eyes", &self.user).await?;
        let reply = MessageRequest::from(text).user_id(&self.user);
        let sent = question.thread().reply(channel, reply).await?;
        let tomorrow = Timestamp::now().checked_add(TOMORROW).context("tomorrow never comes")?;
        question.create_reminder(&self.user).remind_at(tomorrow).await?;
        channel.mark_read(&self.user).await?;
        Ok(sent.message.id.clone())
    }

    /// Sends a file, and calls `report` with the bytes that have gone so far.
    ///
    /// # Errors
    /// The file cannot be read, or the server refuses it.
    pub async fn send_file(
        &self,
        channel: &Channel,
        path: &Path,
        report: impl Fn(u64) + Send + Sync + 'static,
    ) -> Result<()> {
        let upload = channel.upload_file(Upload::path(path), &self.user);
        let uploaded = upload.on_progress(move |sent, _| report(sent)).await?;
        let message = MessageRequest::from("Here it is").attachment(Attachment::file(&uploaded));
        channel.send_message(message.user_id(&self.user)).await?.accepted()?;
        Ok(())
    }

    /// Asks for a rating and returns the poll's ID.
    ///
    /// # Errors
    /// The server refuses the poll or the message.
    pub async fn ask_for_rating(&self, channel: &Channel) -> Result<String> {
        let created = self
            .client
            .polls()
            .create("How did we do?", &self.user)
            .option("Well")
            .option("Badly")
            .enforce_unique_vote(true)
            .allow_answers(true)
            .await?;
        let message = MessageRequest::new().poll_id(&created.poll.id).user_id(&self.user);
        channel.send_message(message).await?.accepted()?;
        Ok(created.poll.id.clone())
    }

    /// Finds messages with these words in all conversations of the agent.
    ///
    /// # Errors
    /// The server refuses the search.
    pub async fn search(&self, words: &str) -> Result<Vec<String>> {
        let mine = ChannelFilter::members().is_in([&self.user]);
        let found = self.client.search(mine).text(words).items().collect().await?;
        Ok(found.into_iter().filter_map(|result| Some(result.message?.text)).collect())
    }
}

/// Makes three customers with a question each for the user `agent`.
///
/// # Errors
/// The server refuses one of the steps.
pub async fn write_sample(client: &Client) -> Result<()> {
    client.upsert_users(["agent", "ann", "ben", "cho"]).await?;
    for (customer, question) in [
        ("ann", "Where is my parcel?"),
        ("ben", "I want a refund"),
        ("cho", "The refund did not arrive"),
    ] {
        let channel = client.channel("messaging", format!("support-{customer}"));
        let reminders = ChannelConfigOverrides::new().user_message_reminders(true);
        channel
            .get_or_create()
            .created_by(customer)
            .members([customer, "agent"])
            .config_overrides(reminders)
            .await?;
        let message = MessageRequest::from(question).id(format!("question-of-{customer}"));
        channel.send_message(message.user_id(customer)).await?.accepted()?;
    }
    Ok(())
}
