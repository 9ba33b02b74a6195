//! Reminders of messages.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::{Call, CursorQuery, Outcome, operations};
use crate::document::Object;
use crate::error::{ApiError, ErrorCode};
use crate::events;
use crate::query::{Fields, tables};
use crate::state::{Reminder, Reminders, Timestamp, UserInput};

operations! {
    "CreateReminder" => create,
    "UpdateReminder" => update,
    "DeleteReminder" => delete,
    "QueryReminders" => query,
}

#[derive(Deserialize)]
struct Input {
    remind_at: Option<Timestamp>,
    user_id: Option<String>,
    user: Option<UserInput>,
}

/// Handles `CreateReminder`.
fn create(call: &mut Call<'_>, input: Input) -> Outcome {
    let message = call.living_message(call.path("message_id"))?;
    let (message_id, cid) = (message.id.clone(), message.cid.clone());
    let is_on = call
        .world
        .living_channel(&cid)
        .is_some_and(|channel| call.world.is_on(channel, "user_message_reminders"));
    if !is_on {
        return Err(ApiError::new(
            ErrorCode::FeatureNotSupported,
            format!("the channel {cid} has no reminders of messages"),
        ));
    }
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    if call.world.reminders.get(&user_id, &message_id).is_some() {
        return Err(ApiError::input("user already has reminder created for this message_id"));
    }
    if call.world.reminders.of(&user_id).len() >= Reminders::MAX {
        return Err(ApiError::input(format!("a user may have {} reminders", Reminders::MAX)));
    }
    let reminder = Reminder {
        message_id,
        cid,
        user_id,
        remind_at: input.remind_at,
        created_at: call.now,
        updated_at: call.now,
        is_told: false,
    };
    call.world.reminders.add(reminder.clone());
    call.emit(|view| events::reminders::reminder(view, "reminder.created", &reminder));
    let view = call.view();
    // It is flat in the schema, and in `reminder` for clients of v1.
    Ok(view.reminder(&reminder).field("reminder", view.reminder(&reminder)))
}

/// Handles `UpdateReminder`. Without a time, the reminder becomes a bookmark.
fn update(call: &mut Call<'_>, input: Input) -> Outcome {
    let message_id = call.message(call.path("message_id"))?.id.clone();
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    let changed = call.world.reminders.change(&user_id, &message_id, input.remind_at, call.now);
    let reminder = changed.ok_or_else(no_reminder)?;
    call.emit(|view| events::reminders::reminder(view, "reminder.updated", &reminder));
    Ok(Object::new().field("reminder", call.view().reminder(&reminder)))
}

/// Handles `DeleteReminder`.
fn delete(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let message_id = call.message(call.path("message_id"))?.id.clone();
    let user_id = call.acting_user(call.request.query.get("user_id"), None, "user")?;
    let reminder = call.world.reminders.remove(&user_id, &message_id).ok_or_else(no_reminder)?;
    call.emit(|view| events::reminders::reminder(view, "reminder.deleted", &reminder));
    Ok(Object::new())
}

#[derive(Deserialize)]
struct Query {
    user_id: Option<String>,
    user: Option<UserInput>,
    #[serde(flatten)]
    query: CursorQuery,
}

/// Handles `QueryReminders`.
fn query(call: &mut Call<'_>, input: Query) -> Outcome {
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    let view = call.view();
    let found = call.world.reminders.of(&user_id).iter();
    let found =
        found.filter(|reminder| call.world.living_channel(&reminder.cid).is_some()).map(Searched);
    let query = input.query.sortable_by(tables::QUERY_REMINDERS_SORT).default_order("remind_at", 1);
    let key = |Searched(reminder): &Searched<'_>| reminder.message_id.clone();
    let page = query.pick(tables::QUERY_REMINDERS, found, key)?;
    Ok(page.document("reminders", |Searched(reminder)| view.reminder(reminder)))
}

/// A reminder, as filters see it.
struct Searched<'a>(&'a Reminder);

impl Fields for Searched<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        let Self(reminder) = self;
        Some(match name {
            "channel_cid" => reminder.cid.as_str().into(),
            "message_id" => reminder.message_id.as_str().into(),
            "remind_at" => reminder.remind_at?.nanoseconds().into(),
            "created_at" => reminder.created_at.nanoseconds().into(),
            _ => return None,
        })
    }
}

fn no_reminder() -> ApiError {
    ApiError::not_found("reminder does not exist")
}
