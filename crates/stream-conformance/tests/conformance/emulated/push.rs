//! Devices, preferences, providers and templates of push notifications are stored.

use anyhow::Result;
use serde_json::json;

use super::{Journey, ask};
use stream_models::app::PushTemplateEventType;
use stream_models::push::{ChatPushLevel, PushPreferenceInput, PushProviderRequest, PushProviderType};

pub(super) async fn run(journey: &mut Journey) -> Result<()> {
    let client = journey.client.clone();
    journey.users(["john"]).await?;
    let channel = journey.general(&["john"]).await?;
    let john = client.user("john");

    let firebase = PushProviderRequest::new("fire").type_("firebase").firebase_credentials("{}");
    ask(client.push_providers().upsert(firebase)).await?;
    let listed = ask(client.push_providers().list()).await?["push_providers"].clone();
    let operations = ["UpsertPushProvider", "ListPushProviders"];
    journey.proves(operations, listed[0]["name"].clone(), "fire")?;

    ask(john.add_device("phone", PushProviderType::Firebase).push_provider_name("fire")).await?;
    let devices = ask(john.devices()).await?["devices"].clone();
    journey.proves(["CreateDevice", "ListDevices"], devices[0]["id"].clone(), "phone")?;

    let templates = client.push_templates();
    let (event, kind) = (PushTemplateEventType::MessageNew, PushProviderType::Firebase);
    let template = r#"{"title": "{{ message.text }}"}"#;
    let upsert = templates.upsert(event, kind).push_provider_name("fire").template(template);
    ask(upsert.enable_push(true)).await?;
    let listed = ask(templates.list(PushProviderType::Firebase)).await?["templates"].clone();
    let operations = ["UpsertPushTemplate", "GetPushTemplates"];
    journey.proves(operations, listed[0]["template"].clone(), template)?;

    let message = journey.text("john", "hello").await?;
    let check = john.check_push().message_id(message).skip_devices();
    let checked = ask(check.firebase_template(template)).await?;
    let rendered = checked["rendered_firebase_template"].clone();
    journey.proves(["CheckPush", "SendMessage"], rendered, r#"{"title": "hello"}"#)?;

    let preference = PushPreferenceInput::new().user_id("john").channel_cid(Journey::cid());
    ask(client.set_push_preferences([preference.chat_level(ChatPushLevel::None)])).await?;
    let state = ask(channel.get().user("john")).await?;
    let level = state["push_preferences"]["chat_level"].clone();
    journey.proves(["UpdatePushNotificationPreferences", "GetChannel"], level, "none")?;

    ask(john.remove_device("phone")).await?;
    let devices = ask(john.devices()).await?["devices"].clone();
    journey.proves(["DeleteDevice", "ListDevices"], devices, json!([]))?;
    ask(client.push_providers().delete(PushProviderType::Firebase, "fire")).await?;
    let listed = ask(client.push_providers().list()).await?["push_providers"].clone();
    journey.proves(["DeletePushProvider", "ListPushProviders"], listed, json!([]))
}
