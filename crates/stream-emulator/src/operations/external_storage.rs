//! The app's own storage for exports and imports.

use serde::de::IgnoredAny;

use super::resources::{Default, Field, Key, Kind, Resource};
use super::{Call, Outcome, operations};
use crate::document::Object;
use crate::links::file_url;
use crate::state::File;

const STORAGE: Resource = Resource {
    kind: "external storage",
    key: Key::Given("name"),
    fields: &[
        Field::new("storage_type", Kind::Choice(&["s3", "gcs", "abs"])).required().shown_as("type"),
        Field::new("bucket", Kind::Text).required(),
        Field::new("path", Kind::Text).default(Default::Text("")),
        Field::new("aws_s3", Kind::Object).secret(),
        Field::new("azure_blob", Kind::Object).secret(),
        Field::new("gcs_credentials", Kind::Text).secret(),
    ],
    many: "external_storages",
    is_map: true,
    has_times: false,
    ..Resource::DEFAULT
};

operations! {
    "CreateExternalStorage" => |call, input| STORAGE.create(call, input).map(|_| Object::new()),
    "UpdateExternalStorage" => |call, input| STORAGE.update(call, input),
    "DeleteExternalStorage" => |call, input| STORAGE.delete(call, input),
    "ListExternalStorage" => |call, input| STORAGE.list(call, input),
    "CheckExternalStorage" => check,
}

/// Handles `CheckExternalStorage`. The service writes a file to the storage and links to it; the
/// emulator cannot reach storage, so it stores the file itself and links to that.
fn check(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let name = format!("{}-check.txt", STORAGE.find(call)?.key);
    let key = uuid::Uuid::new_v4().to_string();
    let url = file_url(&call.request.base_url, &key, &name);
    let bytes = b"kept by the emulator".to_vec();
    call.world.files.insert(
        key,
        File { name, content_type: "text/plain".to_owned(), bytes, uploaded_by: None },
    );
    Ok(Object::new().field("file_url", url))
}
