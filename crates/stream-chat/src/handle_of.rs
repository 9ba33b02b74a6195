//! Handles to the objects in responses.

use crate::client::Client;
use crate::{Channel, Message, Poll, Thread, User};
use stream_models::channels::{
    ChannelResponse, ChannelStateResponse, ChannelStateResponseFields, TruncateChannelResponse,
    UpdateChannelPartialResponse, UpdateChannelResponse,
};
use stream_models::messages::{
    GetMessageResponse, MessageResponse, MessageWithChannelResponse, SearchResultMessage,
    SendMessageResponse, UpdateMessagePartialResponse, UpdateMessageResponse,
};
use stream_models::polls::{PollResponse, PollResponseData};
use stream_models::threads::{GetThreadResponse, ThreadResponse, ThreadStateResponse};
use stream_models::users::{FullUserResponse, UserResponse};

/// Defines a trait of responses that contain an object, with the handle for each type of response.
macro_rules! named {
    (
        $(#[$meta:meta])*
        $trait:ident, $method:ident -> $handle:ident, $says:literal:
        |$client:ident, $value:ident| $($response:ident => $made:expr;)*
    ) => {
        $(#[$meta])*
        pub trait $trait {
            #[doc = $says]
            #[must_use]
            fn $method(&self, client: &Client) -> $handle;
        }

        $(impl $trait for $response {
            fn $method(&self, $client: &Client) -> $handle {
                let $value = self;
                $made
            }
        })*
    };
}

named! {
    /// A response with a channel.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use stream_chat::HasChannel;
    ///
    /// let team = client.distinct_channel("messaging", ["john", "jane"]).created_by("john").await?;
    /// team.channel_handle(&client).start_typing("john").await?;
    /// # Ok(())
    /// # }
    /// ```
    HasChannel, channel_handle -> Channel,
    "Returns a handle to the channel. This sends no request.":
    |client, value|
    ChannelResponse => client.channel_by_cid(&value.cid);
    ChannelStateResponse => value.channel.channel_handle(client);
    ChannelStateResponseFields => value.channel.channel_handle(client);
    MessageResponse => client.channel_by_cid(&value.cid);
    MessageWithChannelResponse => value.channel.channel_handle(client);
    SearchResultMessage => client.channel_by_cid(&value.cid);
    ThreadResponse => client.channel_by_cid(&value.channel_cid);
    ThreadStateResponse => client.channel_by_cid(&value.channel_cid);
    TruncateChannelResponse => value.channel.channel_handle(client);
    UpdateChannelPartialResponse => value.channel.channel_handle(client);
    UpdateChannelResponse => value.channel.channel_handle(client);
}

named! {
    /// A response with a message.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use stream_chat::{HasMessage, MessageRequest};
    ///
    /// let channel = client.channel("messaging", "general");
    /// let sent = channel.send_message(MessageRequest::from("Hi").user_id("john")).await?;
    /// sent.message_handle(&client).pin("john").await?;
    /// # Ok(())
    /// # }
    /// ```
    HasMessage, message_handle -> Message,
    "Returns a handle to the message. This sends no request.":
    |client, value|
    GetMessageResponse => value.message.message_handle(client);
    MessageResponse => client.message(&*value.id);
    MessageWithChannelResponse => client.message(&*value.id);
    SearchResultMessage => client.message(&*value.id);
    SendMessageResponse => value.message.message_handle(client);
    UpdateMessagePartialResponse => value.message.message_handle(client);
    UpdateMessageResponse => value.message.message_handle(client);
}

named! {
    /// A response with a user.
    HasUser, user_handle -> User,
    "Returns a handle to the user. This sends no request.":
    |client, value|
    FullUserResponse => client.user(&*value.id);
    UserResponse => client.user(&*value.id);
}

named! {
    /// A response with a thread.
    HasThread, thread_handle -> Thread,
    "Returns a handle to the thread. This sends no request.":
    |client, value|
    GetThreadResponse => value.thread.thread_handle(client);
    ThreadResponse => client.thread(&*value.parent_message_id);
    ThreadStateResponse => client.thread(&*value.parent_message_id);
}

named! {
    /// A response with a poll.
    HasPoll, poll_handle -> Poll,
    "Returns a handle to the poll. This sends no request.":
    |client, value|
    PollResponse => value.poll.poll_handle(client);
    PollResponseData => client.poll(&*value.id);
}
