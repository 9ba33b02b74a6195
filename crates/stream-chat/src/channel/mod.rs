//! Channels: the handle, and methods that combine or specialize operations.

mod appearance;
mod batch;
mod client;
mod events;
#[cfg(feature = "admin")]
mod export;
mod handle;
mod member_state;
mod members;
#[cfg(feature = "moderation")]
mod moderation;
mod reading;
mod settings;

pub use batch::ChannelBatch;
pub use handle::Channel;
