//! The error of an import file.

use std::{fmt, io};

use super::ImportKind;
use stream_http::{Error, ErrorClass, SdkError};

/// An error of an import file: it cannot be written, or the server would refuse it.
#[derive(Debug)]
#[non_exhaustive]
pub enum ImportError {
    /// A line is not valid. It was not written.
    Invalid {
        /// The number of the line, from 1.
        line: u64,
        /// The kind of the item, if it is known.
        kind: Option<ImportKind>,
        /// The problem.
        problem: String,
    },
    /// The file could not be read or written.
    Io(io::Error),
    /// An earlier line was only partially written: the file is not usable.
    Broken,
}

impl ImportError {
    /// Returns the `ImportError` that an error from writing or checking a file wraps.
    ///
    /// ```
    /// use stream_chat::import::{ImportError, ImportItem, ImportWriter};
    ///
    /// let mut file = ImportWriter::new(Vec::new());
    /// let error = file.write(&ImportItem::user("")).unwrap_err();
    /// assert!(matches!(ImportError::of(&error), Some(ImportError::Invalid { line: 1, .. })));
    /// ```
    #[must_use]
    pub fn of(error: &Error) -> Option<&Self> {
        error.downcast_ref()
    }

    pub(super) fn invalid(line: u64, kind: Option<ImportKind>, problem: impl Into<String>) -> Self {
        Self::Invalid { line, kind, problem: problem.into() }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { line, kind: Some(kind), problem } => {
                write!(f, "line {line} ({kind}): {problem}")
            }
            Self::Invalid { line, kind: None, problem } => write!(f, "line {line}: {problem}"),
            Self::Io(error) => write!(f, "the import file: {error}"),
            Self::Broken => {
                f.write_str("the import file is not usable: an earlier line was written in part")
            }
        }
    }
}

impl std::error::Error for ImportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // The error itself is part of the text.
            Self::Io(error) => error.source(),
            Self::Invalid { .. } | Self::Broken => None,
        }
    }
}

impl From<io::Error> for ImportError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl SdkError for ImportError {
    fn class(&self) -> ErrorClass {
        ErrorClass::InvalidInput
    }
}
