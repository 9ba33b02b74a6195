//! Threads.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::{Call, Outcome, check_limit, check_named_limit, check_paths, operations};
use crate::document::Object;
use crate::error::ApiError;
use crate::events;
use crate::query::{CursorPage, Fields, Filter, Sort, SortKey, custom_field, tables};
use crate::state::{Thread, UserInput, patch};
use crate::view::{ThreadLimits, View};

operations! {
    "GetThread" => get,
    "UpdateThreadPartial" => update,
    "QueryThreads" => query,
}

/// Returns the number of participants to show.
fn participants(limit: Option<usize>) -> Result<usize, ApiError> {
    check_named_limit("participant_limit", limit, 100, 100)
}

/// Handles `GetThread`.
fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let query = &call.request.query;
    let limits = ThreadLimits {
        replies: query.number("reply_limit")?.unwrap_or(2),
        participants: participants(query.number("participant_limit")?)?,
    };
    let subscription = call.subscription(query.flag("watch")?, None)?;
    let cid = thread(call)?.cid.clone();
    call.subscribe(&subscription, &cid);
    let thread = thread(call)?;
    Ok(Object::new().field("thread", call.view().thread_state(thread, limits)))
}

#[derive(Deserialize)]
struct Update {
    set: Option<Map<String, Value>>,
    unset: Option<Vec<String>>,
    user_id: Option<String>,
    user: Option<UserInput>,
}

/// The fields that only the server sets.
const RESERVED: &[&str] = &[
    "channel",
    "channel_cid",
    "created_at",
    "created_by",
    "created_by_user_id",
    "deleted_at",
    "last_message_at",
    "parent_message",
    "parent_message_id",
    "participant_count",
    "reply_count",
    "thread_participants",
    "updated_at",
];

/// Handles `UpdateThreadPartial`.
fn update(call: &mut Call<'_>, input: Update) -> Outcome {
    let parent_id = thread(call)?.parent_id.clone();
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    let mut set = input.set.unwrap_or_default();
    let mut unset = input.unset.unwrap_or_default();
    check_paths(set.keys().chain(&unset).map(String::as_str), RESERVED)?;
    let title = match set.remove("title") {
        None if unset.iter().any(|name| name == "title") => Some(String::new()),
        None => None,
        Some(Value::String(title)) => Some(title),
        Some(_) => return Err(ApiError::field("title", "must be a string")),
    };
    unset.retain(|name| name != "title");
    let now = call.now;
    let thread = call.world.threads.get_mut(&parent_id).ok_or_else(|| no_thread(&parent_id))?;
    if let Some(title) = title {
        thread.title = title;
    }
    for (path, value) in set {
        patch::set(&mut thread.custom, &path, value);
    }
    for path in &unset {
        patch::unset(&mut thread.custom, path);
    }
    thread.updated_at = now;
    let thread = thread.clone();
    call.emit(|view| events::read_state::thread_updated(view, &thread, &user_id));
    Ok(Object::new().field("thread", call.view().thread(&thread)))
}

#[derive(Deserialize)]
struct Query {
    filter: Option<Map<String, Value>>,
    sort: Option<Vec<SortKey>>,
    reply_limit: Option<usize>,
    participant_limit: Option<usize>,
    member_limit: Option<usize>,
    watch: Option<bool>,
    user_id: Option<String>,
    user: Option<UserInput>,
    #[serde(flatten)]
    page: CursorPage,
}

/// Handles `QueryThreads`: returns threads in which the user participates.
fn query(call: &mut Call<'_>, input: Query) -> Outcome {
    let limit = check_limit(input.page.limit, 10, 100)?;
    check_named_limit("member_limit", input.member_limit, 100, 100)?;
    let limits = ThreadLimits {
        replies: check_named_limit("reply_limit", input.reply_limit, 2, 10)?,
        participants: participants(input.participant_limit)?,
    };
    let filter = Filter::parse(input.filter.unwrap_or_default(), tables::QUERY_THREADS)?;
    let usual = [("has_unread", -1), ("last_message_at", -1), ("parent_message_id", -1)];
    let sort = Sort::parse(input.sort, Some(tables::QUERY_THREADS_SORT), &usual)?;
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    let subscription = call.subscription(input.watch, None)?;
    let view = call.view().of(&user_id);
    let found = view
        .world
        .threads
        .of(&user_id)
        .filter(|thread| {
            let channel = view.world.living_channel(&thread.cid);
            channel.is_some_and(|channel| call.may_read(channel))
        })
        .map(|thread| Searched { view, thread })
        .filter(|thread| filter.matches(thread))
        .collect();
    let page = input.page.pick(sort.apply(found), limit, |found| found.thread.parent_id.clone())?;
    let mut cids = Vec::new();
    let shown = page.document("threads", |found| {
        cids.push(found.thread.cid.clone());
        view.thread_state(found.thread, limits)
    });
    for cid in &cids {
        call.subscribe(&subscription, cid);
    }
    Ok(shown)
}

/// A thread, as filters see it.
struct Searched<'a> {
    view: View<'a>,
    thread: &'a Thread,
}

impl Fields for Searched<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        let Self { view, thread } = self;
        let channel = || view.world.channels.get(&thread.cid);
        let replies = || view.world.living_replies(thread);
        Some(match name {
            "parent_message_id" => thread.parent_id.as_str().into(),
            "channel_cid" => thread.cid.as_str().into(),
            "channel.disabled" => channel()?.disabled.into(),
            "channel.team" => channel()?.team.as_deref()?.into(),
            "created_by_user_id" => thread.created_by.as_str().into(),
            "created_at" => thread.created_at.nanoseconds().into(),
            "updated_at" => thread.updated_at.nanoseconds().into(),
            "last_message_at" => replies().last()?.created_at.nanoseconds().into(),
            "reply_count" => replies().count().into(),
            "participant_count" => thread.participants.len().into(),
            "active_participant_count" => {
                let active = thread.participants.iter();
                active.filter(|one| one.last_message_at.is_some()).count().into()
            }
            "has_unread" => {
                let participant = view.viewer.and_then(|id| thread.participant(id));
                let unread = participant.map(|one| view.world.unread_replies(thread, one));
                unread.is_some_and(|unread| unread > 0).into()
            }
            name => return custom_field(&thread.custom, name),
        })
    }
}

/// Returns the thread in the path.
fn thread<'a>(call: &'a Call<'_>) -> Result<&'a Thread, ApiError> {
    let id = call.path("message_id");
    call.world.threads.get(id).ok_or_else(|| no_thread(id))
}

fn no_thread(id: &str) -> ApiError {
    ApiError::not_found(format!("thread with parent message {id} doesn't exist"))
}
