//! The verdict about a text, in place of Stream's models.
//!
//! It follows from the block lists and rules of a configuration, and from marker words. Without
//! them, all content is kept: the emulator does not imitate a model.

use serde_json::Value;

use crate::state::{BLOCK_LIST, Record, World};

/// Marker words for the findings of a model: a text with one of them gets the action.
const MARKERS: &[(&str, &str)] = &[
    ("emulated-flag", "flag"),
    ("emulated-mask", "mask"),
    ("emulated-bounce", "bounce"),
    ("emulated-shadow", "shadow"),
    ("emulated-remove", "remove"),
];

/// Actions, from the mildest to the strictest.
const SEVERITY: &[&str] = &[
    "keep",
    "flag",
    "mask",
    "mask_flag",
    "bounce",
    "bounce_flag",
    "shadow",
    "bounce_remove",
    "remove",
];

/// The action on a content, with its reasons.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    pub(crate) action: String,
    /// The labels of the findings; for a block list, its name.
    pub(crate) labels: Vec<String>,
    /// The matched words.
    pub(crate) words: Vec<String>,
    /// The IDs, names and actions of the triggered rules.
    pub(crate) rules: Vec<(String, String, String)>,
}

impl Verdict {
    fn keep() -> Self {
        Self { action: "keep".to_owned(), labels: Vec::new(), words: Vec::new(), rules: Vec::new() }
    }

    pub(crate) fn is_keep(&self) -> bool {
        self.action == "keep"
    }

    /// Returns the severity, which begins at 0.
    pub(crate) fn severity(&self) -> i64 {
        let position = rank(&self.action);
        i64::try_from(position).unwrap_or_default()
    }

    fn add(&mut self, action: &str, label: &str, word: Option<String>) {
        if rank(action) > rank(&self.action) {
            action.clone_into(&mut self.action);
        }
        if !self.labels.iter().any(|other| other == label) {
            self.labels.push(label.to_owned());
        }
        self.words.extend(word);
    }
}

fn rank(action: &str) -> usize {
    SEVERITY.iter().position(|other| *other == action).unwrap_or(1)
}

/// Returns the verdict of a block list that only flags.
pub(crate) fn flagged() -> Verdict {
    let mut verdict = Verdict::keep();
    verdict.add("flag", "blocklist", None);
    verdict
}

/// Applies a configuration, its rules and the marker words to texts.
pub(crate) fn of(world: &World, texts: &[&str], config: Option<&Record>) -> Verdict {
    let mut verdict = Verdict::keep();
    for (marker, action) in MARKERS {
        if texts.iter().any(|text| text.to_lowercase().contains(marker)) {
            verdict.add(action, marker, Some((*marker).to_owned()));
        }
    }
    if let Some(config) = config {
        by_block_lists(world, texts, config, &mut verdict);
        by_rules(world, texts, config, &mut verdict);
    }
    verdict
}

fn by_block_lists(world: &World, texts: &[&str], config: &Record, verdict: &mut Verdict) {
    let Some(lists) = config.fields.get("block_list_config") else {
        return;
    };
    if lists.get("enabled").and_then(Value::as_bool) == Some(false) {
        return;
    }
    for rule in lists.get("rules").and_then(Value::as_array).into_iter().flatten() {
        let text = |name: &str| rule.get(name).and_then(Value::as_str);
        let (Some(name), Some(action)) = (text("name"), text("action")) else {
            continue;
        };
        if let Some(word) = matched(world, name, texts) {
            verdict.add(action, name, Some(word));
        }
    }
}

/// Returns the first word of a block list that one of the texts contains.
pub(crate) fn matched(world: &World, list: &str, texts: &[&str]) -> Option<String> {
    let record = world.records.get(BLOCK_LIST, list)?;
    let words = record.fields.get("words")?.as_array()?;
    let is_on = |name: &str| record.fields.get(name).and_then(Value::as_bool) == Some(true);
    let kind = record.fields.get("type").and_then(Value::as_str).unwrap_or("word");
    let in_part = is_on("is_substring_matching_enabled");
    texts.iter().find_map(|text| {
        let text = text.to_lowercase();
        let text = if is_on("is_leet_check_enabled") { without_leet(&text) } else { text };
        let sought = words.iter().filter_map(Value::as_str).find(|word| {
            let word = word.to_lowercase();
            match kind {
                "word" if in_part => text.contains(&word),
                "word" => {
                    has_word(&text, &word)
                        || is_on("is_plural_check_enabled") && has_word(&text, &format!("{word}s"))
                }
                "email" | "domain" => addresses(&text, kind).any(|found| found == word),
                _ => false,
            }
        });
        // An allow list matches words that are not on it.
        let stranger = match kind {
            "email_allowlist" | "domain_allowlist" => {
                let kind = kind.trim_end_matches("_allowlist");
                addresses(&text, kind)
                    .find(|found| !words.iter().any(|word| word.as_str() == Some(found)))
            }
            _ => None,
        };
        sought.map(str::to_owned).or(stranger)
    })
}

/// Returns whether a text contains a whole word or phrase.
fn has_word(text: &str, word: &str) -> bool {
    !word.is_empty()
        && text.match_indices(word).any(|(start, found)| {
            let before = text.get(..start).and_then(|text| text.chars().next_back());
            let after = text.get(start + found.len()..).and_then(|text| text.chars().next());
            ![before, after].into_iter().flatten().any(char::is_alphanumeric)
        })
}

fn without_leet(text: &str) -> String {
    let plain = |letter| match letter {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        letter => letter,
    };
    text.chars().map(plain).collect()
}

/// Returns the email addresses in a text, or the hosts of its links.
fn addresses(text: &str, kind: &str) -> impl Iterator<Item = String> {
    let is_email = kind == "email";
    text.split_whitespace().filter_map(move |part| {
        let part = part.trim_matches(|c: char| !c.is_alphanumeric());
        if is_email {
            return part.contains('@').then(|| part.to_owned());
        }
        let rest = part.split_once("://").map_or(part, |(_, rest)| rest);
        let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
        (host.contains('.') && !host.contains('@')).then(|| host.to_owned())
    })
}

/// Applies the rules on text: block lists, links and lengths. Conditions of other kinds never
/// match.
fn by_rules(world: &World, texts: &[&str], config: &Record, verdict: &mut Verdict) {
    for rule in world.records.of_kind("moderation rule") {
        let fields = &rule.fields;
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let keys = fields.get("config_keys").and_then(Value::as_array);
        let own_key = config.fields.get("key").and_then(Value::as_str);
        let is_for_config = keys
            .is_none_or(|keys| keys.is_empty() || keys.iter().any(|key| key.as_str() == own_key));
        if !is_for_config || fields.get("enabled").and_then(Value::as_bool) == Some(false) {
            continue;
        }
        let conditions = fields.get("conditions").and_then(Value::as_array);
        let conditions = conditions.map(Vec::as_slice).unwrap_or_default();
        let mut holds = conditions.iter().map(|condition| condition_holds(world, texts, condition));
        let is_triggered = match text("logic") {
            "OR" | "or" => holds.any(|holds| holds),
            _ => !conditions.is_empty() && holds.all(|holds| holds),
        };
        let kind = fields.get("action").and_then(|action| action.get("type")?.as_str());
        if let (true, Some(kind)) = (is_triggered, kind) {
            verdict.add(action_of(kind), text("name"), None);
            verdict.rules.push((rule.key.clone(), text("name").to_owned(), kind.to_owned()));
        }
    }
}

fn condition_holds(world: &World, texts: &[&str], condition: &Value) -> bool {
    let parameters = ["text_content_params", "text_rule_params"];
    let Some(parameters) = parameters.iter().find_map(|name| condition.get(*name)) else {
        return false;
    };
    let lists = parameters.get("blocklist_match").and_then(Value::as_array);
    let of_list = lists.is_some_and(|lists| {
        lists.iter().filter_map(Value::as_str).any(|it| matched(world, it, texts).is_some())
    });
    let of_link = parameters.get("contains_url").and_then(Value::as_bool) == Some(true)
        && texts.iter().any(|text| text.contains("://"));
    let length = parameters.get("text_length").and_then(Value::as_u64);
    let of_length = length.is_some_and(|length| {
        let is_longer = |text: &&str| text.chars().count() as u64 > length;
        texts.iter().any(is_longer)
    });
    of_list || of_link || of_length
}

/// Returns the action of a rule of a type.
fn action_of(kind: &str) -> &'static str {
    match kind {
        "block_content" => "remove",
        "shadow_content" => "shadow",
        "bounce_content" => "bounce",
        "bounce_flag_content" => "bounce_flag",
        "bounce_remove_content" => "bounce_remove",
        _ => "flag",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_by_themselves() {
        assert!(has_word("a darn thing", "darn"));
        assert!(has_word("darn!", "darn"));
        assert!(!has_word("darned", "darn"));
        assert!(has_word("so very bad", "very bad"));
        assert_eq!(without_leet("d4rn"), "darn");
    }

    #[test]
    fn addresses_are_found() {
        let found = |text: &str, kind: &str| addresses(text, kind).collect::<Vec<_>>();
        assert_eq!(found("see https://bad.example/x?y now", "domain"), ["bad.example"]);
        assert_eq!(found("write to me@bad.example, please", "email"), ["me@bad.example"]);
    }

    #[test]
    fn markers_decide_and_the_strictest_wins() {
        let world = World::new(0);
        assert!(of(&world, &["kind words"], None).is_keep());
        let verdict = of(&world, &["emulated-flag", "and EMULATED-REMOVE"], None);
        assert_eq!(verdict.action, "remove");
    }
}
