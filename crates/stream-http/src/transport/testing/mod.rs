//! Transports for tests: responses from a script, by operation ([`Script`]) or in order
//! ([`ScriptedTransport`]), and recordings that are replayed.

mod cassette;
mod recorder;
mod replayer;
mod rule;
mod script;
mod scripted;

pub use cassette::{Cassette, Exchange};
pub use recorder::Recorder;
pub use replayer::Replayer;
pub use rule::On;
pub use script::Script;
pub use scripted::{ScriptedTransport, SentRequest};

pub(crate) use script::{Captured, SkippedWaits};
