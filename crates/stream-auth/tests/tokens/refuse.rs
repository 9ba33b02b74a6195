//! Every forged, changed or malformed token is refused.

use crate::forge::{base64url, secret, sign, sign_claims, sign_parts};
use stream_auth::token::dangerous_decode_unverified;
use stream_auth::{ApiSecret, TokenSigner, TokenVerifier, VerifyError};

const ADMIN: &str = r#"{"server":true}"#;

fn verify(token: &str) -> Result<stream_auth::Claims, VerifyError> {
    TokenVerifier::new(&secret()).verify(token)
}

#[test]
fn other_algorithms_are_refused() {
    // Each is signed with the right secret and HS256, so that only the header can be the reason.
    let algorithms = [
        "none", "None", "NONE", "nOnE", "hs256", "Hs256", "HS256 ", "HS384", "HS512", "RS256",
        "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA", "HS", "", "dir",
    ];
    for algorithm in algorithms {
        let token = sign(&format!(r#"{{"alg":"{algorithm}","typ":"JWT"}}"#), ADMIN);
        assert_eq!(verify(&token), Err(VerifyError::UnsupportedAlgorithm), "{algorithm}");
    }
}

#[test]
fn tokens_without_a_signature_are_refused() {
    for header in [r#"{"alg":"none"}"#, r#"{"alg":"none","typ":"JWT"}"#] {
        let unsigned = format!("{}.{}.", base64url(header), base64url(ADMIN));
        assert_eq!(verify(&unsigned), Err(VerifyError::UnsupportedAlgorithm));
    }
    let stripped = format!("{}.{}.", base64url(r#"{"alg":"HS256"}"#), base64url(ADMIN));
    assert_eq!(verify(&stripped), Err(VerifyError::InvalidSignature));
}

#[test]
fn forged_headers_are_refused() {
    let unsupported = [
        r"{}",
        r#"{"typ":"JWT"}"#,
        r#"{"alg":"HS256","alg":"none"}"#,
        r#"{"alg":"none","alg":"HS256"}"#,
        r#"{"ALG":"HS256"}"#,
        r#"{"alg":"HS256","crit":["b64"],"b64":false}"#,
        r#"[]"#,
        r#""HS256""#,
        "null",
    ];
    for header in unsupported {
        let refused = verify(&sign(header, ADMIN));
        assert_eq!(refused, Err(VerifyError::UnsupportedAlgorithm), "{header}");
    }
    let malformed = [
        "",
        "{",
        "HS256",
        r#"{"alg":"HS256"}}"#,
        "\u{feff}{\"alg\":\"HS256\"}",
        r#"{"alg":null}"#,
        r#"{"alg":["HS256"]}"#,
        r#"{"alg":256}"#,
    ];
    for header in malformed {
        assert_eq!(verify(&sign(header, ADMIN)), Err(VerifyError::Malformed), "{header}");
    }
}

#[test]
fn keys_in_the_header_are_not_used() {
    let attacker = ApiSecret::new("attacker").unwrap();
    let token = TokenSigner::new(&attacker).server_token();
    let signature = token.expose_secret().rsplit_once('.').unwrap().1;
    for header in [
        r#"{"alg":"HS256","jwk":{"kty":"oct","k":"YXR0YWNrZXI","alg":"HS256"}}"#,
        r#"{"alg":"HS256","jku":"https://attacker.example/keys"}"#,
        r#"{"alg":"HS256","x5u":"https://attacker.example/cert"}"#,
        r#"{"alg":"HS256","kid":"../../dev/null"}"#,
    ] {
        let token = format!("{}.{}.{signature}", base64url(header), base64url(ADMIN));
        assert_eq!(verify(&token), Err(VerifyError::InvalidSignature), "{header}");
    }
}

#[test]
fn malformed_tokens_are_refused() {
    let good = TokenSigner::new(&secret()).server_token().expose_secret().to_owned();
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (header, claims) = message.split_once('.').unwrap();
    let malformed = [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        "a".to_owned(),
        header.to_owned(),
        message.to_owned(),
        format!("{good}."),
        format!(".{good}"),
        format!("{good}.{signature}"),
        format!("{header}..{claims}.{signature}"),
        format!("{header}.{claims}.{signature}="),
        format!("{header}.{claims}.{}", signature.replace(['-', '_'], "/")),
        format!("{header}.{claims}. {signature}"),
        format!(" {good}"),
        format!("Bearer {good}"),
        format!("{good}\n"),
        format!("{header}=.{claims}.{signature}"),
        format!("{header}.{claims}.ü"),
        format!("!!.{claims}.{signature}"),
    ];
    for token in malformed {
        assert_eq!(verify(&token), Err(VerifyError::Malformed), "{token}");
    }

    for token in [
        format!("{header}.{claims}.{}", signature.get(1..).unwrap()),
        format!("{header}.{claims}.{signature}AAAA"),
        format!("{header}.{claims}.{}", "A".repeat(43)),
        format!("{header}.{claims}.{}", "A".repeat(1000)),
        format!("{header}.{}.{signature}", base64url(r#"{"server":1}"#)),
        format!("{header}..{signature}"),
    ] {
        let refused = verify(&token);
        assert!(
            matches!(refused, Err(VerifyError::InvalidSignature | VerifyError::Malformed)),
            "{token}: {refused:?}"
        );
    }
}

#[test]
fn the_unused_bits_of_the_last_digit_count() {
    let good = TokenSigner::new(&secret()).server_token().expose_secret().to_owned();
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (front, last) = good.split_at(good.len() - 1);
    let passing = alphabet.chars().filter(|digit| verify(&format!("{front}{digit}")).is_ok());
    assert_eq!(passing.collect::<String>(), last);
}

#[test]
fn claims_of_a_wrong_type_are_refused() {
    let claims = [
        "",
        "null",
        "[]",
        "{",
        r#""john""#,
        r#"{"user_id":1}"#,
        r#"{"server":"true"}"#,
        r#"{"exp":"tomorrow"}"#,
        r#"{"exp":-1}"#,
        r#"{"exp":1e300}"#,
        r#"{"exp":18446744073709551615}"#,
        r#"{"iat":true}"#,
        r#"{"channel_cids":"messaging:general"}"#,
        r#"{"user_id":"a","user_id":"b"}"#,
        r#"{"user_id":null,"user_id":"b"}"#,
        r#"{"user_id":"a","user_id":null}"#,
        r#"{"user_id":null,"user_id":null}"#,
        r#"{"server":null,"server":true}"#,
        r#"{"exp":null,"exp":9999999999}"#,
        r#"{"iat":1,"iat":2}"#,
        r#"{"custom":null,"custom":2}"#,
        r#"{"custom":1,"custom":2}"#,
        r#"{"user_id":"a"}}"#,
    ];
    for claims in claims {
        let refused = verify(&sign_claims(claims));
        assert!(matches!(refused, Err(VerifyError::InvalidClaims { .. })), "{claims}: {refused:?}");
    }
    let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(5000), "]".repeat(5000));
    let refused = verify(&sign_claims(&deep));
    assert!(matches!(refused, Err(VerifyError::InvalidClaims { .. })), "{refused:?}");
    let padded = sign_parts(&base64url(r#"{"alg":"HS256"}"#), "eyJzZXJ2ZXIiOnRydWV9====");
    assert_eq!(verify(&padded), Err(VerifyError::Malformed));
}

#[test]
fn tokens_that_are_too_long_are_refused() {
    let long = "a".repeat(64 * 1024 + 1);
    let error = VerifyError::TooLong { length: 65_537, limit: 65_536 };
    assert_eq!(verify(&long), Err(error.clone()));
    assert_eq!(dangerous_decode_unverified(&long), Err(error));
}

#[test]
fn nothing_is_read_before_the_signature_holds() {
    let good = TokenSigner::new(&secret()).server_token().expose_secret().to_owned();
    let header = good.split_once('.').unwrap().0;
    let token = format!("{header}.{}.{}", base64url("not JSON"), "A".repeat(43));
    assert_eq!(verify(&token), Err(VerifyError::InvalidSignature));
}
