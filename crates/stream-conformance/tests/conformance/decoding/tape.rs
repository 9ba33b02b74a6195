//! The source of random choices.

use proptest::prelude::*;

/// The choices of one case. A strategy along a recursive schema would be huge, but a tape of
/// numbers is not, and it shrinks: zero, which is also the value of an empty tape, is always the
/// simplest choice.
#[derive(Debug)]
pub(super) struct Tape {
    words: std::vec::IntoIter<u64>,
    word: u64,
    left: u32,
}

/// Generates tapes of up to some hundred choices.
pub(super) fn tapes() -> impl Strategy<Value = Vec<u64>> {
    proptest::collection::vec(any::<u64>(), 0..64)
}

impl Tape {
    pub(super) fn new(words: Vec<u64>) -> Self {
        Self { words: words.into_iter(), word: 0, left: 0 }
    }

    fn byte(&mut self) -> u8 {
        if self.left == 0 {
            let Some(word) = self.words.next() else {
                return 0;
            };
            (self.word, self.left) = (word, 8);
        }
        let byte = self.word as u8;
        self.word >>= 8;
        self.left -= 1;
        byte
    }

    /// Returns a number below `count`, which is at most 256.
    pub(super) fn below(&mut self, count: usize) -> usize {
        usize::from(self.byte()) * count / 256
    }

    /// Returns true in this percentage of cases.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) >= 100 - percent
    }

    pub(super) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}
