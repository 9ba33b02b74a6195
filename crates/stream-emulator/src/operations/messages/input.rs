//! Messages as requests describe them.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::{ApiError, ErrorCode};
use crate::operations::{Call, MAX_CUSTOM, check_count, check_custom, require_users};
use crate::state::{Channel, Content, Location, Timestamp, UserInput};

/// A message, as requests describe it.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct MessageInput {
    pub(crate) id: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) mml: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) user: Option<UserInput>,
    pub(crate) user_id: Option<String>,
    pub(crate) attachments: Option<Vec<Map<String, Value>>>,
    pub(crate) mentioned_users: Option<Vec<String>>,
    pub(crate) mentioned_channel: Option<bool>,
    pub(crate) mentioned_here: Option<bool>,
    pub(crate) mentioned_roles: Option<Vec<String>>,
    pub(crate) mentioned_group_ids: Option<Vec<String>>,
    pub(crate) parent_id: Option<String>,
    pub(crate) show_in_channel: Option<bool>,
    pub(crate) quoted_message_id: Option<String>,
    pub(crate) restricted_visibility: Option<Vec<String>>,
    pub(crate) silent: Option<bool>,
    pub(crate) pinned: Option<bool>,
    pub(crate) pin_expires: Option<Value>,
    pub(crate) poll_id: Option<String>,
    pub(crate) shared_location: Option<Location>,
    pub(crate) custom: Option<Map<String, Value>>,
}

impl MessageInput {
    /// Returns the content of the message. Every object that it refers to must exist.
    pub(super) fn content(&self, call: &Call<'_>, channel: &Channel) -> Result<Content, ApiError> {
        let attachments = self.attachments.clone().unwrap_or_default();
        check_count("message.attachments", attachments.len(), 30)?;
        let text = self.text.clone().unwrap_or_default();
        check_length(call, channel, &text)?;
        let mut mentioned_users = self.mentioned_users.clone().unwrap_or_default();
        check_count("message.mentioned_users", mentioned_users.len(), 100)?;
        let lists = [
            ("message.mentioned_roles", &self.mentioned_roles),
            ("message.mentioned_group_ids", &self.mentioned_group_ids),
            ("message.restricted_visibility", &self.restricted_visibility),
        ];
        for (name, list) in lists {
            check_count(name, list.as_ref().map_or(0, Vec::len), 10)?;
        }
        check_custom("message", self.custom.as_ref(), MAX_CUSTOM)?;
        let mentioned = mentioned_users.iter().map(String::as_str);
        require_users(call.world, mentioned, "message.mentioned_users")?;
        let restricted_visibility = self.restricted_visibility.clone().unwrap_or_default();
        let visible_to = restricted_visibility.iter().map(String::as_str);
        require_users(call.world, visible_to, "message.restricted_visibility")?;
        let quoted = self.quoted_message_id.as_deref().filter(|id| !id.is_empty());
        if let Some(id) = quoted {
            call.message_in(&channel.cid, id)?;
            require_feature(call, channel, "quotes")?;
        }
        let poll_id = self.poll_id.clone().filter(|id| !id.is_empty());
        if let Some(id) = &poll_id {
            if !call.world.polls.contains_key(id) {
                return Err(ApiError::not_found(format!("poll with id {id} doesn't exist")));
            }
            require_feature(call, channel, "polls")?;
        }
        if let Some(location) = &self.shared_location {
            require_feature(call, channel, "shared_locations")?;
            if !location.is_valid() {
                return Err(ApiError::field("message.shared_location", "is out of range"));
            }
        }
        let is_bare = poll_id.is_none() && self.shared_location.is_none();
        if text.trim().is_empty() && attachments.is_empty() && is_bare {
            return Err(ApiError::field("message", "must have text or attachments"));
        }
        let mut seen = Vec::new();
        mentioned_users.retain(|id| {
            let is_new = !seen.contains(id);
            seen.push(id.clone());
            is_new
        });
        Ok(Content {
            text,
            mml: self.mml.clone(),
            attachments: attachments.into_iter().map(attachment).collect(),
            poll_id,
            shared_location: self.shared_location.clone(),
            mentioned_users,
            mentioned_channel: self.mentioned_channel.unwrap_or_default(),
            mentioned_here: self.mentioned_here.unwrap_or_default(),
            mentioned_roles: self.mentioned_roles.clone().unwrap_or_default(),
            mentioned_group_ids: self.mentioned_group_ids.clone().unwrap_or_default(),
            quoted_message_id: quoted.map(str::to_owned),
            restricted_visibility,
            custom: self.custom.clone().unwrap_or_default(),
        })
    }
}

/// Refuses a feature that the channel's configuration disables.
pub(in crate::operations) fn require_feature(
    call: &Call<'_>,
    channel: &Channel,
    name: &str,
) -> Result<(), ApiError> {
    if call.world.is_on(channel, name) {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::FeatureNotSupported,
        format!("channel {} does not support {name}", channel.cid),
    ))
}

/// Returns when a pin expires: a timestamp, or a number of seconds from now.
pub(super) fn pin_expires(
    call: &Call<'_>,
    given: Option<&Value>,
) -> Result<Option<Timestamp>, ApiError> {
    /// A smaller number counts seconds from now, a larger one nanoseconds since the Unix epoch.
    const MAX_SECONDS: i64 = 1_000_000_000_000;
    let expires = match given {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(seconds))
            if seconds.as_i64().is_some_and(|seconds| (0..MAX_SECONDS).contains(&seconds)) =>
        {
            seconds.as_i64().map(|seconds| call.now.plus_seconds(seconds))
        }
        Some(value) => Timestamp::parse(value),
    };
    match expires {
        Some(expires) if expires > call.now => Ok(Some(expires)),
        Some(_) => Err(ApiError::field("message.pin_expires", "must be in the future")),
        None => Err(ApiError::field("message.pin_expires", "is not a time")),
    }
}

/// Returns an attachment as it is stored: with custom data, even if empty, and without `null`
/// fields.
fn attachment(mut fields: Map<String, Value>) -> Map<String, Value> {
    fields.retain(|_, value| !value.is_null());
    fields.entry("custom").or_insert_with(|| Value::Object(Map::new()));
    fields
}

/// Returns the maximum length of a text in a channel, in characters.
pub(super) fn max_length(call: &Call<'_>, channel: &Channel) -> usize {
    let setting = call.world.setting(channel, "max_message_length").and_then(Value::as_u64);
    setting.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX)
}

/// Refuses a text that is longer than the channel allows, in characters.
pub(super) fn check_length(call: &Call<'_>, channel: &Channel, text: &str) -> Result<(), ApiError> {
    let most = max_length(call, channel);
    let length = text.chars().count();
    if length <= most {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::MessageTooLong,
        format!("the message has {length} characters, at most {most} are allowed"),
    ))
}
