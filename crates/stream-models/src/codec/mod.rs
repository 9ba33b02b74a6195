//! How models become JSON and come from it.
//!
//! One small table per struct does the work of the derived implementations: it compiles in a
//! fraction of their time, and it is where the rules for `null` and absence live.

#[cfg(feature = "both-directions")]
pub(crate) mod both_directions;
pub(crate) mod decode;
pub(crate) mod encode;
#[cfg(all(feature = "both-directions", feature = "events"))]
pub(crate) mod event;
mod open_enum;

pub(crate) use open_enum::open_enum;
