//! The report of a process on the requests of one operation.

use std::time::Duration;

use redis::ScriptInvocation;

use super::milliseconds;
use stream_chat::transport::shared_limits::{KnownWindow, Permit, Settlement};

/// The outcomes of the requests of one operation since the last report.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Report {
    /// The latest permit that was settled, and the number of requests with it.
    settled: Option<(Permit, u64)>,
    /// The permit before it, of requests that were in flight when the window changed.
    settled_late: Option<(Permit, u64)>,
    limit: Option<Limit>,
    /// The number of turns that waiting requests gave back.
    withdrawn: u64,
}

/// The limit that responses stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    Unlimited,
    Limited(KnownWindow),
}

impl Report {
    /// Adds the outcome of a request. Times are those of a monotonic clock.
    pub(super) fn add(&mut self, permit: Permit, settlement: Settlement, now: Duration) {
        match (&mut self.settled, &mut self.settled_late) {
            (Some((known, count)), _) | (_, Some((known, count))) if *known == permit => {
                *count += 1;
            }
            (settled, late) => {
                // Requests with older permits than these no longer count.
                let mut all = [settled.take(), late.take(), Some((permit, 1))];
                all.sort_by_key(|one| std::cmp::Reverse(one.map(|(permit, _)| permit.number())));
                [*settled, *late, _] = all;
            }
        }
        match settlement {
            Settlement::Unanswered => {}
            Settlement::Unlimited => {
                self.limit.get_or_insert(Limit::Unlimited);
            }
            Settlement::Limited(report) => match &mut self.limit {
                Some(Limit::Limited(window)) => window.observe(report, now),
                limit => *limit = Some(Limit::Limited(KnownWindow::new(report, now))),
            },
        }
    }

    /// Adds a turn that a waiting request gave back.
    pub(super) fn withdraw(&mut self) {
        self.withdrawn = self.withdrawn.saturating_add(1);
    }

    /// Adds the report to the arguments of the script.
    pub(super) fn add_arguments(self, invocation: &mut ScriptInvocation<'_>, now: Duration) {
        for settled in [self.settled, self.settled_late] {
            let (permit, count) = settled.map_or((-1, 0), |(permit, count)| {
                (i64::try_from(permit.number()).unwrap_or(i64::MAX), count)
            });
            invocation.arg(permit).arg(count);
        }
        match self.limit {
            Some(Limit::Limited(window)) if window.ends > now => {
                let limit = window.limit.and_then(|limit| i64::try_from(limit).ok()).unwrap_or(-1);
                let resets_in = milliseconds(window.ends - now);
                let range = milliseconds(window.ends.saturating_sub(window.ends_after));
                let invocation = invocation.arg("limited").arg(limit).arg(window.remaining);
                invocation.arg(resets_in).arg(range)
            }
            Some(Limit::Unlimited) => invocation.arg("unlimited").arg(-1).arg(0).arg(0).arg(0),
            _ => invocation.arg("").arg(-1).arg(0).arg(0).arg(0),
        };
        invocation.arg(self.withdrawn);
    }
}
