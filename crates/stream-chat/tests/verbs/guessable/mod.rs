//! Code as written by someone who knows the SDKs of other languages but has not read this
//! documentation: each line compiles and reaches its endpoint.

use std::time::Duration;

use crate::support;
use stream_chat::models::app::EventHook;
use stream_chat::models::bans_and_flags::BannedUserFilter;
use stream_chat::models::blocklists::BlockListType;
use stream_chat::models::campaigns::CampaignFilter;
use stream_chat::models::channels::ChannelFilter;
use stream_chat::models::drafts::DraftFilter;
use stream_chat::models::exports::ChannelExport;
use stream_chat::models::imports::ImportMode;
use stream_chat::models::polls::{PollFilter, PollVoteFilter};
use stream_chat::models::push::{
    ChatPushLevel, PushPreferenceInput, PushProviderRequest, PushProviderType,
};
use stream_chat::models::reminders::ReminderFilter;
use stream_chat::models::review_queue::ReviewQueueFilter;
use stream_chat::models::segments::SegmentFilter;
use stream_chat::models::threads::ThreadFilter;
use stream_chat::models::users::{DeletionMode, UserFilter};
use stream_chat::{MessageRequest, Timestamp};

const HOUR: Duration = Duration::from_secs(3600);

/// Sends each request, and compares its method and path.
macro_rules! reaches {
    ($transport:ident: $($request:expr => $endpoint:literal),* $(,)?) => {$(
        $transport.json(200, support::anything());
        let _ = $request.await.unwrap_or_else(|error| panic!("{}: {error}", $endpoint));
        let sent = $transport.sent().pop().unwrap();
        let endpoint = format!("{} {}", sent.method, sent.uri.path());
        assert_eq!(endpoint, $endpoint, "{}", stringify!($request));
    )*};
}

mod resources;

#[tokio::test]
async fn moderation_methods_reach_their_endpoints() {
    let (transport, client) = support::scripted();
    let channel = client.channel("messaging", "general");
    reaches! { transport:
        client.user("spammer").ban("mod").reason("spam").timeout(HOUR) => "POST /api/v2/moderation/ban",
        client.user("spammer").ban("mod").ip_ban().delete_messages(DeletionMode::Hard) => "POST /api/v2/moderation/ban",
        client.user("spammer").shadow_ban("mod") => "POST /api/v2/moderation/ban",
        client.user("spammer").unban() => "POST /api/v2/moderation/unban",
        channel.ban("spammer", "mod").timeout(HOUR) => "POST /api/v2/moderation/ban",
        channel.unban("spammer") => "POST /api/v2/moderation/unban",
        client.user("john").mute("jane").timeout(HOUR) => "POST /api/v2/moderation/mute",
        client.user("john").unmute("jane") => "POST /api/v2/moderation/unmute",
        client.message("m").flag("john").reason("spam") => "POST /api/v2/moderation/flag",
        client.user("spammer").flag("john") => "POST /api/v2/moderation/flag",
        client.user("john").block("jane") => "POST /api/v2/users/block",
        client.user("john").blocked_users() => "GET /api/v2/users/block",
        client.user("john").mark_delivered([("messaging:general", "m")]) => "POST /api/v2/chat/channels/delivered",
        client.moderation().query_banned_users(BannedUserFilter::channel_cid().eq("messaging:general")).limit(10) => "GET /api/v2/chat/query_banned_users",
        channel.query_banned_users().limit(10) => "GET /api/v2/chat/query_banned_users",
        client.moderation().query_review_queue(ReviewQueueFilter::reviewed().eq(false)).limit(25) => "POST /api/v2/moderation/review_queue",
        client.moderation().review_item("id").mark_reviewed("mod") => "POST /api/v2/moderation/submit_action",
        client.block_lists().create("bad", ["a", "b"]).type_(BlockListType::Word) => "POST /api/v2/blocklists",
        client.block_lists().update("bad").words(["a"]) => "PUT /api/v2/blocklists/bad",
        client.block_lists().delete("bad") => "DELETE /api/v2/blocklists/bad",
        client.roles().create("support") => "POST /api/v2/roles",
        client.roles().list() => "GET /api/v2/roles",
        client.permissions().list() => "GET /api/v2/permissions",
    }
}

#[tokio::test]
async fn methods_of_conversations_reach_their_endpoints() {
    let (transport, client) = support::scripted();
    let channel = client.channel("messaging", "general");
    let tomorrow: Timestamp = "2126-01-01T00:00:00Z".parse().unwrap();
    reaches! { transport:
        client.polls().create("Lunch?", "john").option("Pizza").option("Soup").enforce_unique_vote(true) => "POST /api/v2/polls",
        client.polls().create("Lunch?", "john").option("Pizza").max_votes_allowed(1).allow_answers(true) => "POST /api/v2/polls",
        client.polls().query(PollFilter::is_closed().eq(false)).limit(10) => "POST /api/v2/polls/query",
        client.poll("p").get() => "GET /api/v2/polls/p",
        client.poll("p").close("john") => "PATCH /api/v2/polls/p",
        client.poll("p").add_option("Rice", "john") => "POST /api/v2/polls/p/options",
        client.poll("p").query_votes(PollVoteFilter::option_id().eq("o")) => "POST /api/v2/polls/p/votes",
        client.message("m").poll("p").vote("option", "john") => "POST /api/v2/chat/messages/m/polls/p/vote",
        client.message("m").poll("p").remove_vote("vote", "john") => "DELETE /api/v2/chat/messages/m/polls/p/vote/vote",
        channel.send_message(MessageRequest::new().poll_id("p").user_id("john")) => "POST /api/v2/chat/channels/messaging/general/message",
        client.thread("m").get().reply_limit(3).participant_limit(5) => "GET /api/v2/chat/threads/m",
        client.thread("m").update_partial("john").set("title", "Lunch") => "PATCH /api/v2/chat/threads/m",
        client.thread("m").reply(&channel, MessageRequest::from("hi").user_id("john")) => "POST /api/v2/chat/channels/messaging/general/message",
        client.message("m").replies().limit(10) => "GET /api/v2/chat/messages/m/replies",
        client.user("john").query_threads(ThreadFilter::channel_cid().eq("messaging:general")).limit(10) => "POST /api/v2/chat/threads",
        channel.get_draft("john").parent_id("m") => "GET /api/v2/chat/channels/messaging/general/draft",
        channel.delete_draft("john") => "DELETE /api/v2/chat/channels/messaging/general/draft",
        client.user("john").query_drafts(DraftFilter::channel_cid().eq("messaging:general")).limit(5) => "POST /api/v2/chat/drafts/query",
        client.message("m").create_reminder("john").remind_at(tomorrow) => "POST /api/v2/chat/messages/m/reminders",
        client.message("m").create_reminder("john").remind_in(HOUR) => "POST /api/v2/chat/messages/m/reminders",
        client.message("m").delete_reminder("john") => "DELETE /api/v2/chat/messages/m/reminders",
        client.user("john").query_reminders(ReminderFilter::channel_cid().eq("messaging:general")) => "POST /api/v2/chat/reminders/query",
    }
}

#[tokio::test]
async fn campaign_methods_reach_their_endpoints() {
    let (transport, client) = support::scripted();
    let tomorrow: Timestamp = "2126-01-01T00:00:00Z".parse().unwrap();
    reaches! { transport:
        client.campaigns().create("Hello {{ receiver.name }}", "sender").segment_ids(["s"]).name("News") => "POST /api/v2/chat/campaigns",
        client.campaigns().create("Hello", "sender").user_ids(["john"]).create_channels(true) => "POST /api/v2/chat/campaigns",
        client.campaigns().query(CampaignFilter::sender_id().eq("sender")).limit(10) => "POST /api/v2/chat/campaigns/query",
        client.campaign("c").start().scheduled_for(tomorrow) => "POST /api/v2/chat/campaigns/c/start",
        client.campaign("c").stop() => "POST /api/v2/chat/campaigns/c/stop",
        client.campaign("c").get() => "GET /api/v2/chat/campaigns/c",
        client.segments().create_user_segment().name("all").all_users(true) => "POST /api/v2/chat/segments",
        client.segments().create_user_segment().id("s").filter(UserFilter::role().eq("user")) => "POST /api/v2/chat/segments",
        client.segments().query(SegmentFilter::name().eq("all")).limit(10) => "POST /api/v2/chat/segments/query",
        client.segment("s").add_targets(["john", "jane"]) => "POST /api/v2/chat/segments/s/addtargets",
        client.segment("s").remove_targets(["jane"]) => "POST /api/v2/chat/segments/s/deletetargets",
    }
}

#[tokio::test]
async fn administration_methods_reach_their_endpoints() {
    let (transport, client) = support::scripted();
    let channel = client.channel("messaging", "general");
    let yesterday = Timestamp::UNIX_EPOCH;
    reaches! { transport:
        client.imports().create("path", ImportMode::Upsert) => "POST /api/v2/imports",
        client.imports().list() => "GET /api/v2/imports",
        client.export_users(["john"]) => "POST /api/v2/export/users",
        client.export_channels([&channel]).clear_deleted_message_text(true) => "POST /api/v2/chat/export_channels",
        client.export_channels(["messaging:general"]).version("v2") => "POST /api/v2/chat/export_channels",
        client.export_channels([ChannelExport::from(&channel).messages_since(yesterday)]) => "POST /api/v2/chat/export_channels",
        client.user("john").add_device("token", PushProviderType::Firebase).push_provider_name("phones") => "POST /api/v2/devices",
        client.user("john").devices() => "GET /api/v2/devices",
        client.user("john").remove_device("token") => "DELETE /api/v2/devices",
        client.user("john").set_push_preferences(PushPreferenceInput::new().chat_level(ChatPushLevel::Mentions)) => "POST /api/v2/push_preferences",
        client.push_providers().upsert(PushProviderRequest::new("phones").type_("firebase").firebase_credentials("{}")) => "POST /api/v2/push_providers",
        client.push_providers().list() => "GET /api/v2/push_providers",
        client.user("john").check_push().message_id("m").skip_devices() => "POST /api/v2/check_push",
        client.search(ChannelFilter::members().is_in(["john"])).text("hello").limit(10) => "GET /api/v2/chat/search",
        channel.search("hello").limit(10) => "GET /api/v2/chat/search",
        client.query_channels(ChannelFilter::members().is_in(["john"])).limit(10) => "POST /api/v2/chat/channels",
        client.query_users(UserFilter::name().autocomplete("jo")).limit(10) => "GET /api/v2/users",
        client.update_app().before_message_send_hook_url("https://example.com/a") => "PATCH /api/v2/app",
        client.update_app().custom_action_handler_url("https://example.com/a") => "PATCH /api/v2/app",
        client.update_app().webhook_url("https://example.com/a").webhook_events(["message.new"]) => "PATCH /api/v2/app",
        client.update_app().event_hooks([EventHook::webhook("https://example.com/a").event_types(["message.new"])]) => "PATCH /api/v2/app",
        client.update_app().multi_tenant_enabled(true) => "PATCH /api/v2/app",
        client.check_sqs().sqs_url("https://sqs").sqs_key("k").sqs_secret("s") => "POST /api/v2/check_sqs",
        client.channel_types().create("support").typing_events(true).commands(["giphy"]) => "POST /api/v2/chat/channeltypes",
        client.commands().create("ticket", "Opens a ticket").args("[title]") => "POST /api/v2/chat/commands",
    }
}
