//! Nothing but tests: every schema and every operation of `stream-models` is held against `spec/`.
//!
//! They stand in a crate of their own because they need the models in both directions, a transport
//! and the schema at once. `tests/conformance/generated` comes from `cargo xtask codegen`: a sample
//! of everything that is sent, and tables of all schemas and operations.
