//! The JSON types inside of configurations and rules of moderation.

use crate::operations::resources::Kind::{
    self, Bool, Fields, Integer, Items, Number, Text, Texts, Values,
};

/// An action by its name. Which names are possible depends on the check, and on the version of the
/// service.
const ACTION: Kind = Text;

const SEVERITY_RULES: Kind = Items(&Fields(&[
    ("action", ACTION),
    ("severity", Kind::Choice(&["low", "medium", "high", "critical"])),
]));

/// The rules of checks by labels, words or models.
const RULES: Kind = Items(&Fields(&[
    ("action", ACTION),
    ("description", Text),
    ("label", Text),
    ("min_confidence", Number),
    ("name", Text),
    ("severity_rules", SEVERITY_RULES),
    ("subclassifications", Kind::Object),
    ("team", Text),
    ("threshold", Number),
]));

/// A check by labels, words or models.
pub(super) const CHECK: Kind = Fields(&[
    ("app_context", Text),
    ("async", Bool),
    ("enabled", Bool),
    ("match_substring", Bool),
    ("ocr_rules", RULES),
    ("profile", Text),
    ("provider", Text),
    ("rules", RULES),
    ("severity_descriptions", Values(&Text)),
    ("severity_rules", SEVERITY_RULES),
]);

const REPETITION: Kind = Fields(&[
    ("action", ACTION),
    ("enabled", Bool),
    ("similarity_distance", Integer),
    ("threshold", Integer),
    ("time_window", Text),
]);

pub(super) const FLOOD: Kind =
    Fields(&[("allowlist", Texts), ("identical", REPETITION), ("similar", REPETITION)]);

pub(super) const VELOCITY: Kind = Fields(&[
    ("advanced_filters", Bool),
    ("async", Bool),
    ("cascading_actions", Bool),
    ("cids_per_user", Integer),
    ("enabled", Bool),
    ("first_message_only", Bool),
    (
        "rules",
        Items(&Fields(&[
            ("action", ACTION),
            ("ban_duration", Integer),
            ("cascading_action", ACTION),
            ("cascading_threshold", Integer),
            ("check_message_context", Bool),
            ("fast_spam_threshold", Integer),
            ("fast_spam_ttl", Integer),
            ("ip_ban", Bool),
            ("probation_period", Integer),
            ("shadow_ban", Bool),
            ("slow_spam_ban_duration", Integer),
            ("slow_spam_threshold", Integer),
            ("slow_spam_ttl", Integer),
            ("url_only", Bool),
        ])),
    ),
]);

pub(super) const VIDEO_CALLS: Kind = Fields(&[
    ("flag_all_labels", Bool),
    ("flagged_labels", Texts),
    (
        "rules",
        Items(&Fields(&[
            (
                "action_sequences",
                Items(&Fields(&[
                    ("action", ACTION),
                    ("blur", Bool),
                    ("cooldown_period", Integer),
                    ("threshold", Integer),
                    ("time_window", Integer),
                    ("warning", Bool),
                    ("warning_text", Text),
                ])),
            ),
            ("cooldown_period", Integer),
            ("harm_types", Texts),
            ("severity", Integer),
            ("threshold", Integer),
        ])),
    ),
]);

const CALL_OPTIONS: Kind = Fields(&[
    ("duration", Integer),
    ("flag_reason", Text),
    ("kick_reason", Text),
    ("mute_audio", Bool),
    ("mute_video", Bool),
    ("reason", Text),
    ("warning_text", Text),
]);

/// The action of a rule.
pub(super) const RULE_ACTION: Kind = Fields(&[
    (
        "ban_options",
        Fields(&[
            ("delete_messages", Kind::Choice(&["soft", "pruning", "hard"])),
            ("duration", Integer),
            ("ip_ban", Bool),
            ("reason", Text),
            ("shadow_ban", Bool),
        ]),
    ),
    ("call_options", CALL_OPTIONS),
    ("flag_user_options", Fields(&[("reason", Text)])),
    ("reason", Text),
    ("skip_inbox", Bool),
    ("type", Text),
]);

pub(super) const ACTION_SEQUENCES: Kind = Items(&Fields(&[
    ("actions", Texts),
    ("call_options", CALL_OPTIONS),
    ("violation_number", Integer),
]));

/// The parameters of a condition. Each name has the same type in all kinds of conditions.
const PARAMETERS: Kind = Fields(&[
    ("allowlist", Texts),
    ("blocklist_match", Texts),
    ("call_type", Text),
    ("contains_url", Bool),
    ("harm_labels", Texts),
    ("label_operator", Text),
    ("llm_harm_labels", Values(&Text)),
    ("max_age", Text),
    ("min_confidence", Number),
    ("operator", Text),
    ("property_key", Text),
    ("role", Text),
    ("semantic_filter_min_threshold", Number),
    ("semantic_filter_names", Texts),
    ("severity", Text),
    ("similarity_distance", Integer),
    ("text_length", Integer),
    ("text_length_operator", Text),
    ("threshold", Integer),
    ("time_window", Text),
]);

pub(super) const CONDITIONS: Kind = Items(&Fields(&[
    ("call_custom_property_params", PARAMETERS),
    ("call_type_rule_params", PARAMETERS),
    ("call_violation_count_params", PARAMETERS),
    ("channel_message_count_rule_params", PARAMETERS),
    ("closed_caption_rule_params", PARAMETERS),
    ("confidence", Number),
    ("content_count_rule_params", PARAMETERS),
    ("content_custom_property_count_params", PARAMETERS),
    ("content_custom_property_params", PARAMETERS),
    ("content_flag_count_rule_params", PARAMETERS),
    ("flood_identical_params", PARAMETERS),
    ("flood_similar_params", PARAMETERS),
    ("image_content_params", PARAMETERS),
    ("image_rule_params", PARAMETERS),
    ("ip_content_count_rule_params", PARAMETERS),
    ("ip_flag_count_rule_params", PARAMETERS),
    ("keyframe_ocr_rule_params", PARAMETERS),
    ("keyframe_rule_params", PARAMETERS),
    ("ocr_content_params", PARAMETERS),
    ("text_content_params", PARAMETERS),
    ("text_rule_params", PARAMETERS),
    ("type", Text),
    ("user_created_within_params", PARAMETERS),
    ("user_custom_property_params", PARAMETERS),
    ("user_flag_count_rule_params", PARAMETERS),
    ("user_identical_content_count_params", PARAMETERS),
    ("user_reaction_count_params", PARAMETERS),
    ("user_role_params", PARAMETERS),
    ("user_rule_params", PARAMETERS),
    ("video_content_params", PARAMETERS),
    ("video_rule_params", PARAMETERS),
]));

pub(super) const GROUPS: Kind = Items(&Fields(&[("conditions", CONDITIONS), ("logic", Text)]));

pub(super) const RULE_BUILDER: Kind = Fields(&[
    ("async", Bool),
    (
        "rules",
        Items(&Fields(&[
            ("action", RULE_ACTION),
            ("action_sequences", ACTION_SEQUENCES),
            ("conditions", CONDITIONS),
            ("cooldown_period", Text),
            ("groups", GROUPS),
            ("id", Text),
            ("logic", Text),
            ("rule_type", Text),
        ])),
    ),
]);

pub(super) const TEMPLATE: Kind = Fields(&[("config_key", Text), ("data_types", Values(&Text))]);
