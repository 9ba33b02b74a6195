//! Users.

use serde_json::{Value, json};

use super::super::listing::Listing;
use super::view_of;
use crate::error::ApiError;
use crate::parameters::QueryParameters;
use crate::runtime::Shared;

/// Returns the users, sorted by ID.
pub(in super::super) fn list(shared: &Shared, query: &QueryParameters) -> Result<Value, ApiError> {
    let listing = Listing::read(query)?;
    let world = shared.world();
    let view = view_of(&world);
    let users = world.users.values().filter(|user| {
        let name = user.name.as_deref().unwrap_or_default();
        listing.matches([user.id.as_str(), name, user.role.as_str()])
    });
    Ok(listing.part(users, |user| {
        let mut shown = view.user(user).to_json();
        let channels = world.channels.of_member(&user.id).count();
        if let Some(fields) = shown.as_object_mut() {
            fields.insert("channel_count".to_owned(), channels.into());
        }
        shown
    }))
}

/// Returns a user with their channels and connections.
pub(in super::super) fn one(shared: &Shared, query: &QueryParameters) -> Result<Value, ApiError> {
    let id = query.required("id")?;
    let world = shared.world();
    let view = view_of(&world);
    let user =
        world.users.get(id).ok_or_else(|| ApiError::not_found(format!("there is no user {id}")))?;
    let channels: Vec<Value> = world
        .channels
        .of_member(id)
        .map(|channel| {
            json!({
                "cid": channel.cid,
                "name": channel.custom.get("name"),
                "role": channel.member(id).map(|member| member.channel_role.as_str()),
                "unread": world.unread_of(channel, id, view.now),
                "hidden": channel.is_hidden_for(id),
                "deleted": channel.deleted_at.is_some(),
            })
        })
        .collect();
    Ok(json!({"user": view.full_user(user).to_json(), "channels": channels}))
}
