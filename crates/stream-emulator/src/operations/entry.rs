//! The record of an operation that is emulated.

use http::Method;
use serde_json::Value;

use super::{Call, Reply};
use crate::error::ApiError;

/// What handles the requests of an operation: it takes the input, in the shape of v2.
pub(crate) type Run = fn(&mut Call<'_>, Value) -> Result<Reply, ApiError>;

/// An operation that is emulated.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The id in the API's schema.
    pub(crate) id: &'static str,
    pub(crate) run: Run,
    /// The method and path of an operation that the API's server-side schema does not list.
    pub(crate) unlisted: Option<(Method, &'static str)>,
}

/// Writes the operations of a domain as a table: the id in the API's schema, and the function. The
/// function takes the [`Call`] and the input in any type that decodes, and returns an
/// [`Object`](crate::document::Object) or a [`Reply`].
///
/// A line with a method and a path is an operation that the API serves though its server-side
/// schema does not list it.
macro_rules! operations {
    ($($id:literal $(($method:ident $path:literal))? => $function:expr),* $(,)?) => {
        pub(super) const OPERATIONS: &[$crate::operations::Entry] = &[
            $($crate::operations::Entry {
                id: $id,
                run: |call, input| {
                    let input = $crate::operations::decode(input)?;
                    ($function)(call, input).map($crate::operations::Reply::from)
                },
                unlisted: $crate::operations::entry::operations!(@unlisted $($method $path)?),
            },)*
        ];
    };
    (@unlisted) => { None };
    (@unlisted $method:ident $path:literal) => { Some((::http::Method::$method, $path)) };
}

pub(crate) use operations;
