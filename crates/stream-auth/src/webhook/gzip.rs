//! Unpacking within a limit.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::error::WebhookError;

/// What every gzip member begins with. The bytes decide and not `Content-Encoding`, since a proxy
/// may have unpacked the body and left the header.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Unpacks a body if it is gzip. Neither what goes in nor what comes out may be larger than `limit`
/// bytes.
pub(super) fn unpack(body: Cow<'_, [u8]>, limit: usize) -> Result<Cow<'_, [u8]>, WebhookError> {
    if body.len() > limit {
        return Err(WebhookError::TooLarge { limit });
    }
    if !body.starts_with(&MAGIC) {
        return Ok(body);
    }
    // One byte more than allowed tells a body that is too large from one that just fits.
    let enough = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut unpacked = Vec::new();
    // The multi-member decoder, as the other one does not look at what follows the first member.
    MultiGzDecoder::new(&*body)
        .take(enough)
        .read_to_end(&mut unpacked)
        .map_err(|source| WebhookError::GzipFailed { source })?;
    if unpacked.len() > limit {
        return Err(WebhookError::TooLarge { limit });
    }
    Ok(Cow::Owned(unpacked))
}
