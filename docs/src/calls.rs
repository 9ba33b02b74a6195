//! The calls of the chapter "Coming from another SDK": each compiles.

use stream_chat::models::bans_and_flags::BannedUserFilter;
use stream_chat::models::campaigns::CampaignMessageTemplate;
use stream_chat::models::channels::{ChannelBatchFilter, ChannelFilter};
use stream_chat::models::custom_events::EventRequest;
use stream_chat::models::members::MemberFilter;
use stream_chat::models::messages::TranslationLanguage;
use stream_chat::models::push::PushProviderType;
use stream_chat::models::review_queue::ReviewQueueFilter;
use stream_chat::models::threads::ThreadFilter;
use stream_chat::models::users::UserFilter;
use stream_chat::{ChannelMemberRequest, Cid, Client, Timestamp, Upload, UserRequest};

#[expect(dead_code, reason = "it is compiled, and its text is compared with the chapter")]
fn calls(client: &Client) {
    let (channel, message) = (client.channel("messaging", "general"), client.message("id"));
    let (user, text, url) = (UserRequest::new("john"), "Hello", "https://example.com");
    let event = EventRequest::new("myapp.event");
    let cids = Vec::<Cid>::new();
    let filter = ChannelBatchFilter::all();
    let channels = ChannelFilter::all();
    let member = ChannelMemberRequest::new("jane").channel_role("channel_moderator");
    let bans = BannedUserFilter::all();
    let queue = ReviewQueueFilter::all();
    let template = CampaignMessageTemplate::new("Hello");
    drop(client.user_token("john").sign());
    drop(client.upsert_users([user]));
    drop(client.upsert_user("john"));
    drop(channel.get_or_create().created_by("john"));
    drop(channel.update().custom("color", "green"));
    drop(channel.add_members(["jane"]));
    drop(channel.remove_members(["jane"]));
    drop(channel.add_moderators(["jane"]));
    drop(channel.demote_moderators(["jane"]));
    drop(channel.send_message(text));
    drop(client.update_app().webhook_url(url));
    drop(client.user("john").update_partial().set("name", "John"));
    drop(client.query_users(UserFilter::all()));
    drop(client.user("john").deactivate());
    drop(client.user("john").reactivate());
    drop(client.delete_users(["john"]));
    drop(client.restore_users(["john"]));
    drop(client.user("john").export());
    drop(client.user("john").log_out_everywhere());
    drop(client.revoke_all_tokens(Timestamp::now()));
    drop(client.create_guest("visitor"));
    drop(client.user("jane").block("john"));
    drop(client.user("john").add_device("token", PushProviderType::Apn));
    drop(client.user("john").unread_counts());
    drop(client.query_channels(ChannelFilter::members().is_in(["john"])));
    drop(channel.update_partial().set("color", "green"));
    drop(client.distinct_channel("messaging", ["john", "jane"]));
    drop(channel.query_members(MemberFilter::all()));
    drop(channel.invite_members(["jane"]));
    drop(channel.accept_invite("jane"));
    drop(channel.assign_roles([member]));
    drop(channel.hide("john"));
    drop(channel.mute("john"));
    drop(channel.pin("john"));
    drop(channel.mark_read("john"));
    drop(channel.truncate());
    drop(channel.delete());
    drop(client.delete_channels(cids));
    drop(client.channel_batch(filter).add_members(["jane"]));
    drop(channel.send_event(event));
    drop(channel.export());
    drop(message.get());
    drop(message.update(text));
    drop(message.update_partial("john").set("text", "Hi"));
    drop(message.delete());
    drop(message.pin("john"));
    drop(message.react("love", "john"));
    drop(message.remove_reaction("love", "john"));
    drop(message.thread().reply(&channel, text));
    drop(message.replies());
    drop(client.search(channels).text("hello"));
    drop(message.translate(TranslationLanguage::Fr));
    drop(channel.upload_file(Upload::path("a.txt"), "john"));
    drop(client.polls().create("Lunch?", "john"));
    drop(message.create_reminder("john"));
    drop(client.user("john").query_threads(ThreadFilter::all()));
    drop(client.user("bob").ban("john"));
    drop(channel.ban("bob", "john"));
    drop(client.user("bob").shadow_ban("john"));
    drop(client.moderation().query_banned_users(bans));
    drop(client.user("jane").mute("bob"));
    drop(message.flag("jane"));
    drop(client.moderation().query_review_queue(queue));
    drop(client.block_lists().create("darn", ["darn"]));
    drop(client.channel_types().create("support"));
    drop(client.commands().create("ticket", "Opens a ticket"));
    drop(client.roles().list());
    drop(client.app());
    drop(client.rate_limits());
    drop(client.task("id").wait());
    drop(client.webhook_receiver());
    drop(client.campaigns().create(template, "john"));
}

#[test]
fn the_chapter_shows_what_compiles() {
    let squeezed = |text: &str| text.split_whitespace().collect::<String>().replace(",)", ")");
    let compiled = squeezed(include_str!("calls.rs"));
    let chapter = include_str!("../../crates/stream-chat/docs/other-sdks.md");
    let rows = chapter.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| task"));
    let mut count = 0;
    for row in rows {
        let call = row.split('`').nth(1).unwrap_or_default();
        assert!(
            compiled.contains(&squeezed(&format!("drop({call});"))),
            "{call} is not among the calls"
        );
        count += 1;
    }
    assert!(count > 50, "{count} rows");
}
