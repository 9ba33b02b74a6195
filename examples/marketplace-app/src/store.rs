//! The shop's own data: sessions, and unread counts.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use rusqlite::{Connection, OptionalExtension, params};

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS sessions (token TEXT PRIMARY KEY, user_id TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS conversations (cid TEXT NOT NULL, user_id TEXT NOT NULL, PRIMARY KEY (cid, user_id));
    CREATE TABLE IF NOT EXISTS counted (message_id TEXT PRIMARY KEY);
    CREATE TABLE IF NOT EXISTS unread (
        user_id TEXT NOT NULL, cid TEXT NOT NULL, messages INTEGER NOT NULL, PRIMARY KEY (user_id, cid)
    );
";

/// A database in a file. Its queries take microseconds, so they run without a separate thread.
#[derive(Debug)]
pub(crate) struct Store(Mutex<Connection>);

impl Store {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let connection =
            Connection::open(path).with_context(|| format!("opening {}", path.display()))?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self(Mutex::new(connection)))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a session.
    pub(crate) fn log_in(&self, user_id: &str) -> Result<String> {
        let token = uuid::Uuid::new_v4().to_string();
        self.connection()
            .execute("INSERT INTO sessions VALUES (?1, ?2)", params![token, user_id])?;
        Ok(token)
    }

    /// Returns the user of a session.
    pub(crate) fn user_of(&self, token: &str) -> Result<Option<String>> {
        let query = "SELECT user_id FROM sessions WHERE token = ?1";
        Ok(self.connection().query_row(query, [token], |row| row.get(0)).optional()?)
    }

    /// Stores the users of a channel.
    pub(crate) fn begin_conversation(&self, cid: &str, users: [&str; 2]) -> Result<()> {
        let connection = self.connection();
        for user_id in users {
            connection
                .execute("INSERT OR IGNORE INTO conversations VALUES (?1, ?2)", [cid, user_id])?;
        }
        Ok(())
    }

    /// Counts a message as unread for all users of its channel but the author. It counts once,
    /// whatever the number of deliveries, and in one transaction, so that a crash counts nothing.
    pub(crate) fn count_message(&self, cid: &str, message_id: &str, author: &str) -> Result<()> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        let is_new =
            transaction.execute("INSERT OR IGNORE INTO counted VALUES (?1)", [message_id])? > 0;
        if is_new {
            transaction.execute(
                "INSERT INTO unread
                 SELECT user_id, cid, 1 FROM conversations WHERE cid = ?1 AND user_id != ?2
                 ON CONFLICT DO UPDATE SET messages = messages + 1",
                [cid, author],
            )?;
        }
        Ok(transaction.commit()?)
    }

    /// Marks a channel as read by a user.
    pub(crate) fn mark_read(&self, cid: &str, user_id: &str) -> Result<()> {
        self.connection()
            .execute("DELETE FROM unread WHERE cid = ?1 AND user_id = ?2", [cid, user_id])?;
        Ok(())
    }

    /// Returns the number of a user's unread messages.
    pub(crate) fn unread(&self, user_id: &str) -> Result<i64> {
        let query = "SELECT COALESCE(SUM(messages), 0) FROM unread WHERE user_id = ?1";
        Ok(self.connection().query_row(query, [user_id], |row| row.get(0))?)
    }
}
