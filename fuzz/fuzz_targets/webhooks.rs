//! Webhooks and messages of queues: only signed bodies verify, no output is larger than the limit,
//! and an event is the same however it was packed.
#![no_main]

use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use libfuzzer_sys::fuzz_target;

use stream_auth::ApiSecret;
use stream_auth::webhook::{QueueDecoder, WebhookError, WebhookSigner, WebhookVerifier};

const LIMIT: usize = 1024;
const GZIP: &[u8] = &[0x1f, 0x8b, 8, 0];

fuzz_target!(|data: &[u8]| {
    bodies(data);
    messages(data);
});

fn bodies(data: &[u8]) {
    let secret = ApiSecret::new("the secret of the app").unwrap();
    let verifier = WebhookVerifier::new(&secret).max_body_size(LIMIT);
    let signature = WebhookSigner::new(&secret).sign(data);
    // Returns whether `body` verifies with the signature of the input.
    let verifies = |body: &[u8]| match verifier.verify(body, Some(signature.as_bytes())) {
        Ok(verified) => {
            assert_eq!(verified.as_bytes(), data);
            assert!(body.len() <= LIMIT && data.len() <= LIMIT);
            true
        }
        Err(error) => {
            let _ = format!("{error} {error:?}");
            false
        }
    };

    let packed = gzip(data);
    assert_eq!(verifies(data), data.len() <= LIMIT && !data.starts_with(&GZIP[..2]));
    assert_eq!(verifies(&packed), data.len() <= LIMIT && packed.len() <= LIMIT);
    verifies(&[GZIP, data].concat());
    // A change in the gzip header, such as its timestamp, does not change the content.
    verifies(&changed(packed.clone(), data));
    assert!(!verifies(&[gzip(b"").repeat(8), packed.clone()].concat()));
    if let Some((_, cut)) = packed.split_last() {
        assert!(!verifies(cut));
    }
    let bomb = gzip(&data.repeat(2 * LIMIT / data.len().max(1) + 1));
    if !data.is_empty() {
        let refused = verifier.verify(&bomb, Some(signature.as_bytes()));
        assert!(matches!(refused, Err(WebhookError::TooLarge { limit: LIMIT })));
    }

    // The input is not a valid signature.
    assert!(verifier.verify(b"{}", Some(data)).is_err());
    assert!(verifier.verify(data, None).is_err());
}

fn messages(data: &[u8]) {
    let decoder = QueueDecoder::new().max_body_size(LIMIT);
    let text = String::from_utf8_lossy(data);
    let direct = decoder.sqs(data).ok().filter(|_| data.trim_ascii().starts_with(b"{"));
    let packed = gzip(data);
    // The same content, packed in every way.
    for message in [
        STANDARD.encode(data).into_bytes(),
        STANDARD.encode(&packed).into_bytes(),
        envelope(&STANDARD.encode(data)),
        envelope(&STANDARD.encode(&packed)),
    ] {
        let json = event(&decoder, &message);
        if let (Some(json), Some(direct)) = (json, &direct) {
            assert_eq!(json, **direct);
        }
    }
    for message in [
        data.to_vec(),
        STANDARD.encode([GZIP, data].concat()).into_bytes(),
        STANDARD.encode(changed(packed, data)).into_bytes(),
        envelope(&text),
        [br#"{"Message":"#, data, b"}"].concat(),
    ] {
        event(&decoder, &message);
    }
}

/// Decodes a message as one of SQS and as one of SNS, and returns the event of the latter. Both
/// give the same unless the message is an envelope.
fn event(decoder: &QueueDecoder, message: &[u8]) -> Option<Vec<u8>> {
    let [from_sqs, from_sns] = [decoder.sqs(message), decoder.sns(message)].map(|result| {
        let json = result.inspect_err(|error| drop(format!("{error} {error:?}"))).ok()?;
        assert!(message.len() <= LIMIT && json.len() <= LIMIT);
        assert!(json.starts_with(b"{"));
        Some(json.into_owned())
    });
    if from_sqs.is_some() && !message.contains(&b'{') {
        assert_eq!(from_sns, from_sqs);
    }
    from_sns
}

/// Flips one bit of `bytes`, which `choice` selects.
fn changed(mut bytes: Vec<u8>, choice: &[u8]) -> Vec<u8> {
    let sum: usize = choice.iter().map(|byte| usize::from(*byte)).sum();
    let bit = sum % (bytes.len() * 8);
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn envelope(message: &str) -> Vec<u8> {
    serde_json::json!({"Type": "Notification", "Message": message}).to_string().into_bytes()
}
