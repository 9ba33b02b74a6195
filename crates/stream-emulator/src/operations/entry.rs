//! The table entry of an emulated operation.

use http::Method;
use serde_json::Value;

use super::{Call, Reply};
use crate::error::ApiError;

/// The handler of an operation. Its input has the shape of v2.
pub(crate) type Run = fn(&mut Call<'_>, Value) -> Result<Reply, ApiError>;

/// An emulated operation.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The ID in the API's schema.
    pub(crate) id: &'static str,
    pub(crate) run: Run,
    /// The method and path of an operation that the server-side schema does not list.
    pub(crate) unlisted: Option<(Method, &'static str)>,
}

/// Declares the operations of a domain: the ID in the API's schema, and the handler. The handler
/// takes the [`Call`] and an input of any type that decodes, and returns an
/// [`Object`](crate::document::Object) or a [`Reply`].
///
/// A line with a method and a path declares an operation that the API has although its server-side
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
