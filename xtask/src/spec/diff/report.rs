use serde::Serialize;
use std::fmt;

/// The changes that were found, apart by whether they break callers.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    pub(crate) breaking: Vec<Change>,
    pub(crate) non_breaking: Vec<Change>,
}

/// One change and where it is.
#[derive(Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Change {
    pub(crate) place: String,
    pub(crate) change: String,
}

impl Report {
    pub(super) fn add(
        &mut self,
        is_breaking: bool,
        place: impl Into<String>,
        change: impl Into<String>,
    ) {
        let list = if is_breaking { &mut self.breaking } else { &mut self.non_breaking };
        list.push(Change { place: place.into(), change: change.into() });
    }

    pub(super) fn breaking(&mut self, place: impl Into<String>, change: impl Into<String>) {
        self.add(true, place, change);
    }

    pub(super) fn harmless(&mut self, place: impl Into<String>, change: impl Into<String>) {
        self.add(false, place, change);
    }

    /// Brings the changes into the order of their places, and drops what is said twice.
    pub(super) fn sort(&mut self) {
        for list in [&mut self.breaking, &mut self.non_breaking] {
            list.sort();
            list.dedup();
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.breaking.is_empty() && self.non_breaking.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return writeln!(f, "nothing changed");
        }
        let mut separator = "";
        for (title, list) in [("breaking", &self.breaking), ("not breaking", &self.non_breaking)] {
            if list.is_empty() {
                continue;
            }
            writeln!(f, "{separator}{title} ({})", list.len())?;
            for Change { place, change } in list {
                writeln!(f, "  {place}: {change}")?;
            }
            separator = "\n";
        }
        Ok(())
    }
}
