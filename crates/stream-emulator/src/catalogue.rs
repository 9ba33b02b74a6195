//! Every operation of the API, emulated or not.
//!
//! The list is all that is taken from the models: what an operation answers is written here, so
//! that the emulator is a check on them and not their mirror.

use http::Method;
use stream_models::OPERATIONS;

/// What the emulator knows of an operation before it handles it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Operation {
    /// The id in the API's schema.
    pub(crate) id: &'static str,
    /// The HTTP method.
    pub(crate) method: Method,
    /// The path with its parameters in braces.
    pub(crate) path: &'static str,
}

/// All operations of the API.
pub(crate) fn operations() -> impl Iterator<Item = Operation> {
    OPERATIONS.iter().filter_map(|operation| {
        Some(Operation {
            id: operation.id,
            method: operation.method.as_str().parse().ok()?,
            path: operation.path,
        })
    })
}

/// The id of the operation with a method and a path template.
pub(crate) fn find(method: &Method, path: &str) -> Option<&'static str> {
    OPERATIONS
        .iter()
        .find(|operation| operation.method.as_str() == method.as_str() && operation.path == path)
        .map(|operation| operation.id)
}
