//! Channels: the handle with members, messages and files, and what a client does with many of them.

mod client;
mod content;
mod get_or_create;
mod handle;
mod members;
mod update;

pub use handle::Channel;
