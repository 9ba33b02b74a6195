//! The budget of retries that all calls of a client share.

use std::sync::atomic::{AtomicU32, Ordering};

/// A token bucket that all calls of a client share, so that an outage is not multiplied by
/// retries.
///
/// Each retry takes tokens; each call that succeeds puts one back. When too few are left,
/// calls fail without a retry until successes have filled the bucket again.
#[derive(Debug)]
pub struct RetryBudget {
    tokens: AtomicU32,
    capacity: u32,
    cost: u32,
}

impl RetryBudget {
    /// Creates a full bucket that holds `capacity` tokens, of which a retry takes `cost`.
    ///
    /// With the default of 500 and 5, a hundred retries may be made in a row, and from then on one
    /// for five successful calls.
    #[must_use]
    pub const fn new(capacity: u32, cost: u32) -> Self {
        Self { tokens: AtomicU32::new(capacity), capacity, cost }
    }

    /// Takes what a retry costs, if there is enough.
    #[must_use]
    pub fn withdraw(&self) -> bool {
        self.tokens
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
                tokens.checked_sub(self.cost)
            })
            .is_ok()
    }

    /// Puts back what a successful call earns: one token.
    pub fn deposit(&self) {
        // Most calls find the bucket full: they only read.
        let _ = self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
            (tokens < self.capacity).then_some(tokens.saturating_add(1))
        });
    }

    /// Returns how many tokens are left.
    #[must_use]
    pub fn tokens(&self) -> u32 {
        self.tokens.load(Ordering::Relaxed)
    }
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self::new(500, 5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_empties_it_and_successes_fill_it() {
        let budget = RetryBudget::new(12, 5);
        assert!(budget.withdraw());
        assert!(budget.withdraw());
        assert!(!budget.withdraw());
        assert_eq!(budget.tokens(), 2);
        for _ in 0..3 {
            budget.deposit();
        }
        assert!(budget.withdraw());
        for _ in 0..100 {
            budget.deposit();
        }
        assert_eq!(budget.tokens(), 12);
    }

    #[test]
    fn threads_never_take_more_than_there_is() {
        let budget = RetryBudget::new(1000, 3);
        let taken: usize = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| (0..1000).filter(|_| budget.withdraw()).count()))
                .collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).sum()
        });
        assert_eq!(taken, 333);
        assert_eq!(budget.tokens(), 1);
    }
}
