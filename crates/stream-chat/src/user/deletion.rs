//! Deletion and restoration of a user.

use super::User;
use crate::bulk::Bulk;
use stream_models::users::{DeleteUsers, DeletionMode, RestoreUsers, SoftOrHardDeletion};

/// # Deletion
impl User {
    /// Deletes the user in the background; see [`Client::delete_users`](crate::Client::delete_users).
    ///
    /// `POST /api/v2/users/delete` · [guide](crate::guide::users)
    pub fn delete(&self) -> Bulk<'static, DeleteUsers, String> {
        self.client().delete_users([self.id().to_owned()])
    }

    /// Restores the user after a soft deletion.
    ///
    /// `POST /api/v2/users/restore` · [guide](crate::guide::users)
    pub fn restore(&self) -> Bulk<'static, RestoreUsers, String> {
        self.client().restore_users([self.id().to_owned()])
    }
}

/// Options for the users and their content. Without them, users are deleted softly and their
/// content remains.
///
/// ```no_run
/// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
/// client.delete_users(["john", "jane"]).hard().messages_hard().and_wait().await?;
/// # Ok(())
/// # }
/// ```
impl<T> Bulk<'_, DeleteUsers, T> {
    /// Marks the users as deleted; they can be restored.
    pub fn soft(self) -> Self {
        self.mode(DeletionMode::Soft)
    }

    /// Marks the users as deleted and erases their data.
    pub fn pruning(self) -> Self {
        self.mode(DeletionMode::Pruning)
    }

    /// Erases the users. The server then requires their messages to be erased too.
    pub fn hard(self) -> Self {
        self.mode(DeletionMode::Hard)
    }

    /// Marks the messages of the users as deleted.
    pub fn messages_soft(self) -> Self {
        self.delete_messages(DeletionMode::Soft)
    }

    /// Marks the messages of the users as deleted and erases their content.
    pub fn messages_pruning(self) -> Self {
        self.delete_messages(DeletionMode::Pruning)
    }

    /// Erases the messages of the users.
    pub fn messages_hard(self) -> Self {
        self.delete_messages(DeletionMode::Hard)
    }

    /// Marks the one-to-one conversations of the users as deleted.
    pub fn conversations_soft(self) -> Self {
        self.delete_conversations(SoftOrHardDeletion::Soft)
    }

    /// Erases the one-to-one conversations of the users.
    pub fn conversations_hard(self) -> Self {
        self.delete_conversations(SoftOrHardDeletion::Hard)
    }
}
