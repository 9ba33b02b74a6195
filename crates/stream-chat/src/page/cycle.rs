//! Detection of lists whose pages repeat.

use std::hash::{DefaultHasher, Hash, Hasher};

use stream_models::{Body, Operation};

/// Detects a list whose pages repeat in a cycle of any length, in constant memory: the request at
/// each power of two is compared with all that follow (Brent's algorithm).
#[derive(Debug)]
pub(super) struct Cycle {
    kept: Option<u64>,
    /// The number of steps until the next request is stored.
    power: u64,
    steps: u64,
}

impl Cycle {
    pub(super) fn new<O: Operation>(first: &O) -> Self {
        Self { kept: fingerprint(first), power: 1, steps: 0 }
    }

    /// Returns whether `next` repeats an earlier request.
    pub(super) fn comes_back_to<O: Operation>(&mut self, next: &O) -> bool {
        let next = fingerprint(next);
        if next.is_some() && next == self.kept {
            return true;
        }
        self.steps = self.steps.saturating_add(1);
        if self.steps == self.power {
            self.kept = next;
            self.power = self.power.saturating_mul(2);
            self.steps = 0;
        }
        false
    }
}

/// Returns a hash of the request that would be sent.
fn fingerprint<O: Operation>(operation: &O) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    operation.path().ok()?.hash(&mut hasher);
    operation.query().ok()?.as_str().hash(&mut hasher);
    if let Body::Json(json) = operation.body().ok()? {
        json.hash(&mut hasher);
    }
    Some(hasher.finish())
}
