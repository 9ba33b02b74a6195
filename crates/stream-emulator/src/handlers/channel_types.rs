//! The built-in channel types.

use super::{Answer, Call, call::check_channel_type};
use crate::render::{self, Object};

/// `ListChannelTypes`
pub(super) fn list(call: &mut Call<'_>) -> Answer {
    Ok(Object::new().field("channel_types", call.view().channel_types()))
}

/// `GetChannelType`
pub(super) fn get(call: &mut Call<'_>) -> Answer {
    let name = call.input.path.get("name");
    check_channel_type(name)?;
    let kind = render::channel_type(name).map(|kind| call.view().channel_type(kind));
    Ok(kind.unwrap_or_default())
}
