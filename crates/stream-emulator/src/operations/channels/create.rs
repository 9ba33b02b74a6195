//! Gets a channel, and creates it if it does not exist.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};
use crate::events;
use crate::operations::members::{self, Admission, MemberInput, check_members};
use crate::operations::{
    Call, MAX_CUSTOM, Outcome, check_count, check_custom, check_named_limit, check_offset, decode,
    missing_users,
};
use crate::query::MessagePage;
use crate::state::{Channel, Hiding, Message, UserInput, cid, distinct_id};
use crate::view::{Page, RenderedUsers, View};

/// The default number of watchers in a response.
pub(super) const WATCHERS_SHOWN: usize = 100;
/// The default number of members in a response.
pub(super) const MEMBERS_SHOWN: usize = 100;

#[derive(Default, Deserialize)]
pub(super) struct GetOrCreate {
    data: Option<Map<String, Value>>,
    hide_for_creator: Option<bool>,
    state: Option<bool>,
    members: Option<MemberPage>,
    messages: Option<MessagePage>,
    watchers: Option<MemberPage>,
    watch: Option<bool>,
    presence: Option<bool>,
    member_custom_include: Option<Vec<String>>,
    thread_unread_counts: Option<bool>,
}

#[derive(Default, Deserialize)]
struct MemberPage {
    limit: Option<usize>,
    offset: Option<usize>,
}

#[derive(Default, Deserialize)]
struct ChannelInput {
    created_by: Option<UserInput>,
    created_by_id: Option<String>,
    members: Option<Vec<MemberInput>>,
    invites: Option<Vec<MemberInput>>,
    custom: Option<Map<String, Value>>,
    team: Option<String>,
    frozen: Option<bool>,
    disabled: Option<bool>,
    auto_translation_enabled: Option<bool>,
    auto_translation_language: Option<String>,
    filter_tags: Option<Vec<String>>,
    config_overrides: Option<Map<String, Value>>,
}

/// Handles `GetOrCreateChannel`.
pub(super) fn get_or_create(call: &mut Call<'_>, request: GetOrCreate) -> Outcome {
    let id = call.path("id").to_owned();
    get_or_create_as(call, &id, request)
}

/// Handles `GetOrCreateDistinctChannel`.
pub(super) fn get_or_create_distinct(call: &mut Call<'_>, request: GetOrCreate) -> Outcome {
    let data: ChannelInput = decode(request.data.clone().unwrap_or_default().into())?;
    let members = data.members.unwrap_or_default();
    let mut ids: Vec<&str> = members.iter().map(MemberInput::user_id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() < 2 {
        return Err(ApiError::field(
            "data.members",
            "When using member based IDs specify at least 2 members",
        ));
    }
    if let Caller::User(caller) = call.caller
        && !ids.contains(&caller.as_str())
    {
        call.require_in_type("create-distinct-channel-for-others", call.path("type"))?;
    }
    let id = distinct_id(ids.into_iter());
    get_or_create_as(call, &id, request)
}

fn get_or_create_as(call: &mut Call<'_>, id: &str, request: GetOrCreate) -> Outcome {
    let kind = call.path("type").to_owned();
    call.check_channel_type(&kind)?;
    check_id(id)?;
    call.include_member_custom(request.member_custom_include.unwrap_or_default())?;
    let cid = cid(&kind, id);
    let page = request.members.unwrap_or_default();
    let page = Page {
        limit: check_named_limit("members.limit", page.limit, MEMBERS_SHOWN, 300)?,
        offset: check_offset(page.offset, 10_000)?,
    };
    let messages = request.messages.unwrap_or_default();
    messages.check()?;
    // A client that follows presence needs the current watchers.
    let follows = request.presence == Some(true);
    let watchers = match request.watchers.or(follows.then(MemberPage::default)) {
        Some(page) => Some(Page {
            limit: check_named_limit("watchers.limit", page.limit, WATCHERS_SHOWN, 300)?,
            offset: check_offset(page.offset, 10_000)?,
        }),
        None => None,
    };
    let subscription = call.subscription(request.watch, request.presence)?;
    let data = request.data.unwrap_or_default();
    if call.world.living_channel(&cid).is_none() {
        if id.starts_with('!') && !id.starts_with("!members-") {
            return Err(ApiError::field("id", "must not begin with !"));
        }
        call.require_in_type("create-channel", &kind)?;
        if let Some(deleted) = call.world.channels.get(&cid) {
            call.require_in("recreate-channel", deleted, call.owns(deleted))?;
        }
        let created_by = create(call, &kind, id, data)?;
        if request.hide_for_creator == Some(true) {
            hide_for(call, &cid, &created_by)?;
        }
    } else if id.starts_with("!members-") {
        rejoin(call, &cid, decode(data.into())?)?;
    }
    call.subscribe(&subscription, &cid);
    let mut shown = show(call, None, &cid, page, &messages, request.state != Some(false))?;
    if request.thread_unread_counts == Some(true) {
        shown.set("threads", call.view().threads_in(&cid));
    }
    let watchers = watchers.map(|page| call.view().watchers(&cid, page));
    Ok(shown.optional("watchers", watchers))
}

/// Hides the channel from its creator until someone sends a message.
fn hide_for(call: &mut Call<'_>, cid: &str, user_id: &str) -> Result<(), ApiError> {
    let hiding = Hiding { is_hidden: true, cleared_before: None };
    call.channel_mut(cid)?.hidden.insert(user_id.to_owned(), hiding);
    Ok(())
}

/// Makes a former member of a distinct channel a member again.
fn rejoin(call: &mut Call<'_>, cid: &str, data: ChannelInput) -> Result<(), ApiError> {
    let asker = match call.caller {
        Caller::User(id) => Some(id.clone()),
        Caller::Server => {
            data.created_by_id.clone().or(data.created_by.as_ref().map(|user| user.id.clone()))
        }
    };
    let members = data.members.unwrap_or_default();
    let asker = members.into_iter().find(|member| asker.as_deref() == Some(member.user_id()));
    match asker {
        Some(asker) => members::add(call, cid, &[asker], Admission::default()),
        None => Ok(()),
    }
}

/// The fields of `data` that only the server sets.
const RESERVED: &[&str] = &[
    "cid",
    "config",
    "cooldown",
    "created_at",
    "deleted_at",
    "last_message_at",
    "member_count",
    "message_count",
    "mute_expires_at",
    "muted",
    "own_capabilities",
    "truncated_at",
    "updated_at",
];

/// Creates a channel, and returns the ID of its creator.
fn create(
    call: &mut Call<'_>,
    kind: &str,
    id: &str,
    data: Map<String, Value>,
) -> Result<String, ApiError> {
    let reserved: Vec<String> = data
        .keys()
        .filter(|name| RESERVED.contains(&name.as_str()))
        .map(|name| format!("data.{name} is a reserved field"))
        .collect();
    if !reserved.is_empty() {
        return Err(ApiError::input(reserved.join(", ")));
    }
    let data: ChannelInput = decode(data.into())?;
    let members = data.members.unwrap_or_default();
    let invites = data.invites.unwrap_or_default();
    let involved = members.iter().chain(&invites).map(MemberInput::user_id);
    let missing = missing_users(call.world, involved.filter(|id| !id.is_empty()));
    if !missing.is_empty() {
        return Err(ApiError::input(format!(
            "The following users are involved in channel create operation, but don't exist: [{}]. \
             Please create the user objects before setting up the channel.",
            missing.join(" ")
        )));
    }
    check_members(call.world, "data.members", &members)?;
    check_members(call.world, "data.invites", &invites)?;
    check_custom("channel", data.custom.as_ref(), MAX_CUSTOM)?;
    check_count("data.filter_tags", data.filter_tags.as_ref().map_or(0, Vec::len), 10)?;
    check_team(call, data.team.as_deref())?;
    let created_by = creator(call, data.created_by_id.as_deref(), data.created_by.as_ref())?;
    let mut channel = Channel::new(kind, id, &created_by, call.now);
    channel.custom = data.custom.unwrap_or_default();
    channel.team = data.team.filter(|team| !team.is_empty());
    channel.frozen = data.frozen.unwrap_or_default();
    channel.disabled = data.disabled.unwrap_or_default();
    channel.auto_translation_enabled = data.auto_translation_enabled;
    channel.auto_translation_language = data.auto_translation_language;
    channel.filter_tags = data.filter_tags.unwrap_or_default();
    channel.config_overrides = data.config_overrides.unwrap_or_default();
    let cid = channel.cid.clone();
    let deleted = call.world.channels.get_mut(&cid).and_then(|channel| channel.sealed.take());
    call.world.channels.insert(channel);
    call.world.unseal_messages(&cid, deleted.map(|sealed| *sealed).unwrap_or_default());
    call.emit(|view| events::channels::channel(view, "channel.created", &cid, Some(&created_by)));
    members::add(call, &cid, &members, Admission::default())?;
    members::add(call, &cid, &invites, Admission::INVITED)?;
    Ok(created_by)
}

/// Returns the creator of a channel. A backend may name a user who does not exist yet.
fn creator(
    call: &mut Call<'_>,
    id: Option<&str>,
    user: Option<&UserInput>,
) -> Result<String, ApiError> {
    let new = id.filter(|id| !id.is_empty() && !call.world.users.contains_key(*id));
    let new = new.filter(|_| matches!(call.caller, Caller::Server) && user.is_none());
    let new = new.map(|id| UserInput { id: id.to_owned(), ..UserInput::default() });
    match &new {
        Some(new) => call.acting_user(None, Some(new), "data.created_by"),
        None => call.acting_user(id, user, "data.created_by"),
    }
}

/// Refuses, in an app with several tenants, a channel for a team that is not the user's.
fn check_team(call: &Call<'_>, team: Option<&str>) -> Result<(), ApiError> {
    let Caller::User(id) = call.caller else {
        return Ok(());
    };
    if !call.world.app.flag("multi_tenant_enabled") {
        return Ok(());
    }
    let teams = call.world.users.get(id).map(|user| user.teams.as_slice()).unwrap_or_default();
    let team = team.unwrap_or_default();
    if teams.iter().any(|own| own == team) || (teams.is_empty() && team.is_empty()) {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::Authentication,
        format!(
            "user from teams [{}] cannot create a channel for team \"{team}\"",
            teams.join(" ")
        ),
    ))
}

/// Handles `GetChannel`.
pub(super) fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let query = &call.request.query;
    let messages = MessagePage::from_query(query, "messages_")?;
    let members =
        check_named_limit("members_limit", query.number("members_limit")?, MEMBERS_SHOWN, 300)?;
    let has_state = query.flag("state")? != Some(false);
    let viewer = call.named_user(query.get("user_id"), None, "user")?;
    let cid = call.channel()?.cid.clone();
    show(call, viewer.as_deref(), &cid, Page::first(members), &messages, has_state)
}

/// Renders the channel as the caller sees it, or as the user sees it for whom a backend asks.
fn show(
    call: &Call<'_>,
    viewer: Option<&str>,
    cid: &str,
    members: Page,
    messages: &MessagePage,
    has_state: bool,
) -> Outcome {
    let channel = call.channel_by_cid(cid)?;
    let users = RenderedUsers::default();
    let view = View { users: Some(&users), ..call.view() };
    let view = viewer.map_or(view, |viewer| view.of(viewer));
    let (members, messages) = if has_state {
        let stream: Vec<&Message> = in_channel(view, channel);
        (members, messages.pick(call.world, stream)?)
    } else {
        (Page::first(0), Vec::new())
    };
    Ok(view.channel_state(channel, view.members(channel, members), &messages))
}

/// Returns the messages of a channel without replies that are only in threads, from the oldest to
/// the newest.
pub(super) fn in_channel<'a>(view: View<'a>, channel: &'a Channel) -> Vec<&'a Message> {
    let hidden_before = view.viewer.and_then(|viewer| channel.history_hidden_before(viewer));
    channel
        .messages
        .iter()
        .filter_map(|id| view.world.messages.get(id))
        .filter(|message| message.is_in_channel())
        .filter(|message| hidden_before.is_none_or(|before| message.created_at > before))
        .filter(|message| view.may_see(message))
        .collect()
}

fn check_id(id: &str) -> Result<(), ApiError> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '!');
    if id.is_empty() || id.len() > 64 {
        return Err(ApiError::field("id", "must have 1 to 64 characters"));
    }
    if !id.chars().all(is_allowed) {
        return Err(ApiError::field(
            "id",
            format!("{id:?} may only have a-z, A-Z, 0-9, _, - and !"),
        ));
    }
    Ok(())
}
