use std::time::Duration;

use redis::ScriptInvocation;
use tokio::time::Instant;

use super::milliseconds;
use stream_chat::transport::shared_limits::{Permit, Settlement};

/// How far apart two resets may lie and still be the same: headers count in whole seconds.
const SAME_RESET: Duration = Duration::from_secs(2);

/// What became of the requests of one operation since it was last told.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct News {
    /// The latest permit that was settled, and how many requests had it.
    settled: Option<(Permit, u64)>,
    said: Option<Said>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Unlimited,
    Limited(Window),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Window {
    limit: Option<u64>,
    remaining: u64,
    resets_at: Instant,
}

impl News {
    pub(super) fn add(&mut self, permit: Permit, settlement: Settlement, now: Instant) {
        self.settled = match self.settled {
            Some((known, count)) if known == permit => Some((known, count + 1)),
            // The window of the other permit is over: nobody counts its requests any longer.
            Some((known, count)) if known.number() > permit.number() => Some((known, count)),
            _ => Some((permit, 1)),
        };
        match settlement {
            Settlement::Unanswered => {}
            Settlement::Unlimited => {
                self.said.get_or_insert(Said::Unlimited);
            }
            Settlement::Limited(report) => {
                let window = Window {
                    limit: report.limit,
                    remaining: report.remaining,
                    resets_at: now + report.resets_in,
                };
                self.said = Some(Said::Limited(match self.said {
                    Some(Said::Limited(known)) => known.then(window),
                    _ => window,
                }));
            }
        }
    }

    /// Writes the arguments of the script.
    pub(super) fn put(self, invocation: &mut ScriptInvocation<'_>, now: Instant) {
        let (permit, count) = self.settled.map_or((-1, 0), |(permit, count)| {
            (i64::try_from(permit.number()).unwrap_or(i64::MAX), count)
        });
        invocation.arg(permit).arg(count);
        match self.said {
            Some(Said::Limited(window)) if window.resets_at > now => {
                let limit = window.limit.and_then(|limit| i64::try_from(limit).ok()).unwrap_or(-1);
                let resets_in = milliseconds(window.resets_at - now);
                invocation.arg("limited").arg(limit).arg(window.remaining).arg(resets_in)
            }
            Some(Said::Unlimited) => invocation.arg("unlimited").arg(-1).arg(0).arg(0),
            _ => invocation.arg("").arg(-1).arg(0).arg(0),
        };
    }
}

impl Window {
    /// Combines what two responses said, of which `later` came later.
    fn then(self, later: Self) -> Self {
        let (first, last) =
            (self.resets_at.min(later.resets_at), self.resets_at.max(later.resets_at));
        if last - first > SAME_RESET {
            return later;
        }
        // Responses overtake each other: of one window the lowest number is the latest.
        Self {
            limit: later.limit.or(self.limit),
            remaining: self.remaining.min(later.remaining),
            resets_at: first,
        }
    }
}
