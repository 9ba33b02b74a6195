//! Decompression of gzip within limits, in steps.

use std::borrow::Cow;
use std::io::{self, Read};

use flate2::bufread::GzDecoder;

use super::error::WebhookError;

/// The first bytes of every gzip member. They decide instead of `Content-Encoding`, because a proxy
/// may have unpacked the body without removing the header.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The maximum number of gzip members in a body. Senders write one member, and each costs time even
/// if it is empty.
const MAX_MEMBERS: usize = 8;

pub(super) fn is_gzip(body: &[u8]) -> bool {
    body.starts_with(&MAGIC)
}

/// Unpacks a body if it is gzip. Neither the input nor the output may be larger than `limit` bytes.
pub(super) fn unpack(body: Cow<'_, [u8]>, limit: usize) -> Result<Cow<'_, [u8]>, WebhookError> {
    if body.len() > limit {
        return Err(WebhookError::TooLarge { limit });
    }
    if !is_gzip(&body) {
        return Ok(body);
    }
    let mut unpacker = Unpacker::new(&body, limit);
    while !unpacker.step(limit)? {}
    Ok(Cow::Owned(unpacker.into_unpacked()))
}

/// A gzip body that is being unpacked.
pub(super) struct Unpacker<'b> {
    member: GzDecoder<&'b [u8]>,
    members: usize,
    unpacked: Vec<u8>,
    /// The number of bytes that were unpacked and discarded.
    discarded: usize,
    limit: usize,
}

impl<'b> Unpacker<'b> {
    pub(super) fn new(body: &'b [u8], limit: usize) -> Self {
        let (member, unpacked) = (GzDecoder::new(body), Vec::new());
        Self { member, members: 1, unpacked, discarded: 0, limit }
    }

    /// Unpacks up to `size` more bytes, or to the end of a member. Returns whether the body is
    /// complete.
    pub(super) fn step(&mut self, size: usize) -> Result<bool, WebhookError> {
        // One byte more than allowed distinguishes a body that is too large from one that just
        // fits.
        let room = self.limit.saturating_add(1).saturating_sub(self.total());
        let size = u64::try_from(room.min(size.max(1))).unwrap_or(u64::MAX);
        let read = (&mut self.member)
            .take(size)
            .read_to_end(&mut self.unpacked)
            .map_err(|source| WebhookError::GzipFailed { source })?;
        if self.total() > self.limit {
            return Err(WebhookError::TooLarge { limit: self.limit });
        }
        if u64::try_from(read).is_ok_and(|read| read == size) {
            return Ok(false);
        }
        let rest = *self.member.get_ref();
        if rest.is_empty() {
            return Ok(true);
        }
        if self.members == MAX_MEMBERS {
            let source = io::Error::other(format!("more than {MAX_MEMBERS} gzip members"));
            return Err(WebhookError::GzipFailed { source });
        }
        self.members += 1;
        self.member = GzDecoder::new(rest);
        Ok(false)
    }

    /// Returns the unpacked bytes since the last [`discard`](Self::discard).
    pub(super) fn unpacked(&self) -> &[u8] {
        &self.unpacked
    }

    pub(super) fn discard(&mut self) {
        self.discarded = self.total();
        self.unpacked.clear();
    }

    pub(super) const fn is_whole(&self) -> bool {
        self.discarded == 0
    }

    fn total(&self) -> usize {
        self.discarded.saturating_add(self.unpacked.len())
    }

    pub(super) fn into_unpacked(self) -> Vec<u8> {
        self.unpacked
    }
}
