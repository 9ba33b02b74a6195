//! The schemas with their Rust types.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Sample;

/// The depth of full samples.
const DEPTH: usize = 6;

/// The direction of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Sent,
    Received,
    Both,
}

/// An object of the API with its Rust type.
pub(crate) struct Schema {
    /// The name in the schema.
    pub(crate) name: &'static str,
    pub(crate) direction: Direction,
    round_trip: fn(&[u8]) -> serde_json::Result<Vec<u8>>,
    samples: Option<Samples>,
}

struct Samples {
    minimal: fn() -> Vec<u8>,
    full: fn() -> Vec<u8>,
    cleared: fn() -> Vec<u8>,
}

impl Schema {
    pub(crate) const fn received<T: Serialize + DeserializeOwned>(name: &'static str) -> Self {
        Self { name, direction: Direction::Received, round_trip: round_trip::<T>, samples: None }
    }

    pub(crate) const fn sent<T: Sample + Serialize + DeserializeOwned>(name: &'static str) -> Self {
        Self {
            name,
            direction: Direction::Sent,
            round_trip: round_trip::<T>,
            samples: Some(Samples {
                minimal: || write(&T::minimal()),
                full: || write(&T::full(DEPTH)),
                cleared: || write(&T::cleared()),
            }),
        }
    }

    pub(crate) const fn both<T: Sample + Serialize + DeserializeOwned>(name: &'static str) -> Self {
        Self { direction: Direction::Both, ..Self::sent::<T>(name) }
    }

    pub(crate) fn is_received(&self) -> bool {
        self.direction != Direction::Sent
    }

    pub(crate) fn is_sent(&self) -> bool {
        self.direction != Direction::Received
    }

    /// Decodes into the Rust type and encodes again.
    pub(crate) fn round_trip(&self, json: &[u8]) -> serde_json::Result<Value> {
        serde_json::from_slice(&(self.round_trip)(json)?)
    }

    /// Returns the JSON of the minimal sample.
    pub(crate) fn minimal(&self) -> Value {
        self.sample(|samples| samples.minimal)
    }

    /// Returns the JSON of the full sample.
    pub(crate) fn full(&self) -> Value {
        self.sample(|samples| samples.full)
    }

    /// Returns the JSON of the cleared sample.
    pub(crate) fn cleared(&self) -> Value {
        self.sample(|samples| samples.cleared)
    }

    fn sample(&self, which: fn(&Samples) -> fn() -> Vec<u8>) -> Value {
        let samples = self.samples.as_ref().unwrap();
        serde_json::from_slice(&which(samples)()).unwrap()
    }
}

fn round_trip<T: Serialize + DeserializeOwned>(json: &[u8]) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&serde_json::from_slice::<T>(json)?)
}

fn write<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).unwrap()
}
