//! Operation IDs, which are unique and stable between versions.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Located, Operation};
use super::place::at;
use super::warning::Warnings;

/// The products whose operations keep their ID first if others have the same.
const FIRST: [&str; 3] = ["chat", "common", "moderation"];

/// Returns an ID for an operation without one: `get /api/v2/video/call/{id}` is `GetVideoCallById`.
pub(crate) fn of_endpoint(method: &str, path: &str) -> String {
    let segments = behind_version(path).map(|segment| match segment.strip_prefix('{') {
        Some(name) => format!("By{}", pascal(name)),
        None => pascal(segment),
    });
    pascal(method) + &segments.collect::<String>()
}

/// Makes the IDs unique.
///
/// Of operations with the same ID, the one of a product in `spec/` keeps it, or else the one with
/// the shorter path. The others get a prefix of their product or of their path, neither of which
/// depends on the rest of the document, so that IDs are stable as it grows.
pub(crate) fn settle(
    operations: Vec<Located<Operation>>,
    warnings: &mut Warnings,
) -> BTreeMap<String, Located<Operation>> {
    let mut groups: BTreeMap<String, Vec<Located<Operation>>> = BTreeMap::new();
    for operation in operations {
        groups.entry(operation.value.id.clone()).or_default().push(operation);
    }
    let mut taken: BTreeSet<String> = groups.keys().cloned().collect();
    let mut settled = BTreeMap::new();
    for (id, mut group) in groups {
        group.sort_by(|one, other| rank(&one.value).cmp(&rank(&other.value)));
        let mut group = group.into_iter();
        let Some(first) = group.next() else { continue };
        for mut other in group {
            let new = candidates(&id, &other.value, &first.value)
                .find(|name| !taken.contains(name))
                .unwrap_or_else(|| id.clone());
            let message = format!("{id} is taken by {}; called {new}", first.place);
            warnings.add(at(&other.place, ["operationId"]), message);
            taken.insert(new.clone());
            other.value.id.clone_from(&new);
            settled.insert(new, other);
        }
        settled.insert(id, first);
    }
    settled
}

fn rank(operation: &Operation) -> (usize, usize, &str, &str) {
    let product = product(operation);
    let first = FIRST.iter().position(|first| product == Some(first)).unwrap_or(FIRST.len());
    (first, operation.path.len(), &operation.path, &operation.method)
}

/// Returns names for an operation whose ID belongs to `first`.
fn candidates<'a>(
    id: &'a str,
    operation: &'a Operation,
    first: &'a Operation,
) -> impl Iterator<Item = String> + 'a {
    let product = product(operation).filter(|name| Some(*name) != self::product(first));
    let segments = behind_version(&operation.path).filter(|segment| !segment.starts_with('{'));
    let path: String = segments.map(pascal).collect();
    let numbered = (2..).map(move |number| format!("{id}{number}"));
    let joined = move |prefix: String| {
        if id.contains('_') { format!("{}_{id}", snake(&prefix)) } else { prefix + id }
    };
    let method = pascal(&operation.method);
    product
        .map(pascal)
        .into_iter()
        .chain([path.clone(), method + &path])
        .filter(|prefix| !prefix.is_empty())
        .map(joined)
        .chain(numbered)
}

/// Returns the product in the tag, or else in the path.
fn product(operation: &Operation) -> Option<&str> {
    operation.product.as_deref().or_else(|| behind_version(&operation.path).next())
}

/// Returns the segments of a path after its version (`/api/v2`).
fn behind_version(path: &str) -> impl Iterator<Item = &str> {
    let is_version = |segment: &str| {
        segment.strip_prefix('v').is_some_and(|number| number.parse::<u32>().is_ok())
    };
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let skipped = segments.clone().take(2).position(is_version).map_or(0, |at| at + 1);
    segments.skip(skipped)
}

fn pascal(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
        })
        .map(Option::unwrap_or_default)
        .collect()
}

fn snake(text: &str) -> String {
    let mut snake = String::new();
    for letter in text.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(id: &str, method: &str, path: &str, product: Option<&str>) -> Located<Operation> {
        let mut value = crate::own().unwrap().operations["GetApp"].value.clone();
        value.id = id.to_owned();
        value.method = method.to_owned();
        value.path = path.to_owned();
        value.product = product.map(str::to_owned);
        Located { value, place: format!("{method} {path}") }
    }

    fn names(mut operations: Vec<Located<Operation>>) -> Vec<(String, String)> {
        let mut warnings = Warnings::default();
        let settled = settle(operations.clone(), &mut warnings);
        operations.reverse();
        let again = settle(operations.clone(), &mut Warnings::default());
        assert_eq!(settled.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>());
        assert_eq!(settled.len(), operations.len());
        settled.into_iter().map(|(id, located)| (id, located.place)).collect()
    }

    #[test]
    fn the_product_of_the_schema_keeps_the_name() {
        let found = names(vec![
            operation("CastPollVote", "post", "/api/v2/feeds/a/vote", Some("feeds")),
            operation("CastPollVote", "post", "/api/v2/chat/messages/{id}/vote", Some("chat")),
            operation("delete_vote", "delete", "/api/v2/feeds/vote", None),
            operation("delete_vote", "delete", "/api/v2/moderation/deep/vote", None),
            operation("Ring", "get", "/api/v2/video/call/{type}/ring", Some("video")),
            operation("Ring", "get", "/api/v2/video/call", Some("video")),
        ]);
        let found: Vec<(&str, &str)> =
            found.iter().map(|(id, place)| (id.as_str(), place.as_str())).collect();
        assert_eq!(
            found,
            [
                ("CastPollVote", "post /api/v2/chat/messages/{id}/vote"),
                ("FeedsCastPollVote", "post /api/v2/feeds/a/vote"),
                ("Ring", "get /api/v2/video/call"),
                ("VideoCallRingRing", "get /api/v2/video/call/{type}/ring"),
                ("delete_vote", "delete /api/v2/moderation/deep/vote"),
                ("feeds_delete_vote", "delete /api/v2/feeds/vote"),
            ]
        );
    }

    #[test]
    fn a_name_that_is_there_is_not_given_again() {
        let found = names(vec![
            operation("A", "get", "/a", Some("chat")),
            operation("A", "get", "/b/a", Some("feeds")),
            operation("FeedsA", "get", "/c", Some("feeds")),
        ]);
        assert_eq!(found[1], ("BAA".to_owned(), "get /b/a".to_owned()));
    }

    #[test]
    fn an_operation_without_an_id_is_called_after_its_endpoint() {
        assert_eq!(of_endpoint("get", "/api/v2/video/call/{id}"), "GetVideoCallById");
        assert_eq!(of_endpoint("post", "/v1/a-b"), "PostAB");
    }
}
