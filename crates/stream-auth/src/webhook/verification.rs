//! The stepwise verification of a webhook.

use std::borrow::Cow;
use std::fmt;

use super::body::VerifiedBody;
use super::error::WebhookError;
use super::gzip::{self, Unpacker};
use super::signature::WebhookSignature;
use crate::hmac::{HmacKey, HmacState};

/// The number of bytes of the uncompressed body per step: a fraction of a millisecond of work.
/// Events are mostly smaller, and take one step.
const STEP_SIZE: usize = 16 * 1024;

/// The verification of a webhook in bounded steps. Created by
/// [`WebhookVerifier::start`](super::WebhookVerifier::start).
///
/// Between the steps, a server that handles many connections in one thread can run others. Until the
/// signature has been verified, a compressed body takes no more memory than a step: a larger one is
/// unpacked twice, because anyone can send a small body that unpacks to a large one.
#[must_use = "nothing is verified until `step` has returned the body"]
pub struct Verification<'b> {
    states: Vec<HmacState>,
    signature: WebhookSignature,
    source: Source<'b>,
    /// The number of bytes of the uncompressed body that the states have absorbed.
    absorbed: usize,
    body: &'b [u8],
    limit: usize,
}

enum Source<'b> {
    Plain,
    Gzip(Box<Unpacker<'b>>),
    /// The signature is verified, and the body is unpacked again, to be kept.
    Verified(Box<Unpacker<'b>>),
    Finished,
}

impl<'b> Verification<'b> {
    pub(super) fn new(
        keys: &[HmacKey],
        signature: WebhookSignature,
        body: &'b [u8],
        limit: usize,
    ) -> Result<Self, WebhookError> {
        if body.len() > limit {
            return Err(WebhookError::TooLarge { limit });
        }
        let source = if gzip::is_gzip(body) {
            Source::Gzip(Box::new(Unpacker::new(body, limit)))
        } else {
            Source::Plain
        };
        let states = keys.iter().map(HmacKey::begin).collect();
        Ok(Self { states, signature, source, absorbed: 0, body, limit })
    }

    /// Processes up to 16 KiB of the uncompressed body. Returns `None` until the last step, which
    /// returns the outcome; a step after that returns an error.
    ///
    /// # Errors
    /// Those of [`WebhookVerifier::verify`](super::WebhookVerifier::verify) for the body.
    pub fn step(&mut self) -> Option<Result<VerifiedBody<'b>, WebhookError>> {
        self.advance().transpose()
    }

    fn advance(&mut self) -> Result<Option<VerifiedBody<'b>>, WebhookError> {
        // Finished, unless a further step is needed.
        match std::mem::replace(&mut self.source, Source::Finished) {
            Source::Plain => {
                let new = self.body.get(self.absorbed..).unwrap_or_default();
                self.absorb(new.get(..STEP_SIZE).unwrap_or(new));
                if new.len() > STEP_SIZE {
                    self.source = Source::Plain;
                    return Ok(None);
                }
                self.check()?;
                Ok(Some(VerifiedBody::new(Cow::Borrowed(self.body))))
            }
            Source::Gzip(mut unpacker) => {
                let is_last = unpacker.step(STEP_SIZE)?;
                self.absorb(unpacker.unpacked());
                if !is_last {
                    unpacker.discard();
                    self.source = Source::Gzip(unpacker);
                    return Ok(None);
                }
                self.check()?;
                if unpacker.is_whole() {
                    return Ok(Some(unpacked(*unpacker)));
                }
                self.source = Source::Verified(Box::new(Unpacker::new(self.body, self.limit)));
                Ok(None)
            }
            Source::Verified(mut unpacker) => {
                if unpacker.step(STEP_SIZE)? {
                    return Ok(Some(unpacked(*unpacker)));
                }
                self.source = Source::Verified(unpacker);
                Ok(None)
            }
            Source::Finished => Err(WebhookError::SignatureMismatch),
        }
    }

    fn absorb(&mut self, new: &[u8]) {
        for state in &mut self.states {
            state.update(new);
        }
        self.absorbed = self.absorbed.saturating_add(new.len());
    }

    /// Checks the signature, when the whole body has been absorbed.
    fn check(&mut self) -> Result<(), WebhookError> {
        let signature = self.signature.tag();
        match self.states.drain(..).any(|state| state.matches(signature)) {
            true => Ok(()),
            false => Err(WebhookError::SignatureMismatch),
        }
    }
}

fn unpacked<'b>(unpacker: Unpacker<'_>) -> VerifiedBody<'b> {
    VerifiedBody::new(Cow::Owned(unpacker.into_unpacked()))
}

impl fmt::Debug for Verification<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verification").field("absorbed", &self.absorbed).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn an_unverified_body_is_not_kept() {
        let body = vec![b' '; 20 * STEP_SIZE];
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&body).unwrap();
        let packed = encoder.finish().unwrap();
        let key = HmacKey::new(b"secret");
        let mut tag = [0; 32];
        tag.copy_from_slice(key.sign(&body).as_ref());
        for (tag, is_authentic) in [(tag, true), ([0; 32], false)] {
            let signature = super::super::signature::encode(&tag);
            let signature = WebhookSignature::parse(Some(signature.as_bytes())).unwrap();
            let mut verification =
                Verification::new(std::slice::from_ref(&key), signature, &packed, body.len())
                    .unwrap();
            let mut steps = 0;
            let outcome = loop {
                if let Some(outcome) = verification.step() {
                    break outcome;
                }
                if let Source::Gzip(unpacker) = &verification.source {
                    steps += 1;
                    assert!(unpacker.unpacked().is_empty());
                }
            };
            assert_eq!(steps, 20);
            assert_eq!(outcome.is_ok_and(|verified| verified.as_bytes() == body), is_authentic);
        }
    }
}
