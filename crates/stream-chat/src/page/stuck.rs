//! The error of a list that does not continue although it has not ended.

use std::fmt;

use stream_http::Error;

/// An error of a list that does not continue although it has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck(Reason);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Reason {
    Repeated,
    TooFar { limit: i64, what: &'static str },
    Empty(u32),
}

impl Stuck {
    /// Returns the error of a list whose server repeated a page or a cursor.
    #[must_use]
    pub const fn repeated() -> Self {
        Self(Reason::Repeated)
    }

    /// Returns the error of a list whose server repeatedly returned empty pages with a next page.
    #[must_use]
    pub const fn empty(pages: u32) -> Self {
        Self(Reason::Empty(pages))
    }

    /// Returns the error of a list whose next offset the server refuses; `what` suggests a remedy.
    #[must_use]
    pub const fn too_far(limit: i64, what: &'static str) -> Self {
        Self(Reason::TooFar { limit, what })
    }
}

impl fmt::Display for Stuck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Reason::Repeated => f.write_str(
                "the list does not go on: the server returned the same page, or named the same next page, twice",
            ),
            Reason::Empty(pages) => {
                write!(f, "the list does not go on: {pages} pages in a row have no entry")
            }
            Reason::TooFar { limit, what } => {
                write!(f, "the next page begins beyond the offset {limit}, which the server refuses: {what}")
            }
        }
    }
}

impl std::error::Error for Stuck {}

impl From<Stuck> for Error {
    fn from(stuck: Stuck) -> Self {
        Self::invalid_request(stuck.to_string()).caused_by(stuck)
    }
}
