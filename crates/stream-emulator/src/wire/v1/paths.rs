//! The paths of v1.

use http::{Method, StatusCode};

/// The operations of moderation in v1; the others are new in v2.
const MODERATION: &[&str] = &["ban", "flag", "mute", "unflag", "unmute"];

/// Returns the path of v1 for a path of v2.
pub(crate) fn path(v2: &'static str) -> Option<&'static str> {
    let path = v2.strip_prefix("/api/v2")?;
    let path = path.strip_prefix("/chat").unwrap_or(path);
    match v2.strip_prefix("/api/v2/moderation/") {
        Some(rest) if !MODERATION.contains(&rest) => None,
        _ => Some(path),
    }
}

/// Paths that do not follow the rules: method, path and operation ID.
pub(crate) const ALIASES: &[(Method, &str, &str)] = &[
    (Method::DELETE, "/moderation/ban", "unban"),
    (Method::PATCH, "/channels/{type}/{id}/member/{user_id}", "UpdateMemberPartial"),
    (Method::GET, "/channels", "QueryChannels"),
    (Method::POST, "/guests", "CreateGuest"),
    (Method::GET, "/export_channels/{id}", "GetTask"),
    (Method::GET, "/campaigns", "QueryCampaigns"),
    (Method::PATCH, "/campaigns/{id}/schedule", "StartCampaign"),
    (Method::PATCH, "/campaigns/{id}/resume", "StartCampaign"),
    (Method::PATCH, "/campaigns/{id}/stop", "StopCampaign"),
    (Method::GET, "/segments", "QuerySegments"),
    (Method::POST, "/moderation/flags", "QueryMessageFlags"),
];

/// Success statuses that do not follow the rules, by operation ID. The SDK for .NET, which accepts
/// one status per call, expects this one, although the schema says 201.
pub(crate) const STATUSES: &[(&str, StatusCode)] = &[("UpdatePermission", StatusCode::OK)];

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn prefixes_are_taken_away() {
        assert_eq!(path("/api/v2/chat/channels/{type}/{id}"), Some("/channels/{type}/{id}"));
        assert_eq!(path("/api/v2/users"), Some("/users"));
        assert_eq!(path("/api/v2/moderation/flag"), Some("/moderation/flag"));
        assert_eq!(path("/api/v2/moderation/queues"), None);
        assert_eq!(path("/api/v2/chat/moderation/mute/channel"), Some("/moderation/mute/channel"));
    }
}
