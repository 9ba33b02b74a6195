use serde_json::Value;
use std::collections::BTreeMap;
use stream_spec::{Document, reference_name};

/// The union of the webhook events.
const EVENT_UNION: &str = "WHEvent";

/// Takes the event union out of the document: from the `type` of an event to its schema.
///
/// typify makes an untagged enum with `Variant0` and so on of it, which tries one shape after
/// another and fails on an event that is new.
pub(in crate::codegen) fn take(document: &mut Document) -> BTreeMap<String, String> {
    let Some(union) = document.schemas.remove(EVENT_UNION) else {
        return BTreeMap::new();
    };
    document.modules.remove(EVENT_UNION);
    union
        .value
        .pointer("/discriminator/mapping")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(event, target)| {
            Some((event.clone(), reference_name(target.as_str()?)?.to_owned()))
        })
        .collect()
}
