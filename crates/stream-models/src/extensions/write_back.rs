//! Requests made from what the server returned, to change it and write it back.

use std::collections::BTreeMap;

use crate::Optional;
use crate::channels::{ChannelInputRequest, ChannelResponse};
use crate::locations::{SharedLocation, SharedLocationResponseData};
use crate::messages::{
    MessageRequest, MessageResponse, MessageWithChannelResponse, SearchResultMessage,
};
use crate::polls::{
    PollOptionRequest, PollOptionResponseData, PollResponseData, UpdatePollRequest,
    VotingVisibility,
};
#[cfg(feature = "moderation")]
use crate::rules::{ModerationRuleV2Response, UpsertModerationRuleRequest};
use crate::users::{FullUserResponse, UserRequest, UserResponse};

/// Implements the conversion from a value, with its documentation, by that from a reference.
macro_rules! from_response {
    ($docs:literal, $request:ty: $($response:ty),+; |$value:ident| $make:expr) => {$(
        #[doc = $docs]
        impl From<&$response> for $request {
            fn from($value: &$response) -> Self {
                $make
            }
        }

        #[doc = $docs]
        impl From<$response> for $request {
            fn from(value: $response) -> Self {
                Self::from(&value)
            }
        }
    )+};
}

from_response! {
    "Copies what a full update would otherwise remove: text, attachments, mentions, custom \
     data, pin, visibility, and what the message replies to, quotes and shares; the author \
     becomes the acting user. ID, kind, HTML, time of the pin, reactions and counts are left \
     to the server.\n\n\
     Writing it back overwrites what others have changed since it was read; a partial update \
     does not.",
    MessageRequest: MessageResponse, MessageWithChannelResponse, SearchResultMessage;
    |message| Self {
        attachments: unless_empty(&message.attachments, Vec::is_empty),
        custom: unless_empty(&message.custom, |custom| custom.is_empty()),
        mentioned_channel: if_true(message.mentioned_channel),
        mentioned_group_ids: unless_empty(&message.mentioned_group_ids, Vec::is_empty),
        mentioned_here: if_true(message.mentioned_here),
        mentioned_roles: unless_empty(&message.mentioned_roles, Vec::is_empty),
        mentioned_users: unless_empty(
            &message.mentioned_users.iter().map(|user| user.id.clone()).collect(),
            Vec::is_empty,
        ),
        mml: message.mml.clone().into(),
        parent_id: message.parent_id.clone().into(),
        pin_expires: message.pin_expires.into(),
        pinned: if_true(message.pinned),
        poll_id: message.poll_id.clone().into(),
        quoted_message_id: message.quoted_message_id.clone().into(),
        restricted_visibility: unless_empty(&message.restricted_visibility, Vec::is_empty),
        shared_location: message.shared_location.as_deref().map(SharedLocation::from).into(),
        show_in_channel: message.show_in_channel.into(),
        silent: if_true(message.silent),
        text: Optional::Value(message.text.clone()),
        user_id: unless_empty(&message.user.id, String::is_empty),
        ..Self::default()
    }
}

from_response! {
    "Copies all that an upsert would otherwise remove: name, image, role, language, teams, \
     privacy settings and custom data.\n\n\
     Writing it back overwrites what others have changed since it was read; a partial update \
     does not.",
    UserRequest: UserResponse, FullUserResponse;
    |user| Self {
        custom: unless_empty(&user.custom, |custom| custom.is_empty()),
        image: user.image.clone().into(),
        invisible: if_true(user.invisible),
        language: unless_empty(&user.language, String::is_empty),
        name: user.name.clone().into(),
        privacy_settings: user.privacy_settings.as_deref().cloned().into(),
        role: unless_empty(&user.role, String::is_empty),
        teams: unless_empty(&user.teams, Vec::is_empty),
        teams_role: unless_empty(&user.teams_role, BTreeMap::is_empty),
        ..Self::new(&user.id)
    }
}

from_response! {
    "Copies the data that an update would otherwise remove: custom data, such as name and \
     image, team, automatic translation, and whether the channel is frozen or disabled. \
     Members and overrides of the channel type's settings are not part of it.\n\n\
     Writing it back overwrites what others have changed since it was read; a partial update \
     does not.",
    ChannelInputRequest: ChannelResponse;
    |channel| Self {
        auto_translation_enabled: channel.auto_translation_enabled.into(),
        auto_translation_language: channel.auto_translation_language.clone().into(),
        custom: unless_empty(&channel.custom, |custom| custom.is_empty()),
        disabled: if_true(channel.disabled),
        frozen: if_true(channel.frozen),
        team: channel.team.clone().into(),
        ..Self::default()
    }
}

from_response! {
    "Copies what an update would otherwise reset: the settings, the options and the custom data of \
     the poll. Set the acting user.\n\n\
     Writing it back overwrites what others have changed since it was read; a partial update \
     does not.",
    UpdatePollRequest: PollResponseData;
    |poll| Self {
        allow_answers: Optional::Value(poll.allow_answers),
        allow_user_suggested_options: Optional::Value(poll.allow_user_suggested_options),
        custom: unless_empty(&poll.custom, |custom| custom.is_empty()),
        description: unless_empty(&poll.description, String::is_empty),
        enforce_unique_vote: Optional::Value(poll.enforce_unique_vote),
        is_closed: poll.is_closed.into(),
        max_votes_allowed: poll.max_votes_allowed.into(),
        options: Optional::Value(poll.options.iter().map(PollOptionRequest::from).collect()),
        voting_visibility: (!poll.voting_visibility.is_empty())
            .then(|| VotingVisibility::other(&*poll.voting_visibility))
            .into(),
        ..Self::new(&poll.id, &poll.name)
    }
}

from_response! {
    "Copies the option with its ID.",
    PollOptionRequest: PollOptionResponseData;
    |option| Self {
        custom: unless_empty(&option.custom, |custom| custom.is_empty()),
        text: Optional::Value(option.text.clone()),
        ..Self::new(&option.id)
    }
}

#[cfg(feature = "moderation")]
from_response! {
    "Copies the rule, which its name identifies.\n\n\
     Writing it back overwrites what others have changed since it was read.",
    UpsertModerationRuleRequest: ModerationRuleV2Response;
    |rule| Self {
        action: rule.action.as_deref().cloned().into(),
        action_sequences: unless_empty(&rule.action_sequences, Vec::is_empty),
        conditions: unless_empty(&rule.conditions, Vec::is_empty),
        config_keys: unless_empty(&rule.config_keys, Vec::is_empty),
        cooldown_period: rule.cooldown_period.clone().into(),
        description: unless_empty(&rule.description, String::is_empty),
        enabled: Optional::Value(rule.enabled),
        groups: unless_empty(&rule.groups, Vec::is_empty),
        logic: rule.logic.clone().into(),
        team: unless_empty(&rule.team, String::is_empty),
        ..Self::new(&rule.name, &rule.rule_type)
    }
}

from_response! {
    "Copies the place, the device and the end of a live location.",
    SharedLocation: SharedLocationResponseData;
    |location| Self {
        created_by_device_id: unless_empty(&location.created_by_device_id, String::is_empty),
        end_at: location.end_at.into(),
        ..Self::new(location.latitude, location.longitude)
    }
}

fn unless_empty<T: Clone>(value: &T, is_empty: fn(&T) -> bool) -> Optional<T> {
    if is_empty(value) { Optional::Unset } else { Optional::Value(value.clone()) }
}

const fn if_true(value: bool) -> Optional<bool> {
    if value { Optional::Value(true) } else { Optional::Unset }
}
