//! Rate limits, as the API reports them.

use serde::de::IgnoredAny;

use super::{Call, Outcome, operations};
use crate::document::Object;

operations! {
    "GetRateLimits" => get,
}

/// The requests per minute, by operation; the others have [`DEFAULT_LIMIT`].
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

/// The requests per minute of all other operations.
const DEFAULT_LIMIT: u32 = 300;

/// The platforms of clients.
const PLATFORMS: &[&str] =
    &["server_side", "android", "ios", "web", "unity", "unity_console", "unity_desktop"];

/// Returns the name of an operation in rate limits: `CreateQueue` for `create_queue`.
fn endpoint(id: &str) -> String {
    let parts = id.split('_').map(|part| {
        let mut letters = part.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    parts.collect()
}

/// Handles `GetRateLimits`: returns the limits of the requested platforms and endpoints, or of all.
/// Remaining requests are counted for backends; for front ends, the whole limit remains.
fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
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
    let wanted = |(id, name): &(&str, String)| {
        wanted.is_empty() || wanted.iter().any(|it| it == name || it == id)
    };
    let limits = |platform: &str| -> Object {
        let operations = stream_models::OPERATIONS.iter().map(|it| (it.id, endpoint(it.id)));
        let infos = operations.filter(wanted).map(|(id, name)| {
            let found = LIMITS.iter().find(|(_, ids)| ids.contains(&id));
            let limit = found.map_or(DEFAULT_LIMIT, |(limit, _)| *limit);
            let used = match platform {
                "server_side" => call.world.calls.of(id, call.now),
                _ => 0,
            };
            let info = Object::new()
                .field("limit", limit)
                .field("remaining", limit.saturating_sub(used))
                .field("reset", reset);
            (name, info)
        });
        infos.collect()
    };
    Ok(asked.into_iter().map(|platform| (platform, limits(platform))).collect())
}
