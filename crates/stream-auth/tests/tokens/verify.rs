//! Tokens that were signed with the secret and are valid now are accepted, whoever signed them.

use std::time::{Duration, SystemTime};

use serde_json::json;

use crate::forge::{NOW, at, base64url, secret, sign, sign_claims};
use stream_auth::token::dangerous_decode_unverified;
use stream_auth::{ApiSecret, TokenSigner, TokenVerifier, VerifyError};

fn verifier() -> TokenVerifier {
    TokenVerifier::new(&secret())
}

#[test]
fn claims_are_read_back_as_signed() {
    let token = TokenSigner::new(&secret())
        .user_token("john")
        .expires_in(Duration::from_secs(60))
        .not_before(at(NOW))
        .role("admin")
        .channel_cids(["messaging:general"])
        .call_cids(["default:1"])
        .claim("team", json!({"id": 7}))
        .sign_at(at(NOW))
        .unwrap();
    let claims = verifier().verify_at(token.expose_secret(), at(NOW)).unwrap();
    assert_eq!(claims.user_id.as_deref(), Some("john"));
    assert!(!claims.server);
    assert_eq!(claims.issued_at, Some(at(NOW - 5)));
    assert_eq!(claims.expires_at, Some(at(NOW + 60)));
    assert_eq!(claims.not_before, Some(at(NOW)));
    assert_eq!(claims.role.as_deref(), Some("admin"));
    assert_eq!(claims.channel_cids.as_deref(), Some(&["messaging:general".to_owned()][..]));
    assert_eq!(claims.call_cids.as_deref(), Some(&["default:1".to_owned()][..]));
    assert_eq!(claims.custom.get("team"), Some(&json!({"id": 7})));
    assert_eq!(claims.custom.len(), 1);
}

#[test]
fn server_tokens_are_recognized() {
    let token = TokenSigner::new(&secret()).server_token();
    let claims =
        verifier().revoked_before(SystemTime::now()).verify(token.expose_secret()).unwrap();
    assert!(claims.server);
    assert_eq!(claims.user_id, None);
}

#[test]
fn tokens_of_other_implementations_are_accepted() {
    // The example of jwt.io.
    let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6Ikpva\
        G4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
    let verifier = TokenVerifier::new(&ApiSecret::new("your-256-bit-secret").unwrap());
    let claims = verifier.verify(token).unwrap();
    assert_eq!(claims.custom.get("name"), Some(&json!("John Doe")));

    let headers = [
        r#"{"typ":"JWT","alg":"HS256"}"#,
        r#"{"alg":"HS256"}"#,
        "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}",
        r#"{"alg":"HS256","typ":"JWT","kid":"1","extra":{"a":[1]}}"#,
    ];
    for header in headers {
        assert!(self::verifier().verify(&sign(header, r#"{"user_id":"a"}"#)).is_ok(), "{header}");
    }
}

#[test]
fn dates_may_be_null_or_have_fractions() {
    let claims = verifier()
        .verify_at(&sign_claims(r#"{"user_id":"a","iat":1699999999.5,"exp":null}"#), at(NOW))
        .unwrap();
    assert_eq!(claims.issued_at, Some(at(NOW) - Duration::from_millis(500)));
    assert_eq!(claims.expires_at, None);
}

#[test]
fn expiry_and_issue_time_are_checked_with_leeway() {
    let exact = verifier();
    let lenient = verifier().leeway(Duration::from_secs(10));

    let expiring = sign_claims(r#"{"user_id":"a","exp":1700000000}"#);
    assert!(exact.verify_at(&expiring, at(NOW - 1)).is_ok());
    let refused = exact.verify_at(&expiring, at(NOW));
    assert_eq!(refused, Err(VerifyError::Expired { expired_at: at(NOW) }));
    assert!(lenient.verify_at(&expiring, at(NOW + 9)).is_ok());
    let refused = lenient.verify_at(&expiring, at(NOW + 10));
    assert_eq!(refused, Err(VerifyError::Expired { expired_at: at(NOW) }));

    let early = sign_claims(r#"{"user_id":"a","nbf":1700000000}"#);
    assert!(exact.verify_at(&early, at(NOW)).is_ok());
    let refused = exact.verify_at(&early, at(NOW - 1));
    assert_eq!(refused, Err(VerifyError::NotYetValid { valid_from: at(NOW) }));
    assert!(lenient.verify_at(&early, at(NOW - 10)).is_ok());
    let refused = lenient.verify_at(&early, at(NOW - 11));
    assert_eq!(refused, Err(VerifyError::NotYetValid { valid_from: at(NOW) }));

    let future = sign_claims(r#"{"user_id":"a","iat":1700000000}"#);
    assert!(exact.verify_at(&future, at(NOW)).is_ok());
    let refused = exact.verify_at(&future, at(NOW - 1));
    assert_eq!(refused, Err(VerifyError::IssuedInFuture { issued_at: at(NOW) }));
    assert!(lenient.verify_at(&future, at(NOW - 10)).is_ok());
}

#[test]
fn extreme_leeways_do_not_overflow() {
    let verifier = verifier().leeway(Duration::MAX);
    for claim in ["exp", "nbf", "iat"] {
        let token = sign_claims(&format!(r#"{{"user_id":"a","{claim}":1700000000}}"#));
        assert!(verifier.verify_at(&token, at(NOW)).is_ok());
    }
}

#[test]
fn revocation_compares_with_iat() {
    let verifier = verifier().revoked_before(at(NOW));
    let issued = |iat: u64| sign_claims(&format!(r#"{{"user_id":"a","iat":{iat}}}"#));
    assert!(verifier.verify_at(&issued(NOW), at(NOW)).is_ok());
    let revoked = |issued_at| VerifyError::Revoked { issued_at, revoked_before: at(NOW) };
    let refused = verifier.verify_at(&issued(NOW - 1), at(NOW));
    assert_eq!(refused, Err(revoked(Some(at(NOW - 1)))));
    let refused = verifier.verify_at(&sign_claims(r#"{"user_id":"a"}"#), at(NOW));
    assert_eq!(refused, Err(revoked(None)));
}

#[test]
fn secrets_can_be_rotated() {
    let old = ApiSecret::new("old").unwrap();
    let token = TokenSigner::new(&old).user_token("a").sign().unwrap();
    assert_eq!(verifier().verify(token.expose_secret()), Err(VerifyError::InvalidSignature));
    assert!(verifier().also_accept(&old).verify(token.expose_secret()).is_ok());
}

#[test]
fn decoding_without_verification_reads_any_token() {
    let token = format!("{}.{}.", base64url(r#"{"alg":"none"}"#), base64url(r#"{"user_id":"a"}"#));
    assert_eq!(dangerous_decode_unverified(&token).unwrap().user_id.as_deref(), Some("a"));
    assert_eq!(dangerous_decode_unverified("a.b"), Err(VerifyError::Malformed));
}

#[test]
fn both_readings_of_the_claims_agree() {
    for claims in [
        "{}",
        "null",
        "[]",
        "{",
        r#"{"user_id":"john","iat":1.5,"x":[null]}"#,
        r#"{"user_id":"john","user_id":"jane"}"#,
        r#"{"user_id":null,"user_id":"jane"}"#,
        r#"{"x":1,"x":2}"#,
        r#"{"ser\u0076er":true}"#,
        r#"{"role":1}"#,
    ] {
        let token = sign_claims(claims);
        let verified = verifier().verify_at(&token, at(NOW));
        assert_eq!(dangerous_decode_unverified(&token), verified, "{claims}");
    }
}
