//! Every schema and every operation is held against `spec/`.

#![cfg(test)]

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
