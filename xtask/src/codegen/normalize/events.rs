//! Takes the event union out of the document.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::walk::UNIONS;
use stream_spec::{Document, at, references_in};

/// Takes the event union out of the document, and returns the schema of each type of event.
///
/// typify converts it to an untagged enum of `Variant0` and so on, which tries one variant after
/// another and fails for a new event.
pub(super) fn take(document: &mut Document) -> BTreeMap<String, String> {
    let Some(union) = document.event_union().map(str::to_owned) else {
        return BTreeMap::new();
    };
    let place = document.schemas.get(&union).map(|schema| schema.place.clone()).unwrap_or_default();
    let mut events = document.events();
    events.retain(|event, schema| {
        let is_there = document.schemas.contains_key(schema);
        if !is_there {
            let message = format!("there is no schema {schema}; left out");
            let place = at(&place, ["discriminator", "mapping", event]);
            document.warnings.add(place, message);
        }
        is_there
    });
    warn_of_inline(document, &union, &place);
    // What refers to the union would contain every type of every product.
    if is_referred_to(document, &union) {
        if let Some(schema) = document.schemas.get_mut(&union) {
            let message = "the union of events, which something refers to; taken as any JSON there";
            document.warnings.add(&*schema.place, message);
            let description = schema.value.get("description").cloned();
            schema.value = json!({});
            if let (Some(text), Value::Object(node)) = (description, &mut schema.value) {
                node.insert("description".to_owned(), text);
            }
        }
    } else {
        document.schemas.remove(&union);
        document.modules.remove(&union);
    }
    events
}

/// Warns of members without a name, which have no place among the events.
fn warn_of_inline(document: &mut Document, union: &str, place: &str) {
    for key in UNIONS {
        let schema = document.schemas.get(union);
        let members = schema.and_then(|schema| schema.value.get(key)?.as_array());
        for (index, member) in members.into_iter().flatten().enumerate() {
            if member.get("$ref").is_none() {
                let message = "an event without a name; left out, make it a component";
                document.warnings.add(at(place, [key, &index.to_string()]), message);
            }
        }
    }
}

fn is_referred_to(document: &Document, union: &str) -> bool {
    let mut schemas = document.schemas.iter().filter(|(name, _)| *name != union);
    let mut operations = document.operations.values();
    schemas.any(|(_, schema)| references_in(&schema.value).contains(union))
        || operations.any(|operation| operation.value.schemas().contains(union))
}
