//! The refusal of compressed responses, without the feature `gzip`.

use crate::error::Error;

/// Stands in for the decompression, which is not compiled in.
pub(super) struct Gunzip;

/// Compressed data arrived.
pub(super) struct GunzipError;

impl Gunzip {
    pub(super) const fn new(_limit: usize) -> Self {
        Self
    }

    pub(super) const fn push(&mut self, _input: &[u8]) -> Result<(), GunzipError> {
        Err(GunzipError)
    }

    pub(super) fn finish(self) -> Result<Vec<u8>, GunzipError> {
        Err(GunzipError)
    }
}

impl GunzipError {
    pub(super) fn into_error(self, _limit: usize) -> Error {
        Error::decode(
            "the response is compressed with gzip, which was not asked for: enable the feature `gzip` to read it",
        )
    }
}
