//! Shorter ways to make the models that are made most.

mod attachment;
mod message;
mod poll;
mod sort;
mod user;
