//! The cursor of the next page.

use super::Stuck;

/// Returns the cursor of the next page, unless the page was the last; it must differ from the
/// cursor of this page.
pub(crate) fn follow(
    current: Option<&String>,
    next: Option<&String>,
) -> Result<Option<String>, Stuck> {
    match next.filter(|next| !next.is_empty()) {
        None => Ok(None),
        next if next == current => Err(Stuck::repeated()),
        next => Ok(next.cloned()),
    }
}

/// Returns the offset after the entries of a page; `None` if it is empty. A short page does not end
/// the list, because the server may have omitted entries.
pub(crate) fn advance(current: Option<&i64>, entries: usize) -> Option<i64> {
    let entries = i64::try_from(entries).ok().filter(|entries| *entries > 0)?;
    current.copied().unwrap_or(0).checked_add(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_followed_once() {
        let (a, b, empty) = ("a".to_owned(), "b".to_owned(), String::new());
        assert_eq!(follow(None, Some(&a)), Ok(Some(a.clone())));
        assert_eq!(follow(Some(&a), Some(&b)), Ok(Some(b)));
        assert_eq!(follow(Some(&a), Some(&empty)), Ok(None));
        assert_eq!(follow(Some(&a), None), Ok(None));
        assert_eq!(follow(Some(&a), Some(&a)), Err(Stuck::repeated()));
    }

    #[test]
    fn an_offset_advances_by_what_was_read() {
        assert_eq!((advance(None, 30), advance(Some(&30), 7)), (Some(30), Some(37)));
        assert_eq!((advance(Some(&30), 0), advance(Some(&i64::MAX), 1)), (None, None));
    }
}
