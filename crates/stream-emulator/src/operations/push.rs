//! Devices and push preferences. The emulator sends no push notifications.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::{Call, Outcome, operations};
use crate::document::Object;
use crate::error::ApiError;
use crate::state::{Device, Timestamp, UserInput};
use crate::view::push_preferences;

operations! {
    "CreateDevice" => create_device,
    "DeleteDevice" => delete_device,
    "ListDevices" => list_devices,
    "UpdatePushNotificationPreferences" => update_preferences,
}

/// The push services.
const PROVIDERS: [&str; 4] = ["firebase", "apn", "huawei", "xiaomi"];

/// A device, as requests describe it.
#[derive(Deserialize)]
pub(super) struct CreateDevice {
    id: Option<String>,
    push_provider: Option<String>,
    push_provider_name: Option<String>,
    voip_token: Option<bool>,
    hardware_id: Option<String>,
    user_id: Option<String>,
    user: Option<UserInput>,
}

/// Handles `CreateDevice`.
fn create_device(call: &mut Call<'_>, input: CreateDevice) -> Outcome {
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    add_device_of(call, &user_id, input)?;
    Ok(Object::new())
}

/// Adds a device to a user.
pub(super) fn add_device_of(
    call: &mut Call<'_>,
    user_id: &str,
    input: CreateDevice,
) -> Result<(), ApiError> {
    let Some(id) = input.id.filter(|id| !id.is_empty()) else {
        return Err(ApiError::field("id", "is a required field"));
    };
    let push_provider = input.push_provider.unwrap_or_default();
    if !PROVIDERS.contains(&push_provider.as_str()) {
        return Err(ApiError::field(
            "push_provider",
            format!("{push_provider:?} must be one of [{}]", PROVIDERS.join(" ")),
        ));
    }
    let device = Device {
        id,
        push_provider,
        push_provider_name: input.push_provider_name.filter(|name| !name.is_empty()),
        voip: input.voip_token,
        hardware_id: input.hardware_id,
        created_at: call.now,
    };
    call.world.push.add_device(user_id, device);
    Ok(())
}

/// Handles `DeleteDevice`.
fn delete_device(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let Some(id) = call.request.query.get("id").filter(|id| !id.is_empty()) else {
        return Err(ApiError::field("id", "is a required field"));
    };
    let user_id = call.acting_user(call.request.query.get("user_id"), None, "user")?;
    match call.world.push.remove_device(&user_id, id) {
        Some(_) => Ok(Object::new()),
        None => Err(ApiError::not_found(format!("user {user_id} has no device {id}"))),
    }
}

/// Handles `ListDevices`.
fn list_devices(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let user_id = call.acting_user(call.request.query.get("user_id"), None, "user")?;
    Ok(Object::new().field("devices", call.view().devices_of(&user_id)))
}

#[derive(Deserialize)]
struct UpdatePreferences {
    preferences: Vec<Preference>,
}

#[derive(Deserialize)]
struct Preference {
    user_id: Option<String>,
    channel_cid: Option<String>,
    call_level: Option<String>,
    chat_level: Option<String>,
    feeds_level: Option<String>,
    disabled_until: Option<Timestamp>,
    remove_disable: Option<bool>,
    chat_preferences: Option<Map<String, Value>>,
    feeds_preferences: Option<Map<String, Value>>,
}

impl Preference {
    /// Returns the levels, each with its possible values.
    fn levels(&self) -> [(&'static str, Option<&str>, &'static [&'static str]); 3] {
        const SIMPLE: &[&str] = &["all", "none", "default"];
        const CHAT: &[&str] =
            &["all", "mentions", "direct_mentions", "all_mentions", "none", "default"];
        [
            ("call_level", self.call_level.as_deref(), SIMPLE),
            ("chat_level", self.chat_level.as_deref(), CHAT),
            ("feeds_level", self.feeds_level.as_deref(), SIMPLE),
        ]
    }

    /// Refuses unknown levels.
    fn check(&self) -> Result<(), ApiError> {
        for (name, level, allowed) in self.levels() {
            if let Some(level) = level.filter(|level| !allowed.contains(level)) {
                let allowed = allowed.join(" ");
                return Err(ApiError::field(name, format!("{level:?} must be one of [{allowed}]")));
            }
        }
        Ok(())
    }

    /// Applies the given preferences, and keeps the others.
    fn apply(&self, kept: &mut Map<String, Value>) {
        for (name, level, _) in self.levels() {
            if let Some(level) = level {
                kept.insert(name.to_owned(), level.into());
            }
        }
        let objects = [
            ("chat_preferences", &self.chat_preferences),
            ("feeds_preferences", &self.feeds_preferences),
        ];
        for (name, object) in objects {
            if let Some(object) = object {
                kept.insert(name.to_owned(), object.clone().into());
            }
        }
        if let Some(until) = self.disabled_until {
            kept.insert("disabled_until".to_owned(), until.nanoseconds().into());
        }
        if self.remove_disable == Some(true) {
            kept.remove("disabled_until");
        }
    }
}

/// Handles `UpdatePushNotificationPreferences`.
fn update_preferences(call: &mut Call<'_>, input: UpdatePreferences) -> Outcome {
    let mut named = Vec::with_capacity(input.preferences.len());
    for preference in input.preferences {
        preference.check()?;
        let user_id = call.acting_user(preference.user_id.as_deref(), None, "user")?;
        let cid = preference.channel_cid.clone().filter(|cid| !cid.is_empty());
        if let Some(cid) = &cid {
            call.channel_by_cid(cid)?;
        }
        named.push((user_id, cid, preference));
    }
    let push = &mut call.world.push;
    for (user_id, cid, preference) in &named {
        let kept = match cid {
            None => push.preferences.entry(user_id.clone()).or_default(),
            Some(cid) => push
                .channel_preferences
                .entry(user_id.clone())
                .or_default()
                .entry(cid.clone())
                .or_default(),
        };
        preference.apply(kept);
    }
    let mut of_users = Object::new();
    let mut of_channels = Object::new();
    for (user_id, _, _) in &named {
        if let Some(kept) = call.world.push.preferences.get(user_id) {
            of_users.set(user_id.clone(), push_preferences(kept));
        }
        if let Some(kept) = call.world.push.channel_preferences.get(user_id) {
            let by_cid = kept.iter().map(|(cid, kept)| (cid.clone(), push_preferences(kept)));
            of_channels.set(user_id.clone(), by_cid.collect::<Object>());
        }
    }
    Ok(Object::new()
        .field("user_preferences", of_users)
        .field("user_channel_preferences", of_channels))
}
