//! Channels: the handle, and what joins or specializes operations.

mod batch;
mod client;
mod handle;
mod members;
mod settings;

pub use batch::ChannelBatch;
pub use handle::Channel;
