//! Channel types.

use super::{Answer, Call, operations};
use crate::{document::Object, error::ApiError};
use serde::de::IgnoredAny;

operations! {
    "ListChannelTypes" => list,
    "GetChannelType" => get,
}

/// `ListChannelTypes`
fn list(call: &mut Call<'_>, _: IgnoredAny) -> Answer {
    Ok(Object::new().field("channel_types", call.view().channel_types()))
}

/// `GetChannelType`
fn get(call: &mut Call<'_>, _: IgnoredAny) -> Answer {
    let name = call.path("name");
    match call.world.channel_types.get(name) {
        Some(kind) => Ok(call.view().channel_type(kind)),
        None => Err(ApiError::not_found(format!("channel type {name} does not exist"))),
    }
}
