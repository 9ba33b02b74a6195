//! No printed text contains a secret or a token.

use std::error::Error;
use std::time::Duration;

use crate::forge::{SECRET, secret, sign};
use stream_auth::token::dangerous_decode_unverified;
use stream_auth::{ApiSecret, TokenSigner, TokenVerifier};

fn shown(error: &dyn Error) -> String {
    let mut text = format!("{error:?} {error:#?} {error}");
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(&format!(" {error:?} {error}"));
        source = error.source();
    }
    text
}

#[test]
fn neither_secret_nor_token_is_shown() {
    let secret = secret();
    let signer = TokenSigner::new(&secret);
    let verifier = TokenVerifier::new(&secret);
    let token = signer.user_token("john").sign().unwrap();
    let builder = signer.user_token("john").claim("team", "red");

    let mut texts = vec![
        format!("{secret:?} {secret:#?}"),
        format!("{signer:?} {signer:#?}"),
        format!("{verifier:?} {verifier:#?}"),
        format!("{builder:?} {builder:#?}"),
        format!("{token:?} {token:#?}"),
    ];
    texts.push(shown(&signer.user_token("").sign().unwrap_err()));
    texts.push(shown(&signer.user_token("a").expires_in(Duration::ZERO).sign().unwrap_err()));
    texts.push(shown(&signer.user_token("a").claim("exp", 1).sign().unwrap_err()));
    texts.push(shown(&signer.user_token("a").channel_cids(["b"]).sign().unwrap_err()));
    texts.push(shown(&ApiSecret::new("").unwrap_err()));

    let other = TokenVerifier::new(&ApiSecret::new("other").unwrap());
    texts.push(shown(&other.verify(token.expose_secret()).unwrap_err()));
    texts.push(shown(&verifier.verify(&format!("{}.x", token.expose_secret())).unwrap_err()));
    texts.push(shown(&verifier.verify(&sign(r#"{"alg":"none"}"#, "{}")).unwrap_err()));
    texts.push(shown(&verifier.verify(&sign(r#"{"alg":"HS256"}"#, "{")).unwrap_err()));
    texts
        .push(shown(&dangerous_decode_unverified(&token.expose_secret().repeat(400)).unwrap_err()));

    let secret_as_numbers = format!("{:?}", SECRET.as_bytes());
    let secret_as_numbers = secret_as_numbers.trim_matches(['[', ']']);
    for text in texts {
        assert!(!text.contains(SECRET), "{text}");
        assert!(!text.contains(secret_as_numbers), "{text}");
        for part in token.expose_secret().split('.') {
            assert!(!text.contains(part), "{text}");
        }
    }
}

#[test]
fn a_signer_is_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + 'static>() {}
    shared::<ApiSecret>();
    shared::<TokenSigner>();
    shared::<TokenVerifier>();
}
