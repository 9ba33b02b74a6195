//! Warnings about a document.

use std::fmt::{self, Write as _};

use super::yaml::must_be_escaped;

/// An oddity of a document, and how it was handled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Warning {
    /// A file and a JSON pointer, such as `api.json#/components/schemas/User`.
    pub place: String,
    /// The oddity, and how it was handled.
    pub message: String,
    /// Whether nothing is wrong with the document: a part of it is left to the caller.
    pub is_note: bool,
}

impl Warning {
    /// Returns the word that a line with the warning begins with.
    #[must_use]
    pub fn label(&self) -> &'static str {
        if self.is_note { "note" } else { "warning" }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The document must not control the terminal, or begin a line that looks like another warning.
        for character in format!("{}: {}", self.place, self.message).chars() {
            if must_be_escaped(character) {
                write!(f, "{}", character.escape_default())?;
            } else {
                f.write_char(character)?;
            }
        }
        Ok(())
    }
}

/// The warnings of one run, in order.
#[derive(Debug, Clone, Default)]
pub struct Warnings(Vec<Warning>);

impl Warnings {
    /// Adds a warning, unless it is a duplicate.
    pub fn add(&mut self, place: impl Into<String>, message: impl Into<String>) {
        self.push(Warning { place: place.into(), message: message.into(), is_note: false });
    }

    /// Adds a note, unless it is a duplicate.
    pub fn note(&mut self, place: impl Into<String>, message: impl Into<String>) {
        self.push(Warning { place: place.into(), message: message.into(), is_note: true });
    }

    fn push(&mut self, warning: Warning) {
        if !self.0.contains(&warning) {
            self.0.push(warning);
        }
    }

    /// Returns the first warning that is not a note.
    #[must_use]
    pub fn first(&self) -> Option<&Warning> {
        self.iter().find(|warning| !warning.is_note)
    }

    /// Returns the warnings.
    pub fn iter(&self) -> impl Iterator<Item = &Warning> {
        self.0.iter()
    }

    /// Returns the number of warnings.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are no warnings.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
