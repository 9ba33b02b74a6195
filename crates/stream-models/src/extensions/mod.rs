//! Shorter ways to make the models that are made most.

mod attachment;
#[cfg(feature = "admin")]
mod export;
mod message;
mod poll;
mod sort;
mod user;
