//! Reading messages.

use crate::{
    handlers::{Answer, Call, references::check_count},
    query::MessagePage,
    render::Object,
    server::ApiError,
    state::Message,
};
use serde_json::Value;

/// `GetMessage`
pub(in crate::handlers) fn get(call: &mut Call<'_>) -> Answer {
    let show_deleted = call.input.query.flag("show_deleted_message")? == Some(true);
    let message = call.message(call.input.path.get("id"))?;
    let shown = call.view().message_with_channel(message, show_deleted);
    Ok(Object::new().field("message", shown))
}

/// `GetManyMessages`
pub(in crate::handlers) fn get_many(call: &mut Call<'_>) -> Answer {
    let ids = call.input.query.list("ids");
    if ids.is_empty() {
        return Err(ApiError::field("ids", "must name a message"));
    }
    check_count("ids", ids.len(), 50)?;
    let channel = call.channel()?;
    let view = call.view();
    let messages: Value = ids
        .iter()
        .filter_map(|id| call.world.messages.get(id))
        .filter(|message| message.cid == channel.cid)
        .map(|message| view.message(message))
        .collect();
    Ok(Object::new().field("messages", messages))
}

/// `GetReplies`
pub(in crate::handlers) fn replies(call: &mut Call<'_>) -> Answer {
    let page = MessagePage::from_query(&call.input.query, "")?;
    let parent = call.message(call.input.path.get("parent_id"))?;
    let replies: Vec<&Message> = call.world.replies(parent).collect();
    let view = call.view();
    let messages: Value = page
        .pick(call.world, replies)?
        .into_iter()
        .filter_map(|id| call.world.messages.get(id))
        .map(|message| view.message(message))
        .collect();
    Ok(Object::new().field("messages", messages))
}
