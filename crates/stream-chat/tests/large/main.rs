//! Large jobs are sent in batches, followed as tasks, and listed in pages.

#![cfg(test)]
#![allow(
    clippy::single_range_in_vec_init,
    reason = "a test may fail, and a list of ranges may have one"
)]

#[path = "../support/mod.rs"]
mod support;

mod bulk;
mod chaos;
mod dropped;
mod failures;
mod import;
mod isolation;
mod limits;
mod pages;
mod progress;
mod server;
mod tasks;
