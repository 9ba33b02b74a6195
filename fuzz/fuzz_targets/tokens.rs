//! Tokens: an unsigned token is refused, and an accepted token was signed and is valid now.
#![no_main]

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;

use stream_auth::token::dangerous_decode_unverified;
use stream_auth::webhook::WebhookSigner;
use stream_auth::{ApiSecret, Claims, TokenVerifier, VerifyError};

const PLAIN_HEADER: &[u8] = br#"{"alg":"HS256","typ":"JWT"}"#;

fuzz_target!(|data: &[u8]| {
    let secret = ApiSecret::new("the secret of the app").unwrap();
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let verifier = TokenVerifier::new(&secret);

    if let Ok(text) = std::str::from_utf8(data) {
        assert!(seen(verifier.verify(text)).is_none());
        let _ = seen(dangerous_decode_unverified(text));
    }

    // If there is a line feed, the header is before it.
    let (header, claims) = match data.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&data[..end], &data[end + 1..]),
        None => (PLAIN_HEADER, data),
    };
    let token = signed(&secret, header, claims);
    let accepted = seen(verifier.verify_at(&token, now));
    if let Some(claims) = &accepted {
        assert!(claims.expires_at.is_none_or(|at| at > now));
        assert!(claims.not_before.is_none_or(|at| at <= now));
        assert!(claims.issued_at.is_none_or(|at| at <= now));
        assert_eq!(dangerous_decode_unverified(&token).as_ref(), Ok(claims));
    }

    let patient = verifier.clone().leeway(Duration::MAX);
    let relented = seen(patient.verify_at(&token, now));
    assert!(accepted.is_none() || relented == accepted);
    let revoking = verifier.clone().revoked_before(now);
    if let Some(claims) = seen(revoking.verify_at(&token, now)) {
        assert!(claims.server || claims.issued_at == Some(now));
    }

    let stranger = TokenVerifier::new(&ApiSecret::new("another secret").unwrap());
    assert!(seen(stranger.verify_at(&token, now)).is_none());
    let mut changed = token.into_bytes();
    let position = data.iter().map(|byte| usize::from(*byte)).sum::<usize>() % changed.len();
    changed[position] ^= 1;
    let changed = String::from_utf8(changed).unwrap();
    assert!(seen(verifier.verify_at(&changed, now)).is_none());
});

/// Signs any header and claims, with the signer of webhooks, which computes the same HMAC.
fn signed(secret: &ApiSecret, header: &[u8], claims: &[u8]) -> String {
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let digits = WebhookSigner::new(secret).sign(input.as_bytes());
    let signature: Vec<u8> = (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect();
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Returns the claims, or prints the error, which must not panic.
fn seen(result: Result<Claims, VerifyError>) -> Option<Claims> {
    result.inspect_err(|error| drop(format!("{error} {error:?}"))).ok()
}
