//! Changes to all channels that match a filter.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::update::{ChannelData, change_data};
use super::visibility::set_hidden;
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::events;
use crate::operations::members::{self, Admission, MemberInput};
use crate::operations::{Call, Outcome, check_paths, decode};
use crate::query::{Fields, Filter, tables};
use crate::state::{Channel, MEMBER_ROLE, MODERATOR_ROLE, Timestamp, patch};

#[derive(Deserialize)]
pub(super) struct BatchUpdate {
    operation: String,
    filter: Map<String, Value>,
    members: Option<Vec<Value>>,
    data: Option<ChannelData>,
    custom_set: Option<Map<String, Value>>,
    custom_unset: Option<Vec<String>>,
    hide_history_before: Option<Timestamp>,
}

impl BatchUpdate {
    /// Returns whether it changes single fields of custom data.
    fn patches(&self) -> bool {
        self.custom_set.is_some() || self.custom_unset.is_some()
    }

    /// Refuses fields that the change needs and lacks, or does not take.
    fn check(&self, change: Change, now: Timestamp) -> Result<(), ApiError> {
        let is_update = change == Change::UpdateData;
        let replaces = self.data.as_ref().is_some_and(|data| data.custom.is_some());
        let hides = change == Change::AddMembersHideHistory;
        match self.hide_history_before {
            None if hides => Err(ApiError::field("hide_history_before", "is a required field")),
            Some(before) if !hides || before > now => Err(ApiError::field(
                "hide_history_before",
                "must be in the past, and is only for addMembersHideHistory",
            )),
            _ if self.patches() && (!is_update || replaces) => Err(ApiError::field(
                "custom_set",
                "is only for updateData without custom data in data",
            )),
            _ if is_update && self.data.is_none() && !self.patches() => {
                Err(ApiError::field("data", "must be given"))
            }
            _ if !is_update && self.members.as_ref().is_none_or(Vec::is_empty) => {
                Err(ApiError::field("members", "must name a member"))
            }
            _ => {
                let set = self.custom_set.iter().flat_map(Map::keys);
                let paths = set.chain(self.custom_unset.iter().flatten());
                check_paths(paths.map(String::as_str), &[])
            }
        }
    }
}

/// The kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    AddMembers,
    AddMembersHideHistory,
    RemoveMembers,
    Invite,
    AssignRoles,
    AddModerators,
    DemoteModerators,
    Hide,
    Show,
    Archive,
    Unarchive,
    UpdateData,
}

impl Change {
    fn parse(name: &str) -> Result<Self, ApiError> {
        Ok(match name {
            "addMembers" => Self::AddMembers,
            "addMembersHideHistory" => Self::AddMembersHideHistory,
            "removeMembers" => Self::RemoveMembers,
            "inviteMembers" | "invites" => Self::Invite,
            "assignRoles" => Self::AssignRoles,
            "addModerators" => Self::AddModerators,
            "demoteModerators" => Self::DemoteModerators,
            "hide" => Self::Hide,
            "show" => Self::Show,
            "archive" => Self::Archive,
            "unarchive" => Self::Unarchive,
            "updateData" => Self::UpdateData,
            _ => {
                return Err(ApiError::field("operation", format!("{name:?} is not an operation")));
            }
        })
    }
}

/// A channel, as the filter of a batch sees it.
struct Searched<'a>(&'a Channel);

impl Fields for Searched<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "cids" => Some(self.0.cid.as_str().into()),
            "types" => Some(self.0.kind.as_str().into()),
            _ => None,
        }
    }
}

/// Handles `ChannelBatchUpdate`. The update runs at once, and the task reports its result.
pub(super) fn update(call: &mut Call<'_>, input: BatchUpdate) -> Outcome {
    let change = Change::parse(&input.operation)?;
    if input.filter.is_empty() {
        return Err(ApiError::field("filter", "must name channels or types"));
    }
    input.check(change, call.now)?;
    let filter = Filter::parse(input.filter.clone(), tables::CHANNEL_BATCH_UPDATE)?;
    // A member is an object or only an ID.
    let members =
        input.members.clone().unwrap_or_default().into_iter().map(|member| match member {
            Value::String(id) => Ok(MemberInput::of(&id)),
            member => decode(member),
        });
    let members: Vec<MemberInput> = members.collect::<Result<_, _>>()?;
    members::check_members(call.world, "members", &members)?;
    let cids: Vec<String> = call
        .world
        .channels
        .values()
        .filter(|channel| channel.deleted_at.is_none())
        .filter(|channel| filter.matches(&Searched(channel)))
        .map(|channel| channel.cid.clone())
        .collect();
    let (mut succeeded, mut failed) = (0_usize, Vec::new());
    for cid in cids {
        match change_one(call, &cid, change, &members, &input) {
            Ok(()) => succeeded += 1,
            Err(error) => failed.push((cid, error.message)),
        }
    }
    let failures: Node = failed
        .iter()
        .map(|(cid, reason)| Object::new().field("cid", cid).field("reason", reason))
        .collect();
    let result = Map::from_iter([
        ("success_channels_count".to_owned(), Value::from(succeeded)),
        ("failed_channels_count".to_owned(), Value::from(failed.len())),
    ]);
    let task_id = call.world.finish_task(result, call.now);
    for kind in ["channel_batch_update.started", "channel_batch_update.completed"] {
        call.emit(|view| {
            events::Event::new(kind, view)
                .with("task_id", task_id.as_str())
                .with("operation", input.operation.as_str())
                .with("status", if kind.ends_with("completed") { "completed" } else { "started" })
                .with("batch_created_at", view.now)
                .with("finished_at", view.now)
                .with("success_channels_count", succeeded)
                .with("failed_channels", failures.clone())
        });
    }
    Ok(Object::new().field("task_id", task_id))
}

fn change_one(
    call: &mut Call<'_>,
    cid: &str,
    change: Change,
    members: &[MemberInput],
    input: &BatchUpdate,
) -> Result<(), ApiError> {
    let now = call.now;
    let ids = || members.iter().map(MemberInput::user_id);
    match change {
        Change::AddMembers | Change::AddMembersHideHistory => {
            let history_hidden_before = input.hide_history_before;
            let admission = Admission { history_hidden_before, ..Admission::default() };
            members::add(call, cid, members, admission)?;
        }
        Change::Invite => members::add(call, cid, members, Admission::INVITED)?,
        Change::RemoveMembers => {
            let ids: Vec<String> = ids().map(str::to_owned).collect();
            members::remove(call, cid, &ids)?;
        }
        Change::AssignRoles => {
            for member in members {
                let role = member.channel_role.as_deref().unwrap_or(MEMBER_ROLE);
                members::set_role(call, cid, member.user_id(), role)?;
            }
        }
        Change::AddModerators => {
            members::add(call, cid, members, Admission::default())?;
            for id in ids() {
                members::set_role(call, cid, id, MODERATOR_ROLE)?;
            }
        }
        Change::DemoteModerators => {
            for id in ids() {
                members::set_role(call, cid, id, MEMBER_ROLE)?;
            }
        }
        Change::Hide | Change::Show => {
            for id in ids() {
                set_hidden(call, cid, id, change == Change::Hide, false)?;
            }
        }
        Change::Archive | Change::Unarchive => {
            let archived_at = (change == Change::Archive).then_some(now);
            for id in ids() {
                members::change(call, cid, id, |member| member.archived_at = archived_at)?;
            }
        }
        Change::UpdateData => {
            let channel = call.channel_mut(cid)?;
            if let Some(data) = &input.data {
                change_data(channel, data);
            }
            for (path, value) in input.custom_set.iter().flatten() {
                patch::set(&mut channel.custom, path, value.clone());
            }
            for path in input.custom_unset.iter().flatten() {
                patch::unset(&mut channel.custom, path);
            }
            channel.updated_at = now;
            call.emit(|view| {
                events::channels::with_message(view, "channel.updated", cid, None, None)
            });
        }
    }
    Ok(())
}
