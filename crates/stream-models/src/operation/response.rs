//! The members by which a response is recognized.

/// The members by which a successful response is recognized, besides `duration`.
///
/// A server may leave members out and add others, so no single one is required. But a body that
/// has none of them comes from something else, such as a proxy or another endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseMembers {
    /// The members are not known: any body is accepted.
    Any,
    /// All of them may be absent: a body is accepted if it has one of them or `duration`, or if it
    /// is an empty object.
    Optional(&'static [&'static str]),
    /// Some of them are required: a body is accepted if it has one of them.
    Required(&'static [&'static str]),
    /// The response is not JSON but a [`RawBody`](super::RawBody), which an executor takes as it is.
    Raw,
}
