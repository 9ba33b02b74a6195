//! Anything that a newer server may send is decoded, and its content is preserved.

mod custom_data;
mod events;
mod json;
mod mutate;
mod normal;
mod tape;
mod valid;

use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Value, json};

use crate::generated::SCHEMAS;
use crate::support::{Kind, Object, Schema, Spec};
use json::Json;
use mutate::Mutation;
use tape::{Tape, tapes};
use valid::{EVERYTHING, Valid};

/// The depth of responses at which optional objects are omitted.
const DEPTH: usize = 3;

/// The percentage of optional members in a response.
const DENSITY: usize = 60;

fn received() -> impl Iterator<Item = &'static Schema> {
    SCHEMAS.iter().filter(|schema| schema.is_received())
}

fn valid(spec: &Spec, object: Object<'_>, tape: &mut Tape, density: usize) -> Json {
    let mut valid = Valid { spec, tape, density };
    valid.object(object, DEPTH)
}

fn mutated<'a>(spec: &'a Spec, object: Object<'a>, tape: &'a mut Tape, answer: &mut Json) {
    let Json::Object(members) = answer else {
        return;
    };
    let density = DENSITY;
    let mut mutation = Mutation(Valid { spec, tape, density });
    mutation.object(object, members);
}

/// Decodes and encodes a response, and compares the result with the original.
fn check(spec: &Spec, schema: &Schema, json: &str) -> Result<(), String> {
    let kept = schema.round_trip(json.as_bytes()).map_err(|error| error.to_string())?;
    let came: Value = serde_json::from_str(json).unwrap();
    let object = spec.object(schema.name);
    let (came, kept) = (normal::object(spec, object, &came), normal::object(spec, object, &kept));
    if came == kept { Ok(()) } else { Err(format!("came {came}\nkept {kept}")) }
}

/// Runs a property on every `of`th schema, so that the tests share the work.
fn for_every(part: usize, of: usize, cases: u32) {
    let spec = Spec::own();
    for schema in received().skip(part).step_by(of) {
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        let object = spec.object(schema.name);
        let outcome = TestRunner::new(config).run(&(tapes(), tapes()), |(first, second)| {
            let mut answer = valid(&spec, object, &mut Tape::new(first), DENSITY);
            let text = answer.to_string();
            let value = serde_json::from_str(&text).unwrap();
            spec.0
                .check_received(schema.name, &value)
                .map_err(|error| TestCaseError::fail(format!("not valid: {error:#}")))?;
            mutated(&spec, object, &mut Tape::new(second), &mut answer);
            for text in [text, answer.to_string()] {
                check(&spec, schema, &text)
                    .map_err(|error| TestCaseError::fail(format!("{text}\n{error}")))?;
            }
            Ok(())
        });
        if let Err(error) = outcome {
            panic!("{}: {error}", schema.name);
        }
    }
}

#[test]
fn whatever_comes_is_read_and_kept() {
    for_every(0, 2, 12);
}

#[test]
fn whatever_comes_is_read_and_kept_for_the_other_half() {
    for_every(1, 2, 12);
}

#[test]
fn every_member_is_kept() {
    let spec = Spec::own();
    let mut wrong = Vec::new();
    for schema in received() {
        let object = spec.object(schema.name);
        let answer = valid(&spec, object, &mut Tape::new(Vec::new()), EVERYTHING);
        if let Err(error) = check(&spec, schema, &answer.to_string()) {
            wrong.push(format!("{}: {error}", schema.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_but_null_is_the_same_as_nothing() {
    let spec = Spec::own();
    for schema in received() {
        let object = spec.object(schema.name);
        let nulls: Value = object.members().map(|(name, _)| (name.clone(), Value::Null)).collect();
        let [nothing, nulls] = ["{}".to_owned(), nulls.to_string()]
            .map(|json| schema.round_trip(json.as_bytes()).unwrap());
        assert_eq!(
            normal::object(&spec, object, &nothing),
            normal::object(&spec, object, &nulls),
            "{}",
            schema.name
        );
    }
}

#[test]
fn another_kind_of_value_is_an_error() {
    let spec = Spec::own();
    for schema in received() {
        for (name, member) in spec.object(schema.name).members() {
            for wrong in wrong_kinds(spec.kind(member)) {
                let json = json!({ name: wrong }).to_string();
                let outcome = schema.round_trip(json.as_bytes());
                assert!(outcome.is_err(), "{}: {json} is read", schema.name);
            }
        }
        for json in ["[]", "1", "\"text\"", "true", "{", "{\"a\":}"] {
            let outcome = schema.round_trip(json.as_bytes());
            assert!(outcome.is_err(), "{}: {json} is read", schema.name);
        }
    }
}

fn wrong_kinds(kind: Kind<'_>) -> Vec<Value> {
    match kind {
        // A union keeps what fits none of its branches.
        Kind::Any | Kind::Union(_) => Vec::new(),
        Kind::Text | Kind::Enum(_) => vec![json!(1), json!({}), json!([])],
        Kind::Bool => vec![json!(1), json!("true")],
        Kind::Whole => vec![json!(1.5), json!("1"), json!(u64::MAX), json!(1e300)],
        Kind::Float => vec![json!("1.5"), json!([])],
        Kind::Time => vec![json!("yesterday"), json!({}), json!(true), json!(0.5)],
        Kind::List(_) => vec![json!({}), json!("text")],
        Kind::Dict(_) | Kind::FreeForm | Kind::Object(_) => vec![json!([]), json!("text")],
    }
}
