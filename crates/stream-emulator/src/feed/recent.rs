//! A list of the latest records, limited in number and size.

use std::collections::VecDeque;

/// A record with a size.
pub(crate) trait Weighed {
    /// Returns its approximate size in memory, in bytes.
    fn bytes(&self) -> usize;
}

/// The latest records, each with a unique number.
#[derive(Debug)]
pub(crate) struct Recent<T> {
    items: VecDeque<(u64, T)>,
    next: u64,
    bytes: usize,
    max_items: usize,
    max_bytes: usize,
}

impl<T: Weighed> Recent<T> {
    pub(super) const fn new(max_items: usize, max_bytes: usize) -> Self {
        Self { items: VecDeque::new(), next: 1, bytes: 0, max_items, max_bytes }
    }

    /// Adds a record, and removes the oldest ones beyond the limits.
    pub(super) fn push(&mut self, item: T) {
        self.bytes += item.bytes();
        self.items.push_back((self.next, item));
        self.next += 1;
        while self.items.len() > self.max_items || self.bytes > self.max_bytes {
            let Some((_, oldest)) = self.items.pop_front() else {
                break;
            };
            self.bytes = self.bytes.saturating_sub(oldest.bytes());
        }
    }

    /// Returns the records with their numbers, from the oldest to the newest.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, &T)> {
        self.items.iter().map(|(number, item)| (*number, item))
    }

    pub(crate) fn get(&self, number: u64) -> Option<&T> {
        let position = self.items.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        self.items.get(position).map(|(_, item)| item)
    }

    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// Returns the number of the latest record ever added; 0 if there was none.
    pub(crate) fn latest(&self) -> u64 {
        self.next - 1
    }

    pub(super) fn clear(&mut self) {
        self.items.clear();
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Weighed for usize {
        fn bytes(&self) -> usize {
            *self
        }
    }

    fn kept(recent: &Recent<usize>) -> Vec<(u64, usize)> {
        recent.iter().map(|(number, item)| (number, *item)).collect()
    }

    #[test]
    fn the_oldest_make_way() {
        let mut recent = Recent::new(3, 100);
        for size in [1, 2, 3, 4] {
            recent.push(size);
        }
        assert_eq!(kept(&recent), [(2, 2), (3, 3), (4, 4)]);
        recent.push(95);
        assert_eq!(kept(&recent), [(4, 4), (5, 95)]);
        assert_eq!(recent.get(1), None);
        assert_eq!(recent.get(5), Some(&95));
    }

    #[test]
    fn what_is_too_large_alone_is_not_kept_and_numbers_go_on() {
        let mut recent = Recent::new(3, 100);
        recent.push(101);
        assert_eq!(recent.len(), 0);
        recent.push(1);
        recent.clear();
        recent.push(2);
        assert_eq!(kept(&recent), [(3, 2)]);
        assert_eq!(recent.latest(), 3);
    }
}
