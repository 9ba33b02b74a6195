//! Excerpts of bodies.

use bytes::Bytes;

/// The maximum size of an excerpt, in bytes.
const MAX_EXCERPT: usize = 128 * 1024;

/// The beginning of a body, and the size of the whole body.
#[derive(Debug, Clone, Default)]
pub(crate) struct Excerpt {
    kept: Bytes,
    /// The size of the whole body in bytes; `None` if it is unknown.
    size: Option<usize>,
}

impl Excerpt {
    /// Keeps a small body, and copies the beginning of a large one.
    pub(crate) fn of(body: &Bytes) -> Self {
        let kept = match body.get(..MAX_EXCERPT) {
            Some(beginning) => Bytes::copy_from_slice(beginning),
            None => body.clone(),
        };
        Self { kept, size: Some(body.len()) }
    }

    /// Creates an excerpt of a body that was not received completely.
    pub(crate) const fn unknown() -> Self {
        Self { kept: Bytes::new(), size: None }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.kept
    }

    pub(crate) fn size(&self) -> Option<usize> {
        self.size
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.size == Some(self.kept.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_body_is_cut() {
        let large = Excerpt::of(&vec![b'x'; MAX_EXCERPT + 1].into());
        assert_eq!((large.bytes().len(), large.size()), (MAX_EXCERPT, Some(MAX_EXCERPT + 1)));
        assert!(!large.is_whole());
        assert!(Excerpt::of(&Bytes::from_static(b"{}")).is_whole());
        assert!(!Excerpt::unknown().is_whole());
    }
}
