//! The claims in `peers/claims.txt`: the journeys that must pass completely.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use super::outcome::{Outcome, Outcomes};
use super::peer::Peer;

/// The path of the file from the root of the workspace.
pub(super) const FILE: &str = "peers/claims.txt";

const HEAD: &str = "\
# The journeys that pass whole against the emulator, one a line as peer/journey.
# `cargo xtask peers` fails if one of them does not pass, and if one that is not here passes;
# `cargo xtask peers --update-claims` writes this file.
";

pub(super) struct Claims(BTreeSet<String>);

impl Claims {
    pub(super) fn read() -> Result<Self> {
        let text = fs::read_to_string(path()).with_context(|| format!("reading {FILE}"))?;
        let lines = text.lines().map(str::trim);
        let claims = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        Ok(Self(claims.map(str::to_owned).collect()))
    }

    /// Checks that each claim names a journey that exists.
    pub(super) fn check(&self, peers: &[Peer]) -> Result<()> {
        let journeys = all(peers);
        let unknown: Vec<&str> = self.0.difference(&journeys).map(String::as_str).collect();
        ensure!(
            unknown.is_empty(),
            "{FILE} names journeys that do not exist: {}",
            unknown.join(", ")
        );
        Ok(())
    }

    /// Removes the claims of journeys that do not exist.
    pub(super) fn retain(&mut self, peers: &[Peer]) {
        let journeys = all(peers);
        self.0.retain(|claim| journeys.contains(claim));
    }

    pub(super) fn contains(&self, outcome: &Outcome) -> bool {
        self.0.contains(&key(&outcome.peer, &outcome.journey))
    }

    /// Returns an error message if an outcome contradicts the claims.
    pub(super) fn mistake(&self, outcome: &Outcome) -> Option<String> {
        let journey = key(&outcome.peer, &outcome.journey);
        match (self.contains(outcome), outcome.passes()) {
            (true, false) => Some(format!("{journey} is claimed to pass and does not")),
            (false, true) => Some(format!(
                "{journey} passes and is not in {FILE}: add it, or run with --update-claims"
            )),
            _ => None,
        }
    }

    /// Updates the claims of the journeys with these outcomes, and writes the file.
    pub(super) fn update(&mut self, outcomes: &Outcomes) -> Result<()> {
        for outcome in outcomes.iter() {
            let claim = key(&outcome.peer, &outcome.journey);
            if outcome.passes() {
                self.0.insert(claim);
            } else {
                self.0.remove(&claim);
            }
        }
        let lines: String = self.0.iter().map(|claim| format!("{claim}\n")).collect();
        fs::write(path(), format!("{HEAD}{lines}")).with_context(|| format!("writing {FILE}"))
    }
}

/// Returns all journeys of these peers, as claims name them.
fn all(peers: &[Peer]) -> BTreeSet<String> {
    let journeys =
        peers.iter().flat_map(|peer| peer.journeys.iter().map(|journey| key(&peer.name, journey)));
    journeys.collect()
}

fn key(peer: &str, journey: &str) -> String {
    format!("{peer}/{journey}")
}

fn path() -> PathBuf {
    stream_spec::workspace_root().join(FILE)
}

#[cfg(test)]
mod tests {
    use super::super::peer::Runtime;
    use super::*;

    fn peer() -> Peer {
        let journeys = ["bans", "polls"].map(str::to_owned).to_vec();
        Peer { name: "rest".to_owned(), runtime: Runtime::Python, journeys }
    }

    fn outcomes(report: &str) -> Vec<Outcome> {
        let peer = peer();
        Outcomes::parse(&peer, report).unwrap().into_iter().collect()
    }

    const PASSES: &str = r#"{"journey":"bans","step":"a","check":"b","passed":true}
{"journey":"bans","finished":true}"#;

    #[test]
    fn wrong_claims_are_mistakes_in_both_directions() {
        let outcomes = outcomes(PASSES);
        let (bans, polls) = (&outcomes[0], &outcomes[1]);
        let none = Claims(BTreeSet::new());
        assert!(none.mistake(bans).unwrap().contains("rest/bans passes and is not in"));
        assert_eq!(none.mistake(polls), None);
        let both = Claims(["rest/bans", "rest/polls"].map(str::to_owned).into());
        assert_eq!(both.mistake(bans), None);
        assert!(both.mistake(polls).unwrap().contains("rest/polls is claimed to pass"));
    }

    #[test]
    fn a_claim_must_name_a_journey() {
        let mut claims = Claims(["rest/bans", "rest/gone"].map(str::to_owned).into());
        let error = claims.check(&[peer()]).unwrap_err().to_string();
        assert!(error.contains("rest/gone") && !error.contains("rest/bans"), "{error}");
        claims.retain(&[peer()]);
        assert!(claims.check(&[peer()]).is_ok());
    }
}
