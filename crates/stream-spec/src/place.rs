//! Places of a document, as a file and a JSON pointer: `api.json#/paths/~1users/get`.

/// Returns the place of a file's root.
#[must_use]
pub fn root(file: &str) -> String {
    format!("{file}#")
}

/// Returns a place inside another.
#[must_use]
pub fn at<const N: usize>(place: &str, segments: [&str; N]) -> String {
    let mut place = place.to_owned();
    for segment in segments {
        place.push('/');
        place.push_str(&escaped(segment));
    }
    place
}

/// Returns one segment of a JSON pointer.
pub(crate) fn escaped(segment: &str) -> String {
    segment.replace('~', "~0").replace('/', "~1")
}
