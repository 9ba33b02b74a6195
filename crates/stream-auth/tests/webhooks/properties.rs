//! For any body, only the signed bytes verify; no input panics or exceeds the limit.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::pack::{base64, envelope, gzip, secret};
use stream_auth::webhook::{QueueDecoder, WebhookSigner, WebhookVerifier};

const LIMIT: usize = 256;

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(any::<u8>(), 0..600),
        // These bytes reach the gzip decoder.
        vec(any::<u8>(), 0..600).prop_map(|bytes| [&[0x1f, 0x8b, 8, 0], &bytes[..]].concat()),
        (vec(any::<u8>(), 0..600), any::<prop::sample::Index>(), any::<u8>()).prop_map(
            |(bytes, position, change)| {
                let mut packed = gzip(bytes);
                let position = position.index(packed.len());
                packed.iter_mut().skip(position).take(1).for_each(|byte| *byte ^= change);
                packed
            }
        ),
    ]
}

proptest! {
    #[test]
    fn every_signed_body_verifies(body in vec(any::<u8>(), 0..2000)) {
        prop_assume!(!body.starts_with(&[0x1f, 0x8b]));
        let signature = WebhookSigner::new(&secret()).sign(&body);
        let verifier = WebhookVerifier::new(&secret());
        let plain = verifier.verify(&body, Some(signature.as_bytes())).unwrap();
        prop_assert_eq!(plain.as_bytes(), &body);
        let packed = gzip(&body);
        let unpacked = verifier.verify(&packed, Some(signature.as_bytes())).unwrap();
        prop_assert_eq!(unpacked.as_bytes(), &body);
    }

    #[test]
    fn one_flipped_bit_of_a_body_is_refused(
        body in vec(any::<u8>(), 1..500),
        position: prop::sample::Index,
    ) {
        let signature = WebhookSigner::new(&secret()).sign(&body);
        let mut body = body;
        let bit = position.index(body.len() * 8);
        body[bit / 8] ^= 1 << (bit % 8);
        let verifier = WebhookVerifier::new(&secret());
        prop_assert!(verifier.verify(&body, Some(signature.as_bytes())).is_err());
    }

    #[test]
    fn one_flipped_bit_of_a_signature_is_refused(
        body in vec(any::<u8>(), 0..100),
        bit in 0..64 * 8_usize,
    ) {
        let mut signature = WebhookSigner::new(&secret()).sign(&body).into_bytes();
        signature[bit / 8] ^= 1 << (bit % 8);
        let verifier = WebhookVerifier::new(&secret());
        prop_assert!(verifier.verify(&body, Some(&signature)).is_err());
    }

    #[test]
    fn one_flipped_bit_of_a_packed_body_changes_nothing_or_is_refused(
        body in "[a-z]{1,200}",
        position: prop::sample::Index,
    ) {
        let signature = WebhookSigner::new(&secret()).sign(body.as_bytes());
        let mut packed = gzip(&body);
        let bit = position.index(packed.len() * 8);
        packed[bit / 8] ^= 1 << (bit % 8);
        // The header of gzip has fields that do not affect the content, such as a timestamp.
        if let Ok(verified) =
            WebhookVerifier::new(&secret()).verify(&packed, Some(signature.as_bytes()))
        {
            prop_assert_eq!(verified.as_bytes(), body.as_bytes());
        }
    }

    #[test]
    fn no_body_panics_or_exceeds_the_limit(body in bytes(), signature in vec(any::<u8>(), 0..70)) {
        let verifier = WebhookVerifier::new(&secret()).max_body_size(LIMIT);
        prop_assert!(verifier.verify(&body, Some(&signature)).is_err());
        let signature = WebhookSigner::new(&secret()).sign(&body);
        if let Ok(verified) = verifier.verify(&body, Some(signature.as_bytes())) {
            prop_assert!(verified.as_bytes().len() <= LIMIT);
        }
    }

    #[test]
    fn no_message_panics_or_exceeds_the_limit(bytes in bytes(), text: String) {
        let decoder = QueueDecoder::new().max_body_size(LIMIT);
        let messages = [
            bytes.clone(),
            base64(&bytes).into_bytes(),
            envelope(&base64(&bytes)).into_bytes(),
            text.clone().into_bytes(),
            envelope(&text).into_bytes(),
            format!(r#"{{"Message":{text}}}"#).into_bytes(),
        ];
        for message in messages {
            for json in [decoder.sqs(&message), decoder.sns(&message)].into_iter().flatten() {
                prop_assert!(json.len() <= LIMIT);
            }
        }
    }

    #[test]
    fn nested_messages_do_not_overflow_the_stack(depth in 1..100_000_usize) {
        let message = format!(r#"{{"Message":{}"#, "[".repeat(depth));
        prop_assert!(QueueDecoder::new().sns(message.as_bytes()).is_err());
        let message = format!(r#"{{"a":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        let _ = QueueDecoder::new().sns(message.as_bytes());
    }
}
