//! Decompression of a response's body within limits.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;

/// Decompresses gzip as it arrives, up to a limit.
pub(super) struct Gunzip {
    decoder: MultiGzDecoder<Bounded>,
}

/// Why a body could not be decompressed.
#[derive(Debug)]
pub(super) enum GunzipError {
    TooLarge,
    Corrupt(io::Error),
}

impl Gunzip {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            decoder: MultiGzDecoder::new(Bounded { output: Vec::new(), limit, exceeded: false }),
        }
    }

    pub(super) fn push(&mut self, input: &[u8]) -> Result<(), GunzipError> {
        let result = self.decoder.write_all(input);
        result.map_err(|error| self.error(error))
    }

    pub(super) fn finish(mut self) -> Result<Vec<u8>, GunzipError> {
        if let Err(error) = self.decoder.try_finish() {
            return Err(self.error(error));
        }
        Ok(std::mem::take(&mut self.decoder.get_mut().output))
    }

    fn error(&self, error: io::Error) -> GunzipError {
        if self.decoder.get_ref().exceeded {
            GunzipError::TooLarge
        } else {
            GunzipError::Corrupt(error)
        }
    }
}

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
    fn a_bomb_stops_at_the_limit() {
        let bomb = gzip(&vec![0; 50 << 20]);
        assert!(bomb.len() < 100_000);
        assert!(matches!(gunzip(&bomb, 1 << 20, 4096), Err(GunzipError::TooLarge)));
    }

    #[test]
    fn what_is_cut_or_no_gzip_is_corrupt() {
        let data = gzip(b"hello hello hello hello");
        for length in 1..data.len() {
            let result = gunzip(&data[..length], 1000, 7);
            assert!(matches!(result, Err(GunzipError::Corrupt(_))), "{length}: {result:?}");
        }
        assert!(matches!(gunzip(b"{\"a\":1}", 1000, 7), Err(GunzipError::Corrupt(_))));
    }

    #[test]
    fn several_members_are_one_text() {
        let mut data = gzip(b"hello ");
        data.extend(gzip(b"world"));
        assert_eq!(gunzip(&data, 11, 3).unwrap(), b"hello world");
    }

    proptest! {
        #[test]
        fn what_was_packed_comes_out(data in proptest::collection::vec(any::<u8>(), 0..5000), chunk in 1usize..600) {
            prop_assert_eq!(gunzip(&gzip(&data), data.len(), chunk).unwrap(), data);
        }

        #[test]
        fn any_bytes_are_unpacked_or_refused(data in proptest::collection::vec(any::<u8>(), 0..500)) {
            let _ = gunzip(&[&[0x1f, 0x8b, 8][..], &data].concat(), 10_000, 64);
        }
    }
}
