//! The outcomes of journeys.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::peer::Peer;

/// The outcome of one journey.
pub(super) struct Outcome {
    pub(super) peer: String,
    pub(super) journey: String,
    /// The number of checks that passed.
    pub(super) passed: usize,
    pub(super) failures: Vec<Failure>,
    /// The operations to which the emulator responded with 501.
    pub(super) not_emulated: BTreeSet<String>,
    /// Whether the journey reached its end; otherwise, it is broken.
    finished: bool,
}

impl Outcome {
    /// Returns whether all checks passed, and there was at least one.
    pub(super) fn passes(&self) -> bool {
        self.finished && self.failures.is_empty() && self.passed > 0
    }

    pub(super) fn word(&self) -> &'static str {
        if self.passes() {
            "passed"
        } else if !self.finished {
            "broken off"
        } else if !self.not_emulated.is_empty() {
            "not emulated"
        } else {
            "failed"
        }
    }
}

/// A check that failed.
pub(super) struct Failure {
    step: String,
    check: String,
    expected: String,
    got: String,
    /// The latest requests before it, with their responses.
    after: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}: {}", self.step, self.check)?;
        writeln!(formatter, "  expected {}", self.expected)?;
        write!(formatter, "  got      {}", self.got)?;
        for exchange in &self.after {
            write!(formatter, "\n  after    {exchange}")?;
        }
        Ok(())
    }
}

/// The outcomes of a run, in the order in which the journeys ran.
#[derive(Default)]
pub(super) struct Outcomes(Vec<Outcome>);

impl Outcomes {
    /// Reads the report of a peer.
    pub(super) fn read(peer: &Peer, report: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(report)
            .with_context(|| format!("reading {}", report.display()))?;
        Self::parse(peer, &text)
    }

    /// Parses a line of JSON for each check and for each end of a journey.
    pub(super) fn parse(peer: &Peer, text: &str) -> Result<Self> {
        let mut outcomes: Vec<Outcome> = peer
            .journeys
            .iter()
            .map(|journey| Outcome {
                peer: peer.name.clone(),
                journey: journey.clone(),
                passed: 0,
                failures: Vec::new(),
                not_emulated: BTreeSet::new(),
                finished: false,
            })
            .collect();
        for line in text.lines() {
            let line: Value = serde_json::from_str(line)
                .with_context(|| format!("the report of {} has a bad line: {line}", peer.name))?;
            let journey = text_of(&line, "journey");
            let outcome =
                outcomes.iter_mut().find(|outcome| outcome.journey == journey).with_context(
                    || format!("{} reports on {journey:?}, which did not run", peer.name),
                )?;
            outcome.take(&line);
        }
        Ok(Self(outcomes))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Outcome> {
        self.0.iter()
    }

    #[cfg(test)]
    pub(super) fn into_iter(self) -> impl Iterator<Item = Outcome> {
        self.0.into_iter()
    }

    pub(super) fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }
}

impl Outcome {
    fn take(&mut self, line: &Value) {
        if line.get("finished").is_some() {
            self.finished = true;
        } else if line.get("passed").and_then(Value::as_bool) == Some(true) {
            self.passed += 1;
        } else {
            let after = line.get("after").and_then(Value::as_array);
            let after = after.into_iter().flatten().filter_map(Value::as_str);
            self.failures.push(Failure {
                step: text_of(line, "step"),
                check: text_of(line, "check"),
                expected: text_of(line, "expected"),
                got: text_of(line, "got"),
                after: after.map(str::to_owned).collect(),
            });
            let operation = line.get("not_emulated").and_then(Value::as_str);
            self.not_emulated.extend(operation.map(str::to_owned));
        }
    }
}

fn text_of(line: &Value, name: &str) -> String {
    line.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::peer::Runtime;
    use super::*;

    fn parse(report: &str) -> Result<Outcome> {
        let journeys = vec!["bans".to_owned()];
        let peer = Peer { name: "rest".to_owned(), runtime: Runtime::Python, journeys };
        Ok(Outcomes::parse(&peer, report)?.into_iter().next().unwrap())
    }

    const PASSED: &str = r#"{"journey":"bans","step":"a","check":"b","passed":true}"#;
    const FAILED: &str = r#"{"journey":"bans","step":"bans a user","check":"status","passed":false,
        "expected":"201","got":"501","after":["POST /x -> 501"],"not_emulated":"Ban"}"#;
    const END: &str = r#"{"journey":"bans","finished":true}"#;

    #[test]
    fn a_journey_passes_with_its_checks_and_its_end() {
        assert!(parse(&format!("{PASSED}\n{END}")).unwrap().passes());
        assert!(!parse(END).unwrap().passes(), "no check at all");
        let broken = parse(PASSED).unwrap();
        assert_eq!((broken.passes(), broken.word()), (false, "broken off"));
    }

    #[test]
    fn a_failed_check_says_what_was_wrong() {
        let failed = FAILED.replace('\n', "");
        let outcome = parse(&format!("{PASSED}\n{failed}\n{END}")).unwrap();
        assert_eq!((outcome.passed, outcome.word()), (1, "not emulated"));
        assert!(outcome.not_emulated.contains("Ban"));
        let text = outcome.failures[0].to_string();
        for part in ["bans a user: status", "expected 201", "got      501", "POST /x -> 501"] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn a_report_on_another_journey_is_an_error() {
        assert!(parse(r#"{"journey":"polls","finished":true}"#).is_err());
        assert!(parse("no JSON").is_err());
    }
}
