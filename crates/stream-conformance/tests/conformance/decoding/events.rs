//! Every event of the schema is decoded, and its content is preserved when it is encoded again.

use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Map, Value, json};

use super::{DENSITY, custom_data, mutated, normal, tapes, valid};
use crate::decoding::json::Json;
use crate::decoding::tape::Tape;
use crate::support::{self, Spec};
use stream_models::events::{EVENT_TYPES, Event};

fn config(cases: u32) -> Config {
    Config { cases, failure_persistence: None, ..Config::default() }
}

/// Decodes and encodes an event.
fn round_trip(json: &str) -> Result<(Event, Value), TestCaseError> {
    let fail = |error: serde_json::Error| TestCaseError::fail(format!("{json}\n{error}"));
    let event = Event::from_slice(json.as_bytes()).map_err(fail)?;
    let same: Event = serde_json::from_str(json).map_err(fail)?;
    if event != same {
        return Err(TestCaseError::fail(format!("{json}: {event:?}, {same:?}")));
    }
    let kept = support::json(&event).map_err(fail)?;
    Ok((event, kept))
}

#[test]
fn every_event_is_read_and_kept() {
    let spec = Spec::own();
    for (event_type, schema) in EVENT_TYPES.iter().filter(|(kind, _)| *kind != "*") {
        let object = spec.object(schema_name(&spec, event_type));
        let outcome = TestRunner::new(config(12)).run(&(tapes(), tapes()), |(first, second)| {
            let mut event = valid(&spec, object, &mut Tape::new(first), DENSITY);
            mutated(&spec, object, &mut Tape::new(second), &mut event);
            let Json::Object(mut members) = event else {
                return Ok(());
            };
            members.retain(|(name, _)| name != "type");
            let position = members.len() / 2;
            members.insert(position, ("type".to_owned(), Json::Plain(json!(event_type))));
            let text = Json::Object(members).to_string();
            let (event, kept) = round_trip(&text)?;
            let mut came = serde_json::from_str(&text).unwrap();
            custom_data::nest(&spec, object, &mut came);
            let (came, kept) =
                (normal::object(&spec, object, &came), normal::object(&spec, object, &kept));
            if event.event_type() != *event_type || matches!(event, Event::Other(_)) || came != kept
            {
                let report = format!("{text}\ncame {came}\nkept {kept}");
                return Err(TestCaseError::fail(report));
            }
            Ok(())
        });
        if let Err(error) = outcome {
            panic!("{event_type} ({schema}): {error}");
        }
    }
}

fn schema_name<'a>(spec: &'a Spec, event_type: &str) -> &'a str {
    let target = &spec.0.schemas["WHEvent"].value["discriminator"]["mapping"][event_type];
    stream_spec::reference_name(target.as_str().unwrap()).unwrap()
}

#[test]
fn an_unknown_event_keeps_its_json() {
    let spec = Spec::own();
    let object = spec.object("MessageNewEvent");
    let strategy = (tapes(), tapes(), "[a-z_.]{1,20}");
    let outcome = TestRunner::new(config(64)).run(&strategy, |(first, second, name)| {
        let mut event = valid(&spec, object, &mut Tape::new(first), DENSITY);
        mutated(&spec, object, &mut Tape::new(second), &mut event);
        let mut json: Map<String, Value> = serde_json::from_str(&event.to_string()).unwrap();
        let event_type = format!("newer.{name}");
        json.insert("type".to_owned(), event_type.clone().into());
        let json = Value::Object(json);
        let (event, kept) = round_trip(&json.to_string())?;
        if event.event_type() != event_type || kept != json {
            return Err(TestCaseError::fail(format!("{json}\nkept {kept}")));
        }
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn an_event_is_written_under_its_type() {
    for (event_type, _) in EVENT_TYPES {
        let json = json!({ "type": event_type }).to_string();
        let (event, kept) = round_trip(&json).unwrap();
        assert_eq!(kept["type"], *event_type);
        assert_eq!(event.event_type(), *event_type);
    }
    let mut new = stream_models::events::MessageNewEvent::default();
    new.message_id = "m".to_owned();
    let json = support::json(&Event::MessageNew(Box::new(new))).unwrap();
    assert_eq!(json["type"], "message.new");
    assert_eq!(json["message_id"], "m");
}
