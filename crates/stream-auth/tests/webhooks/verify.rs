//! Only bodies that the app's secret signed verify, plain or gzip, within the limits.

use crate::pack::{EVENT, gzip, secret};
use stream_auth::ApiSecret;
use stream_auth::webhook::{
    DEFAULT_MAX_BODY_SIZE, VerifiedBody, WebhookError, WebhookSignature, WebhookSigner,
    WebhookVerifier,
};

// Computed with hmac and hashlib of Python 3.
const SIGNATURE: &str = "47d341a2f5e85799a8fceb330e4ac044a06547bd58e06f90c83a2f8aedfa9382";

fn verifier() -> WebhookVerifier {
    WebhookVerifier::new(&secret())
}

fn verify<'b>(body: &'b [u8], signature: &str) -> Result<VerifiedBody<'b>, WebhookError> {
    verifier().verify(body, Some(signature.as_bytes()))
}

fn sign(body: impl AsRef<[u8]>) -> String {
    WebhookSigner::new(&secret()).sign(body.as_ref())
}

#[test]
fn signatures_are_those_of_another_implementation() {
    assert_eq!(sign(EVENT), SIGNATURE);
    assert_eq!(verify(EVENT.as_bytes(), SIGNATURE).unwrap().as_bytes(), EVENT.as_bytes());

    // RFC 4231, test case 2.
    let signer = WebhookSigner::new(&ApiSecret::new("Jefe").unwrap());
    let signature = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    assert_eq!(signer.sign(b"what do ya want for nothing?"), signature);
}

#[test]
fn a_plain_body_is_not_copied() {
    let body = verify(EVENT.as_bytes(), SIGNATURE).unwrap().into_bytes();
    assert_eq!(body.as_ptr(), EVENT.as_ptr());
}

#[test]
fn a_missing_signature_is_refused() {
    let refused = verifier().verify(EVENT.as_bytes(), None).unwrap_err();
    assert!(matches!(refused, WebhookError::MissingSignature));
    assert!(refused.is_authentication_failure());
}

#[test]
fn wrong_signatures_are_refused() {
    let upper = SIGNATURE.to_uppercase();
    let long = format!("{SIGNATURE}00");
    let prefixed = format!("sha256={SIGNATURE}");
    let spaced = format!(" {SIGNATURE}");
    let other = WebhookSigner::new(&ApiSecret::new("other").unwrap()).sign(EVENT.as_bytes());
    for signature in ["", "00", &upper, &long, &prefixed, &spaced, &other, &"g".repeat(64)] {
        let refused = verify(EVENT.as_bytes(), signature).unwrap_err();
        assert!(matches!(refused, WebhookError::SignatureMismatch), "{signature}");
        assert!(refused.is_authentication_failure());
    }
    let not_text = verifier().verify(EVENT.as_bytes(), Some(&[0xff; 64])).unwrap_err();
    assert!(matches!(not_text, WebhookError::SignatureMismatch));
}

#[test]
fn signatures_cover_the_bytes_and_not_the_json() {
    let rewritten = r#"{ "type": "message.new" }"#;
    let refused = verify(rewritten.as_bytes(), SIGNATURE).unwrap_err();
    assert!(matches!(refused, WebhookError::SignatureMismatch));

    // A signed body that is not JSON verifies; the decoder reports it.
    assert!(verify(b"\xff\x00", &sign(b"\xff\x00")).is_ok());
    assert!(verify(b"", &sign(b"")).is_ok());
}

#[test]
fn gzip_is_found_by_its_bytes_and_signed_unpacked() {
    let packed = gzip(EVENT);
    assert_eq!(verify(&packed, SIGNATURE).unwrap().into_vec(), EVENT.as_bytes());
    let refused = verify(&packed, &sign(&packed)).unwrap_err();
    assert!(matches!(refused, WebhookError::SignatureMismatch));
}

#[test]
fn gzip_may_have_several_members() {
    let (front, back) = EVENT.split_at(7);
    let packed = [gzip(front), gzip(back)].concat();
    assert_eq!(verify(&packed, SIGNATURE).unwrap().as_bytes(), EVENT.as_bytes());
}

#[test]
fn broken_gzip_is_refused() {
    let packed = gzip(EVENT);
    let garbage_after = [&packed[..], b"garbage"].concat();
    let mut wrong_checksum = packed.clone();
    let checksum = wrong_checksum.len() - 8;
    wrong_checksum[checksum] ^= 1;
    for broken in [&packed[..packed.len() - 1], &packed[..2], &garbage_after, &wrong_checksum] {
        let refused = verify(broken, SIGNATURE).unwrap_err();
        assert!(matches!(refused, WebhookError::GzipFailed { .. }), "{refused:?}");
        assert!(!refused.is_authentication_failure());
    }
}

#[test]
fn the_limit_applies_before_and_after_decompression() {
    let body = vec![b' '; 1000];
    let packed = gzip(&body);
    let signature = sign(&body);
    for (limit, fits) in [(1000, true), (999, false), (packed.len(), false), (0, false)] {
        let verifier = verifier().max_body_size(limit);
        for body in [&body, &packed] {
            match verifier.verify(body, Some(signature.as_bytes())) {
                Ok(_) => assert!(fits, "{limit}"),
                Err(WebhookError::TooLarge { limit: told }) => assert!(!fits && told == limit),
                Err(other) => panic!("{other}"),
            }
        }
    }
    let unlimited = verifier().max_body_size(usize::MAX);
    assert!(unlimited.verify(&packed, Some(signature.as_bytes())).is_ok());
}

#[test]
fn a_bomb_is_refused() {
    let bomb = gzip(vec![0; 64 * 1024 * 1024]);
    assert!(bomb.len() < 100_000);
    let refused = verify(&bomb, SIGNATURE).unwrap_err();
    assert!(matches!(refused, WebhookError::TooLarge { limit: DEFAULT_MAX_BODY_SIZE }));
}

#[test]
fn more_than_eight_gzip_members_are_refused() {
    let members = |count: usize| [gzip("").repeat(count - 1), gzip(EVENT)].concat();
    assert_eq!(verify(&members(8), SIGNATURE).unwrap().as_bytes(), EVENT.as_bytes());
    for count in [9, 10_000] {
        let refused = verify(&members(count), SIGNATURE).unwrap_err();
        assert!(matches!(refused, WebhookError::GzipFailed { .. }), "{count}: {refused:?}");
    }
    // Members after the event count, too.
    let after = [gzip(EVENT), gzip("").repeat(8)].concat();
    assert!(matches!(verify(&after, SIGNATURE), Err(WebhookError::GzipFailed { .. })));
}

#[test]
fn a_step_takes_a_bounded_part_of_the_body() {
    const SIZE: usize = 1_000_000;
    let body = vec![b'x'; SIZE];
    let signature = WebhookSignature::parse(Some(sign(&body).as_bytes())).unwrap();
    for packed in [body.clone(), gzip(&body)] {
        let verifier = verifier().also_accept(&ApiSecret::new("another").unwrap());
        let mut verification = verifier.start(&packed, signature).unwrap();
        let mut steps = 1;
        let verified = loop {
            match verification.step() {
                Some(outcome) => break outcome.unwrap(),
                None => steps += 1,
            }
        };
        assert_eq!(verified.as_bytes(), body);
        assert!(steps > SIZE / 65_536, "{steps}");
        assert!(verification.step().is_some_and(|after| after.is_err()));
    }
    let mut forged = verifier().start(EVENT.as_bytes(), signature).unwrap();
    assert!(matches!(forged.step(), Some(Err(WebhookError::SignatureMismatch))));
    assert!(matches!(
        verifier().max_body_size(3).start(EVENT.as_bytes(), signature),
        Err(WebhookError::TooLarge { limit: 3 })
    ));
    assert_eq!(format!("{signature:?}"), "WebhookSignature(..)");
}

#[test]
fn secrets_can_be_rotated() {
    let new = ApiSecret::new("new").unwrap();
    let signature = WebhookSigner::new(&new).sign(EVENT.as_bytes());
    assert!(verify(EVENT.as_bytes(), &signature).is_err());
    let both = verifier().also_accept(&new);
    assert!(both.verify(EVENT.as_bytes(), Some(signature.as_bytes())).is_ok());
    assert!(both.verify(EVENT.as_bytes(), Some(SIGNATURE.as_bytes())).is_ok());
}
