//! Pagination by cursors.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use crate::document::{Node, Object};
use crate::error::ApiError;

/// The requested page.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct CursorPage {
    pub(crate) limit: Option<usize>,
    next: Option<String>,
    prev: Option<String>,
}

/// A page, and the cursors of its neighbors.
#[derive(Debug)]
pub(crate) struct Picked<T> {
    items: Vec<T>,
    next: Option<String>,
    prev: Option<String>,
}

impl CursorPage {
    /// Returns whether the page follows or precedes another.
    pub(crate) fn is_following(&self) -> bool {
        [&self.next, &self.prev].into_iter().flatten().any(|cursor| !cursor.is_empty())
    }

    /// Returns the page of all results. `key` identifies an item: a page begins after the last item
    /// of the previous one, wherever that item is now.
    pub(crate) fn pick<T>(
        &self,
        found: Vec<T>,
        limit: usize,
        key: impl Fn(&T) -> String,
    ) -> Result<Picked<T>, ApiError> {
        let given = |cursor: &Option<String>| cursor.clone().filter(|text| !text.is_empty());
        let count = found.len();
        let (start, end) = match (given(&self.next), given(&self.prev)) {
            (Some(_), Some(_)) => {
                return Err(ApiError::input("cannot use next and prev together"));
            }
            (Some(cursor), None) => {
                let start = Place::parse("next", &cursor)?.index(&found, &key, 1);
                (start, start.saturating_add(limit))
            }
            (None, Some(cursor)) => {
                let end = Place::parse("prev", &cursor)?.index(&found, &key, 0);
                (end.saturating_sub(limit), end)
            }
            (None, None) => (0, limit),
        };
        let (start, end) = (start.min(count), end.min(count));
        let place = |position: usize| {
            let item = found.get(position)?;
            Some(Place { position, key: key(item) }.to_text())
        };
        let next = if end < count { end.checked_sub(1).and_then(place) } else { None };
        let prev = if start > 0 { place(start) } else { None };
        let items = found.into_iter().skip(start).take(end - start).collect();
        Ok(Picked { items, next, prev })
    }
}

impl<T> Picked<T> {
    /// Returns the response, with the items in the named field and the cursors.
    pub(crate) fn document(self, name: &'static str, show: impl FnMut(T) -> Object) -> Object {
        self.named(name, "next", "prev", show)
    }

    /// Returns the response, with other names for the cursors.
    pub(crate) fn named(
        self,
        name: &'static str,
        next: &'static str,
        prev: &'static str,
        show: impl FnMut(T) -> Object,
    ) -> Object {
        Object::new()
            .field(name, self.items.into_iter().map(show).collect::<Node>())
            .optional(next, self.next)
            .optional(prev, self.prev)
    }
}

/// The position of an item when the cursor was created.
struct Place {
    position: usize,
    key: String,
}

impl Place {
    fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}:{}", self.position, self.key))
    }

    fn parse(name: &str, cursor: &str) -> Result<Self, ApiError> {
        let read = || {
            let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
            let (position, key) = text.split_once(':')?;
            Some(Self { position: position.parse().ok()?, key: key.to_owned() })
        };
        read().ok_or_else(|| ApiError::field(name, "is not a cursor of this query"))
    }

    /// Returns the current index of the item plus `step`, or its old index if it is gone.
    fn index<T>(&self, found: &[T], key: impl Fn(&T) -> String, step: usize) -> usize {
        match found.iter().position(|item| key(item) == self.key) {
            Some(position) => position + step,
            None => self.position,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pick(page: &CursorPage, found: &[&str]) -> (Vec<String>, Option<String>, Option<String>) {
        let found = found.iter().map(|item| (*item).to_owned()).collect();
        let picked = page.pick(found, 2, String::clone).unwrap();
        (picked.items, picked.next, picked.prev)
    }

    fn following(next: Option<String>) -> CursorPage {
        CursorPage { next, ..CursorPage::default() }
    }

    #[test]
    fn pages_follow_each_other_both_ways() {
        let all = ["a", "b", "c", "d", "e"];
        let (first, next, prev) = pick(&CursorPage::default(), &all);
        assert_eq!((first, prev), (vec!["a".to_owned(), "b".to_owned()], None));
        let (second, next, prev) = pick(&following(next), &all);
        assert_eq!(second, ["c", "d"]);
        let (third, end, _) = pick(&following(next), &all);
        assert_eq!((third, end), (vec!["e".to_owned()], None));
        let (back, _, start) = pick(&CursorPage { prev, ..CursorPage::default() }, &all);
        assert_eq!((back, start), (vec!["a".to_owned(), "b".to_owned()], None));
    }

    #[test]
    fn what_comes_and_goes_neither_repeats_nor_hides_an_item() {
        let (_, next, _) = pick(&CursorPage::default(), &["b", "c", "d", "e"]);
        assert_eq!(pick(&following(next.clone()), &["a", "b", "c", "d", "e"]).0, ["d", "e"]);
        assert_eq!(pick(&following(next), &["b", "d", "e"]).0, ["d", "e"]);
    }

    #[test]
    fn bad_cursors_are_refused() {
        for cursor in ["?", "YWJj"] {
            let page = following(Some(cursor.to_owned()));
            assert!(page.pick(vec![1], 2, i32::to_string).is_err(), "{cursor}");
        }
        let both = CursorPage {
            next: Some("MDph".to_owned()),
            prev: Some("MDph".to_owned()),
            limit: None,
        };
        assert!(both.pick(vec![1], 2, i32::to_string).is_err());
    }
}
