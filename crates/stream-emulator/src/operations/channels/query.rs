//! Queries channels.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::create::{MEMBERS_SHOWN, WATCHERS_SHOWN, in_channel};
use crate::document::{Node, Object};
use crate::error::{ApiError, ErrorCode};
use crate::operations::{Call, Outcome, check_limit, check_offset, decode, predefined_filters};
use crate::query::{Fields, Filter, MessagePage, Sort, SortKey, custom_field, tables};
use crate::state::{Channel, Invitation, Member, UserInput};
use crate::view::{Page, RenderedUsers, View};

#[derive(Deserialize)]
pub(super) struct Query {
    filter_conditions: Option<Map<String, Value>>,
    sort: Option<Vec<SortKey>>,
    limit: Option<usize>,
    offset: Option<usize>,
    member_limit: Option<i64>,
    message_limit: Option<usize>,
    state: Option<bool>,
    watch: Option<bool>,
    presence: Option<bool>,
    predefined_filter: Option<String>,
    filter_values: Option<Map<String, Value>>,
    sort_values: Option<Map<String, Value>>,
    member_custom_include: Option<Vec<String>>,
    user: Option<UserInput>,
    user_id: Option<String>,
}

/// Handles `QueryChannels`.
pub(super) fn query(call: &mut Call<'_>, query: Query) -> Outcome {
    call.include_member_custom(query.member_custom_include.unwrap_or_default())?;
    let mut sort = query.sort;
    let mut conditions = query.filter_conditions.unwrap_or_default();
    let mut parsed = None;
    if let Some(name) = query.predefined_filter.filter(|name| !name.is_empty()) {
        let filter_values = query.filter_values.unwrap_or_default();
        let sort_values = query.sort_values.unwrap_or_default();
        let kept = predefined_filters::resolve(call, &name, &filter_values, &sort_values)?;
        if let Some(kept) = &kept.sort {
            sort = decode(kept.clone())?;
        }
        conditions.clone_from(&kept.filter);
        let document = Object::new()
            .field("name", name)
            .field("filter", kept.filter)
            .optional("sort", kept.sort);
        parsed = Some(document);
    }
    let limit = check_limit(query.limit, 10, 30)?;
    let offset = check_offset(query.offset, 1000)?;
    let member_limit = match query.member_limit {
        None => MEMBERS_SHOWN,
        Some(limit) if limit > 100 => {
            return Err(ApiError::input("member_limit must be 100 or less"));
        }
        Some(limit) => usize::try_from(limit)
            .map_err(|_| ApiError::input("member_limit must be 0 or greater"))?,
    };
    let page = MessagePage::newest(query.message_limit);
    page.check()?;
    let has_state = query.state != Some(false);
    let filter = Filter::parse(conditions, tables::QUERY_CHANNELS)?;
    let sort = Sort::parse(sort, None, &[("last_updated", -1)])?;
    let viewer = call.named_user(query.user_id.as_deref(), query.user.as_ref(), "user")?;
    if viewer.is_none() && filter.mentions("invite") {
        return Err(ApiError::input("the filter by invite takes a user_id"));
    }
    let subscription = call.subscription(query.watch, query.presence)?;
    let view = View { viewer: viewer.as_deref(), ..call.view() };
    if let Some(cids) = filter.required_items("cid") {
        check_readable(call, &cids)?;
    }
    let mut found = find(view, &filter);
    // A channel that the user may not read is treated as missing.
    found.retain(|searched| call.may_read(searched.channel));
    let found = sort.apply(found).into_iter().skip(offset).take(limit);
    let cids: Vec<String> = found.map(|searched| searched.channel.cid.clone()).collect();
    for cid in &cids {
        call.subscribe(&subscription, cid);
    }
    let users = RenderedUsers::default();
    let view = View { viewer: viewer.as_deref(), users: Some(&users), ..call.view() };
    let channels: Node = cids
        .iter()
        .filter_map(|cid| view.world.channels.get(cid))
        .map(|channel| {
            let (members, messages) = match has_state {
                true => (member_limit, page.pick(view.world, in_channel(view, channel))?),
                false => (0, Vec::new()),
            };
            let members = view.newest_members(channel, members);
            // A client that follows presence needs the current watchers.
            let watchers = (has_state && query.presence == Some(true))
                .then(|| view.watchers(&channel.cid, Page::first(WATCHERS_SHOWN)));
            let state = view.channel_state(channel, members, &messages);
            Ok(state.optional("watchers", watchers))
        })
        .collect::<Result<Vec<_>, ApiError>>()?
        .into();
    Ok(Object::new().field("channels", channels).optional("predefined_filter", parsed))
}

/// Refuses a filter that names channels which the caller may not read.
fn check_readable(call: &Call<'_>, cids: &[&str]) -> Result<(), ApiError> {
    let channels = cids.iter().filter_map(|cid| call.world.living_channel(cid));
    let hidden: Vec<&str> = channels
        .filter(|channel| !call.may_read(channel))
        .map(|channel| channel.cid.as_str())
        .collect();
    if hidden.is_empty() {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::ChannelsForbidden,
        format!("no access to the channels ({})", hidden.join(" ")),
    ))
}

/// Returns the channels that match a filter. A filter that names members uses the index.
pub(in crate::operations) fn find<'a>(view: View<'a>, filter: &Filter) -> Vec<Searched<'a>> {
    let is_found = |searched: &Searched<'a>| {
        searched.channel.deleted_at.is_none()
            && searched.is_shown(filter)
            && filter.matches(searched)
    };
    let of = |channel: &'a Channel| Searched { view, channel };
    let Some(members) = filter.required_items("members") else {
        return view.world.channels.values().map(of).filter(is_found).collect();
    };
    let mut found: Vec<Searched<'a>> = members
        .into_iter()
        .flat_map(|id| view.world.channels.of_member(id))
        .map(of)
        .filter(is_found)
        .collect();
    // A channel with two of the members was found twice.
    found.sort_by(|one, other| one.channel.cid.cmp(&other.channel.cid));
    found.dedup_by(|one, other| one.channel.cid == other.channel.cid);
    found
}

/// A channel, as filters see it.
pub(in crate::operations) struct Searched<'a> {
    view: View<'a>,
    pub(in crate::operations) channel: &'a Channel,
}

impl Searched<'_> {
    /// Returns whether the query includes the channel: hidden and blocked ones only on request.
    fn is_shown(&self, filter: &Filter) -> bool {
        let Some(viewer) = self.view.viewer else {
            return true;
        };
        (filter.demanded("hidden").is_some() || !self.channel.is_hidden_for(viewer))
            && (filter.demanded("blocked").is_some()
                || !self.view.is_blocked_between(self.channel, viewer))
    }
}

impl Fields for Searched<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        let Self { view, channel } = self;
        let member = || channel.member(view.viewer?);
        let members = || channel.members().iter().map(|member| member.user_id.as_str());
        let value: Value = match name {
            "id" => channel.id.as_str().into(),
            "cid" => channel.cid.as_str().into(),
            "type" => channel.kind.as_str().into(),
            "team" => channel.team.as_deref()?.into(),
            "frozen" => channel.frozen.into(),
            "disabled" => channel.disabled.into(),
            "created_by_id" => channel.created_by.as_str().into(),
            "created_at" => channel.created_at.nanoseconds().into(),
            "updated_at" => channel.updated_at.nanoseconds().into(),
            "last_message_at" => channel.last_message_at?.nanoseconds().into(),
            "last_updated" => {
                channel.last_message_at.unwrap_or(channel.created_at).nanoseconds().into()
            }
            "member_count" => channel.members().len().into(),
            "message_count" => channel.messages.len().into(),
            "members" => members().collect::<Vec<_>>().into(),
            "member.user.name" => members()
                .filter_map(|id| view.world.users.get(id)?.name.as_deref())
                .collect::<Vec<_>>()
                .into(),
            "filter_tags" => channel.filter_tags.clone().into(),
            "distinct" => channel.is_distinct().into(),
            "app_banned" => return None,
            "joined" => member().is_some_and(Member::has_joined).into(),
            "invite" => match member()?.invitation? {
                Invitation::Pending => "pending".into(),
                Invitation::Accepted(_) => "accepted".into(),
                Invitation::Rejected(_) => "rejected".into(),
            },
            "channel_role" => member()?.channel_role.as_str().into(),
            "pinned" => member().is_some_and(|member| member.pinned_at.is_some()).into(),
            "pinned_at" => member()?.pinned_at?.nanoseconds().into(),
            "archived" => member().is_some_and(|member| member.archived_at.is_some()).into(),
            "hidden" => view.viewer.is_some_and(|id| channel.is_hidden_for(id)).into(),
            "muted" => view.viewer.is_some_and(|id| channel.mute_of(id, view.now).is_some()).into(),
            "blocked" => view.viewer.is_some_and(|id| view.is_blocked_between(channel, id)).into(),
            "unread_count" => view.world.unread_of(channel, view.viewer?, view.now).into(),
            "has_unread" => (view.world.unread_of(channel, view.viewer?, view.now) > 0).into(),
            name => return custom_field(&channel.custom, name),
        };
        Some(value)
    }
}
