//! The runtime of the executor: time, and whether futures move between threads.

mod clock;
mod race;
mod send;

pub use clock::Clock;
#[cfg(not(target_family = "wasm"))]
pub use clock::TokioClock;
pub(crate) use race::{Either, race};
pub(crate) use send::{BoxBody, box_body};
pub use send::{BoxFuture, MaybeSend, MaybeSync};
