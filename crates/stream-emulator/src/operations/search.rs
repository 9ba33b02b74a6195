//! Searches messages in several channels.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Call, Outcome, channels, check_limit, check_offset, operations};
use crate::document::Object;
use crate::error::ApiError;
use crate::query::{CursorPage, Fields, Filter, Sort, SortKey, custom_field, tables, words};
use crate::state::Message;

operations! {
    "Search" => search,
}

/// The maximum number of searched channels.
const MAX_CHANNELS: usize = 500;

#[derive(Deserialize)]
struct Search {
    filter_conditions: Option<Map<String, Value>>,
    query: Option<String>,
    message_filter_conditions: Option<Map<String, Value>>,
    sort: Option<Vec<SortKey>>,
    offset: Option<usize>,
    message_options: Option<MessageOptions>,
    #[serde(flatten)]
    page: CursorPage,
}

/// What results contain of their messages.
#[derive(Default, Deserialize)]
struct MessageOptions {
    include_thread_participants: Option<bool>,
    member_custom_include: Option<Vec<String>>,
}

/// Handles `Search`.
fn search(call: &mut Call<'_>, input: Search) -> Outcome {
    let limit = check_limit(input.page.limit, 100, 100)?;
    let Some(conditions) = input.filter_conditions else {
        return Err(ApiError::field("filter_conditions", "is a required field"));
    };
    if input.offset.is_some() && (input.page.is_following() || input.sort.is_some()) {
        return Err(ApiError::input("cannot use offset with next or sort parameters"));
    }
    let offset = check_offset(input.offset, 1000)?;
    let options = input.message_options.unwrap_or_default();
    call.include_member_custom(options.member_custom_include.unwrap_or_default())?;
    let messages = match (input.query, input.message_filter_conditions) {
        (Some(query), None) => has_all_words(&query)?,
        (None, Some(conditions)) => conditions,
        (Some(_), Some(_)) => {
            return Err(ApiError::input("cannot use query and message_filter_conditions together"));
        }
        (None, None) => {
            return Err(ApiError::input(
                "either query or message_filter_conditions must be provided",
            ));
        }
    };
    let messages = Filter::parse(messages, tables::SEARCH_MESSAGE)?;
    let sort = Sort::parse(input.sort, Some(SORTABLE), &[("created_at", -1)])?;
    let view = call.view();
    let in_channels = Filter::parse(conditions, tables::QUERY_CHANNELS)?;
    let mut channels = channels::find(view, &in_channels);
    channels.retain(|found| call.may_read(found.channel));
    let searched: Vec<_> = channels
        .iter()
        .map(|found| found.channel)
        .filter(|channel| view.world.is_on(channel, "search"))
        .take(MAX_CHANNELS)
        .collect();
    if searched.is_empty()
        && let Some(found) = channels.first()
    {
        return Err(ApiError::input(format!(
            "search is not possible in channels of the type {}",
            found.channel.kind
        )));
    }
    let found = searched
        .iter()
        .flat_map(|channel| {
            let hidden_before = view.viewer.and_then(|it| channel.history_hidden_before(it));
            let messages = channel.messages.iter().filter_map(|id| view.world.messages.get(id));
            messages.filter(move |message| {
                hidden_before.is_none_or(|before| message.created_at > before)
            })
        })
        .filter(|message| is_searched(message) && view.may_see(message))
        .map(Searched)
        .filter(|message| messages.matches(message))
        .collect();
    let found = sort.apply(found).into_iter().skip(offset).collect();
    let page = input.page.pick(found, limit, |Searched(message)| message.id.clone())?;
    Ok(page.named("results", "next", "previous", |Searched(message)| {
        let mut shown = view.message_with_channel(message, false);
        if options.include_thread_participants != Some(true) {
            shown.remove("thread_participants");
        }
        Object::new().field("message", shown)
    }))
}

/// The fields that results can be sorted by. All results are equally relevant.
const SORTABLE: &[&str] = &["created_at", "id", "relevance", "updated_at"];

/// Returns the filter for texts that contain all words of a query.
fn has_all_words(query: &str) -> Result<Map<String, Value>, ApiError> {
    if words(query).next().is_none() {
        return Err(ApiError::field("query", "must have a word"));
    }
    Ok(Map::from_iter([("text".to_owned(), json!({"$q": query}))]))
}

fn is_searched(message: &Message) -> bool {
    message.deleted_at.is_none() && message.kind == "regular" && !message.shadowed
}

/// A message, as filters see it.
struct Searched<'a>(&'a Message);

impl Fields for Searched<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        let Self(message) = self;
        let content = &message.content;
        Some(match name {
            "id" => message.id.as_str().into(),
            "cid" => message.cid.as_str().into(),
            "text" => content.text.as_str().into(),
            "type" if message.parent_id.is_some() => "reply".into(),
            "type" => message.kind.as_str().into(),
            "parent_id" => message.parent_id.as_deref()?.into(),
            "user_id" | "user.id" => message.user_id.as_str().into(),
            "pinned" => message.pin.is_some().into(),
            "reply_count" => message.replies.len().into(),
            "mentioned_users.id" => content.mentioned_users.clone().into(),
            "attachments" => (!content.attachments.is_empty()).then_some(true)?.into(),
            "attachments.type" => {
                let types = content.attachments.iter().filter_map(|one| one.get("type"));
                types.cloned().collect::<Vec<Value>>().into()
            }
            "created_at" => message.created_at.nanoseconds().into(),
            "updated_at" => message.updated_at.nanoseconds().into(),
            name => return custom_field(&content.custom, name),
        })
    }
}
