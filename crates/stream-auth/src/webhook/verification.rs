//! The stepwise verification of a webhook.

use std::borrow::Cow;
use std::fmt;

use super::body::VerifiedBody;
use super::error::WebhookError;
use super::gzip::{self, Unpacker};
use super::signature::WebhookSignature;
use crate::hmac::{HmacKey, HmacState};

/// The number of bytes of the uncompressed body per step: a fraction of a millisecond of work.
const STEP_SIZE: usize = 64 * 1024;

/// The verification of a webhook in bounded steps. Created by
/// [`WebhookVerifier::start`](super::WebhookVerifier::start).
///
/// Between the steps, a server that handles many connections in one thread can run others.
#[must_use = "nothing is verified until `step` has returned the body"]
pub struct Verification<'b> {
    states: Vec<HmacState>,
    signature: WebhookSignature,
    source: Source<'b>,
    /// The number of bytes of the uncompressed body that the states have absorbed.
    absorbed: usize,
}

enum Source<'b> {
    Plain(&'b [u8]),
    Gzip(Box<Unpacker<'b>>),
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
            Source::Plain(body)
        };
        let states = keys.iter().map(HmacKey::begin).collect();
        Ok(Self { states, signature, source, absorbed: 0 })
    }

    /// Processes up to 64 KiB of the uncompressed body. Returns `None` until the last step, which
    /// returns the outcome; a step after that returns an error.
    ///
    /// # Errors
    /// Those of [`WebhookVerifier::verify`](super::WebhookVerifier::verify) for the body.
    pub fn step(&mut self) -> Option<Result<VerifiedBody<'b>, WebhookError>> {
        self.advance().transpose()
    }

    fn advance(&mut self) -> Result<Option<VerifiedBody<'b>>, WebhookError> {
        let (is_last, body) = match &mut self.source {
            Source::Plain(body) => {
                let body: &'b [u8] = body;
                (body.len().saturating_sub(self.absorbed) <= STEP_SIZE, body)
            }
            Source::Gzip(unpacker) => {
                let is_last = unpacker.step(STEP_SIZE)?;
                (is_last, unpacker.unpacked())
            }
            Source::Finished => return Err(WebhookError::SignatureMismatch),
        };
        let new = body.get(self.absorbed..).unwrap_or_default();
        let new = new.get(..STEP_SIZE).unwrap_or(new);
        for state in &mut self.states {
            state.update(new);
        }
        self.absorbed += new.len();
        if !is_last {
            return Ok(None);
        }
        let signature = self.signature.tag();
        if !self.states.drain(..).any(|state| state.matches(signature)) {
            return Err(WebhookError::SignatureMismatch);
        }
        Ok(match std::mem::replace(&mut self.source, Source::Finished) {
            Source::Plain(body) => Some(VerifiedBody::new(Cow::Borrowed(body))),
            Source::Gzip(unpacker) => Some(VerifiedBody::new(Cow::Owned(unpacker.into_unpacked()))),
            Source::Finished => None,
        })
    }
}

impl fmt::Debug for Verification<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verification").field("absorbed", &self.absorbed).finish_non_exhaustive()
    }
}
