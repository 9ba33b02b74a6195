//! Bans.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Outcome;
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::events;
use crate::operations::{Call, check_deletion, check_limit, check_offset, require_users};
use crate::query::{CreatedBounds, Fields, Filter, Sort, SortKey, tables};
use crate::state::{Ban, Deletion, Scope, UserInput};
use crate::view::View;

#[derive(Deserialize)]
pub(super) struct Request {
    target_user_id: String,
    banned_by: Option<UserInput>,
    banned_by_id: Option<String>,
    channel_cid: Option<String>,
    reason: Option<String>,
    /// In minutes.
    timeout: Option<i64>,
    shadow: Option<bool>,
    ip_ban: Option<bool>,
    delete_messages: Option<String>,
    delete_reactions: Option<bool>,
    ban_from_future_channels: Option<bool>,
}

/// Handles `ban`. Banning again replaces the ban.
pub(super) fn ban(call: &mut Call<'_>, input: Request) -> Outcome {
    let cid = input.channel_cid.filter(|cid| !cid.is_empty());
    check(call, &input.target_user_id, cid.as_deref())?;
    let delete_messages =
        check_deletion("delete_messages", input.delete_messages.as_deref(), Deletion::ALL)?;
    let is_future = input.ban_from_future_channels == Some(true);
    let by =
        call.named_user(input.banned_by_id.as_deref(), input.banned_by.as_ref(), "banned_by")?;
    if is_future && by.is_none() {
        return Err(ApiError::field(
            "banned_by_id",
            "must name the user from whose future channels the target is banned",
        ));
    }
    let order = Order {
        target: input.target_user_id,
        cid,
        by,
        reason: input.reason,
        minutes: input.timeout.filter(|minutes| *minutes != 0),
        shadow: input.shadow == Some(true),
        ip_ban: input.ip_ban == Some(true),
        delete_messages,
        delete_reactions: input.delete_reactions == Some(true),
        is_future,
    };
    order.execute(call, None);
    Ok(Object::new())
}

/// A validated ban.
pub(super) struct Order {
    pub(super) target: String,
    pub(super) cid: Option<String>,
    pub(super) by: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) minutes: Option<i64>,
    pub(super) shadow: bool,
    pub(super) ip_ban: bool,
    pub(super) delete_messages: Option<Deletion>,
    pub(super) delete_reactions: bool,
    pub(super) is_future: bool,
}

impl Order {
    /// Bans the user, deletes messages as requested, and emits the events.
    pub(super) fn execute(self, call: &mut Call<'_>, item_id: Option<&str>) {
        let expires = self.minutes.map(|minutes| call.now.plus_seconds(minutes.saturating_mul(60)));
        let ban = Ban {
            target: self.target,
            scope: Scope::of(self.cid.as_deref()),
            by: self.by,
            reason: self.reason.filter(|reason| !reason.is_empty()),
            shadow: self.shadow,
            ip_ban: self.ip_ban,
            created_at: call.now,
            expires,
        };
        if let Some(by) = ban.by.clone().filter(|_| self.is_future) {
            let future = Ban { scope: Scope::FutureChannelsOf(by), ..ban.clone() };
            call.world.moderation.bans.put(future);
        }
        call.world.moderation.bans.put(ban.clone());
        if self.delete_reactions {
            call.world.delete_reactions_of(&ban.target, ban.scope.cid());
        }
        if let Some(deletion) = self.delete_messages {
            delete_messages(call, &ban.target, ban.scope.cid(), deletion);
        }
        call.emit(|view| events::moderation::banned(view, &ban, item_id));
    }
}

/// Deletes the messages of a user, in a channel or everywhere, and emits the events.
pub(super) fn delete_messages(
    call: &mut Call<'_>,
    user_id: &str,
    cid: Option<&str>,
    deletion: Deletion,
) {
    call.world.delete_messages_of(user_id, cid, deletion, call.now);
    let is_hard = deletion == Deletion::Hard;
    call.emit(|view| events::moderation::messages_deleted(view, user_id, cid, is_hard));
}

/// Refuses a ban of an unknown user, by an unknown user or in a missing channel, and by users
/// without the permission.
fn check(call: &Call<'_>, target: &str, cid: Option<&str>) -> Result<(), ApiError> {
    if target.is_empty() {
        return Err(ApiError::field("target_user_id", "target_user_id is a required field"));
    }
    require_users(call.world, [target], "target_user_id")?;
    match cid {
        None => call.require_in_app("ban-user", false),
        Some(cid) => call.require_in("ban-channel-member", call.channel_by_cid(cid)?, false),
    }
}

#[derive(Deserialize)]
pub(super) struct Unban {
    unbanned_by: Option<UserInput>,
    unbanned_by_id: Option<String>,
}

/// Handles `unban`, which succeeds without a ban, too.
pub(super) fn unban(call: &mut Call<'_>, input: Unban) -> Outcome {
    let query = &call.request.query;
    let target = query.get("target_user_id").unwrap_or_default().to_owned();
    let cid = query.get("channel_cid").filter(|cid| !cid.is_empty()).map(str::to_owned);
    // A future ban is lifted for one creator of channels, or for all.
    let maker = query.get("created_by").map(str::to_owned);
    check(call, &target, cid.as_deref())?;
    let by = call.named_user(
        input.unbanned_by_id.as_deref(),
        input.unbanned_by.as_ref(),
        "unbanned_by",
    )?;
    let lifts_future = query_flag(call, "remove_future_channels_ban")?;
    lift(call, &target, cid.as_deref(), by.as_deref());
    if lifts_future || maker.is_some() {
        lift_future(call, &target, maker.as_deref());
    }
    Ok(Object::new())
}

fn query_flag(call: &Call<'_>, name: &str) -> Result<bool, ApiError> {
    call.request.query.flag(name).map(|flag| flag == Some(true))
}

/// Lifts a ban, and emits an event if there was one.
pub(super) fn lift(call: &mut Call<'_>, target: &str, cid: Option<&str>, by: Option<&str>) {
    let scope = Scope::of(cid);
    let was_shadow = call.world.moderation.bans.of(target, call.now);
    let was_shadow = was_shadow.into_iter().any(|ban| ban.scope == scope && ban.shadow);
    if call.world.moderation.bans.lift(target, |ban| ban.scope == scope) {
        call.emit(|view| events::moderation::unbanned(view, target, cid, by, was_shadow));
    }
}

/// Lifts the bans from future channels of one creator, or of all.
pub(super) fn lift_future(call: &mut Call<'_>, target: &str, maker: Option<&str>) {
    call.world.moderation.bans.lift(target, |ban| match &ban.scope {
        Scope::FutureChannelsOf(id) => maker.is_none_or(|maker| maker == id),
        _ => false,
    });
}

#[derive(Deserialize)]
pub(super) struct Query {
    filter_conditions: Option<Map<String, Value>>,
    sort: Option<Vec<SortKey>>,
    limit: Option<usize>,
    offset: Option<usize>,
    #[serde(flatten)]
    created: CreatedBounds,
}

/// Handles `QueryBannedUsers`: returns the bans in force.
pub(super) fn query(call: &mut Call<'_>, query: Query) -> Outcome {
    let limit = check_limit(query.limit, 100, 300)?;
    let offset = check_offset(query.offset, 10_000)?;
    let conditions = query.filter_conditions.unwrap_or_default();
    let filter = Filter::parse(conditions, tables::QUERY_BANNED_USERS)?;
    let sort = Sort::parse(query.sort, Some(&["created_at"]), &[("created_at", -1)])?;
    let view = call.view();
    let found = call
        .world
        .moderation
        .bans
        .all(call.now)
        .filter(|ban| !matches!(ban.scope, Scope::FutureChannelsOf(_)))
        .filter(|ban| ban.scope.cid().is_none_or(|cid| may_read(call, cid)))
        .filter(|ban| query.created.contain(ban.created_at))
        .map(Searched)
        .filter(|searched| filter.matches(searched))
        .collect();
    let bans = sort.apply(found).into_iter().skip(offset).take(limit);
    let bans: Node = bans.map(|Searched(ban)| view.ban(ban)).collect();
    Ok(Object::new().field("bans", bans))
}

/// Returns whether the caller may know who is banned from a channel.
fn may_read(call: &Call<'_>, cid: &str) -> bool {
    call.world.channels.get(cid).is_none_or(|channel| call.may_read(channel))
}

/// A ban, as filters see it.
struct Searched<'a>(&'a Ban);

impl Fields for Searched<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        let Self(ban) = self;
        Some(match name {
            "user_id" => ban.target.as_str().into(),
            "banned_by_id" => ban.by.as_deref()?.into(),
            "channel_cid" => ban.scope.cid()?.into(),
            "reason" => ban.reason.as_deref()?.into(),
            "created_at" => ban.created_at.nanoseconds().into(),
            _ => return None,
        })
    }
}

#[derive(Deserialize)]
pub(super) struct QueryFuture {
    target_user_id: Option<String>,
    user: Option<UserInput>,
    user_id: Option<String>,
    limit: Option<usize>,
    offset: Option<usize>,
    include_total: Option<bool>,
    #[serde(flatten)]
    created: CreatedBounds,
}

/// Handles `QueryFutureChannelBans`: returns the bans from channels that a user will create.
pub(super) fn query_future(call: &mut Call<'_>, query: QueryFuture) -> Outcome {
    let limit = check_limit(query.limit, 100, 300)?;
    let offset = check_offset(query.offset, 10_000)?;
    let maker = call.named_user(query.user_id.as_deref(), query.user.as_ref(), "user")?;
    let target = query.target_user_id.filter(|id| !id.is_empty());
    let view: View<'_> = call.view();
    let mut found: Vec<&Ban> = call
        .world
        .moderation
        .bans
        .all(call.now)
        .filter(|ban| query.created.contain(ban.created_at))
        .filter(|ban| target.as_ref().is_none_or(|target| ban.target == *target))
        .filter(|ban| match &ban.scope {
            Scope::FutureChannelsOf(id) => maker.as_ref().is_none_or(|maker| maker == id),
            _ => false,
        })
        .collect();
    found.sort_by_key(|ban| std::cmp::Reverse(ban.created_at));
    let total = (query.include_total == Some(true)).then_some(found.len());
    let bans: Node =
        found.into_iter().skip(offset).take(limit).map(|ban| view.future_ban(ban)).collect();
    Ok(Object::new().field("bans", bans).optional("total", total))
}
