//! The order of what a query finds.

use super::filter;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::cmp::Ordering;

/// One key of an order.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct SortKey {
    field: Option<String>,
    direction: Option<i32>,
}

/// Sorts what was found by its documents: by the keys asked for, or by the usual one.
pub(crate) fn sort<T>(
    mut found: Vec<(Map<String, Value>, T)>,
    keys: Option<&[SortKey]>,
    usual: &str,
    usual_direction: i32,
) -> Vec<T> {
    let asked: Vec<(&str, i32)> = keys
        .unwrap_or_default()
        .iter()
        .filter_map(|key| Some((key.field.as_deref()?, key.direction.unwrap_or(1))))
        .collect();
    let keys = if asked.is_empty() { vec![(usual, usual_direction)] } else { asked };
    found.sort_by(|(one, _), (other, _)| {
        keys.iter()
            .map(|(field, direction)| by_field(one.get(*field), other.get(*field), *direction))
            .find(|ordering| ordering.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    found.into_iter().map(|(_, item)| item).collect()
}

/// What lacks the field comes last, in either direction.
fn by_field(one: Option<&Value>, other: Option<&Value>, direction: i32) -> Ordering {
    let present = |value: Option<&Value>| value.is_some_and(|value| !value.is_null());
    match (one, other) {
        (Some(one), Some(other)) if !one.is_null() && !other.is_null() => {
            let ordering = filter::order(one, other).unwrap_or(Ordering::Equal);
            if direction < 0 { ordering.reverse() } else { ordering }
        }
        (one, other) => present(other).cmp(&present(one)),
    }
}
