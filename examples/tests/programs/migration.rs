//! A migration imports everything, and a second run changes nothing.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{env, fs};

use anyhow::{Context, Result};

use super::start;
use stream_chat::Client;
use stream_chat::models::channels::ChannelFilter;
use stream_chat::models::users::UserFilter;
use stream_emulator::{Emulator, Fault};
use stream_examples::migration::{self, Progress};

/// A directory that is removed when dropped.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Result<Self> {
        let path = env::temp_dir().join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// Returns the numbers of users, channels and messages.
async fn count(client: &Client) -> Result<(usize, usize, usize)> {
    let users = client.query_users(UserFilter::all()).items().collect().await?;
    let channels = client.query_channels(ChannelFilter::all()).limit(30).items().collect().await?;
    let messages = channels.iter().map(|channel| channel.messages.len()).sum();
    Ok((users.len(), channels.len(), messages))
}

#[tokio::test]
async fn everything_comes_over_and_a_second_run_has_nothing_to_do() -> Result<()> {
    let (emulator, client) = start().await?;
    let directory = Directory::new("migration-whole")?;
    migration::write_sample(&directory.0, 250, 40)?;
    let reports = RefCell::new(Vec::new());
    let done = migration::run(&client, &directory.0, |progress| {
        reports.borrow_mut().push(*progress);
    })
    .await?;
    assert_eq!((done.users, done.channels, done.messages), (250, 40, 120));
    let users: Vec<usize> = reports.borrow().iter().take(3).map(|report| report.users).collect();
    assert!(users.is_sorted() && users.last() == Some(&250), "{users:?}");
    assert_eq!(count(&client).await?, (250, 40, 120));

    let state = client.channel("messaging", "room-39").get().await?;
    let first = state.messages.first().context("no message")?;
    assert_eq!((first.user.id.as_str(), first.text.as_str()), ("user-39", "Old message 117"));
    let sent_at: Option<String> = first.custom.get_as("old_chat_sent_at")?;
    assert_eq!(sent_at.as_deref(), Some("2019-05-06T12:00:00Z"));
    assert_eq!(state.members.len(), 41);

    emulator.clear_requests();
    let again = migration::run(&client, &directory.0, |_| {}).await?;
    assert_eq!((again, emulator.requests().len()), (done, 0));
    Ok(())
}

#[tokio::test]
async fn a_channel_may_have_more_members_than_fit_into_one_request() -> Result<()> {
    let (_emulator, client) = start().await?;
    let directory = Directory::new("migration-members")?;
    migration::write_sample(&directory.0, 150, 149)?;
    migration::run(&client, &directory.0, |_| {}).await?;
    let largest = client.channel("messaging", "room-148").get().await?;
    assert_eq!(largest.channel.member_count, Some(150));
    Ok(())
}

#[tokio::test]
async fn a_migration_continues_where_it_failed_and_sends_nothing_twice() -> Result<()> {
    let (emulator, client) = start().await?;
    let directory = Directory::new("migration-resumed")?;
    migration::write_sample(&directory.0, 120, 10)?;

    emulator.fail_next(Fault::error(400, 4, "no more channels today").on("UpdateChannel"));
    let failed = migration::run(&client, &directory.0, |_| {}).await;
    assert!(failed.is_err_and(|error| error.to_string().contains("no more channels today")));
    let note = fs::read(directory.0.join("progress.json"))?;
    let noted: Progress = serde_json::from_slice(&note)?;
    assert_eq!((noted.users, noted.channels, noted.messages), (120, 0, 0));

    let done = migration::run(&client, &directory.0, |_| {}).await?;
    assert_eq!((done.users, done.channels, done.messages), (120, 10, 30));
    // This simulates a process that died before it saved the last step.
    fs::write(directory.0.join("progress.json"), note)?;
    let again = migration::run(&client, &directory.0, |_| {}).await?;
    assert_eq!((again, count(&client).await?), (done, (120, 10, 30)));
    Ok(())
}

/// The program in a separate process, which is killed if the test ends early.
struct Program(Child);

impl Program {
    fn start(emulator: &Emulator, directory: &Path) -> Result<Self> {
        let program = Command::new(env!("CARGO_BIN_EXE_stream-examples"))
            .arg("migration")
            .arg(directory)
            .env("STREAM_API_KEY", emulator.api_key())
            .env("STREAM_API_SECRET", emulator.api_secret())
            .env("STREAM_BASE_URL", emulator.base_url())
            .stdout(Stdio::null())
            .spawn()?;
        Ok(Self(program))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[tokio::test]
async fn a_migration_continues_after_it_was_killed() -> Result<()> {
    let (emulator, client) = start().await?;
    let directory = Directory::new("migration-killed")?;
    migration::write_sample(&directory.0, 2_000, 30)?;
    // The program is killed in the middle of the users, the channels and the messages.
    for (operation, count) in [("UpdateUsers", 9), ("UpdateChannel", 25), ("SendMessage", 45)] {
        emulator.clear_requests();
        let slow = Fault::delay(Duration::from_millis(20)).on(operation).times(1000);
        emulator.fail_next(slow);
        let program = Program::start(&emulator, &directory.0)?;
        let seen = || {
            let requests = emulator.requests();
            requests.iter().filter(|request| request.operation == Some(operation)).count()
        };
        while seen() < count {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        drop(program);
        emulator.clear_faults();
    }
    let note: Progress = serde_json::from_slice(&fs::read(directory.0.join("progress.json"))?)?;
    assert!(note.users == 2_000 && note.channels == 30, "{note:?}");
    assert!(note.messages >= 20 && note.messages < 90, "it was killed in the middle: {note:?}");

    emulator.clear_requests();
    let done = migration::run(&client, &directory.0, |_| {}).await?;
    assert_eq!((done.users, done.channels, done.messages), (2_000, 30, 90));
    assert_eq!(count(&client).await?, (2_000, 30, 90));
    let again = emulator
        .requests()
        .iter()
        .filter(|request| request.operation == Some("UpdateUsers"))
        .count();
    assert_eq!(again, 0, "what is done is not done again");
    Ok(())
}

#[tokio::test]
async fn a_line_that_cannot_be_read_is_named() -> Result<()> {
    let (_emulator, client) = start().await?;
    let directory = Directory::new("migration-odd")?;
    migration::write_sample(&directory.0, 2, 1)?;
    fs::write(directory.0.join("channels.jsonl"), "{\"id\":\"room-0\"}\n")?;
    let failed = migration::run(&client, &directory.0, |_| {}).await;
    assert!(failed.is_err_and(|error| error.to_string().ends_with("channels.jsonl, line 1")));

    let directory = Directory::new("migration-odd-user")?;
    migration::write_sample(&directory.0, 5, 1)?;
    let mut users = fs::read_to_string(directory.0.join("users.jsonl"))?;
    users = users.replace("\"user-3\"", "3");
    fs::write(directory.0.join("users.jsonl"), users)?;
    let failed = migration::run(&client, &directory.0, |_| {}).await;
    assert!(failed.is_err_and(|error| error.to_string().ends_with("users.jsonl, line 4")));
    // Those before it were sent.
    assert!(client.user("user-2").get().await?.is_some());
    assert!(client.user("user-4").get().await?.is_none());
    Ok(())
}

#[tokio::test]
async fn a_message_that_the_server_refuses_is_named() -> Result<()> {
    let (_emulator, client) = start().await?;
    let directory = Directory::new("migration-refused")?;
    migration::write_sample(&directory.0, 2, 1)?;
    let path = directory.0.join("messages.jsonl");
    let line = fs::read_to_string(&path)?.lines().next().unwrap_or_default().to_owned();
    let mut message: serde_json::Value = serde_json::from_str(&line)?;
    message["text"] = "x".repeat(20_001).into();
    fs::write(&path, format!("{message}\n"))?;
    let failed = format!("{:#}", migration::run(&client, &directory.0, |_| {}).await.unwrap_err());
    let id = message["id"].as_str().unwrap();
    assert!(failed.contains(id) && failed.contains("refused the message"), "{failed}");
    Ok(())
}

/// `cargo test -p stream-examples -- --ignored` runs it: it takes a minute or more.
#[tokio::test]
#[ignore = "large"]
async fn a_migration_imports_25_000_users_and_2_000_channels() -> Result<()> {
    let (_emulator, client) = start().await?;
    let directory = Directory::new("migration-large")?;
    migration::write_sample(&directory.0, 25_000, 2_000)?;
    let done = migration::run(&client, &directory.0, |_| {}).await?;
    assert_eq!((done.users, done.channels, done.messages), (25_000, 2_000, 6_000));
    assert_eq!(count(&client).await?.0, 25_000);
    Ok(())
}
