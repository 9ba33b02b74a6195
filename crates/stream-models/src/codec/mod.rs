//! How models become JSON and come from it.
//!
//! One small table per struct does the work of the derived implementations: it compiles in a
//! fraction of their time, and it is where the rules for `null` and absence live.
//!
//! Public for generated crates (`cargo xtask codegen --crate`) alone: it changes without notice.

#[cfg(feature = "both-directions")]
pub mod both_directions;
pub mod decode;
pub mod encode;
#[cfg(feature = "both-directions")]
pub mod event;
mod open_enum;

pub use open_enum::open_enum;
