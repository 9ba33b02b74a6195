//! What callers may do with the public types: send them to other threads, share, clone and print
//! them.

use std::fmt::Debug;
use std::future::IntoFuture;

use stream_chat::auth::{ApiSecret, Claims, TokenSigner, TokenVerifier};
use stream_chat::models::channels::{ChannelFilter, ChannelSort};
use stream_chat::models::events::Event;
use stream_chat::models::filter::Untyped;
use stream_chat::models::messages::SendMessage;
use stream_chat::models::users::{QueryUsers, UpdateUsers};
use stream_chat::testing::{Recorder, Replayer, Script};
use stream_chat::transport::hyper::HyperTransport;
use stream_chat::transport::{Executor, RateLimiter, SharedTransport};
use stream_chat::webhook::{QueueReceiver, Webhook, WebhookEndpoint, WebhookReceiver};
use stream_chat::{
    Bulk, CallOptions, Channel, Client, ClientBuilder, Error, Items, Message, Pages, Request,
    Response, RetryPolicy, Task, Thread, Token, Upload, User, UserRequest, UserTokenBuilder,
};

fn is_shared<T: Send + Sync + Debug + 'static>() {}

fn is_value<T: Send + Sync + Debug + Clone + 'static>() {}

fn is_sent<T: Send + Debug>() {}

#[test]
fn public_types_are_sent_shared_cloned_and_printed() {
    is_value::<Client>();
    is_value::<Executor>();
    is_value::<(Channel, Message, Task, Thread, User)>();
    is_value::<Request<SendMessage>>();
    is_value::<(CallOptions, RetryPolicy, Upload, UserRequest)>();
    is_value::<(ApiSecret, Claims, Token, TokenSigner, TokenVerifier)>();
    is_value::<(HyperTransport, SharedTransport, Recorder<HyperTransport>, Replayer, Script)>();
    is_value::<(WebhookReceiver, QueueReceiver, Webhook<Event>, Event)>();
    is_value::<WebhookEndpoint<fn(Webhook) -> std::future::Ready<Result<(), Error>>>>();
    is_value::<ClientBuilder>();
    is_shared::<(Error, RateLimiter, Response<Vec<u8>>)>();
    is_shared::<(ChannelFilter, ChannelSort, Untyped)>();
    is_sent::<Bulk<'static, UpdateUsers, UserRequest>>();
    is_sent::<(Pages<QueryUsers>, Items<QueryUsers>)>();
    is_sent::<UserTokenBuilder<'static>>();
}

/// Futures that are spawned own all they need.
#[tokio::test]
async fn futures_are_spawned() {
    fn spawned<F: IntoFuture>(future: F)
    where
        F::IntoFuture: Send + 'static,
    {
        drop(future.into_future());
    }
    let client = Client::scripted(&Script::new()).unwrap();
    spawned(client.app());
    spawned(client.send(QueryUsers::new()));
    spawned(client.upsert_users(["john"]));
    spawned(client.delete_users(["john"]).and_wait());
    spawned(client.channel("messaging", "general").send_message("Hello"));
    spawned(async move {
        let mut users = client.query_users(stream_chat::Filter::new()).items();
        let _ = (client.user("john").get().await, client.create_user_if_missing("john").await);
        let _ = (client.add_webhook("https://example.com").await, users.next().await);
        let _ = client.channel_types().edit("messaging", |settings| settings.reactions(true)).await;
        let _ = (users.collect().await, client.task("1").wait().await);
    });
}
