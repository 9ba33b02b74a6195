//! The documented rules for the items of an import file.

use serde_json::Value;

use super::{ImportItem, ImportKind};
use stream_models::Timestamp;

const MAX_ID: usize = 255;
const MAX_CHANNEL_ID: usize = 64;
const MAX_TEXT: usize = 20_000;
const MAX_ATTACHMENTS: usize = 30;
const MAX_TEAMS: usize = 250;
const MAX_CUSTOM: usize = 5 * 1024;
const MAX_CUSTOM_OF_REACTION: usize = 1024;

/// Returns the required fields of a kind of item.
const fn required(kind: ImportKind) -> &'static [&'static str] {
    match kind {
        ImportKind::User => &["id"],
        ImportKind::Device => &["id", "user_id", "push_provider"],
        ImportKind::Channel => &["type", "id", "created_by"],
        ImportKind::Member => &["channel_type", "channel_id", "user_id"],
        ImportKind::Message => &["id", "channel_type", "channel_id", "user", "type"],
        ImportKind::Reaction => &["message_id", "type", "user_id"],
    }
}

/// Returns the other fields of a kind of item that are not custom data.
const fn known(kind: ImportKind) -> &'static [&'static str] {
    match kind {
        ImportKind::User => &[
            "name",
            "image",
            "role",
            "language",
            "invisible",
            "teams",
            "teams_role",
            "privacy_settings",
            "push_notifications",
        ],
        ImportKind::Device => &["push_provider_name"],
        ImportKind::Channel => &["team", "frozen", "disabled", "members", "truncated_at"],
        ImportKind::Member => &[
            "channel_role",
            "last_read",
            "hide_channel",
            "hide_messages_before",
            "invited_at",
            "invite_accepted_at",
            "invite_rejected_at",
            "archived_at",
            "pinned_at",
        ],
        ImportKind::Message => &[
            "text",
            "html",
            "attachments",
            "parent_id",
            "show_in_channel",
            "silent",
            "pinned",
            "pinned_at",
            "pin_expires",
            "pinned_by",
            "mentioned_users",
            "quoted_message_id",
            "restricted_visibility",
            "poll_id",
        ],
        ImportKind::Reaction => &["score"],
    }
}

/// Fields of any kind that contain a timestamp.
const TIMES: [&str; 12] = [
    "created_at",
    "updated_at",
    "deleted_at",
    "deactivated_at",
    "truncated_at",
    "last_read",
    "invited_at",
    "invite_accepted_at",
    "invite_rejected_at",
    "hide_messages_before",
    "pinned_at",
    "pin_expires",
];

const MESSAGE_TYPES: [&str; 4] = ["regular", "reply", "system", "deleted"];

/// Checks an item on its own.
pub(super) fn check(item: &ImportItem) -> Result<(), String> {
    if let Some(problem) = &item.problem {
        return Err(problem.clone());
    }
    for name in required(item.kind) {
        match item.fields.get(*name) {
            Some(Value::String(text)) if !text.is_empty() => {}
            None | Some(Value::Null) => return Err(format!("`{name}` is missing")),
            Some(Value::String(_)) => return Err(format!("`{name}` is empty")),
            Some(_) => return Err(format!("`{name}` is not a string")),
        }
    }
    for name in TIMES {
        if let Some(value) = item.fields.get(name).filter(|value| !value.is_null())
            && value.as_str().is_none_or(|text| text.parse::<Timestamp>().is_err())
        {
            return Err(format!("`{name}` is not a time of RFC 3339: {value}"));
        }
    }
    check_ids(item)?;
    check_content(item)?;
    check_custom(item)
}

fn text<'a>(item: &'a ImportItem, name: &str) -> &'a str {
    item.fields.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn check_ids(item: &ImportItem) -> Result<(), String> {
    let users: &[&str] = match item.kind {
        ImportKind::User => &["id"],
        ImportKind::Channel => &["created_by"],
        ImportKind::Message => &["user"],
        ImportKind::Device | ImportKind::Member | ImportKind::Reaction => &["user_id"],
    };
    for name in users {
        let id = text(item, name);
        within(name, id.chars().count(), MAX_ID, "characters")?;
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '@' | '_' | '-');
        if !id.chars().all(is_allowed) {
            return Err(format!(
                "`{name}` may have letters, digits, `@`, `_` and `-`, and is {id:?}"
            ));
        }
    }
    let channel = match item.kind {
        ImportKind::Channel => "id",
        _ => "channel_id",
    };
    let id = text(item, channel);
    if matches!(item.kind, ImportKind::Channel | ImportKind::Member | ImportKind::Message) {
        within(channel, id.chars().count(), MAX_CHANNEL_ID, "characters")?;
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '!' | '_' | '-');
        if !id.chars().all(is_allowed) {
            return Err(format!(
                "`{channel}` may have letters, digits, `!`, `_` and `-`, and is {id:?}"
            ));
        }
    }
    let message = match item.kind {
        ImportKind::Message => "id",
        ImportKind::Reaction => "message_id",
        _ => return Ok(()),
    };
    let id = text(item, message);
    within(message, id.chars().count(), MAX_ID, "characters")?;
    match id.contains([',', '%']) {
        true => Err(format!("`{message}` may have neither `,` nor `%`, and is {id:?}")),
        false => Ok(()),
    }
}

fn check_content(item: &ImportItem) -> Result<(), String> {
    let length = |name: &str| item.fields.get(name).and_then(Value::as_array).map_or(0, Vec::len);
    match item.kind {
        ImportKind::User => within("teams", length("teams"), MAX_TEAMS, "entries"),
        ImportKind::Message => {
            let kind = text(item, "type");
            if !MESSAGE_TYPES.contains(&kind) {
                let types = MESSAGE_TYPES.join(", ");
                return Err(format!("`type` is one of {types}, and is {kind:?}"));
            }
            if kind == "reply" && text(item, "parent_id").is_empty() {
                return Err("`parent_id` of a reply is missing".to_owned());
            }
            within("text", text(item, "text").chars().count(), MAX_TEXT, "characters")?;
            within("attachments", length("attachments"), MAX_ATTACHMENTS, "entries")
        }
        _ => Ok(()),
    }
}

fn check_custom(item: &ImportItem) -> Result<(), String> {
    let most = match item.kind {
        ImportKind::Reaction => MAX_CUSTOM_OF_REACTION,
        _ => MAX_CUSTOM,
    };
    let is_custom = |name: &&String| {
        let name = name.as_str();
        !required(item.kind).contains(&name)
            && !known(item.kind).contains(&name)
            && !TIMES.contains(&name)
    };
    let size = item.fields.iter().filter(|(name, _)| is_custom(name));
    let size = size.map(|(name, value)| name.len() + 4 + value.to_string().len()).sum();
    within("custom data", size, most, "bytes")
}

fn within(name: &str, length: usize, most: usize, what: &str) -> Result<(), String> {
    match length > most {
        true => Err(format!("{name} has {length} {what}, and the server takes {most}")),
        false => Ok(()),
    }
}

/// The names by which other items refer to an item, and the names by which it refers to others,
/// each with its kind.
pub(super) struct Names {
    /// `None` if no item refers to it.
    pub(super) own: Option<(ImportKind, String)>,
    pub(super) others: Vec<(ImportKind, String)>,
}

pub(super) fn names(item: &ImportItem) -> Names {
    let of = |kind, name: &str| (kind, text(item, name).to_owned());
    let channel = || {
        (
            ImportKind::Channel,
            format!("{}:{}", text(item, "channel_type"), text(item, "channel_id")),
        )
    };
    let (own, mut others) = match item.kind {
        ImportKind::User => (Some(of(ImportKind::User, "id")), vec![]),
        ImportKind::Device => (None, vec![of(ImportKind::User, "user_id")]),
        ImportKind::Channel => {
            let cid = format!("{}:{}", text(item, "type"), text(item, "id"));
            (Some((ImportKind::Channel, cid)), vec![of(ImportKind::User, "created_by")])
        }
        ImportKind::Member => {
            let (_, cid) = channel();
            let own = (ImportKind::Member, format!("{cid} {}", text(item, "user_id")));
            (Some(own), vec![channel(), of(ImportKind::User, "user_id")])
        }
        ImportKind::Message => {
            let others = vec![channel(), of(ImportKind::User, "user")];
            (Some(of(ImportKind::Message, "id")), others)
        }
        ImportKind::Reaction => {
            let others =
                vec![of(ImportKind::Message, "message_id"), of(ImportKind::User, "user_id")];
            (None, others)
        }
    };
    if item.kind == ImportKind::Message && !text(item, "parent_id").is_empty() {
        others.push(of(ImportKind::Message, "parent_id"));
    }
    Names { own, others }
}
