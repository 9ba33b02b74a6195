//! The budget of retries that all calls of a client share.

use std::sync::atomic::{AtomicU32, Ordering};

/// A token bucket that all calls of a client share, so that retries do not multiply the load of an
/// outage.
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
    /// Creates a full bucket with `capacity` tokens, of which each retry takes `cost`.
    ///
    /// The default of 500 and 5 allows a hundred retries in a row, and after that one for every
    /// five successful calls.
    #[must_use]
    pub const fn new(capacity: u32, cost: u32) -> Self {
        Self { tokens: AtomicU32::new(capacity), capacity, cost }
    }

    /// Takes the tokens of a retry, if there are enough.
    #[must_use]
    pub fn withdraw(&self) -> bool {
        self.tokens
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
                tokens.checked_sub(self.cost)
            })
            .is_ok()
    }

    /// Returns one token to the bucket after a successful call.
    pub fn deposit(&self) {
        // Most calls find the bucket full, and then only read it.
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
    fn outages_empty_the_budget_and_successes_refill_it() {
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
    fn threads_never_take_more_than_the_budget() {
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
