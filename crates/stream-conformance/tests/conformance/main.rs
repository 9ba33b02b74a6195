//! Every schema and every operation is held against `spec/`.

// All of it is test code, where a panic is how a test fails.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod decoding;
mod emulated;
mod encoding;
mod generated;
mod moments;
mod operations;
mod queries;
mod refinements;
mod support;
mod verbs;
