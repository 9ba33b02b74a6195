/// The members of a successful response, `duration` apart, by which it is recognized.
///
/// A server leaves members out and adds others, so that no single one is asked for. But a body that
/// has none of them is the body of something else, such as a proxy or another endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseMembers {
    /// Nothing is known of the members: any body will do.
    Any,
    /// All of them may be absent: a body is recognized by one of them or by `duration`, and an empty
    /// object has nothing foreign in it.
    Optional(&'static [&'static str]),
    /// Some of them are required: a body is recognized by one of them.
    Required(&'static [&'static str]),
}
