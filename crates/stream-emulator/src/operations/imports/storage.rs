//! The external storage from which imports are read; an app has one.

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::super::resources::{Field, Key, Kind, Resource};
use super::super::{Call, Outcome};
use crate::document::Object;
use crate::error::ApiError;
use crate::state::Record;

const STORAGE: Resource = Resource {
    kind: "importer storage",
    key: Key::Given("key"),
    fields: &[
        Field::new("type", Kind::Choice(&["aws_s3", "gcs"])).required(),
        Field::new("aws_s3", Kind::Object),
        Field::new("gcs", Kind::Object).secret(),
    ],
    check,
    ..Resource::DEFAULT
};

/// The settings that each kind of storage requires.
const NEEDED: &[(&str, &[&str])] =
    &[("aws_s3", &["bucket", "region", "role_arn"]), ("gcs", &["bucket", "credentials"])];

fn check(_: &Call<'_>, record: &Record) -> Result<(), ApiError> {
    let kind = record.fields.get("type").and_then(Value::as_str).unwrap_or_default();
    let needed = NEEDED.iter().find(|(other, _)| *other == kind);
    for name in needed.map_or(&[][..], |(_, needed)| needed) {
        let value = record.fields.get(kind).and_then(|it| it.get(*name)).and_then(Value::as_str);
        if value.is_none_or(str::is_empty) {
            return Err(ApiError::field(kind, format!("{name} is a required field")));
        }
    }
    Ok(())
}

/// Handles `UpsertImporterExternalStorage`.
pub(super) fn upsert(call: &mut Call<'_>, mut input: Map<String, Value>) -> Outcome {
    input.insert("key".to_owned(), STORAGE.kind.into());
    STORAGE.put(call, &input)?;
    Ok(Object::new())
}

fn find<'a>(call: &'a Call<'_>) -> Result<&'a Record, ApiError> {
    let record = call.world.records.get(STORAGE.kind, STORAGE.kind);
    record.ok_or_else(|| ApiError::not_found("the external storage of imports not found"))
}

/// Handles `GetImporterExternalStorage`, without the credentials.
pub(super) fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let record = find(call)?;
    let mut shown = STORAGE.document(record);
    shown.remove("key");
    let gcs = record.fields.get("gcs").and_then(Value::as_object).map(|gcs| {
        let fields = gcs.iter().filter(|(name, _)| *name != "credentials");
        let fields = fields.map(|(name, value)| (name.clone(), value.clone()));
        fields.collect::<Object>().field("credentials_set", true)
    });
    Ok(shown.optional("gcs", gcs))
}

/// Handles `DeleteImporterExternalStorage`.
pub(super) fn delete(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    find(call)?;
    call.world.records.remove(STORAGE.kind, STORAGE.kind);
    Ok(Object::new())
}

/// Handles `ValidateImporterExternalStorage`: checks that one is configured. The emulator does not
/// connect to it.
pub(super) fn validate(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    find(call).map(|_| Object::new())
}
