//! Compares the versions of documents.

use std::cmp::Ordering;

use anyhow::{Result, bail};

use stream_spec::Part;

/// Fails if the document is older than the schema folder.
pub(super) fn check(new: Option<&str>, own: Option<&str>) -> Result<()> {
    if let (Some(new), Some(own)) = (new, own)
        && numbers(new).cmp(&numbers(own)) == Ordering::Less
    {
        bail!(
            "the document is of version {new}, older than {own}: --force takes it over nevertheless"
        );
    }
    Ok(())
}

/// Writes the version of the document to the schema.
pub(super) fn set(parts: &mut [Part], version: Option<&str>) {
    for part in parts {
        if let (Some(version), Some(present)) = (version, part.value.pointer_mut("/info/version")) {
            *present = version.into();
        }
    }
}

/// Parses `v236.0.4` as numbers.
fn numbers(version: &str) -> Vec<u64> {
    let digits = version.split(|c: char| !c.is_ascii_digit());
    digits.filter_map(|digits| digits.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_older_is_refused() {
        let is_refused = |new, own| check(new, own).is_err();
        assert!(is_refused(Some("v236.0.3"), Some("v236.0.4")));
        assert!(is_refused(Some("v99.9.9"), Some("v236.0.4")));
        assert!(!is_refused(Some("v236.0.4"), Some("v236.0.4")));
        assert!(!is_refused(Some("v237"), Some("v236.0.4")));
        assert!(!is_refused(None, Some("v236.0.4")));
    }
}
