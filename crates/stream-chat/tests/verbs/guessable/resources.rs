//! The same for less common operations of backends.

use std::time::Duration;

use serde_json::Map;

use crate::support;
use stream_chat::models::app::{AutomodMode, PushTemplateEventType};
use stream_chat::models::channels::ChannelFilter;
use stream_chat::models::custom_events::EventRequest;
use stream_chat::models::drafts::DraftFilter;
use stream_chat::models::locations::SharedLocation;
use stream_chat::models::members::MemberFilter;
use stream_chat::models::messages::TranslationLanguage;
use stream_chat::models::push::{PushProviderRequest, PushProviderType};
use stream_chat::models::reminders::ReminderFilter;
use stream_chat::models::retention::{RetentionPolicyRunFilter, RetentionPolicyType};
use stream_chat::models::users::{UserFilter, UserSort};
use stream_chat::{ChannelMemberRequest, MessageRequest, PredefinedFilter, Timestamp, Upload};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn push_and_channel_types() {
    let (transport, client) = support::scripted();
    let condition = Map::from_iter([("$subject.magic_custom_field".to_owned(), "$true".into())]);
    // The settings are read before they are changed.
    transport.json(200, support::anything());
    reaches! { transport:
        client.channel_types().edit("messaging", |settings| settings.typing_events(false)) => "PUT /api/v2/chat/channeltypes/messaging",
    }
    reaches! { transport:
        client.push_providers().upsert(PushProviderRequest::new("phones").type_(PushProviderType::Firebase).firebase_credentials("{}")) => "POST /api/v2/push_providers",
        client.push_providers().upsert(PushProviderRequest::new("apple").type_(PushProviderType::Apn).apn_auth_key("k").apn_key_id("id").apn_team_id("t").apn_topic("com.example")) => "POST /api/v2/push_providers",
        client.push_providers().delete(PushProviderType::Firebase, "phones") => "DELETE /api/v2/push_providers/firebase/phones",
        client.push_templates().upsert(PushTemplateEventType::MessageNew, PushProviderType::Firebase).template("{}") => "POST /api/v2/push_templates",
        client.push_templates().list(PushProviderType::Apn) => "GET /api/v2/push_templates",
        client.channel_types().get("messaging") => "GET /api/v2/chat/channeltypes/messaging",
        client.channel_types().list() => "GET /api/v2/chat/channeltypes",
        client.channel_types().delete("support") => "DELETE /api/v2/chat/channeltypes/support",
        client.channel_types().create("live").max_message_length(500).automod(AutomodMode::Disabled).mutes(true) => "POST /api/v2/chat/channeltypes",
        client.channel_types().create("live").grants([("channel_member", ["create-message"])]) => "POST /api/v2/chat/channeltypes",
        client.permissions().get("create-message") => "GET /api/v2/permissions/create-message",
        client.permissions().create("read-own", "Read own channels", "ReadChannel", condition).owner(true) => "POST /api/v2/permissions",
        client.roles().delete("support") => "DELETE /api/v2/roles/support",
        client.update_app().grants([("admin", ["read-channel"])]) => "PATCH /api/v2/app",
        client.rate_limits().server_side(true).endpoints(["SendMessage", "QueryChannels"]) => "GET /api/v2/rate_limits",
    }
}

#[tokio::test]
async fn drafts_reminders_and_locations() {
    let (transport, client) = support::scripted();
    let channel = client.channel("messaging", "general");
    let tomorrow: Timestamp = "2126-01-01T00:00:00Z".parse().unwrap();
    reaches! { transport:
        client.user("john").query_drafts(DraftFilter::all()) => "POST /api/v2/chat/drafts/query",
        client.message("m").update_reminder("john").remind_at(tomorrow) => "PATCH /api/v2/chat/messages/m/reminders",
        client.user("john").query_reminders(ReminderFilter::remind_at().lt(tomorrow)).limit(10) => "POST /api/v2/chat/reminders/query",
        channel.send_message(MessageRequest::from("I am here").shared_location(SharedLocation::new(48.2, 16.4)).user_id("john")) => "POST /api/v2/chat/channels/messaging/general/message",
        client.user("john").live_locations() => "GET /api/v2/users/live_locations",
        client.user("john").update_live_location("m").latitude(48.2).longitude(16.4) => "PUT /api/v2/users/live_locations",
        client.user("john").stop_live_location("m") => "PUT /api/v2/users/live_locations",
    }
}

#[tokio::test]
async fn retention_predefined_filters_and_user_groups() {
    let (transport, client) = support::scripted();
    reaches! { transport:
        client.retention().set(RetentionPolicyType::OldMessages, HOUR * 24 * 365) => "POST /api/v2/chat/retention_policy",
        client.retention().list() => "GET /api/v2/chat/retention_policy",
        client.retention().delete(RetentionPolicyType::OldMessages) => "POST /api/v2/chat/retention_policy/delete",
        client.retention().query_runs(RetentionPolicyRunFilter::all()).limit(10) => "POST /api/v2/chat/retention_policy/runs",
        client.predefined_filters().create("mine", ChannelFilter::members().is_in(["john"])) => "POST /api/v2/chat/predefined_filters",
        client.predefined_filters().get("mine") => "GET /api/v2/chat/predefined_filters/mine",
        client.predefined_filters().list() => "GET /api/v2/chat/predefined_filters",
        client.predefined_filters().delete("mine") => "DELETE /api/v2/chat/predefined_filters/mine",
        client.query_channels(PredefinedFilter::new("mine").value("user", "john")).limit(10) => "POST /api/v2/chat/channels",
        client.user_groups().create("team").description("Support").member_ids(["john"]) => "POST /api/v2/usergroups",
        client.user_groups().list().limit(10) => "GET /api/v2/usergroups",
        client.user_groups().search("te").limit(5) => "GET /api/v2/usergroups/search",
        client.user_group("g").get() => "GET /api/v2/usergroups/g",
        client.user_group("g").update().name("Support") => "PUT /api/v2/usergroups/g",
        client.user_group("g").add_members(["john"]) => "POST /api/v2/usergroups/g/members",
        client.user_group("g").remove_members(["john"]) => "POST /api/v2/usergroups/g/members/delete",
        client.user_group("g").delete() => "DELETE /api/v2/usergroups/g",
    }
}

#[tokio::test]
async fn uploads_exports_and_unread_counts() {
    let (transport, client) = support::scripted();
    let channel = client.channel("messaging", "general");
    let image = || Upload::bytes("cat.png", &b"png"[..]);
    reaches! { transport:
        channel.upload_file(image(), "john") => "POST /api/v2/chat/channels/messaging/general/file",
        channel.upload_image(image(), "john") => "POST /api/v2/chat/channels/messaging/general/image",
        channel.delete_file("https://cdn/cat.png") => "DELETE /api/v2/chat/channels/messaging/general/file",
        client.upload_file(image(), "john") => "POST /api/v2/uploads/file",
        client.delete_image("https://cdn/cat.png") => "DELETE /api/v2/uploads/image",
        client.link_preview("https://example.com") => "GET /api/v2/og",
        client.user("john").export() => "GET /api/v2/users/john/export",
        channel.export() => "POST /api/v2/chat/export_channels",
        client.task("t").get() => "GET /api/v2/tasks/t",
        client.user("john").unread_counts() => "GET /api/v2/chat/unread",
        client.unread_counts(["john", "jane"]) => "POST /api/v2/chat/unread_batch",
        client.user("john").mark_channels_read() => "POST /api/v2/chat/channels/read",
        channel.mark_read("john").message_id("m") => "POST /api/v2/chat/channels/messaging/general/read",
        channel.mark_unread("john").message_id("m") => "POST /api/v2/chat/channels/messaging/general/unread",
        client.user("john").unblock("jane") => "POST /api/v2/users/unblock",
        client.user("john").add_device("token", PushProviderType::Apn).voip_token(true) => "POST /api/v2/devices",
    }
}

#[tokio::test]
async fn messages_that_change() {
    let (transport, client) = support::scripted();
    let channel = client.channel("messaging", "general");
    let yesterday = Timestamp::UNIX_EPOCH;
    reaches! { transport:
        channel.send_message(MessageRequest::from("hi").user_id("john")).pending().pending_message_metadata([("shop", "42")]) => "POST /api/v2/chat/channels/messaging/general/message",
        client.message("m").commit() => "POST /api/v2/chat/messages/m/commit",
        channel.truncate().hard() => "POST /api/v2/chat/channels/messaging/general/truncate",
        channel.truncate().skip_push().message(MessageRequest::from("Cleared").user_id("john")) => "POST /api/v2/chat/channels/messaging/general/truncate",
        channel.truncate().truncated_at(yesterday) => "POST /api/v2/chat/channels/messaging/general/truncate",
        client.message("m").update(MessageRequest::from("hello").user_id("john")) => "POST /api/v2/chat/messages/m",
        client.message("m").update_partial("john").set("text", "hi").unset(["color"]) => "PUT /api/v2/chat/messages/m",
        client.message("m").delete().hard() => "DELETE /api/v2/chat/messages/m",
        client.message("m").undelete("john") => "POST /api/v2/chat/messages/m/undelete",
        client.message("m").translate(TranslationLanguage::Fr) => "POST /api/v2/chat/messages/m/translate",
        client.message("m").pin("john").pin_expires_in(HOUR) => "PUT /api/v2/chat/messages/m",
        client.message("m").unpin("john") => "PUT /api/v2/chat/messages/m",
        client.message("m").react("like", "john").enforce_unique() => "POST /api/v2/chat/messages/m/reaction",
        client.message("m").remove_reaction("like", "john") => "DELETE /api/v2/chat/messages/m/reaction/like",
        client.message("m").reactions().limit(10) => "GET /api/v2/chat/messages/m/reactions",
        client.poll("p").update_partial("john").set("name", "Dinner?") => "PATCH /api/v2/polls/p",
        client.polls().create("Lunch?", "john").option("Pizza").option("Soup") => "POST /api/v2/polls",
        channel.pinned_messages().limit(10) => "GET /api/v2/chat/channels/messaging/general/pinned_messages",
        channel.get_messages(["a", "b"]) => "GET /api/v2/chat/channels/messaging/general/messages",
        channel.send_event(EventRequest::new("typing.start").user_id("john")) => "POST /api/v2/chat/channels/messaging/general/event",
    }
}

#[tokio::test]
async fn channels_and_members_that_change() {
    let (transport, client) = support::scripted();
    let channel = client.channel("messaging", "general");
    reaches! { transport:
        channel.update_partial().set("color", "green").unset(["old"]) => "PATCH /api/v2/chat/channels/messaging/general",
        channel.update().name("General").frozen(true) => "POST /api/v2/chat/channels/messaging/general",
        channel.update_member_partial("john").set("level", 3) => "PATCH /api/v2/chat/channels/messaging/general/member",
        channel.invite_members(["john"]) => "POST /api/v2/chat/channels/messaging/general",
        channel.accept_invite("john") => "POST /api/v2/chat/channels/messaging/general",
        channel.accept_invite("john").message("hello") => "POST /api/v2/chat/channels/messaging/general",
        channel.reject_invite("john") => "POST /api/v2/chat/channels/messaging/general",
        client.query_channels(ChannelFilter::invite().eq("pending")).user("john") => "POST /api/v2/chat/channels",
        channel.hide("john").clear_history() => "POST /api/v2/chat/channels/messaging/general/hide",
        channel.show("john") => "POST /api/v2/chat/channels/messaging/general/show",
        client.query_channels(ChannelFilter::hidden().eq(true)).user("john").limit(10) => "POST /api/v2/chat/channels",
        channel.enable_slow_mode(Duration::from_secs(30)) => "POST /api/v2/chat/channels/messaging/general",
        channel.disable_slow_mode() => "POST /api/v2/chat/channels/messaging/general",
        channel.add_members(["john"]).hide_history() => "POST /api/v2/chat/channels/messaging/general",
        channel.add_members([ChannelMemberRequest::new("john").channel_role("channel_moderator")]) => "POST /api/v2/chat/channels/messaging/general",
        channel.remove_members(["john"]) => "POST /api/v2/chat/channels/messaging/general",
        channel.add_moderators(["john"]) => "POST /api/v2/chat/channels/messaging/general",
        channel.demote_moderators(["john"]) => "POST /api/v2/chat/channels/messaging/general",
        channel.assign_roles([ChannelMemberRequest::new("john").channel_role("channel_moderator")]) => "POST /api/v2/chat/channels/messaging/general",
        channel.query_members(MemberFilter::name().autocomplete("jo")).limit(10) => "GET /api/v2/chat/members",
        channel.pin("john") => "PATCH /api/v2/chat/channels/messaging/general/member",
        channel.archive("john") => "PATCH /api/v2/chat/channels/messaging/general/member",
        channel.mute("john").expires_in(HOUR) => "POST /api/v2/chat/moderation/mute/channel",
        channel.get_or_create().created_by("john").name("General").image("https://cdn/cat.png") => "POST /api/v2/chat/channels/messaging/general/query",
        channel.delete().hard() => "DELETE /api/v2/chat/channels/messaging/general",
        client.delete_channels(["messaging:general"]).hard() => "POST /api/v2/chat/channels/delete",
    }
}

#[tokio::test]
async fn users_that_change() {
    let (transport, client) = support::scripted();
    reaches! { transport:
        client.user("john").update_partial().set("role", "admin").unset(["color"]) => "PATCH /api/v2/users",
        client.query_users(UserFilter::id().is_in(["john"])).sort(UserSort::created_at().descending()).presence(true) => "GET /api/v2/users",
        client.user("john").deactivate().mark_messages_deleted() => "POST /api/v2/users/john/deactivate",
        client.user("john").reactivate().restore_messages().name("John") => "POST /api/v2/users/john/reactivate",
        client.user("john").delete().hard() => "POST /api/v2/users/delete",
        client.deactivate_users(["john", "jane"]) => "POST /api/v2/users/deactivate",
        client.restore_users(["john"]) => "POST /api/v2/users/restore",
        client.create_guest("visitor") => "POST /api/v2/guest",
        client.user("john").revoke_tokens(Timestamp::UNIX_EPOCH) => "PATCH /api/v2/users",
    }
}
