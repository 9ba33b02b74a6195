//! Samples of values to send.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value, json};

use stream_models::{Cid, Filter, RawBody, Secret, Timestamp, Upload};

/// A sample of a type, made by its constructor and setters.
pub(crate) trait Sample: Sized {
    /// Returns a value with only the required fields.
    fn minimal() -> Self;

    /// Returns a value with all fields, down to `depth` in nested objects.
    fn full(depth: usize) -> Self {
        let _ = depth;
        Self::minimal()
    }

    /// Returns a value with all clearable fields cleared.
    fn cleared() -> Self {
        Self::minimal()
    }

    /// Returns the elements of a full list.
    fn list(depth: usize) -> Vec<Self> {
        vec![full(depth)]
    }
}

/// Returns a value with only the required fields.
pub(crate) fn minimal<T: Sample>() -> T {
    T::minimal()
}

/// Returns a value with all fields, or with only the required ones where the depth is used up.
pub(crate) fn full<T: Sample>(depth: usize) -> T {
    match depth.checked_sub(1) {
        Some(depth) => T::full(depth),
        None => T::minimal(),
    }
}

/// Defines a plain sample and one with special characters; a list contains both.
macro_rules! scalar_samples {
    ($($name:ty: $plain:expr, $harder:expr;)*) => {$(
        impl Sample for $name {
            fn minimal() -> Self {
                $plain
            }

            fn full(_: usize) -> Self {
                $harder
            }

            fn list(_: usize) -> Vec<Self> {
                vec![$plain, $harder]
            }
        }
    )*};
}

scalar_samples! {
    bool: true, false;
    Cid: Cid::from("messaging:general"), Cid::from("messaging:kung fu/é");
    Duration: Duration::from_secs(3600), Duration::from_secs(86_400);
    f64: 1.0, -2.5;
    i64: 1, -2;
    Map<String, Value>: Map::new(), Map::from_iter([("key".to_owned(), json!(["value", 1]))]);
    RawBody: RawBody::from("text"), RawBody::from("a,b").content_type("text/csv");
    Secret: "secret".into(), "kung fu/é".into();
    String: "text".to_owned(), "kung fu/é".to_owned();
    Timestamp: Timestamp::UNIX_EPOCH, "2026-08-22T08:00:00.123456789Z".parse().unwrap();
    Upload: Upload::bytes("a.txt", *b"content"), Upload::bytes("kung fu.png", *b"content");
    Value: json!("text"), json!({ "key": ["value", 1] });
}

impl<Q> Sample for Filter<Q> {
    fn minimal() -> Self {
        Self::new()
    }

    fn full(_: usize) -> Self {
        Self::raw(json!({ "key": { "$eq": "value" } }))
    }
}

impl<T: Sample> Sample for Vec<T> {
    fn minimal() -> Self {
        Self::new()
    }

    fn full(depth: usize) -> Self {
        T::list(depth)
    }
}

impl<T: Sample> Sample for BTreeMap<String, T> {
    fn minimal() -> Self {
        Self::new()
    }

    fn full(depth: usize) -> Self {
        Self::from([("key".to_owned(), full(depth))])
    }
}

/// Defines a sample of each enum.
macro_rules! enum_samples {
    ($($name:ident::$variant:ident,)*) => {$(
        impl $crate::support::Sample for $name {
            fn minimal() -> Self {
                Self::$variant
            }

            fn list(_: usize) -> Vec<Self> {
                vec![Self::$variant, Self::$variant]
            }
        }
    )*};
}
pub(crate) use enum_samples;
