//! The content of an import: a list of items, each with its type.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::super::{Call, check_user_id, decode, messages};
use crate::error::ApiError;
use crate::json;
use crate::state::{Channel, Device, Member, Reaction, Timestamp, User, UserInput, cid};

type Item = Map<String, Value>;

/// Imports all items of a file, or none, and returns their number.
pub(super) fn import(
    call: &mut Call<'_>,
    bytes: &[u8],
    is_upsert: bool,
    merges_custom: bool,
) -> Result<usize, ApiError> {
    let items = parse(bytes)?;
    let before = call.world.clone();
    let mode = Mode { is_upsert, merges_custom };
    for (index, (kind, item)) in items.iter().enumerate() {
        if let Err(error) = mode.import(call, kind, item.clone()) {
            *call.world = before;
            return Err(ApiError::input(format!("item {index}: {}", error.message)));
        }
    }
    Ok(items.len())
}

/// Parses a JSON list, or one item per line.
fn parse(bytes: &[u8]) -> Result<Vec<(String, Item)>, ApiError> {
    let wrong = |error: serde_json::Error| ApiError::input(format!("the file: {error}"));
    let values: Vec<Value> = match serde_json::from_slice(bytes) {
        Ok(Value::Array(items)) => items,
        Ok(item @ Value::Object(_)) => vec![item],
        Ok(_) => return Err(ApiError::input("the file is not a list of items")),
        Err(_) => serde_json::Deserializer::from_slice(bytes)
            .into_iter()
            .collect::<Result<_, _>>()
            .map_err(wrong)?,
    };
    values
        .into_iter()
        .enumerate()
        .map(|(index, mut value)| {
            json::check_depth(&value)
                .map_err(|problem| ApiError::input(format!("item {index} {problem}")))?;
            let kind = value.get("type").and_then(Value::as_str).map(str::to_owned);
            let item = value.get_mut("item").or(None).map(Value::take);
            match (kind, item) {
                (Some(kind), Some(Value::Object(item))) => Ok((kind, item)),
                _ => Err(ApiError::input(format!("item {index} has no type or no item"))),
            }
        })
        .collect()
}

fn text(item: &mut Item, name: &str) -> Result<Option<String>, ApiError> {
    match item.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(ApiError::field(name, "must be a string")),
    }
}

fn required(item: &mut Item, name: &str) -> Result<String, ApiError> {
    text(item, name)?
        .filter(|text| !text.is_empty())
        .ok_or_else(|| ApiError::field(name, format!("{name} is a required field")))
}

fn time(item: &mut Item, name: &str) -> Result<Option<Timestamp>, ApiError> {
    match item.remove(name).filter(|value| !value.is_null()) {
        None => Ok(None),
        Some(value) => Timestamp::parse(&value)
            .map(Some)
            .ok_or_else(|| ApiError::field(name, "is not a time (RFC 3339)")),
    }
}

/// Returns the user ID of an item, which has an ID or an object.
fn user(item: &mut Item) -> Result<Option<String>, ApiError> {
    match item.remove("user").filter(|user| !user.is_null()) {
        Some(Value::String(id)) => Ok(Some(id)),
        Some(user) => Ok(user.get("id").and_then(Value::as_str).map(str::to_owned)),
        None => text(item, "user_id"),
    }
}

/// Removes the API's fields from an item; the remaining ones are custom data, unless it is nested.
fn split(item: &mut Item, fields: &[&str]) -> Item {
    let (known, mut custom): (Item, Item) =
        std::mem::take(item).into_iter().partition(|(name, _)| fields.contains(&name.as_str()));
    *item = known;
    if let Some(Value::Object(nested)) = custom.remove("custom") {
        custom.extend(nested);
    }
    custom
}

const USER: &[&str] = &[
    "id",
    "name",
    "image",
    "role",
    "language",
    "invisible",
    "teams",
    "teams_role",
    "privacy_settings",
];

const MESSAGE: &[&str] = &[
    "id",
    "text",
    "type",
    "attachments",
    "parent_id",
    "mentioned_users",
    "quoted_message_id",
    "silent",
    "show_in_channel",
    "restricted_visibility",
    "pinned",
    "pin_expires",
    "user_id",
];

struct Mode {
    is_upsert: bool,
    merges_custom: bool,
}

impl Mode {
    fn import(&self, call: &mut Call<'_>, kind: &str, item: Item) -> Result<(), ApiError> {
        match kind {
            "user" => self.user(call, item),
            "channel" => self.channel(call, item),
            "member" => self.member(call, item),
            "message" => self.message(call, item),
            "reaction" => reaction(call, item),
            "device" => device(call, item),
            kind => Err(ApiError::field("type", format!("{kind:?} is not imported here"))),
        }
    }

    /// Refuses an existing object, unless the import replaces objects.
    fn check_new(&self, what: &str, exists: bool) -> Result<(), ApiError> {
        match exists && !self.is_upsert {
            true => Err(ApiError::input(format!("{what} already exists"))),
            false => Ok(()),
        }
    }

    fn custom(&self, before: Item, given: Item) -> Item {
        if !self.merges_custom {
            return given;
        }
        let mut merged = before;
        merged.extend(given);
        merged
    }

    fn user(&self, call: &mut Call<'_>, mut item: Item) -> Result<(), ApiError> {
        let created_at = time(&mut item, "created_at")?;
        let deleted_at = time(&mut item, "deleted_at")?;
        let deactivated_at = time(&mut item, "deactivated_at")?;
        item.remove("updated_at");
        let custom = split(&mut item, USER);
        let mut input: UserInput = decode(item.into())?;
        check_user_id(&input.id)?;
        let before = call.world.users.get(&input.id).cloned();
        self.check_new(&format!("user {}", input.id), before.is_some())?;
        if let Some(role) = input.role.as_deref().filter(|role| !role.is_empty())
            && !super::super::roles::exists(call.world, role)
        {
            return Err(ApiError::field("role", format!("role \"{role}\" does not exist")));
        }
        let mut user = before.unwrap_or_else(|| User::new(&input.id, call.now));
        input.custom = Some(self.custom(user.custom.clone(), custom));
        user.replace(input, call.now);
        user.created_at = created_at.unwrap_or(user.created_at);
        user.deleted_at = deleted_at.or(user.deleted_at);
        user.deactivated_at = deactivated_at.or(user.deactivated_at);
        call.world.users.insert(user.id.clone(), user);
        Ok(())
    }

    fn channel(&self, call: &mut Call<'_>, mut item: Item) -> Result<(), ApiError> {
        let kind = required(&mut item, "type")?;
        let id = required(&mut item, "id")?;
        call.check_channel_type(&kind)?;
        let created_by = match item.remove("created_by").filter(|user| !user.is_null()) {
            Some(Value::String(id)) => Some(id),
            Some(user) => user.get("id").and_then(Value::as_str).map(str::to_owned),
            None => text(&mut item, "created_by_id")?,
        };
        let created_by = created_by
            .ok_or_else(|| ApiError::field("created_by", "created_by is a required field"))?;
        check_user(call, &created_by)?;
        let cid = cid(&kind, &id);
        let before = call.world.channels.get(&cid).cloned();
        self.check_new(&format!("channel {cid}"), before.is_some())?;
        let mut channel = before.unwrap_or_else(|| Channel::new(&kind, &id, &created_by, call.now));
        channel.created_at = time(&mut item, "created_at")?.unwrap_or(channel.created_at);
        channel.updated_at = time(&mut item, "updated_at")?.unwrap_or(channel.updated_at);
        channel.team = text(&mut item, "team")?.or(channel.team);
        let mut flag = |name: &str, before: bool| match item.remove(name) {
            Some(Value::Bool(value)) => value,
            _ => before,
        };
        channel.frozen = flag("frozen", channel.frozen);
        channel.disabled = flag("disabled", channel.disabled);
        let members = item.remove("members");
        channel.custom = self.custom(channel.custom.clone(), split(&mut item, &[]));
        call.world.channels.insert(channel);
        for member in members.as_ref().and_then(Value::as_array).into_iter().flatten() {
            let id = member.as_str().or_else(|| member.get("user_id")?.as_str());
            let id = id.unwrap_or_default();
            check_user(call, id)?;
            call.world.channels.add_member(&cid, Member::new(id, call.now));
        }
        Ok(())
    }

    fn member(&self, call: &mut Call<'_>, mut item: Item) -> Result<(), ApiError> {
        let cid = place(call, &mut item)?;
        let user_id =
            user(&mut item)?.ok_or_else(|| ApiError::field("user", "user is a required field"))?;
        check_user(call, &user_id)?;
        let mut member = Member::new(&user_id, call.now);
        member.created_at = time(&mut item, "created_at")?.unwrap_or(call.now);
        if let Some(role) = text(&mut item, "channel_role")?.filter(|role| !role.is_empty()) {
            member.channel_role = role;
        }
        let exists = call.world.channels.get(&cid).and_then(|it| it.member(&user_id)).is_some();
        self.check_new(&format!("member {user_id} of {cid}"), exists)?;
        if exists {
            let before = call.world.channels.take_member(&cid, &user_id);
            member.custom = before.map(|before| before.custom).unwrap_or_default();
        }
        item.remove("updated_at");
        member.custom = self.custom(member.custom, split(&mut item, &[]));
        call.world.channels.add_member(&cid, member);
        Ok(())
    }

    fn message(&self, call: &mut Call<'_>, mut item: Item) -> Result<(), ApiError> {
        let cid = place(call, &mut item)?;
        let author =
            user(&mut item)?.ok_or_else(|| ApiError::field("user", "user is a required field"))?;
        check_user(call, &author)?;
        let created_at = time(&mut item, "created_at")?.unwrap_or(call.now);
        let deleted_at = time(&mut item, "deleted_at")?;
        item.remove("updated_at");
        item.remove("html");
        // A reply is recognized by its parent.
        let kind = text(&mut item, "type")?.filter(|kind| kind == "system");
        let custom = split(&mut item, MESSAGE);
        item.insert("custom".to_owned(), custom.into());
        item.insert("user_id".to_owned(), author.into());
        item.insert("type".to_owned(), kind.map_or(Value::Null, Value::String));
        let id = item.get("id").and_then(Value::as_str).unwrap_or_default();
        // The new version may keep the ID.
        let before = call.world.messages.remove(id);
        self.check_new(&format!("message {id}"), before.is_some())?;
        let mut message = messages::prepare(call, &cid, &decode(item.into())?, "regular")?;
        message.created_at = created_at;
        message.updated_at = created_at;
        message.deleted_at = deleted_at;
        let Some(before) = before else {
            call.world.add_message(message);
            return Ok(());
        };
        let stays = before.cid == message.cid && before.parent_id == message.parent_id;
        call.world.messages.insert(before.id.clone(), before);
        if stays {
            call.world.replace_message(message);
        } else {
            call.world.remove_exactly(&HashSet::from([message.id.clone()]));
            call.world.add_message(message);
        }
        Ok(())
    }
}

fn check_user(call: &Call<'_>, id: &str) -> Result<(), ApiError> {
    match call.world.users.contains_key(id) {
        true => Ok(()),
        false => Err(ApiError::input(format!("user {id} is neither in the file nor in the app"))),
    }
}

/// Returns the cid of an item's channel, which must exist.
fn place(call: &Call<'_>, item: &mut Item) -> Result<String, ApiError> {
    let cid = match text(item, "channel_cid")? {
        Some(cid) => cid,
        None => cid(&required(item, "channel_type")?, &required(item, "channel_id")?),
    };
    match call.world.channels.get(&cid) {
        Some(_) => Ok(cid),
        None => {
            Err(ApiError::input(format!("channel {cid} is neither in the file nor in the app")))
        }
    }
}

fn reaction(call: &mut Call<'_>, mut item: Item) -> Result<(), ApiError> {
    let message_id = required(&mut item, "message_id")?;
    let kind = required(&mut item, "type")?;
    let user_id =
        user(&mut item)?.ok_or_else(|| ApiError::field("user", "user is a required field"))?;
    check_user(call, &user_id)?;
    let created_at = time(&mut item, "created_at")?.unwrap_or(call.now);
    item.remove("updated_at");
    let score = item.remove("score").and_then(|score| score.as_i64()).unwrap_or(1);
    let reaction = Reaction {
        kind,
        user_id,
        score: i32::try_from(score).unwrap_or(1),
        custom: split(&mut item, &[]),
        created_at,
        updated_at: created_at,
    };
    let message = call.message_mut(&message_id)?;
    message
        .reactions
        .retain(|other| other.kind != reaction.kind || other.user_id != reaction.user_id);
    message.reactions.push(reaction);
    Ok(())
}

fn device(call: &mut Call<'_>, mut item: Item) -> Result<(), ApiError> {
    let user_id =
        user(&mut item)?.ok_or_else(|| ApiError::field("user", "user is a required field"))?;
    check_user(call, &user_id)?;
    let device = Device {
        id: required(&mut item, "id")?,
        push_provider: required(&mut item, "push_provider")?,
        push_provider_name: text(&mut item, "push_provider_name")?,
        voip: None,
        hardware_id: None,
        created_at: time(&mut item, "created_at")?.unwrap_or(call.now),
    };
    call.world.push.add_device(&user_id, device);
    Ok(())
}
