//! The user on whose behalf a request acts.

/// The acting user: a user ID, a handle to a user, or [`Me`].
///
/// ```no_run
/// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
/// let (channel, john) = (client.channel("messaging", "general"), client.user("john"));
/// channel.mark_read("john").await?;
/// channel.mark_read(&john).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor(Option<String>);

/// The user that the client acts as; see [`Client::as_user`](crate::Client::as_user).
///
/// The server takes the user from the token. A client with the secret of the app acts as nobody, so
/// the server refuses its requests with `Me`.
///
/// ```no_run
/// # async fn example(john: stream_chat::Client) -> Result<(), stream_chat::Error> {
/// use stream_chat::Me;
///
/// john.channel("messaging", "general").mark_read(Me).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Me;

impl Actor {
    /// Returns the ID, unless it is the user of the client.
    pub(crate) fn into_id(self) -> Option<String> {
        self.0
    }
}

impl From<Me> for Actor {
    fn from(_: Me) -> Self {
        Self(None)
    }
}

impl From<&str> for Actor {
    fn from(user_id: &str) -> Self {
        Self(Some(user_id.to_owned()))
    }
}

impl From<String> for Actor {
    fn from(user_id: String) -> Self {
        Self(Some(user_id))
    }
}

impl From<&String> for Actor {
    fn from(user_id: &String) -> Self {
        Self(Some(user_id.clone()))
    }
}
