//! Filters and sort orders have the documented form on the wire.

use serde::Serialize;
use serde_json::{Value, json};

use super::{Filter, Json, Number};
use crate::channels::{ChannelFilter, QueryChannelsRequest};
use crate::messages::{MessageFilter, SearchPayload};
use crate::segments::CreateSegmentRequest;
use crate::shared::UserOrChannel;
use crate::users::{QueryUsersPayload, UserFilter};

fn wire(value: impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

fn error(value: impl Serialize) -> String {
    serde_json::to_value(value).unwrap_err().to_string()
}

/// Returns three conditions, and their form on the wire.
fn conditions() -> ([Filter<ChannelFilter>; 3], [Value; 3]) {
    let filters = [
        ChannelFilter::members().is_in(["john"]),
        ChannelFilter::frozen().eq(false),
        ChannelFilter::member_count().gt(2),
    ];
    let wires = [
        json!({ "members": { "$in": ["john"] } }),
        json!({ "frozen": { "$eq": false } }),
        json!({ "member_count": { "$gt": 2 } }),
    ];
    (filters, wires)
}

#[test]
fn conditions_of_the_same_kind_are_one_list() {
    let ([a, b, c], [x, y, z]) = conditions();
    assert_eq!(wire(a.clone() & b.clone() & c.clone()), json!({ "$and": [x, y, z] }));
    assert_eq!(wire(a.clone() & (b.clone() & c.clone())), json!({ "$and": [x, y, z] }));
    assert_eq!(wire(a.clone() | b.clone() | c.clone()), json!({ "$or": [x, y, z] }));
    assert_eq!(wire(!(a.clone() | b.clone())), json!({ "$nor": [x, y] }));
    assert_eq!(wire(Filter::nor([a.clone(), b.clone() | c.clone()])), json!({ "$nor": [x, y, z] }));
    assert_eq!(wire(!!a), json!({ "$nor": [{ "$nor": [x] }] }));
}

#[test]
fn conditions_of_different_kinds_stay_apart() {
    let ([a, b, c], [x, y, z]) = conditions();
    assert_eq!(wire(a.clone() & b.clone() | c.clone()), json!({ "$or": [{ "$and": [x, y] }, z] }));
    assert_eq!(
        wire(a.clone() & (b.clone() | c.clone())),
        json!({ "$and": [x, { "$or": [y, z] }] })
    );
    assert_eq!(wire(!(a & b) & c), json!({ "$and": [{ "$nor": [{ "$and": [x, y] }] }, z] }));
}

#[test]
fn an_empty_filter_matches_everything() {
    let ([a, ..], [x, ..]) = conditions();
    let everything = Filter::<ChannelFilter>::new();
    assert!(everything.is_empty() && !a.is_empty());
    assert_eq!(wire(&everything), json!({}));
    assert_eq!(wire(everything.clone() & everything.clone()), json!({}));
    assert_eq!(wire(everything.clone() & a.clone()), x);
    assert_eq!(wire(a.clone() & everything.clone()), x);
    assert_eq!(wire(a.clone() | everything.clone()), json!({ "$or": [x, {}] }));
    assert_eq!(wire(!everything), json!({ "$nor": [{}] }));
    assert_eq!(wire(Filter::<ChannelFilter>::and([])), json!({}));
    assert_eq!(wire(Filter::<ChannelFilter>::or([])), json!({ "$or": [] }));
    assert_eq!(wire(Filter::and([a.clone()])), x);
    assert_eq!(wire(Filter::or([a])), x);
}

#[test]
fn conditions_are_added_one_by_one() {
    let ([a, b, c], [x, y, z]) = conditions();
    let mut filter = Filter::new();
    filter &= a;
    filter &= b;
    assert_eq!(wire(&filter), json!({ "$and": [x, y] }));
    filter |= c;
    assert_eq!(wire(filter), json!({ "$or": [{ "$and": [x, y] }, z] }));
}

#[test]
fn raw_filters_are_sent_as_they_are() {
    let ([a, ..], [x, ..]) = conditions();
    let raw = json!({ "$and": [{ "b": 1 }], "c": { "$new": null } });
    assert_eq!(wire(Filter::<ChannelFilter>::raw(&raw)), raw);
    assert_eq!(wire(Filter::raw(&raw) & a.clone()), json!({ "$and": [raw, x] }));
    let odd = json!({ "$and": "text" });
    assert_eq!(wire(Filter::raw(&odd) & a), json!({ "$and": [odd, x] }));
    let payload = QueryUsersPayload::new(Filter::raw(json!({ "name": "Tom" })));
    assert_eq!(wire(payload), json!({ "filter_conditions": { "name": "Tom" } }));
}

#[test]
fn an_invalid_raw_filter_is_an_encoding_error() {
    let ([a, b, ..], _) = conditions();
    for raw in [json!(null), json!([{ "a": 1 }]), json!("text")] {
        let raw = Filter::<ChannelFilter>::raw(raw);
        assert!(!raw.is_empty());
        assert!(error(&raw).contains("is not an object"));
        let combined = (a.clone() & raw.clone()) | !(raw | b.clone());
        assert!(error(&combined).contains("is not an object"));
        let request = QueryChannelsRequest::new().filter_conditions(combined);
        assert!(error(request).contains("is not an object"));
    }
    let infinite = ChannelFilter::member_count().lt(f64::INFINITY);
    assert_eq!(error(&infinite), "filter on `member_count`: inf is not a number of JSON");
    let keys = std::collections::BTreeMap::from([((1, 2), 3)]);
    let custom = ChannelFilter::custom("myapp_map").eq(keys);
    assert!(error(custom & a).contains("`myapp_map`"));
}

#[test]
fn filters_take_values_of_every_type() {
    let count = ChannelFilter::member_count();
    for (filter, number) in [
        (count.eq(3), json!(3)),
        (count.eq(usize::MAX), json!(u64::MAX)),
        (count.eq(i64::MIN), json!(i64::MIN)),
        (count.eq(2.5), json!(2.5)),
        (count.eq(Number::from(3_u8)), json!(3)),
    ] {
        assert_eq!(wire(filter), json!({ "member_count": { "$eq": number } }));
    }
    let names = vec![String::from("a"), String::from("b")];
    assert_eq!(
        wire(MessageFilter::user_dot_id().is_in(&names)),
        json!({ "user.id": { "$in": ["a", "b"] } })
    );
    let custom = ChannelFilter::custom("myapp_level");
    assert_eq!(
        wire(custom.is_in([1, 2]) & custom.eq(None::<u8>) & custom.eq(Json::from("x"))),
        json!({ "$and": [
            { "myapp_level": { "$in": [1, 2] } },
            { "myapp_level": { "$eq": null } },
            { "myapp_level": { "$eq": "x" } },
        ] })
    );
}

#[test]
fn one_request_may_have_two_filters() {
    let payload = SearchPayload::new(ChannelFilter::type_().eq("messaging"))
        .message_filter_conditions(MessageFilter::text().search("supper"));
    assert_eq!(
        wire(payload),
        json!({
            "filter_conditions": { "type": { "$eq": "messaging" } },
            "message_filter_conditions": { "text": { "$q": "supper" } },
        })
    );
}

#[test]
fn a_filter_without_listed_fields_takes_those_of_others() {
    let segment = CreateSegmentRequest::new(UserOrChannel::User);
    let typed = segment.clone().filter(UserFilter::role().eq("admin"));
    let raw = segment.clone().filter(json!({ "role": { "$eq": "admin" } }));
    assert_eq!(typed, raw);
    let of_channels = segment.clone().filter(ChannelFilter::type_().eq("team"));
    assert_eq!(wire(of_channels)["filter"], json!({ "type": { "$eq": "team" } }));
    assert!(serde_json::to_string(&segment.filter(json!("admin"))).is_err());
}

#[test]
fn filters_are_read_back() {
    let ([a, b, _], _) = conditions();
    let filter = a | b;
    let read: Filter<ChannelFilter> = serde_json::from_value(wire(&filter)).unwrap();
    assert_eq!(read, filter);
    assert!(serde_json::from_value::<Filter>(json!([])).is_err());
}

#[test]
fn debug_shows_what_is_sent() {
    let ([a, ..], _) = conditions();
    assert_eq!(format!("{a:?}"), r#"Filter({"members":{"$in":["john"]}})"#);
    assert_eq!(format!("{:?}", ChannelFilter::type_()), "Field(type)");
}
