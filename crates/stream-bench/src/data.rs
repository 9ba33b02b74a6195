//! The data of responses and webhooks, generated and the same in every run.

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// 2025-10-09, in Unix nanoseconds as in responses.
const START: i64 = 1_760_000_000_123_456_789;
const SECOND: i64 = 1_000_000_000;

const CHANNELS: i64 = 30;
const MESSAGES: i64 = 25;
const MEMBERS: i64 = 5;

const WORDS: &str = "Thanks, I left two comments on the draft; do the \"numbers\" on page two still hold? \u{1F642}";

/// Returns the response to `QueryChannels` with 30 channels of 25 messages each: about 1 MB.
pub(crate) fn page() -> Result<Vec<u8>> {
    let channels: Vec<Value> = (0..CHANNELS).map(channel).collect();
    Ok(serde_json::to_vec(&json!({ "channels": channels, "duration": "41.53ms" }))?)
}

/// Returns the response to `SendMessage` with a short message.
pub(crate) fn message() -> Result<Vec<u8>> {
    let message = json!({
        "id": "2b5f1ab0-3c1e-4c55-8e1c-8f0c8d8f2f11",
        "cid": "messaging:general",
        "type": "regular",
        "text": "Hello, world",
        "html": "<p>Hello, world</p>\n",
        "user": user(1),
        "attachments": [],
        "mentioned_users": [],
        "latest_reactions": [],
        "own_reactions": [],
        "reaction_counts": {},
        "reaction_scores": {},
        "reply_count": 0,
        "deleted_reply_count": 0,
        "shadowed": false,
        "silent": false,
        "pinned": false,
        "restricted_visibility": [],
        "custom": {},
        "created_at": START,
        "updated_at": START,
    });
    Ok(serde_json::to_vec(&json!({ "message": message, "duration": "8.21ms" }))?)
}

/// Returns a `message.new` of 4 KB as the live service sends it: `type` first, timestamps in RFC
/// 3339.
pub(crate) fn webhook() -> Result<Vec<u8>> {
    let mut event = json!({
        "cid": "messaging:general",
        "channel_id": "general",
        "channel_type": "messaging",
        "channel_member_count": 5,
        "created_at": "2025-10-09T08:53:20.123456789Z",
        "channel": channel_info(1),
        "message": channel_message(1, 1),
        "message_id": "1-1-8e1c8f0c8d8f2f112b5f1ab0",
        "user": user(1),
        "watcher_count": 2,
        "total_unread_count": 3,
        "unread_channels": 1,
        "unread_count": 3,
    });
    to_rfc3339(&mut event);
    let length = |event: &Value| serde_json::to_vec(event).map(|json| json.len());
    let mut text = String::new();
    while length(&event)? < 4060 {
        text.push_str(WORDS);
        text.truncate(4060_usize.saturating_sub(length(&event)?).min(text.len()));
        let message = event.get_mut("message").and_then(|message| message.get_mut("text"));
        let Some(Value::String(target)) = message else { anyhow::bail!("a message without text") };
        target.push_str(text.trim_matches(|character: char| !character.is_ascii()));
        text.clear();
    }
    let rest = serde_json::to_string(&event)?;
    let rest = rest.strip_prefix('{').context("an event is an object")?;
    Ok(format!("{{\"type\":\"message.new\",{rest}").into_bytes())
}

/// Converts timestamps of responses, which are integers, to those of webhooks, which are text.
fn to_rfc3339(value: &mut Value) {
    match value {
        Value::Number(number) if number.as_i64().is_some_and(|number| number > START / 2) => {
            *value = "2025-10-09T08:53:20.123456789Z".into();
        }
        Value::Array(items) => items.iter_mut().for_each(to_rfc3339),
        Value::Object(members) => members.values_mut().for_each(to_rfc3339),
        _ => {}
    }
}

fn user(number: i64) -> Value {
    json!({
        "id": format!("user-{number}"),
        "name": format!("Jane Doe the {number}."),
        "image": format!("https://images.example.com/avatars/{number}.png?size=256"),
        "role": "user",
        "language": "en",
        "online": number % 3 == 0,
        "banned": false,
        "blocked_user_ids": [],
        "teams": ["red"],
        "invisible": false,
        "shadow_banned": false,
        "last_active": START - number * SECOND,
        "created_at": START - 9_000_000 * SECOND,
        "updated_at": START - 80_000 * SECOND,
        "custom": { "myapp_level": number, "myapp_title": "Engineer" },
    })
}

fn member(number: i64) -> Value {
    json!({
        "user_id": format!("user-{number}"),
        "user": user(number),
        "channel_role": "channel_member",
        "status": "member",
        "banned": false,
        "shadow_banned": false,
        "notifications_muted": false,
        "created_at": START - 700_000 * SECOND,
        "updated_at": START - 700_000 * SECOND,
        "custom": {},
    })
}

fn channel_info(number: i64) -> Value {
    json!({
        "id": format!("channel-{number}"),
        "type": "messaging",
        "cid": format!("messaging:channel-{number}"),
        "created_by": user(number),
        "created_at": START - 800_000 * SECOND,
        "updated_at": START - 600_000 * SECOND,
        "last_message_at": START,
        "disabled": false,
        "frozen": false,
        "member_count": MEMBERS,
        "own_capabilities": ["read-events", "send-message", "send-reaction", "upload-file"],
        "custom": { "name": format!("Project {number}"), "myapp_color": "#006cff" },
    })
}

fn channel(number: i64) -> Value {
    let members: Vec<Value> = (0..MEMBERS).map(member).collect();
    let messages: Vec<Value> = (0..MESSAGES).map(|index| channel_message(number, index)).collect();
    let read: Vec<Value> = (0..MEMBERS)
        .map(|index| {
            json!({
                "user": user(index),
                "last_read": START - index * SECOND,
                "last_read_message_id": format!("{number}-{index}-8e1c8f0c8d8f2f112b5f1ab0"),
                "unread_messages": index,
            })
        })
        .collect();
    json!({
        "channel": channel_info(number),
        "members": members,
        "messages": messages,
        "pinned_messages": [],
        "pending_messages": [],
        "threads": [],
        "watcher_count": 2,
        "watchers": [user(0), user(1)],
        "read": read,
        "active_live_locations": [],
    })
}

fn channel_message(channel: i64, index: i64) -> Value {
    let id = format!("{channel}-{index}-8e1c8f0c8d8f2f112b5f1ab0");
    let at = START - (MESSAGES - index) * 60 * SECOND;
    let attachments = match index % 8 {
        1 => json!([{
            "type": "image",
            "image_url": format!("https://files.example.com/{id}/photo.jpg"),
            "fallback": "photo.jpg",
            "original_width": 1600,
            "original_height": 1200,
            "custom": { "file_size": 348_112, "mime_type": "image/jpeg" },
        }]),
        _ => json!([]),
    };
    let (reactions, counts, groups) = match index % 5 {
        1 => (
            json!([{
                "message_id": id, "type": "like", "score": 1, "user_id": "user-2", "user": user(2),
                "created_at": at + SECOND, "updated_at": at + SECOND, "custom": {},
            }]),
            json!({ "like": 1 }),
            json!({ "like": {
                "count": 1, "sum_scores": 1, "latest_reactions_by": [],
                "first_reaction_at": at + SECOND, "last_reaction_at": at + SECOND,
            } }),
        ),
        _ => (json!([]), json!({}), json!({})),
    };
    let mentioned = if index % 10 == 3 { json!([user(4)]) } else { json!([]) };
    json!({
        "id": id,
        "cid": format!("messaging:channel-{channel}"),
        "type": "regular",
        "text": WORDS,
        "html": format!("<p>{WORDS}</p>\n"),
        "user": user(index % MEMBERS),
        "attachments": attachments,
        "mentioned_users": mentioned,
        "latest_reactions": reactions,
        "own_reactions": [],
        "reaction_counts": counts,
        "reaction_scores": counts,
        "reaction_groups": groups,
        "reply_count": 0,
        "deleted_reply_count": 0,
        "shadowed": false,
        "silent": false,
        "pinned": false,
        "mentioned_channel": false,
        "mentioned_here": false,
        "restricted_visibility": [],
        "custom": { "myapp_client": "web" },
        "created_at": at,
        "updated_at": at,
    })
}
