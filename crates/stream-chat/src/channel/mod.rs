mod content;
mod get_or_create;
mod handle;
mod members;
mod update;

pub use handle::Channel;
