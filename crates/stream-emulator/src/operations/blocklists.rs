//! Block lists: words that moderation looks for.

use super::{
    operations,
    resources::{Default, Field, Key, Kind, Resource},
};

const BLOCK_LISTS: Resource = Resource {
    kind: "block list",
    key: Key::Given("name"),
    fields: &[
        Field::new("words", Kind::Texts).required().max(10_000),
        Field::new("type", Kind::Text)
            .choices(&["regex", "domain", "domain_allowlist", "email", "email_allowlist", "word"])
            .default(Default::Text("word"))
            .fixed(),
        Field::new("team", Kind::Text),
        Field::new("is_confusable_folding_enabled", Kind::Bool).default(Default::Bool(false)),
        Field::new("is_leet_check_enabled", Kind::Bool).default(Default::Bool(false)),
        Field::new("is_plural_check_enabled", Kind::Bool).default(Default::Bool(false)),
        Field::new("is_substring_matching_enabled", Kind::Bool).default(Default::Bool(false)),
    ],
    one: Some("blocklist"),
    many: "blocklists",
    max: 15,
    ..Resource::DEFAULT
};

operations! {
    "CreateBlockList" => |call, input| BLOCK_LISTS.create(call, input),
    "GetBlockList" => |call, input| BLOCK_LISTS.get(call, input),
    "UpdateBlockList" => |call, input| BLOCK_LISTS.update(call, input),
    "DeleteBlockList" => |call, input| BLOCK_LISTS.delete(call, input),
    "ListBlockLists" => |call, input| BLOCK_LISTS.list(call, input),
}
