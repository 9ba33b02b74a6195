//! Versions of releases.

use std::fmt;
use std::str::FromStr;

use anyhow::{Context, Result, ensure};

/// A version without pre-release and build metadata, which the workspace does not use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version([u64; 3]);

impl FromStr for Version {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let expected = || format!("expected a version such as 0.2.0, got `{text}`");
        let mut parts = text.split('.');
        let mut version = [0; 3];
        for number in &mut version {
            let part = parts.next().with_context(expected)?;
            // Leading zeros and signs are not semantic versions.
            *number = part.parse().with_context(expected)?;
            ensure!(number.to_string() == part, expected());
        }
        ensure!(parts.next().is_none(), expected());
        Ok(Self(version))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([major, minor, patch]) = self;
        write!(f, "{major}.{minor}.{patch}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_ordered() {
        let [old, new] = ["0.9.1", "0.10.0"].map(|text| text.parse::<Version>().unwrap());
        assert!(old < new);
        assert_eq!(new.to_string(), "0.10.0");
    }

    #[test]
    fn what_is_not_a_version_is_refused() {
        for text in ["", "1", "1.2", "1.2.3.4", "v1.2.3", "01.2.3", "+1.2.3", "1.2.3-rc.1", "1..3"]
        {
            let error = text.parse::<Version>().unwrap_err().to_string();
            assert!(error.contains("expected a version such as 0.2.0"), "{text}: {error}");
        }
    }
}
