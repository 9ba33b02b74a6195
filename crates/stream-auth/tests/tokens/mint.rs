//! Signed tokens contain exactly the claims that were set, in the form of the official SDKs.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use serde_json::json;

use crate::forge::{NOW, at, secret};
use stream_auth::token::dangerous_decode_unverified;
use stream_auth::{ApiSecret, SecretError, SignError, TokenSigner};

// Computed with hmac and hashlib of Python 3.
const SERVER_TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzZXJ2ZXIiOnRydWV9\
    .gzAdFn50u47bzLAyLjwB_8Q7E4jTXiZ8oVP4enbt-vw";
const USER_TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9\
    .eyJ1c2VyX2lkIjoiam9obiIsImlhdCI6MTY5OTk5OTk5NSwiZXhwIjoxNzAwMDAzNjAwfQ\
    .DSrXvUlXgolDWOxE7uB4CBAbHEC7X-_5s5lRKoCQ_xI";
const FULL_TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoiasO8cmdlbiIsImlhdCI6MTY5OTk5OTk5NSwiZ\
    XhwIjoxNzAwMDAzNjAwLCJuYmYiOjE3MDAwMDAwMDAsInJvbGUiOiJhZG1pbiIsImNoYW5uZWxfY2lkcyI6WyJtZXN\
    zYWdpbmc6Z2VuZXJhbCJdLCJjYWxsX2NpZHMiOlsiZGVmYXVsdDoxIl0sInRlYW0iOnsiaWQiOjd9fQ.tM_K3_s1ON\
    egwyt9AMA7YMcWVx_8IFj44xVyFFDMExQ";

fn signer() -> TokenSigner {
    TokenSigner::new(&secret())
}

#[test]
fn the_server_token_is_that_of_another_implementation() {
    assert_eq!(signer().server_token().expose_secret(), SERVER_TOKEN);
}

#[test]
fn user_tokens_are_those_of_another_implementation() {
    let token =
        signer().user_token("john").expires_in(Duration::from_secs(3600)).sign_at(at(NOW)).unwrap();
    assert_eq!(token.expose_secret(), USER_TOKEN);

    let token = signer()
        .user_token("jürgen")
        .expires_at(at(NOW + 3600))
        .not_before(at(NOW))
        .role("admin")
        .channel_cids(["messaging:general"])
        .call_cids(["default:1"])
        .claim("team", json!({"id": 7}))
        .sign_at(at(NOW))
        .unwrap();
    assert_eq!(token.expose_secret(), FULL_TOKEN);
}

#[test]
fn iat_is_back_dated_and_can_be_set() {
    let claims = |token: &str| dangerous_decode_unverified(token).unwrap();
    let token = signer().user_token("john").sign_at(at(NOW)).unwrap();
    assert_eq!(claims(token.expose_secret()).issued_at, Some(at(NOW - 5)));
    assert_eq!(claims(token.expose_secret()).expires_at, None);

    let token = signer().user_token("john").issued_at(at(NOW + 7)).sign_at(at(NOW)).unwrap();
    assert_eq!(claims(token.expose_secret()).issued_at, Some(at(NOW + 7)));

    let token = signer().user_token("john").sign_at(at(2)).unwrap();
    assert_eq!(claims(token.expose_secret()).issued_at, Some(at(0)));
}

#[test]
fn the_later_expiry_replaces_the_earlier() {
    let signer = signer();
    let hour = Duration::from_secs(3600);
    let token = signer.user_token("a").expires_in(hour).expires_at(at(NOW + 1));
    let claims =
        dangerous_decode_unverified(token.sign_at(at(NOW)).unwrap().expose_secret()).unwrap();
    assert_eq!(claims.expires_at, Some(at(NOW + 1)));
}

#[test]
fn lists_that_were_set_to_empty_are_written() {
    let token = signer().user_token("john").channel_cids([""; 0]).sign().unwrap();
    let claims = dangerous_decode_unverified(token.expose_secret()).unwrap();
    assert_eq!(claims.channel_cids, Some(Vec::new()));
    assert_eq!(claims.call_cids, None);
}

#[test]
fn call_guest_and_anonymous_tokens_have_their_claims() {
    let signer = signer();
    let claims = |builder: stream_auth::TokenBuilder<'_>| {
        dangerous_decode_unverified(builder.sign().unwrap().expose_secret()).unwrap()
    };
    let call = claims(signer.call_token("john", ["default:a", "default:b"]));
    assert_eq!(call.call_cids.unwrap(), ["default:a", "default:b"]);

    let guest = claims(signer.guest_token("guest-1"));
    assert_eq!((guest.user_id.as_deref(), guest.role.as_deref()), (Some("guest-1"), Some("guest")));

    let anonymous = claims(signer.anonymous_token().call_cids(["default:a"]));
    assert_eq!(anonymous.user_id.as_deref(), Some("!anon"));
}

#[test]
fn reserved_claims_cannot_be_set_as_custom_ones() {
    let reserved = ["user_id", "server", "iat", "exp", "nbf", "role", "channel_cids", "call_cids"];
    for name in reserved {
        let refused = signer().user_token("john").claim(name, true).claim("fine", 1).sign();
        let Err(SignError::ReservedClaim { name: refused }) = refused else {
            panic!("{name} was accepted");
        };
        assert_eq!(refused, name);
    }
}

#[test]
fn invalid_tokens_are_not_signed() {
    let signer = signer();
    let day = Duration::from_secs(86_400);

    let error = signer.user_token("").sign().unwrap_err();
    assert!(matches!(error, SignError::EmptyUserId));

    for expiry in [NOW, NOW - 1] {
        let error = signer.user_token("a").expires_at(at(expiry)).sign_at(at(NOW)).unwrap_err();
        assert!(matches!(error, SignError::ExpiryInPast { now: NOW, .. }), "{error}");
    }
    for lifetime in [Duration::ZERO, Duration::from_millis(999)] {
        let error = signer.user_token("a").expires_in(lifetime).sign().unwrap_err();
        assert!(matches!(error, SignError::ExpiryInPast { .. }), "{error}");
    }

    let error = signer.user_token("a").expires_in(Duration::MAX).sign().unwrap_err();
    assert!(matches!(error, SignError::TimeOutOfRange { claim: "exp" }), "{error}");
    let error = signer.user_token("a").issued_at(SystemTime::UNIX_EPOCH - day).sign().unwrap_err();
    assert!(matches!(error, SignError::TimeOutOfRange { claim: "iat" }), "{error}");

    for cid in ["general", "messaging:", ":general", ""] {
        let error = signer.user_token("a").channel_cids([cid]).sign().unwrap_err();
        assert!(matches!(error, SignError::InvalidCid { claim: "channel_cids", .. }), "{error}");
        let error = signer.call_token("a", [cid]).sign().unwrap_err();
        assert!(matches!(error, SignError::InvalidCid { claim: "call_cids", .. }), "{error}");
    }

    let not_json = HashMap::from([((1, 2), 3)]);
    let error = signer.user_token("a").claim("pairs", not_json).sign().unwrap_err();
    assert!(matches!(error, SignError::UnserializableClaim { ref name, .. } if name == "pairs"));
}

#[test]
fn empty_and_blank_secrets_are_refused() {
    assert_eq!(ApiSecret::new("").unwrap_err(), SecretError::Empty);
    assert_eq!(ApiSecret::new(" \n").unwrap_err(), SecretError::Blank);
    for text in ["abc\n", "abc\r\n", "a\tc", "\0abc", "abc\u{85}"] {
        assert_eq!(ApiSecret::new(text).unwrap_err(), SecretError::ControlCharacter, "{text:?}");
    }
    assert_eq!(ApiSecret::new(" a c ").unwrap().expose_secret(), " a c ");
    assert_eq!("abc".parse::<ApiSecret>().unwrap().expose_secret(), "abc");
}
