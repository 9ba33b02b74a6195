//! Drafts: messages that their authors have not sent yet.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::messages::MessageInput;
use super::{Call, CursorQuery, Outcome, operations, require_users};
use crate::document::Object;
use crate::error::ApiError;
use crate::events;
use crate::query::{Fields, tables};
use crate::state::{Content, Draft, UserInput};

operations! {
    // The server-side schema does not list it, but server SDKs use it.
    "CreateDraft" (POST "/api/v2/chat/channels/{type}/{id}/draft") => create,
    "GetDraft" => get,
    "DeleteDraft" => delete,
    "QueryDrafts" => query,
}

#[derive(Deserialize)]
struct Create {
    message: MessageInput,
}

/// Handles `CreateDraft`. A user has one draft in a channel, and one in each of its threads.
fn create(call: &mut Call<'_>, Create { message: input }: Create) -> Outcome {
    let cid = call.channel()?.cid.clone();
    let parent_id = input.parent_id.clone().filter(|id| !id.is_empty());
    let quoted_message_id = input.quoted_message_id.clone().filter(|id| !id.is_empty());
    for id in parent_id.iter().chain(&quoted_message_id) {
        call.living_message(id)?;
        call.message_in(&cid, id)?;
    }
    let mentioned_users = input.mentioned_users.clone().unwrap_or_default();
    let mentioned = mentioned_users.iter().map(String::as_str);
    require_users(call.world, mentioned, "message.mentioned_users")?;
    let user_id =
        call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "message.user")?;
    let id = input.id.filter(|id| !id.is_empty());
    let draft = Draft {
        id: id.unwrap_or_else(|| uuid::Uuid::new_v4().to_string()),
        cid,
        parent_id,
        content: Content {
            text: input.text.unwrap_or_default(),
            mml: input.mml,
            attachments: input.attachments.unwrap_or_default(),
            mentioned_users,
            quoted_message_id,
            poll_id: input.poll_id.filter(|id| !id.is_empty()),
            custom: input.custom.unwrap_or_default(),
            ..Content::default()
        },
        show_in_channel: input.show_in_channel,
        silent: input.silent.unwrap_or_default(),
        created_at: call.now,
    };
    call.world.drafts.put(&user_id, draft.clone());
    call.emit(|view| events::drafts::draft(view, "draft.updated", &draft, &user_id));
    Ok(Object::new().field("draft", call.view().draft(&draft)))
}

/// Handles `GetDraft`.
fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let (user_id, cid) = user_and_channel(call)?;
    let draft = call.world.drafts.get(&user_id, &cid, parent_id(call));
    let draft = draft.ok_or_else(|| no_draft(&user_id, &cid))?;
    Ok(Object::new().field("draft", call.view().draft(draft)))
}

/// Handles `DeleteDraft`.
fn delete(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let (user_id, cid) = user_and_channel(call)?;
    let parent_id = parent_id(call).map(str::to_owned);
    let draft = call.world.drafts.remove(&user_id, &cid, parent_id.as_deref());
    let draft = draft.ok_or_else(|| no_draft(&user_id, &cid))?;
    call.emit(|view| events::drafts::draft(view, "draft.deleted", &draft, &user_id));
    Ok(Object::new())
}

#[derive(Deserialize)]
struct Query {
    user_id: Option<String>,
    user: Option<UserInput>,
    #[serde(flatten)]
    query: CursorQuery,
}

/// Handles `QueryDrafts`.
fn query(call: &mut Call<'_>, input: Query) -> Outcome {
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    let view = call.view();
    let found = call.world.drafts.of(&user_id).iter();
    let found = found.filter(|draft| call.world.living_channel(&draft.cid).is_some()).map(Searched);
    let query = input.query.sortable_by(tables::QUERY_DRAFTS_SORT);
    let page = query.pick(tables::QUERY_DRAFTS, found, |Searched(draft)| draft.id.clone())?;
    Ok(page.document("drafts", |Searched(draft)| view.draft(draft)))
}

/// A draft, as filters see it.
struct Searched<'a>(&'a Draft);

impl Fields for Searched<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        let Self(draft) = self;
        Some(match name {
            "channel_cid" => draft.cid.as_str().into(),
            "parent_id" => draft.parent_id.as_deref()?.into(),
            "created_at" => draft.created_at.nanoseconds().into(),
            _ => return None,
        })
    }
}

fn user_and_channel(call: &mut Call<'_>) -> Result<(String, String), ApiError> {
    let cid = call.channel()?.cid.clone();
    let user_id = call.request.query.get("user_id");
    Ok((call.acting_user(user_id, None, "user")?, cid))
}

fn parent_id<'a>(call: &Call<'a>) -> Option<&'a str> {
    call.request.query.get("parent_id").filter(|id| !id.is_empty())
}

fn no_draft(user_id: &str, cid: &str) -> ApiError {
    ApiError::not_found(format!("user {user_id} has no such draft in {cid}"))
}
