//! The previous versions of messages.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::operations::{Call, Outcome, check_limit};
use crate::query::{Fields, Filter, Sort, SortKey, custom_field, tables};
use crate::state::{Message, Version};

/// The maximum number of stored versions of a message.
const MAX_VERSIONS: usize = 100;

/// Stores the current content of a message, before it is changed or deleted.
pub(super) fn keep(message: &mut Message, is_deleted: bool, by: &str) {
    let version = Version {
        text: message.content.text.clone(),
        attachments: message.content.attachments.clone(),
        custom: message.content.custom.clone(),
        is_deleted,
        at: message.updated_at,
        by: by.to_owned(),
    };
    message.history.push(version);
    if message.history.len() > MAX_VERSIONS {
        message.history.remove(0);
    }
}

#[derive(Deserialize)]
pub(super) struct Query {
    filter: Map<String, Value>,
    sort: Option<Vec<SortKey>>,
    limit: Option<usize>,
    next: Option<String>,
}

/// A version, as filters see it.
struct Searched<'a> {
    message: &'a Message,
    version: &'a Version,
}

impl Fields for Searched<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "message_id" => Some(self.message.id.as_str().into()),
            "message_updated_by_id" => Some(self.version.by.as_str().into()),
            "message_updated_at" => Some(self.version.at.nanoseconds().into()),
            name => custom_field(&self.version.custom, name),
        }
    }
}

/// Handles `QueryMessageHistory`, sorted from the newest version to the oldest.
pub(super) fn query(call: &mut Call<'_>, query: Query) -> Outcome {
    let limit = check_limit(query.limit, 100, 100)?;
    let filter = Filter::parse(query.filter, tables::QUERY_MESSAGE_HISTORY)?;
    let usual = [("message_updated_at", -1)];
    let sort = Sort::parse(query.sort, Some(&["message_updated_at"]), &usual)?;
    let skipped = match query.next.as_deref().filter(|next| !next.is_empty()) {
        None => 0,
        Some(next) => next.parse().map_err(|_| ApiError::field("next", "is not a cursor"))?,
    };
    let messages: Vec<&Message> = match filter.required_items("message_id") {
        Some(ids) => ids.into_iter().filter_map(|id| call.world.messages.get(id)).collect(),
        None => call.world.messages.values().collect(),
    };
    let found = messages
        .into_iter()
        .flat_map(|message| {
            message.history.iter().map(move |version| Searched { message, version })
        })
        .filter(|searched| filter.matches(searched))
        .collect();
    let found: Vec<Searched<'_>> = sort.apply(found);
    let end = (skipped + limit).min(found.len());
    let next = (end < found.len()).then(|| end.to_string());
    let view = call.view();
    let page = found.iter().skip(skipped).take(limit);
    let history: Node = page.map(|found| view.version(&found.message.id, found.version)).collect();
    Ok(Object::new().field("message_history", history).optional("next", next))
}
