//! Names the types of queries.

use super::Property;
use crate::codegen::names::type_name;

/// The names that do not follow the rule, by property.
const NAMES: [(&str, &str, &str); 6] = [
    ("ChannelBatchUpdateRequest", "filter", "ChannelBatch"),
    ("CreatePredefinedFilterRequest", "filter", "Channel"),
    ("SearchPayload", "filter_conditions", "Channel"),
    ("SearchPayload", "message_filter_conditions", "Message"),
    ("SearchPayload", "sort", "Message"),
    ("UpdatePredefinedFilterRequest", "filter", "Channel"),
];

pub(super) fn listed_name(property: &Property) -> Option<&'static str> {
    NAMES
        .iter()
        .find(|(schema, name, _)| *schema == property.schema && *name == property.name)
        .map(|(_, _, query)| *query)
}

/// Returns the name for a property: `PollVote` for `QueryPollVotesRequest`. Unusual properties add
/// their name.
pub(super) fn own_name(property: &Property) -> String {
    let schema = type_name(&property.schema);
    let name = strip(&schema, str::strip_suffix, &["Request", "Payload"]);
    let name = strip(name, str::strip_prefix, &["Query", "Get", "List"]);
    let singular = match (name.strip_suffix("ies"), name.strip_suffix('s')) {
        (Some(stem), _) => format!("{stem}y"),
        (None, Some(stem)) if !stem.ends_with('s') => stem.to_owned(),
        _ => name.to_owned(),
    };
    match property.name.to_ascii_lowercase().as_str() {
        "filter" | "filter_conditions" | "sort" => singular,
        other => {
            let other = strip(other, str::strip_suffix, &["_filter_conditions", "_filter"]);
            let other = strip(other, str::strip_suffix, &["_sort"]);
            singular + &type_name(other)
        }
    }
}

fn strip<'a>(
    text: &'a str,
    strip: impl Fn(&'a str, &'static str) -> Option<&'a str>,
    parts: &[&'static str],
) -> &'a str {
    let rest = parts.iter().find_map(|part| strip(text, part));
    rest.filter(|rest| !rest.is_empty()).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn property(schema: &str, name: &str) -> Property {
        Property { schema: schema.to_owned(), name: name.to_owned() }
    }

    #[test]
    fn queries_without_a_description_are_named_by_rule() {
        for (schema, name, expected) in [
            ("QueryPollVotesRequest", "filter", "PollVote"),
            ("QueryActivitiesRequest", "filter", "Activity"),
            ("QueryUsersPayload", "filter_conditions", "User"),
            ("GetRetentionPolicyRunsRequest", "sort", "RetentionPolicyRun"),
            ("QueryMessageHistoryRequest", "filter", "MessageHistory"),
            ("QuerySegmentTargetsRequest", "Sort", "SegmentTarget"),
            ("FollowBatchRequest", "member_filter", "FollowBatchMember"),
        ] {
            assert_eq!(own_name(&property(schema, name)), expected);
        }
    }
}
