//! Transports for tests: responses from a script, by operation ([`Script`]) or in order
//! ([`ScriptedTransport`]), and recordings that are replayed.

mod cassette;
mod on;
mod recorder;
mod replayer;
mod rule;
mod script;
mod scripted;
mod sent;

pub use cassette::{Cassette, Exchange};
pub use on::On;
pub use recorder::Recorder;
pub use replayer::Replayer;
pub use script::Script;
pub use scripted::ScriptedTransport;
pub use sent::SentRequest;

pub(crate) use script::SkippedWaits;
pub(crate) use sent::Captured;
