use serde_json::Value;
use std::collections::BTreeMap;
use stream_spec::{Document, references_in};

const EVENT_UNION: &str = Document::EVENT_UNION;

/// Takes the event union out of the document: from the `type` of an event to its schema.
///
/// typify makes an untagged enum with `Variant0` and so on of it, which tries one shape after
/// another and fails on an event that is new.
pub(super) fn take(document: &mut Document) -> BTreeMap<String, String> {
    let events =
        document.events().map(|(event, schema)| (event.to_owned(), schema.to_owned())).collect();
    // What refers to the union keeps it, as any JSON.
    if !is_referred_to(document) {
        document.schemas.remove(EVENT_UNION);
        document.modules.remove(EVENT_UNION);
    }
    events
}

fn is_referred_to(document: &Document) -> bool {
    let operations = document.operations.values().map(|operation| &operation.value);
    let named = |name: &String| name == EVENT_UNION;
    let by_schema =
        document.schemas.iter().any(|(name, schema)| name != EVENT_UNION && refers(&schema.value));
    let by_operation = operations.into_iter().any(|operation| {
        named(&operation.response)
            || operation.body.as_ref().is_some_and(|body| named(&body.schema))
            || operation.parameters.iter().any(|parameter| refers(&parameter.schema))
    });
    by_schema || by_operation
}

fn refers(schema: &Value) -> bool {
    references_in(schema).contains(EVENT_UNION)
}
