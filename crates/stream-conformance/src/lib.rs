//! Tests that check every schema and every operation of `stream-models` against `spec/`.
//!
//! They are a separate crate because they need the models in both directions, a transport and the
//! schema. `cargo xtask codegen` generates `tests/conformance/generated`: samples of everything
//! that is sent, and tables of all schemas and operations.
