//! The bodies of responses: what is read can be written, and reads the same again. Moments come
//! through every form unchanged. The first byte of the input says which of them the rest is.
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
        b'a' => reads_the_same_again::<GetApplicationResponse>(rest),
        b'c' => reads_the_same_again::<ChannelStateResponse>(rest),
        b'r' => reads_the_same_again::<QueryReviewQueueResponse>(rest),
        b't' => reads_the_same_again::<ListChannelTypesResponse>(rest),
        _ => moments(rest),
    }
});

fn reads_the_same_again<T: DeserializeOwned + Serialize + PartialEq + Debug>(json: &[u8]) {
    let Ok(value) = serde_json::from_slice::<T>(json) else { return };
    let written = serde_json::to_vec(&value).expect("what was read can be written");
    let again: T = serde_json::from_slice(&written).expect("what was written can be read");
    assert_eq!(again, value);
}

fn moments(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(moment) = text.parse()
    {
        stays_the_same(moment);
    }
    if let Ok(moment) = serde_json::from_slice(data) {
        stays_the_same(moment);
    }
    if let Some(bytes) = data.first_chunk() {
        let nanos = i128::from_le_bytes(*bytes);
        if let Ok(moment) = Timestamp::from_unix_nanos(nanos) {
            assert_eq!(moment.as_unix_nanos(), nanos);
            stays_the_same(moment);
        }
    }
}

fn stays_the_same(moment: Timestamp) {
    let text = moment.to_string();
    assert_eq!(text.parse(), Ok(moment));
    assert_eq!(serde_json::to_string(&moment).unwrap(), format!("{text:?}"));
    assert_eq!(Timestamp::from_unix_nanos(moment.as_unix_nanos()), Ok(moment));
    assert_eq!(Timestamp::try_from(SystemTime::try_from(moment).unwrap()), Ok(moment));

    let step = Duration::new(1, 1);
    if let Some(later) = moment.checked_add(step) {
        assert!(later > moment);
        assert!(later.to_string() > text);
        assert_eq!(later.duration_since(moment), Some(step));
        assert_eq!(later.checked_sub(step), Some(moment));
    }
}
