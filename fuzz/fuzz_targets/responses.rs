//! Response bodies and timestamps: what was decoded can be encoded and decodes to the same value.
//!
//! The first byte of the input selects the type that the rest is decoded as.
#![no_main]

use std::fmt::Debug;
use std::time::{Duration, SystemTime};

use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;

use stream_models::Timestamp;
use stream_models::app::GetApplicationResponse;
use stream_models::channel_types::ListChannelTypesResponse;
use stream_models::channels::ChannelStateResponse;
use stream_models::review_queue::QueryReviewQueueResponse;

fuzz_target!(|data: &[u8]| {
    let Some((&kind, rest)) = data.split_first() else { return };
    match kind {
        b'a' => round_trips::<GetApplicationResponse>(rest),
        b'c' => round_trips::<ChannelStateResponse>(rest),
        b'r' => round_trips::<QueryReviewQueueResponse>(rest),
        b't' => round_trips::<ListChannelTypesResponse>(rest),
        _ => timestamps(rest),
    }
});

fn round_trips<T: DeserializeOwned + Serialize + PartialEq + Debug>(json: &[u8]) {
    let Ok(value) = serde_json::from_slice::<T>(json) else { return };
    let written = serde_json::to_vec(&value).expect("a decoded value can be encoded");
    let again: T = serde_json::from_slice(&written).expect("an encoded value can be decoded");
    assert_eq!(again, value);
}

fn timestamps(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(timestamp) = text.parse()
    {
        timestamp_round_trips(timestamp);
    }
    if let Ok(timestamp) = serde_json::from_slice(data) {
        timestamp_round_trips(timestamp);
    }
    if let Some(bytes) = data.first_chunk() {
        let nanos = i128::from_le_bytes(*bytes);
        if let Ok(timestamp) = Timestamp::from_unix_nanos(nanos) {
            assert_eq!(timestamp.as_unix_nanos(), nanos);
            timestamp_round_trips(timestamp);
        }
    }
}

fn timestamp_round_trips(timestamp: Timestamp) {
    let text = timestamp.to_string();
    assert_eq!(text.parse(), Ok(timestamp));
    assert_eq!(serde_json::to_string(&timestamp).unwrap(), format!("{text:?}"));
    assert_eq!(Timestamp::from_unix_nanos(timestamp.as_unix_nanos()), Ok(timestamp));
    assert_eq!(Timestamp::from(SystemTime::try_from(timestamp).unwrap()), timestamp);

    let step = Duration::new(1, 1);
    if let Some(later) = timestamp.checked_add(step) {
        assert!(later > timestamp);
        assert!(later.to_string() > text);
        assert_eq!(later.duration_since(timestamp), Some(step));
        assert_eq!(later.checked_sub(step), Some(timestamp));
    }
}
