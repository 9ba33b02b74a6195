//! Encoding and decoding of the models.
//!
//! One small table per struct replaces the derived implementations: it compiles in a
//! fraction of their time, and applies the rules for `null` and absence.
//!
//! Public only for generated crates (`cargo xtask codegen --crate`): it changes without notice.

#[cfg(feature = "both-directions")]
pub mod both_directions;
pub mod decode;
pub mod encode;
#[cfg(feature = "both-directions")]
pub mod event;
mod open_enum;
pub mod union;

pub use open_enum::open_enum;
