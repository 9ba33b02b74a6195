//! Decompression of a response's body within limits.

use std::io::{self, Write};

use flate2::write::GzDecoder;

use crate::error::Error;

/// The maximum number of gzip members in a body. Servers write one member, and each costs time even
/// if it is empty.
const MAX_MEMBERS: usize = 16;

/// Decompresses gzip as it arrives, up to a limit.
pub(super) struct Gunzip {
    member: GzDecoder<Bounded>,
    members: usize,
}

/// The reason why a body could not be decompressed.
#[derive(Debug)]
pub(super) enum GunzipError {
    TooLarge,
    Corrupt(io::Error),
}

impl GunzipError {
    pub(super) fn into_error(self, limit: usize) -> Error {
        match self {
            Self::TooLarge => Error::too_large(limit),
            Self::Corrupt(error) => {
                Error::decode("the response is not the gzip that it claims to be").caused_by(error)
            }
        }
    }
}

impl Gunzip {
    pub(super) fn new(limit: usize) -> Self {
        let output = Bounded { output: Vec::new(), limit, exceeded: false };
        Self { member: GzDecoder::new(output), members: 1 }
    }

    pub(super) fn push(&mut self, input: &[u8]) -> Result<(), GunzipError> {
        let mut rest = input;
        while !rest.is_empty() {
            let result = match self.member.write(rest) {
                // The member is complete, and the remaining bytes belong to the next one.
                Ok(0) => self.next_member().and_then(|()| self.member.write(rest)),
                result => result,
            };
            match result {
                Ok(written) => rest = rest.get(written..).unwrap_or_default(),
                Err(error) => return Err(self.error(error)),
            }
        }
        Ok(())
    }

    fn next_member(&mut self) -> io::Result<()> {
        self.member.try_finish()?;
        if self.members == MAX_MEMBERS {
            return Err(io::Error::other(format!("more than {MAX_MEMBERS} gzip members")));
        }
        self.members += 1;
        let output = std::mem::take(self.member.get_mut());
        self.member = GzDecoder::new(output);
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Vec<u8>, GunzipError> {
        if let Err(error) = self.member.try_finish() {
            return Err(self.error(error));
        }
        Ok(std::mem::take(&mut self.member.get_mut().output))
    }

    fn error(&self, error: io::Error) -> GunzipError {
        if self.member.get_ref().exceeded {
            GunzipError::TooLarge
        } else {
            GunzipError::Corrupt(error)
        }
    }
}

#[derive(Default)]
struct Bounded {
    output: Vec<u8>,
    limit: usize,
    exceeded: bool,
}

impl Write for Bounded {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        if data.len() > self.limit.saturating_sub(self.output.len()) {
            self.exceeded = true;
            return Err(io::Error::other("larger than allowed"));
        }
        self.output.extend_from_slice(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn gunzip(data: &[u8], limit: usize, chunk: usize) -> Result<Vec<u8>, GunzipError> {
        let mut gunzip = Gunzip::new(limit);
        for chunk in data.chunks(chunk) {
            gunzip.push(chunk)?;
        }
        gunzip.finish()
    }

    #[test]
    fn a_decompression_bomb_stops_at_the_limit() {
        let bomb = gzip(&vec![0; 50 << 20]);
        assert!(bomb.len() < 100_000);
        assert!(matches!(gunzip(&bomb, 1 << 20, 4096), Err(GunzipError::TooLarge)));
    }

    #[test]
    fn truncated_and_invalid_gzip_is_an_error() {
        let data = gzip(b"hello hello hello hello");
        for length in 1..data.len() {
            let result = gunzip(&data[..length], 1000, 7);
            assert!(matches!(result, Err(GunzipError::Corrupt(_))), "{length}: {result:?}");
        }
        assert!(matches!(gunzip(b"{\"a\":1}", 1000, 7), Err(GunzipError::Corrupt(_))));
    }

    #[test]
    fn several_gzip_members_are_one_text() {
        let mut data = gzip(b"hello ");
        data.extend(gzip(b"world"));
        for chunk in [1, 3, data.len()] {
            assert_eq!(gunzip(&data, 11, chunk).unwrap(), b"hello world");
        }
    }

    #[test]
    fn gzip_members_are_limited() {
        let member = gzip(b"");
        assert_eq!(gunzip(&member.repeat(MAX_MEMBERS), 9, 64).unwrap(), b"");
        let many = gunzip(&member.repeat(MAX_MEMBERS + 1), 9, 64);
        assert!(matches!(many, Err(GunzipError::Corrupt(_))), "{many:?}");
    }

    proptest! {
        #[test]
        fn every_compressed_text_decompresses(data in proptest::collection::vec(any::<u8>(), 0..5000), chunk in 1usize..600) {
            prop_assert_eq!(gunzip(&gzip(&data), data.len(), chunk).unwrap(), data);
        }

        #[test]
        fn any_bytes_are_decompressed_or_refused(data in proptest::collection::vec(any::<u8>(), 0..500)) {
            let _ = gunzip(&[&[0x1f, 0x8b, 8][..], &data].concat(), 10_000, 64);
        }
    }
}
