//! The report of a process on the requests of one operation.

use std::time::Duration;

use redis::ScriptInvocation;
use tokio::time::Instant;

use super::milliseconds;
use stream_chat::transport::shared_limits::{Permit, Settlement};

/// The maximum difference between two resets that count as the same: headers count whole seconds.
const SAME_RESET: Duration = Duration::from_secs(2);

/// The outcomes of the requests of one operation since the last report.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Report {
    /// The latest permit that was settled, and the number of requests with it.
    settled: Option<(Permit, u64)>,
    /// The permit before it, of requests that were in flight when the window changed.
    settled_late: Option<(Permit, u64)>,
    limit: Option<Limit>,
}

/// The limit that responses stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    Unlimited,
    Limited(Window),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Window {
    limit: Option<u64>,
    remaining: u64,
    resets_at: Instant,
}

impl Report {
    pub(super) fn add(&mut self, permit: Permit, settlement: Settlement, now: Instant) {
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
            Settlement::Limited(report) => {
                let window = Window {
                    limit: report.limit,
                    remaining: report.remaining,
                    resets_at: now + report.resets_in,
                };
                self.limit = Some(Limit::Limited(match self.limit {
                    Some(Limit::Limited(known)) => known.merge(window),
                    _ => window,
                }));
            }
        }
    }

    /// Adds the report to the arguments of the script.
    pub(super) fn add_arguments(self, invocation: &mut ScriptInvocation<'_>, now: Instant) {
        for settled in [self.settled, self.settled_late] {
            let (permit, count) = settled.map_or((-1, 0), |(permit, count)| {
                (i64::try_from(permit.number()).unwrap_or(i64::MAX), count)
            });
            invocation.arg(permit).arg(count);
        }
        match self.limit {
            Some(Limit::Limited(window)) if window.resets_at > now => {
                let limit = window.limit.and_then(|limit| i64::try_from(limit).ok()).unwrap_or(-1);
                let resets_in = milliseconds(window.resets_at - now);
                invocation.arg("limited").arg(limit).arg(window.remaining).arg(resets_in)
            }
            Some(Limit::Unlimited) => invocation.arg("unlimited").arg(-1).arg(0).arg(0),
            _ => invocation.arg("").arg(-1).arg(0).arg(0),
        };
    }
}

impl Window {
    /// Merges the windows of two responses, of which `later` arrived later.
    fn merge(self, later: Self) -> Self {
        let (first, last) =
            (self.resets_at.min(later.resets_at), self.resets_at.max(later.resets_at));
        if last - first > SAME_RESET {
            return later;
        }
        // Responses overtake each other: within a window, the lowest number is the latest.
        Self {
            limit: later.limit.or(self.limit),
            remaining: self.remaining.min(later.remaining),
            resets_at: first,
        }
    }
}
