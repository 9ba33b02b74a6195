//! Webhook events: a decoded event can be encoded and decodes to the same event.
#![no_main]

use std::borrow::Cow;

use libfuzzer_sys::fuzz_target;

use stream_models::events::{EVENT_TYPES, Event, EventDetails, nest_custom};
use stream_models::tolerant::MAX_SKIPPED;

fuzz_target!(|data: &[u8]| {
    let json = event_json(data);
    let nested = nest_custom(&json);
    assert_eq!(nest_custom(&nested), nested);
    let _ = EventDetails::from_slice(&json);

    let tolerant = Event::from_slice_tolerant(&json).ok();
    let Some(event) = Event::from_slice(&json).ok().map(without_failure) else {
        assert_eq!(tolerant, None);
        return;
    };
    let (tolerant, skipped) =
        tolerant.expect("tolerant decoding accepts whatever strict decoding accepts");
    assert!(skipped.len() <= MAX_SKIPPED);
    assert!(!skipped.is_empty() || without_failure(tolerant) == event);
    let written = serde_json::to_vec(&event).expect("a decoded event can be encoded");

    let again = Event::from_slice(&written).expect("an encoded event can be decoded");
    let again = without_failure(again);
    assert_eq!(again, event);
    assert_eq!(again.event_type(), event.event_type());
    assert_eq!(again.created_at(), event.created_at());

    let as_a_value: Event = serde_json::from_slice(&written).expect("serde decodes it as well");
    assert_eq!(without_failure(as_a_value), event);

    if let Event::Other(other) = &event {
        let _ = other.to_custom();
    }
});

/// Removes the decode failure from the event: which of several is found first depends on the order
/// of members.
fn without_failure(mut event: Event) -> Event {
    if let Event::Other(other) = &mut event {
        other.failure = None;
    }
    event
}

/// Returns the input itself, which is JSON, or a known event if the input begins with its number,
/// followed by the members after its `type`. No such number is a brace.
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
