//! No printed text contains a secret, a signature or a token.

use crate::pack::{EVENT, SECRET, headers, receiver, secret, signature};
use stream_chat::Client;
use stream_chat::auth::TokenSigner;
use stream_chat::token_source::{CachedTokenSource, Token, TokenSource, UserTokenSource};
use stream_chat::webhook::{
    QueueReceiver, RecentWebhooks, WebhookError, WebhookRejection, WebhookSigner,
};

#[tokio::test]
async fn secrets_are_never_shown() {
    let client = Client::new("key", SECRET).unwrap();
    let builder = Client::builder("key", SECRET);
    let webhook = receiver().event(&headers(EVENT), EVENT.as_bytes()).unwrap();
    let signature = signature(EVENT);
    let signed = UserTokenSource::new(TokenSigner::new(&secret()), "john");
    let token = signed.token().await.unwrap();
    let cached = CachedTokenSource::new(Token::new(token.expose_secret()));
    cached.token().await.unwrap();
    let shown = [
        format!("{client:?} {client:#?} {builder:?} {:?}", client.user("john")),
        format!("{:?} {:#?}", receiver(), client.webhook_receiver().unwrap()),
        format!("{webhook:?} {:?} {:?}", WebhookSigner::new(&secret()), QueueReceiver::new()),
        format!("{signed:?} {cached:?} {:?} {token:?}", RecentWebhooks::new()),
        format!("{:?}", client.user("john").token_source().unwrap()),
        format!("{:?}", client.user_token("john")),
    ];
    let errors = [
        receiver().event(&http::HeaderMap::new(), EVENT.as_bytes()),
        receiver().event(&headers("other"), EVENT.as_bytes()),
        receiver().event(&headers("{"), b"{"),
        receiver().max_body_size(3).event(&headers(EVENT), EVENT.as_bytes()),
    ];
    let errors = errors.map(|result| {
        let error = result.unwrap_err();
        let shown = format!("{error:?} {error}");
        let rejection = WebhookRejection::from(error.downcast::<WebhookError>().unwrap());
        format!("{shown} {rejection:?} {rejection}")
    });
    for text in shown.iter().chain(&errors) {
        for private in [SECRET, &signature, token.expose_secret()] {
            assert!(!text.contains(private), "{text}");
        }
    }
}
