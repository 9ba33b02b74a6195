//! Every schema and every operation conforms to `spec/`.

#![cfg(test)]

mod decoding;
mod emulated;
mod encoding;
mod generated;
mod operations;
mod queries;
mod refinements;
mod support;
mod timestamps;
mod verbs;
mod write_back;
