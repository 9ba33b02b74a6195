//! Members of channels and their roles.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{
    Call, Outcome, check_count, check_limit, check_offset, check_paths, decode, operations,
    require_users, roles,
};
use crate::auth::Caller;
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::events;
use crate::query::{CreatedBounds, Fields, Filter, IdBounds, Sort, SortKey, custom_field, tables};
use crate::state::{
    Channel, Invitation, MODERATOR_ROLE, Member, Timestamp, UserInput, World, cid, distinct_id,
    patch,
};
use crate::view::View;

operations! {
    "QueryMembers" => query_members,
    "UpdateMemberPartial" => update_member_partial,
}

/// The maximum number of members that one request may change.
const MAX_MEMBERS: usize = 100;

/// A member, as requests describe it.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct MemberInput {
    user_id: Option<String>,
    user: Option<UserInput>,
    pub(super) channel_role: Option<String>,
    custom: Option<Map<String, Value>>,
}

impl MemberInput {
    pub(super) fn user_id(&self) -> &str {
        let of_user = self.user.as_ref().map(|user| user.id.as_str());
        self.user_id.as_deref().or(of_user).unwrap_or_default()
    }

    /// Creates a member without a channel role.
    pub(super) fn of(user_id: &str) -> Self {
        Self { user_id: Some(user_id.to_owned()), ..Self::default() }
    }

    /// Creates a moderator.
    pub(super) fn moderator(user_id: &str) -> Self {
        Self { channel_role: Some(MODERATOR_ROLE.to_owned()), ..Self::of(user_id) }
    }

    /// Converts the input to a new member of a channel.
    fn member(&self, now: Timestamp) -> Member {
        let mut member = Member::new(self.user_id(), now);
        if let Some(role) = self.channel_role.as_ref().filter(|role| !role.is_empty()) {
            member.channel_role.clone_from(role);
        }
        member.custom = self.custom.clone().unwrap_or_default();
        member
    }
}

/// Refuses lists that are too long or contain unknown users.
pub(super) fn check_members(
    world: &World,
    field: &str,
    members: &[MemberInput],
) -> Result<(), ApiError> {
    check_count(field, members.len(), MAX_MEMBERS)?;
    for role in members.iter().filter_map(|member| member.channel_role.as_deref()) {
        check_role(world, field, role)?;
    }
    if members.iter().any(|member| member.user_id().is_empty()) {
        return Err(ApiError::field(field, "each member must have a user_id"));
    }
    require_users(world, members.iter().map(MemberInput::user_id), field)
}

/// Refuses a channel role that does not exist.
fn check_role(world: &World, field: &str, role: &str) -> Result<(), ApiError> {
    match role.is_empty() || roles::exists(world, role) {
        true => Ok(()),
        false => Err(ApiError::field(field, format!("role \"{role}\" does not exist"))),
    }
}

/// Refuses IDs as [`check_members`] does.
pub(super) fn check_ids(world: &World, field: &str, ids: &[String]) -> Result<(), ApiError> {
    check_count(field, ids.len(), MAX_MEMBERS)?;
    require_users(world, ids.iter().map(String::as_str), field)
}

/// How users become members.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Admission {
    pub(super) invitation: Option<Invitation>,
    /// The time before which they see no messages.
    pub(super) history_hidden_before: Option<Timestamp>,
}

impl Admission {
    /// Members who have to accept an invitation.
    pub(super) const INVITED: Self =
        Self { invitation: Some(Invitation::Pending), history_hidden_before: None };
}

/// Adds the users who are not members yet. A member whom the same request has added can also be
/// invited by it.
pub(super) fn add(
    call: &mut Call<'_>,
    cid: &str,
    members: &[MemberInput],
    admission: Admission,
) -> Result<(), ApiError> {
    let now = call.now;
    for input in members {
        if let Some(member) = call.channel_mut(cid)?.member_mut(input.user_id()) {
            if admission.invitation.is_some() && member.created_at == now {
                member.invitation = admission.invitation;
            }
            continue;
        }
        let mut member = input.member(now);
        member.invitation = admission.invitation;
        member.history_hidden_before = admission.history_hidden_before;
        call.world.channels.add_member(cid, member.clone());
        emit(call, cid, &member, "member.added");
    }
    Ok(())
}

/// Gives a member a role; does nothing if the user is not a member or already has the role.
pub(super) fn set_role(
    call: &mut Call<'_>,
    cid: &str,
    user_id: &str,
    role: &str,
) -> Result<(), ApiError> {
    let current = call.channel_mut(cid)?.member(user_id);
    if current.is_none_or(|member| member.channel_role == role) {
        return Ok(());
    }
    change(call, cid, user_id, |member| role.clone_into(&mut member.channel_role))
}

/// Removes members; ignores users who are not members.
pub(super) fn remove(call: &mut Call<'_>, cid: &str, ids: &[String]) -> Result<(), ApiError> {
    for id in ids {
        if let Some(member) = call.world.channels.take_member(cid, id) {
            emit(call, cid, &member, "member.removed");
        }
    }
    Ok(())
}

/// Changes a member, and emits an event if something changed.
pub(super) fn change(
    call: &mut Call<'_>,
    cid: &str,
    user_id: &str,
    change: impl FnOnce(&mut Member),
) -> Result<(), ApiError> {
    let now = call.now;
    let Some(member) = call.channel_mut(cid)?.member_mut(user_id) else {
        return Ok(());
    };
    change(member);
    member.updated_at = now;
    let member = member.clone();
    emit(call, cid, &member, "member.updated");
    Ok(())
}

fn emit(call: &mut Call<'_>, cid: &str, member: &Member, kind: &'static str) {
    call.emit(|view| events::channels::member(view, kind, cid, member));
}

#[derive(Deserialize)]
struct Query {
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
    filter_conditions: Option<Map<String, Value>>,
    members: Option<Vec<MemberInput>>,
    sort: Option<Vec<SortKey>>,
    limit: Option<usize>,
    offset: Option<usize>,
    #[serde(flatten)]
    ids: IdBounds,
    #[serde(flatten)]
    created: CreatedBounds,
}

/// Handles `QueryMembers`.
fn query_members(call: &mut Call<'_>, query: Query) -> Outcome {
    let limit = check_limit(query.limit, 100, 300)?;
    let offset = check_offset(query.offset, 10_000)?;
    let conditions = query.filter_conditions.unwrap_or_default();
    let filter = Filter::parse(conditions, tables::QUERY_MEMBERS)?;
    let sort = Sort::parse(query.sort, Some(SORTABLE), &[("created_at", 1)])?;
    let id = match (query.id, query.members) {
        (Some(id), _) if !id.is_empty() => id,
        (_, Some(members)) if !members.is_empty() => {
            distinct_id(members.iter().map(MemberInput::user_id))
        }
        _ => return Err(ApiError::field("id", "either id or members must be given")),
    };
    let channel = call.channel_by_cid(&cid(&query.kind, &id))?;
    call.require_in("read-channel-members", channel, call.owns(channel))?;
    let view = call.view();
    let found = channel
        .members()
        .iter()
        .filter(|member| query.ids.contain(&member.user_id))
        .filter(|member| query.created.contain(member.created_at))
        .map(|member| Searched { view, channel, member })
        .filter(|searched| filter.matches(searched))
        .collect();
    let members = sort.apply(found).into_iter().skip(offset).take(limit);
    let members: Node = members.map(|found| view.member(channel, found.member)).collect();
    Ok(Object::new().field("members", members))
}

/// The fields that members can be sorted by.
const SORTABLE: &[&str] = &["created_at", "updated_at", "user_id", "name", "last_active"];

/// A member, as filters see it.
struct Searched<'a> {
    view: View<'a>,
    channel: &'a Channel,
    member: &'a Member,
}

impl Fields for Searched<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        let Self { view, channel, member } = self;
        let user = || view.world.users.get(&member.user_id);
        let value: Value = match name {
            "id" | "user_id" => member.user_id.as_str().into(),
            "name" => user()?.name.as_deref()?.into(),
            "user.email" => user()?.custom.get("email")?.clone(),
            "user.nd_deactivated" => {
                user().is_some_and(|user| user.deactivated_at.is_some()).into()
            }
            "last_active" => user()?.last_active?.nanoseconds().into(),
            "cid" => channel.cid.as_str().into(),
            "channel_role" => member.channel_role.as_str().into(),
            "is_moderator" => member.is_moderator().into(),
            "banned" => {
                let bans = &view.world.moderation.bans;
                let ban = bans.in_channel(channel, &member.user_id, view.now);
                ban.is_some_and(|ban| !ban.shadow).into()
            }
            "notifications_muted" => channel.mute_of(&member.user_id, view.now).is_some().into(),
            "invite" => match member.invitation? {
                Invitation::Pending => "pending".into(),
                Invitation::Accepted(_) => "accepted".into(),
                Invitation::Rejected(_) => "rejected".into(),
            },
            "joined" => member.has_joined().into(),
            "created_at" => member.created_at.nanoseconds().into(),
            "updated_at" => member.updated_at.nanoseconds().into(),
            name => return custom_field(&member.custom, name),
        };
        Some(value)
    }
}

#[derive(Deserialize)]
struct UpdatePartial {
    set: Option<Map<String, Value>>,
    unset: Option<Vec<String>>,
}

/// Removes a field that is not custom data from the fields to set.
fn take<T: DeserializeOwned>(
    set: &mut Map<String, Value>,
    name: &str,
) -> Result<Option<T>, ApiError> {
    match set.remove(name).filter(|value| !value.is_null()) {
        Some(value) => decode(value).map(Some),
        None => Ok(None),
    }
}

/// The fields of a member that only the server sets.
const RESERVED: &[&str] = &["user_id", "user", "created_at", "updated_at", "role", "status"];

/// Handles `UpdateMemberPartial`.
fn update_member_partial(call: &mut Call<'_>, request: UpdatePartial) -> Outcome {
    let mut set = request.set.unwrap_or_default();
    let unset = request.unset.unwrap_or_default();
    check_paths(set.keys().chain(&unset).map(String::as_str), RESERVED)?;
    let role: Option<String> = take(&mut set, "channel_role")?;
    let mut pinned: Option<bool> = take(&mut set, "pinned")?;
    let mut archived: Option<bool> = take(&mut set, "archived")?;
    for name in &unset {
        match name.as_str() {
            "pinned" => pinned = Some(false),
            "archived" => archived = Some(false),
            _ => {}
        }
    }
    if role.is_some() && matches!(call.caller, Caller::User(_)) {
        return Err(ApiError::not_allowed("users may not change the roles of members"));
    }
    if let Some(role) = &role {
        check_role(call.world, "set.channel_role", role)?;
    }
    let now = call.now;
    let named = call.request.query.get("user_id");
    let user_id = call.acting_user(named, None, "user")?;
    let channel = call.channel()?;
    let cid = channel.cid.clone();
    if channel.member(&user_id).is_none() {
        return Err(ApiError::not_found(format!("{user_id} is not a member of {cid}")));
    }
    change(call, &cid, &user_id, |member| {
        if let Some(role) = role {
            member.channel_role = role;
        }
        if let Some(is_pinned) = pinned {
            member.pinned_at = is_pinned.then_some(now);
        }
        if let Some(is_archived) = archived {
            member.archived_at = is_archived.then_some(now);
        }
        for (name, value) in set {
            patch::set(&mut member.custom, &name, value);
        }
        for name in &unset {
            patch::unset(&mut member.custom, name);
        }
    })?;
    let channel = call.channel()?;
    let member = channel.member(&user_id);
    let shown = member.map(|member| call.view().member(channel, member));
    Ok(Object::new().optional("channel_member", shown))
}
