use super::{Client, ClientBuilder};
use crate::call::Request;
use stream_models::users::{CreateGuest, CreateGuestRequest, UserRequest};

impl Client {
    /// Sets up a client without a user, which may do what the app allows to anyone.
    ///
    /// ```
    /// use stream_chat::Client;
    ///
    /// let anyone = Client::anonymous("key").build()?;
    /// # Ok::<(), stream_chat::Error>(())
    /// ```
    pub fn anonymous(api_key: impl Into<String>) -> ClientBuilder {
        ClientBuilder::anonymous(api_key)
    }

    /// Creates a guest: a user for a visitor without an account. The answer has the token of the
    /// guest, and the id under which the server holds it, which is not the one that was given.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use stream_chat::token_source::Token;
    /// use stream_chat::{Client, UserRequest};
    ///
    /// let guest = client.create_guest(UserRequest::new("visitor").name("A visitor")).await?;
    /// let token = Token::new(guest.access_token.expose());
    /// let acting_as_guest = Client::as_user("key", token).build()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `POST /api/v2/guest`
    pub fn create_guest(&self, user: impl Into<UserRequest>) -> Request<CreateGuest> {
        self.request(CreateGuest::new(CreateGuestRequest::new(user)))
    }
}
