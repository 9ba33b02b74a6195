//! A migration from another chat: users, channels with their members, and old messages come from
//! files of JSON lines. It reports its progress, and resumes where it stopped.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, ErrorKind, Lines};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use stream_chat::{BatchResult, Client, Entries, MessageRequest, UserRequest};

/// The number of concurrent batches of users.
const USERS_IN_FLIGHT: usize = 8;
/// The number of concurrent lines of the other files, after which the progress is saved.
const STEP: usize = 40;

/// A line of `users.jsonl`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OldUser {
    /// The ID, which the user keeps.
    pub id: String,
    /// The name that others see.
    pub name: String,
}

/// A line of `channels.jsonl`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OldChannel {
    /// The ID, which the channel keeps.
    pub id: String,
    /// Who created it.
    pub owner: String,
    /// The IDs of all members, however many.
    pub members: Vec<String>,
}

/// A line of `messages.jsonl`, in which a message comes after what it replies to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OldMessage {
    /// The ID, which the message keeps: so it cannot be sent twice.
    pub id: String,
    /// The channel that it was written to.
    pub channel: String,
    /// Who wrote it.
    pub author: String,
    /// What it says.
    pub text: String,
    /// When it was written, as the old chat notes it.
    pub sent_at: String,
}

/// How many lines of each file are done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Users who exist.
    pub users: usize,
    /// Channels that exist, with all members.
    pub channels: usize,
    /// Messages that were sent.
    pub messages: usize,
}

/// Brings over what the files in `directory` hold. `report` is called after each step.
///
/// # Errors
/// A file or a line cannot be read, or the server refuses something. What is done stays done, and
/// the next run begins there.
pub async fn run(
    client: &Client,
    directory: &Path,
    report: impl Fn(&Progress),
) -> Result<Progress> {
    let mut journal = Journal::open(directory)?;

    bring_users(client, directory, &mut journal, &report).await?;

    let mut channels = Source::open(&directory.join("channels.jsonl"), journal.progress.channels)?;
    while let Some(batch) = channels.next(STEP)? {
        let count = batch.len();
        at_once(batch, |channel| bring_channel(client.clone(), channel)).await?;
        journal.progress.channels += count;
        report(journal.save()?);
    }

    let mut messages = Source::open(&directory.join("messages.jsonl"), journal.progress.messages)?;
    while let Some(batch) = messages.next(STEP)? {
        let count = batch.len();
        at_once(by_channel(batch), |messages| bring_messages(client.clone(), messages)).await?;
        journal.progress.messages += count;
        report(journal.save()?);
    }
    Ok(journal.progress)
}

/// Processes all entries concurrently. After a failure, it waits for those in progress.
async fn at_once<T, F>(entries: Vec<T>, work: impl Fn(T) -> F) -> Result<()>
where
    F: Future<Output = Result<()>> + Send + 'static,
{
    let mut tasks: JoinSet<Result<()>> = entries.into_iter().map(work).collect();
    let mut outcome = Ok(());
    while let Some(ended) = tasks.join_next().await {
        outcome = outcome.and(ended?);
    }
    outcome
}

/// Groups messages by channel, in order.
fn by_channel(messages: Vec<OldMessage>) -> Vec<Vec<OldMessage>> {
    let mut channels: BTreeMap<String, Vec<OldMessage>> = BTreeMap::new();
    for message in messages {
        channels.entry(message.channel.clone()).or_default().push(message);
    }
    channels.into_values().collect()
}

/// Sends users as they are read, in several concurrent batches.
async fn bring_users(
    client: &Client,
    directory: &Path,
    journal: &mut Journal,
    report: impl Fn(&Progress),
) -> Result<()> {
    let done = journal.progress.users;
    let mut lines = Source::open(&directory.join("users.jsonl"), done)?;
    let users = std::iter::from_fn(|| lines.next_one::<OldUser>().transpose());
    let mut requests =
        users.map(|user| user.map(|OldUser { id, name }| UserRequest::new(id).name(name)));
    // A line that cannot be read ends the input; those before it are sent.
    let bulk = client.upsert_users(Entries::try_rest_of(&mut requests)).in_flight(USERS_IN_FLIGHT);
    let (handle, mut outcomes) = (bulk.handle(), bulk.outcomes());
    let mut failure = None;
    while let Some(outcome) = outcomes.next().await {
        // Batches overtake each other. The next run sends those after a gap again, which has no
        // effect.
        journal.progress.users = done + usize::try_from(handle.confirmed_up_to())?;
        report(journal.save()?);
        if let BatchResult::Failed(error) | BatchResult::Unknown(error) = outcome.result {
            failure.get_or_insert(error);
        }
    }
    failure.or(outcomes.take_input_error()).map_or(Ok(()), |error| Err(error.into()))
}

async fn bring_channel(client: Client, old: OldChannel) -> Result<()> {
    let channel = client.channel("messaging", &old.id);
    channel.get_or_create().created_by(&old.owner).await?;
    // They are not part of the creation, which takes only 100 members; adding one again has no
    // effect.
    channel.add_members(old.members).await?;
    Ok(())
}

/// Sends the messages of one channel one after another, since the server keeps the order in which
/// they arrive.
async fn bring_messages(client: Client, messages: Vec<OldMessage>) -> Result<()> {
    for message in &messages {
        bring_message(&client, message).await?;
    }
    Ok(())
}

async fn bring_message(client: &Client, old: &OldMessage) -> Result<()> {
    let message = MessageRequest::from(&*old.text)
        .id(&old.id)
        .user_id(&old.author)
        .silent(true)
        .custom("old_chat_sent_at", &old.sent_at);
    let sent = client.channel("messaging", &old.channel).send_message(message);
    let context = || format!("message {}", old.id);
    let sent = match sent.skip_push().await {
        // An earlier run sent it, but ended before it saved its progress.
        Err(error) if error.is_already_exists() => return Ok(()),
        result => result.with_context(context)?,
    };
    // A text that is too long for the channel type is not an error of the request.
    sent.accepted().with_context(context)?;
    Ok(())
}

/// The saved progress, in a file beside the sources.
struct Journal {
    path: PathBuf,
    progress: Progress,
}

impl Journal {
    fn open(directory: &Path) -> Result<Self> {
        let path = directory.join("progress.json");
        let progress = match fs::read(&path) {
            Ok(json) => serde_json::from_slice(&json).context("progress.json")?,
            Err(error) if error.kind() == ErrorKind::NotFound => Progress::default(),
            Err(error) => return Err(error.into()),
        };
        Ok(Self { path, progress })
    }

    /// Replaces the whole file, so that a power cut leaves the old one or the new one.
    fn save(&self) -> Result<&Progress> {
        let draft = self.path.with_extension("new");
        fs::write(&draft, serde_json::to_vec(&self.progress)?)?;
        fs::rename(&draft, &self.path)?;
        Ok(&self.progress)
    }
}

/// A file of JSON lines.
struct Source {
    name: String,
    lines: std::iter::Skip<std::iter::Enumerate<Lines<BufReader<File>>>>,
}

impl Source {
    fn open(path: &Path, done: usize) -> Result<Self> {
        let name = path.display().to_string();
        let file = File::open(path).with_context(|| name.clone())?;
        Ok(Self { name, lines: BufReader::new(file).lines().enumerate().skip(done) })
    }

    /// Reads a line, or returns `None` at the end.
    fn next_one<T: DeserializeOwned>(&mut self) -> Result<Option<T>> {
        Ok(self.next(1)?.and_then(|mut batch| batch.pop()))
    }

    /// Reads up to `count` lines, or returns `None` at the end.
    fn next<T: DeserializeOwned>(&mut self, count: usize) -> Result<Option<Vec<T>>> {
        let mut batch = Vec::with_capacity(count);
        for (index, line) in self.lines.by_ref().take(count) {
            let place = || format!("{}, line {}", self.name, index + 1);
            batch.push(serde_json::from_str(&line.with_context(place)?).with_context(place)?);
        }
        Ok((!batch.is_empty()).then_some(batch))
    }
}

/// Writes files for a migration of this size, with up to 150 members in a channel.
///
/// # Errors
/// A file cannot be written.
pub fn write_sample(directory: &Path, users: usize, channels: usize) -> Result<()> {
    let user = |index: usize| format!("user-{}", index % users.max(1));
    let old_users =
        (0..users).map(|index| OldUser { id: user(index), name: format!("User {index}") });
    let old_channels = (0..channels).map(|index| OldChannel {
        id: format!("room-{index}"),
        owner: user(index),
        members: (index..index + users.min(2 + index % 149)).map(user).collect(),
    });
    let old_messages = (0..channels * 3).map(|index| OldMessage {
        id: format!("old-{index}"),
        channel: format!("room-{}", index / 3),
        author: user(index / 3),
        text: format!("Old message {index}"),
        sent_at: format!("2019-05-{:02}T12:00:00Z", 1 + index % 28),
    });
    write_lines(&directory.join("users.jsonl"), old_users)?;
    write_lines(&directory.join("channels.jsonl"), old_channels)?;
    write_lines(&directory.join("messages.jsonl"), old_messages)
}

fn write_lines(path: &Path, entries: impl Iterator<Item = impl Serialize>) -> Result<()> {
    let mut text = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut text, &entry)?;
        text.push(b'\n');
    }
    Ok(fs::write(path, text)?)
}
