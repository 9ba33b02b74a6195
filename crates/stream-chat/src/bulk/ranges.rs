//! Sets of positions, stored as ranges.

use std::collections::BTreeMap;
use std::ops::Range;

/// A set of positions, as few ranges as possible.
#[derive(Debug, Clone, Default)]
pub(super) struct Ranges {
    /// The end of each range, by its start. Ranges neither overlap nor touch.
    ends: BTreeMap<u64, u64>,
    count: u64,
}

impl Ranges {
    /// Adds a range of positions that are not in the set yet.
    pub(super) fn add(&mut self, range: Range<u64>) {
        if range.is_empty() {
            return;
        }
        self.count = self.count.saturating_add(range.end - range.start);
        let (mut start, mut end) = (range.start, range.end);
        if let Some((before, touches)) = self.ends.range(..=start).next_back()
            && *touches == start
        {
            start = *before;
        }
        if let Some(after) = self.ends.remove(&end) {
            end = after;
        }
        self.ends.insert(start, end);
    }

    /// Returns the number of positions.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    /// Returns the end of the range that begins at 0.
    pub(super) fn prefix(&self) -> u64 {
        self.ends.get(&0).copied().unwrap_or(0)
    }

    pub(super) fn list(&self) -> Vec<Range<u64>> {
        self.ends.iter().map(|(start, end)| *start..*end).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn adjacent_ranges_are_merged() {
        let mut ranges = Ranges::default();
        for range in [20..30, 0..10, 40..41, 10..20, 5..5] {
            ranges.add(range);
        }
        assert_eq!(ranges.list(), [0..30, 40..41]);
        assert_eq!((ranges.count(), ranges.prefix()), (31, 30));
        assert_eq!(Ranges::default().prefix(), 0);
    }

    proptest! {
        #[test]
        fn ranges_do_not_depend_on_the_order(order in Just((0..40u64).collect::<Vec<_>>()).prop_shuffle(), left_out in 0..40u64) {
            let mut ranges = Ranges::default();
            for start in order.into_iter().filter(|start| *start != left_out) {
                ranges.add(start * 3..start * 3 + 3);
            }
            let expected: Vec<_> = [0..left_out * 3, left_out * 3 + 3..120]
                .into_iter()
                .filter(|range| !range.is_empty())
                .collect();
            prop_assert_eq!(ranges.list(), expected);
            prop_assert_eq!((ranges.count(), ranges.prefix()), (117, left_out * 3));
        }
    }
}
