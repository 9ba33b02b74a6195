//! The signature of a webhook: 64 lower-case hexadecimal digits.

use std::fmt;

use super::error::WebhookError;
use crate::hmac::TAG_LENGTH;

/// A well-formed signature that is not verified yet.
///
/// A server checks the form before it reads the body, so that a request that cannot be authentic
/// costs little. `Debug` shows nothing of it.
#[derive(Clone, Copy)]
pub struct WebhookSignature([u8; TAG_LENGTH]);

impl WebhookSignature {
    /// Parses the value of [`SIGNATURE_HEADER`](super::SIGNATURE_HEADER), if the request has one.
    ///
    /// # Errors
    /// [`WebhookError::MissingSignature`], and [`WebhookError::SignatureMismatch`] for anything but
    /// 64 lower-case hexadecimal digits.
    pub fn parse(header: Option<&[u8]>) -> Result<Self, WebhookError> {
        let text = header.ok_or(WebhookError::MissingSignature)?;
        decode(text).map(Self).ok_or(WebhookError::SignatureMismatch)
    }

    pub(super) fn tag(&self) -> &[u8; TAG_LENGTH] {
        &self.0
    }
}

impl fmt::Debug for WebhookSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSignature(..)")
    }
}

pub(super) fn encode(tag: &[u8]) -> String {
    let digits = tag.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}

/// Decodes 64 digits; `None` for anything else. Upper case is refused, so that each signature has
/// only one encoding.
fn decode(text: &[u8]) -> Option<[u8; TAG_LENGTH]> {
    if text.len() != TAG_LENGTH * 2 {
        return None;
    }
    let mut tag = [0; TAG_LENGTH];
    for (byte, pair) in tag.iter_mut().zip(text.chunks_exact(2)) {
        let &[high, low] = pair else { return None };
        *byte = (value(high)? << 4) | value(low)?;
    }
    Some(tag)
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}
