//! The report of a comparison.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// The change of what the Rust API would take or return in another way.
pub(super) const NO_LONGER_REQUIRED: &str = "no longer required; `spec import` keeps it required";

/// The changes, divided by whether they break callers.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    pub(crate) breaking: Vec<Change>,
    pub(crate) non_breaking: Vec<Change>,
}

/// A change with its place.
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

    /// Sorts the changes by place, and removes duplicates.
    pub(super) fn sort(&mut self) {
        for list in [&mut self.breaking, &mut self.non_breaking] {
            list.sort();
            list.dedup();
        }
    }

    /// Returns the report as text, with every place of every change.
    pub(crate) fn in_full(&self) -> impl fmt::Display + '_ {
        Text { report: self, all: true }
    }

    fn is_empty(&self) -> bool {
        self.breaking.is_empty() && self.non_breaking.is_empty()
    }
}

/// The number of places from which a change is reported once.
const MANY: usize = 4;

/// The number of those places that are named.
const NAMED: usize = 3;

struct Text<'a> {
    report: &'a Report,
    all: bool,
}

/// Groups equal changes of the same field.
fn groups(changes: &[Change]) -> Vec<Vec<&Change>> {
    let mut groups: Vec<Vec<&Change>> = Vec::new();
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for change in changes {
        let key = (change.subject(), change.change.as_str());
        let index = *known.entry(key).or_insert(groups.len());
        match groups.get_mut(index) {
            Some(group) => group.push(change),
            None => groups.push(vec![change]),
        }
    }
    groups
}

impl Change {
    /// Returns what changed, without the place: `duration` of `GetTaskResponse.duration`.
    fn subject(&self) -> &str {
        // These have the same meaning at every field.
        const FLAGS: [&str; 4] =
            ["deprecated", "may be null now", "may not be null any more", "no longer deprecated"];
        if FLAGS.contains(&self.change.as_str()) {
            return "";
        }
        // Items that were added or removed as a whole are reported by name.
        const WHOLE: [&str; 4] =
            ["operation added", "operation removed", "schema added", "removed"];
        let is_whole = WHOLE.contains(&self.change.as_str())
            || self.change.starts_with("schema removed")
            || self.change.starts_with("moved to");
        match self.place.rsplit_once([':', '.']) {
            Some((_, field)) => field.trim(),
            None if is_whole => &self.place,
            None => "",
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Text { report: self, all: false }.fmt(f)
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = self.report;
        if report.is_empty() {
            return writeln!(f, "nothing changed");
        }
        let mut separator = "";
        for (title, list) in
            [("breaking", &report.breaking), ("not breaking", &report.non_breaking)]
        {
            if list.is_empty() {
                continue;
            }
            writeln!(f, "{separator}{title} ({})", list.len())?;
            for group in groups(list) {
                self.group(f, &group)?;
            }
            separator = "\n";
        }
        Ok(())
    }
}

impl Text<'_> {
    fn group(&self, f: &mut fmt::Formatter<'_>, group: &[&Change]) -> fmt::Result {
        match group {
            [first, ..] if group.len() >= MANY && !self.all => {
                let named: Vec<&str> =
                    group.iter().take(NAMED).map(|change| change.place.as_str()).collect();
                let named = named.join(", ");
                let (subject, count) = (first.subject(), group.len());
                let subject = if subject.is_empty() { "" } else { &format!("{subject} ") };
                writeln!(f, "  {subject}{}: at {count} places: {named}, ...", first.change)
            }
            group => group
                .iter()
                .try_for_each(|Change { place, change }| writeln!(f, "  {place}: {change}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_change_at_many_places_is_told_once() {
        let mut report = Report::default();
        for name in ["A", "B", "C", "D", "E"] {
            report.harmless(format!("{name}.duration"), "no longer required");
            report.breaking(format!("GET /{name} (Get{name})"), "operation removed");
        }
        report.harmless("A.id", "no longer required");
        report.harmless("B.id", "no longer required");
        report.sort();
        let text = report.to_string();
        assert!(text.contains("not breaking (7)\n  duration no longer required: at 5 places: A.duration, B.duration, C.duration, ...\n"), "{text}");
        assert!(
            text.contains("  A.id: no longer required\n  B.id: no longer required\n"),
            "{text}"
        );
        assert!(text.contains("  GET /E (GetE): operation removed\n"), "{text}");
        let full = report.in_full().to_string();
        assert!(full.contains("  E.duration: no longer required\n"), "{full}");
    }
}
