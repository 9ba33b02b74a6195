//! Finds the schemas that are sent and received from now on. The type of such a schema differs from
//! that of one direction: lists and maps that may be absent are an `Option`, and `null` cannot be
//! sent.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::spec::diff::reach;
use crate::spec::structure::Structure;
use stream_spec::references_in;

/// Returns what changed for the schemas of one direction that have both now.
pub(super) fn widened(before: &Structure, after: &Structure) -> Vec<String> {
    let (was, is) = (Directions::of(before), Directions::of(after));
    let both = is.sent.intersection(&is.received);
    both.filter_map(|name| match (was.sent.contains(name), was.received.contains(name)) {
        (false, true) => Some(format!("{name}: is in requests, too")),
        (true, false) => Some(format!("{name}: is in responses or events, too")),
        _ => None,
    })
    .collect()
}

struct Directions {
    sent: BTreeSet<String>,
    received: BTreeSet<String>,
}

impl Directions {
    fn of(structure: &Structure) -> Self {
        let union = structure.event_union().map(|(name, _)| name);
        let schemas = structure.schemas.iter().filter(|(name, _)| Some(name.as_str()) != union);
        let links: BTreeMap<&str, BTreeSet<String>> =
            schemas.map(|(name, schema)| (name.as_str(), references_in(schema))).collect();
        let refer = |keys: &[&str]| -> BTreeSet<String> {
            let operations = structure.operations.values();
            let parts = operations.flat_map(|operation| {
                keys.iter().filter_map(|key| operation.get(*key)).collect::<Vec<&Value>>()
            });
            parts.flat_map(references_in).collect()
        };
        let mut received = refer(&["responses"]);
        received.extend(structure.events().into_values());
        Self {
            sent: reach(&links, refer(&["parameters", "requestBody"])),
            received: reach(&links, received),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn structure(body: &str, response: &str) -> Structure {
        let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let mut structure = Structure::default();
        let operation = json!({ "requestBody": reference(body), "responses": reference(response) });
        structure.operations.insert(("/a".to_owned(), "post".to_owned()), operation);
        for (name, part) in [("Message", "User"), ("Other", "Gone"), ("User", "User")] {
            let schema = json!({ "properties": { "part": reference(part) } });
            structure.schemas.insert(name.to_owned(), schema);
        }
        structure
    }

    #[test]
    fn a_schema_with_a_second_direction_is_told_with_its_parts() {
        let before = structure("Other", "Message");
        assert_eq!(widened(&before, &before), Vec::<String>::new());
        let told = widened(&before, &structure("Message", "Message"));
        assert_eq!(told, ["Message: is in requests, too", "User: is in requests, too"]);
        let told = widened(&structure("Message", "Other"), &structure("Other", "Message"));
        assert_eq!(told, Vec::<String>::new());
        let told = widened(&structure("Message", "Other"), &structure("Message", "User"));
        assert_eq!(told, ["User: is in responses or events, too"]);
    }
}
