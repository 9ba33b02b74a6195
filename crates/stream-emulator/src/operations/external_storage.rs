//! Storage of the app's own for exports and imports.

use super::{
    operations,
    resources::{Default, Field, Key, Kind, Resource},
};

const STORAGE: Resource = Resource {
    kind: "external storage",
    key: Key::Given("name"),
    fields: &[
        Field::new("storage_type", Kind::Text)
            .required()
            .choices(&["s3", "gcs", "abs"])
            .shown_as("type"),
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
    "CreateExternalStorage" => |call, input| {
        STORAGE.add(call, &input).map(|_| crate::document::Object::new())
    },
    "UpdateExternalStorage" => |call, input| STORAGE.update(call, input),
    "DeleteExternalStorage" => |call, input| STORAGE.delete(call, input),
    "ListExternalStorage" => |call, input| STORAGE.list(call, input),
}
