//! All operations that have a route, emulated or not.
//!
//! Only the IDs, methods and paths come from the models. The responses are written here, so that
//! the emulator checks the models and does not mirror them.

use std::collections::HashMap;
use std::sync::LazyLock;

use http::Method;

use crate::operations::{self, Entry};

/// An operation with its route.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The ID in the API's schema.
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    /// The path of v2, with parameters in braces.
    pub(crate) path: &'static str,
    /// The entry of the operation, if it is emulated.
    pub(crate) entry: Option<&'static Entry>,
    /// Whether the API's server-side schema lists it.
    pub(crate) is_listed: bool,
}

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let entries: HashMap<&str, &'static Entry> =
        operations::emulated().map(|entry| (entry.id, entry)).collect();
    let listed = stream_models::OPERATIONS.iter().filter_map(|operation| {
        Some(Operation {
            id: operation.id,
            method: operation.method.as_str().parse().ok()?,
            path: operation.path,
            entry: entries.get(operation.id).copied(),
            is_listed: true,
        })
    });
    let unlisted = operations::emulated().filter_map(|entry| {
        let (method, path) = entry.unlisted.as_ref()?;
        Some(Operation {
            id: entry.id,
            method: method.clone(),
            path,
            entry: Some(entry),
            is_listed: false,
        })
    });
    listed.chain(unlisted).collect()
});

/// Returns all operations.
pub(crate) fn operations() -> &'static [Operation] {
    &OPERATIONS
}

/// Returns an operation by ID.
pub(crate) fn find(id: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.id == id)
}
