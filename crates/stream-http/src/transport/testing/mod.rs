//! Transports for tests: answers from a script, and recordings that are played back.

mod cassette;
mod recorder;
mod replayer;
mod scripted;

pub use cassette::{Cassette, Exchange};
pub use recorder::Recorder;
pub use replayer::Replayer;
pub use scripted::{ScriptedTransport, SentRequest};
