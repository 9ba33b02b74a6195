//! Benchmarks of verifying and parsing webhooks.

use anyhow::{Context, Result};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use crate::data;
use crate::measure::{Contestant, Effort, Ratio, compare};
use stream_auth::ApiSecret;
use stream_auth::webhook::{WebhookSigner, WebhookVerifier};
use stream_models::events::Event;

const SECRET: &str = "a-secret-of-an-app-which-has-64-characters-as-the-real-ones-have";
const OURS: &str = "verify and parse";
const PARSE: &str = "parse";
const BARE: &str = "bare HMAC and Value, key kept";
const BARE_NEW: &str = "bare HMAC and Value, key set up";
const VALUE: &str = "Value";

pub(crate) fn run(effort: Effort) -> Result<()> {
    let body = data::webhook()?;
    let secret = ApiSecret::new(SECRET)?;
    let verifier = WebhookVerifier::new(&secret);
    let signature = WebhookSigner::new(&secret).sign(&body);
    let signature = signature.as_bytes();
    let Event::MessageNew(_) = Event::from_slice(&body)? else {
        anyhow::bail!("the webhook is not a message.new");
    };
    println!(
        "CPU time, median of {} rounds (quartiles)\n\
         key kept: the baseline clones the state of a key that it has prepared, as ours does\n\
         key set up: it prepares the key each time",
        effort.rounds
    );
    compare(
        &format!("message.new, {} bytes", body.len()),
        effort,
        vec![
            Contestant::new(OURS, || {
                let verified = verifier.verify(&body, Some(signature))?;
                Ok(Event::from_slice(verified.as_bytes())?)
            }),
            Contestant::new(BARE, {
                let key = key()?;
                let (body, signature) = (&body, signature);
                move || bare(key.clone(), body, signature)
            }),
            Contestant::new(BARE_NEW, || bare(key()?, &body, signature)),
            Contestant::new(PARSE, || Ok(Event::from_slice(&body)?)),
            Contestant::new(VALUE, || Ok(serde_json::from_slice::<Value>(&body)?)),
        ],
        &[
            Ratio { ours: OURS, baseline: BARE, target: Some(1.0) },
            Ratio { ours: OURS, baseline: BARE_NEW, target: None },
            Ratio { ours: PARSE, baseline: VALUE, target: None },
        ],
    )
}

fn key() -> Result<Hmac<Sha256>> {
    Hmac::new_from_slice(SECRET.as_bytes()).context("the key")
}

/// Verifies and decodes a webhook as code without an SDK does.
fn bare(key: Hmac<Sha256>, body: &[u8], signature: &[u8]) -> Result<Value> {
    let mut tag = [0; 32];
    for (byte, digits) in tag.iter_mut().zip(signature.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits)?, 16)?;
    }
    key.chain_update(body).verify_slice(&tag).context("the signature")?;
    Ok(serde_json::from_slice(body)?)
}
