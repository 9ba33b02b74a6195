//! Rate limits, as an app is told of them.

use serde::de::IgnoredAny;

use super::{Answer, Call, operations};
use crate::document::Object;

operations! {
    "GetRateLimits" => get,
}

/// Calls per minute, by operation; the others have [`DEFAULT_LIMIT`].
const LIMITS: &[(u32, &[&str])] = &[
    (10_000, &["GetApp", "GetOrCreateChannel", "MarkRead", "QueryChannels", "SendEvent"]),
    (
        1_000,
        &[
            "CreateGuest",
            "DeleteMessage",
            "DeleteReaction",
            "GetMessage",
            "GetReactions",
            "GetReplies",
            "QueryUsers",
            "RunMessageAction",
            "SendMessage",
            "SendReaction",
            "UpdateMessage",
            "UploadFile",
            "UploadImage",
        ],
    ),
    (
        60,
        &[
            "CheckPush",
            "CreateChannelType",
            "DeactivateUser",
            "DeleteChannel",
            "DeleteChannelType",
            "DeleteDevice",
            "DeleteFile",
            "ExportChannels",
            "ExportUser",
            "GetChannelType",
            "ListChannelTypes",
            "ListDevices",
            "ReactivateUser",
            "TruncateChannel",
            "UpdateApp",
            "UpdateChannelType",
        ],
    ),
];

/// Calls per minute of all other operations.
const DEFAULT_LIMIT: u32 = 300;

/// What can call the API.
const PLATFORMS: &[&str] = &["server_side", "android", "ios", "web", "unity"];

/// Returns the name of an operation in limits: `CreateQueue` for `create_queue`.
fn endpoint(id: &str) -> String {
    let parts = id.split('_').map(|part| {
        let mut letters = part.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    parts.collect()
}

/// `GetRateLimits`: the limits of the platforms and endpoints that are asked for, or of all.
/// What remains is the whole limit: the emulator counts in the headers alone.
fn get(call: &mut Call<'_>, _: IgnoredAny) -> Answer {
    call.server_only()?;
    let query = &call.request.query;
    let mut asked = Vec::new();
    for platform in PLATFORMS {
        if query.flag(platform)? == Some(true) {
            asked.push(*platform);
        }
    }
    if asked.is_empty() {
        asked = PLATFORMS.to_vec();
    }
    let wanted = query.list("endpoints");
    let now = call.now.seconds();
    let reset = now - now.rem_euclid(60) + 60;
    let limits: Object = stream_models::OPERATIONS
        .iter()
        .map(|operation| (operation.id, endpoint(operation.id)))
        .filter(|(id, name)| wanted.is_empty() || wanted.iter().any(|it| it == name || it == id))
        .map(|(id, name)| {
            let found = LIMITS.iter().find(|(_, ids)| ids.contains(&id));
            let limit = found.map_or(DEFAULT_LIMIT, |(limit, _)| *limit);
            let info =
                Object::new().field("limit", limit).field("remaining", limit).field("reset", reset);
            (name, info)
        })
        .collect();
    Ok(asked.into_iter().map(|platform| (platform, limits.clone())).collect())
}
