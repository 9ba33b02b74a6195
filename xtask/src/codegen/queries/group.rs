//! Groups properties with the same facts.

use std::collections::BTreeSet;

use super::facts::{Facts, FieldWords};
use super::naming::{listed_name, own_name};
use super::{Property, Query};
use stream_spec::Words;

/// Creates one type for properties with the same name and the same facts.
pub(super) fn group<F: PartialEq>(
    suffix: &str,
    properties: &[Property],
    taken: &BTreeSet<&str>,
    words: &Words,
    facts: impl Fn(&Property, &FieldWords<'_>) -> Option<Facts<F>>,
) -> Vec<Query<F>> {
    let mut queries: Vec<Query<F>> = Vec::new();
    for property in properties {
        let (listed, own) = (listed_name(property), own_name(property));
        let counted = (2..).map(|number| format!("{own}{suffix}{number}"));
        let names = listed.map(str::to_owned).into_iter().chain([own.clone()]);
        for name in names.map(|name| name + suffix).chain(counted) {
            if taken.contains(name.as_str()) {
                continue;
            }
            let words = FieldWords { words, query: &name };
            let Some((fields, combinations)) = facts(property, &words) else {
                break;
            };
            match queries.iter_mut().find(|query| query.name == name) {
                None => {
                    let uses = vec![property.clone()];
                    queries.push(Query { name, uses, fields, combinations });
                }
                Some(same) if same.fields == fields && same.combinations == combinations => {
                    same.uses.push(property.clone());
                }
                Some(_) => continue,
            }
            break;
        }
    }
    queries.sort_by(|one, other| one.name.cmp(&other.name));
    queries
}
