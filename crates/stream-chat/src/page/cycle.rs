//! Detects a list that repeats itself.

use std::hash::{DefaultHasher, Hash, Hasher};

use stream_models::{Body, Operation};

/// Notices a list that goes around in a circle, however long, without remembering all of it: what was
/// asked for at each power of two is compared with all that follows (Brent's algorithm).
#[derive(Debug)]
pub(super) struct Cycle {
    kept: Option<u64>,
    /// How many steps there are until another is kept.
    power: u64,
    steps: u64,
}

impl Cycle {
    pub(super) fn new<O: Operation>(first: &O) -> Self {
        Self { kept: fingerprint(first), power: 1, steps: 0 }
    }

    /// Whether `next` asks for what was asked for before.
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

/// A hash of what would be sent.
fn fingerprint<O: Operation>(operation: &O) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    operation.path().ok()?.hash(&mut hasher);
    operation.query().ok()?.as_str().hash(&mut hasher);
    if let Body::Json(json) = operation.body().ok()? {
        json.hash(&mut hasher);
    }
    Some(hasher.finish())
}
