//! Reads JSON that comes from outside.

use serde_json::Value;

/// The maximum nesting. In the saved state, values are some levels deeper, and `serde_json` reads at
/// most 128 levels.
const MAX_DEPTH: usize = 64;

/// Parses JSON, and refuses values that are nested too deeply. The error says what is wrong.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, String> {
    let value = serde_json::from_slice(bytes).map_err(|error| format!("is not JSON: {error}"))?;
    check_depth(&value)?;
    Ok(value)
}

/// Refuses values that are nested too deeply.
pub(crate) fn check_depth(value: &Value) -> Result<(), String> {
    match has_depth(value, MAX_DEPTH) {
        true => Ok(()),
        false => Err(format!("is nested more than {MAX_DEPTH} levels deep")),
    }
}

/// Returns whether a value has at most this many levels.
fn has_depth(value: &Value, most: usize) -> bool {
    let Some(rest) = most.checked_sub(1) else {
        return !value.is_array() && !value.is_object();
    };
    match value {
        Value::Array(items) => items.iter().all(|item| has_depth(item, rest)),
        Value::Object(fields) => fields.values().all(|field| has_depth(field, rest)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_objects_are_counted() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(nested(MAX_DEPTH).as_bytes()).is_ok());
        for levels in [MAX_DEPTH + 1, 100_000] {
            assert!(parse(nested(levels).as_bytes()).is_err(), "{levels}");
        }
        assert!(parse(format!("{{\"a\":{}}}", nested(MAX_DEPTH)).as_bytes()).is_err());
        assert!(parse(b"nonsense").unwrap_err().starts_with("is not JSON"));
    }
}
