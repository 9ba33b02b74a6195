//! No printed text contains the secret, a signature or a body.

use std::error::Error;

use crate::pack::{SECRET, base64, gzip, secret};
use stream_auth::webhook::{QueueDecoder, WebhookSigner, WebhookVerifier};

const PRIVATE: &str = r#"{"type":"message.new","text":"for your eyes only"}"#;

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
fn neither_secret_nor_signature_nor_body_is_shown() {
    let signer = WebhookSigner::new(&secret());
    let verifier = WebhookVerifier::new(&secret());
    let signature = signer.sign(PRIVATE.as_bytes());
    let body = verifier.verify(PRIVATE.as_bytes(), Some(signature.as_bytes())).unwrap();

    let mut texts = vec![
        format!("{signer:?} {signer:#?}"),
        format!("{verifier:?} {verifier:#?}"),
        format!("{body:?} {body:#?}"),
    ];
    let packed = gzip(PRIVATE);
    let encoded = base64(SECRET);
    let errors = [
        verifier.verify(PRIVATE.as_bytes(), None),
        verifier.verify(PRIVATE.as_bytes(), Some(b"00")),
        verifier.verify(b"other", Some(signature.as_bytes())),
        verifier.verify(&packed[..30], Some(signature.as_bytes())),
        verifier.clone().max_body_size(5).verify(PRIVATE.as_bytes(), Some(signature.as_bytes())),
    ];
    texts.extend(errors.map(|result| shown(&result.unwrap_err())));
    let errors = [
        QueueDecoder::new().sqs(SECRET.as_bytes()),
        QueueDecoder::new().sqs(encoded.as_bytes()),
        QueueDecoder::new().sns(PRIVATE.trim_end_matches('}').as_bytes()),
        QueueDecoder::new().sns(br#"{"Message":["for your eyes only"]}"#),
    ];
    texts.extend(errors.map(|result| shown(&result.unwrap_err())));

    for text in texts {
        for private in [SECRET, &signature, "for your eyes only"] {
            assert!(!text.contains(private), "{text}");
        }
    }
}
