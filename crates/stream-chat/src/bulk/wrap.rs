//! Combines the errors of many requests into one [`Error`].

use std::error::Error as StdError;

use stream_http::Error;

/// Creates an error with the properties of the part that `part` finds in `whole`.
pub(crate) fn wrap<E>(mut whole: E, part: fn(&mut E) -> Option<&mut Error>) -> Error
where
    E: StdError + Send + Sync + 'static,
{
    let placeholder = Error::invalid_request("a part of it failed");
    match part(&mut whole).map(|error| std::mem::replace(error, placeholder)) {
        Some(error) => error.wrapped_in(move |error| {
            if let Some(place) = part(&mut whole) {
                *place = error;
            }
            whole
        }),
        None => Error::invalid_request(whole.to_string()).caused_by(whole),
    }
}
