//! Webhook events: what is read can be written, and reads the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::borrow::Cow;
use stream_models::events::{EVENT_TYPES, Event};

fuzz_target!(|data: &[u8]| {
    let json = event_json(data);
    let Ok(event) = Event::from_slice(&json) else { return };
    let written = serde_json::to_vec(&event).expect("what was read can be written");

    let again = Event::from_slice(&written).expect("what was written can be read");
    assert_eq!(again, event);
    assert_eq!(again.event_type(), event.event_type());
    assert_eq!(again.created_at(), event.created_at());

    let as_a_value: Event = serde_json::from_slice(&written).expect("serde reads it as well");
    assert_eq!(as_a_value, event);

    if let Event::Other(other) = &event {
        let _ = other.to_custom();
    }
});

/// The input is JSON, or the number of a known event and then what follows its `type`. No such
/// number is a brace.
fn event_json(data: &[u8]) -> Cow<'_, [u8]> {
    if let Some((&number, members)) = data.split_first()
        && let Some((event_type, _)) = EVENT_TYPES.get(usize::from(number))
        && number != b'{'
    {
        let mut json = format!(r#"{{"type":"{event_type}""#).into_bytes();
        json.extend_from_slice(members);
        return Cow::Owned(json);
    }
    Cow::Borrowed(data)
}
