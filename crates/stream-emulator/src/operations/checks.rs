//! Checks that many operations share.

use serde_json::{Map, Value};

use crate::error::{ApiError, ErrorCode};
use crate::parameters::QueryParameters;
use crate::state::{Deletion, World};

/// Refuses users who do not exist, and names them.
pub(crate) fn require_users<'a>(
    world: &World,
    ids: impl IntoIterator<Item = &'a str>,
    field: &str,
) -> Result<(), ApiError> {
    let missing = missing_users(world, ids);
    let problem = match missing.as_slice() {
        [] => return Ok(()),
        [one] => format!("the user {one} does not exist"),
        many => format!(
            "the following users don't exist: [{}]. Please create the user objects first",
            many.join(" ")
        ),
    };
    Err(ApiError::field(field, problem))
}

/// Returns the users who do not exist, each once.
pub(crate) fn missing_users<'a>(
    world: &World,
    ids: impl IntoIterator<Item = &'a str>,
) -> Vec<&'a str> {
    let mut missing: Vec<&str> =
        ids.into_iter().filter(|id| world.living_user(id).is_none()).collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

/// Refuses a list with more entries than one request may have.
pub(crate) fn check_count(field: &str, count: usize, most: usize) -> Result<(), ApiError> {
    if count <= most {
        return Ok(());
    }
    Err(ApiError::field(field, format!("has {count} items, at most {most} are allowed")))
}

/// Returns the page size: the requested one, or the default.
pub(crate) fn check_limit(
    limit: Option<usize>,
    usual: usize,
    most: usize,
) -> Result<usize, ApiError> {
    check_named_limit("limit", limit, usual, most)
}

/// Returns a page size as [`check_limit`] does, for a field of another name.
pub(crate) fn check_named_limit(
    field: &str,
    limit: Option<usize>,
    usual: usize,
    most: usize,
) -> Result<usize, ApiError> {
    match limit {
        None | Some(0) => Ok(usual),
        Some(limit) if limit <= most => Ok(limit),
        Some(limit) => {
            Err(ApiError::field(field, format!("is {limit}, at most {most} is allowed")))
        }
    }
}

/// Returns the offset of a page.
pub(crate) fn check_offset(offset: Option<usize>, most: usize) -> Result<usize, ApiError> {
    match offset.unwrap_or_default() {
        offset if offset <= most => Ok(offset),
        offset => Err(ApiError::field("offset", format!("is {offset}, at most {most} is allowed"))),
    }
}

/// Returns how something is deleted, if a request says so.
pub(crate) fn check_deletion(
    field: &str,
    name: Option<&str>,
    allowed: &[Deletion],
) -> Result<Option<Deletion>, ApiError> {
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    match allowed.iter().find(|deletion| deletion.name() == name) {
        Some(deletion) => Ok(Some(*deletion)),
        None => {
            let names: Vec<&str> = allowed.iter().map(|deletion| deletion.name()).collect();
            Err(ApiError::field(field, format!("must be one of [{}]", names.join(" "))))
        }
    }
}

/// Returns the text of a search by the beginning of a name, in lower case.
pub(crate) fn check_search(query: &QueryParameters) -> Result<String, ApiError> {
    let sought = query.get("query").unwrap_or_default().to_lowercase();
    if sought.is_empty() {
        return Err(ApiError::field("query", "query is a required field"));
    }
    Ok(sought)
}

/// The maximum depth of a path in a partial update.
const MAX_DEPTH: usize = 16;

/// Refuses paths of a partial update that are not valid or too deep.
pub(crate) fn check_paths<'a>(
    paths: impl IntoIterator<Item = &'a str>,
    reserved: &[&str],
) -> Result<(), ApiError> {
    for path in paths {
        let is_path = !path.contains(char::is_whitespace)
            && path.split('.').all(|part| !part.is_empty())
            && path.split('.').count() <= MAX_DEPTH;
        if !is_path {
            return Err(ApiError::input(format!("{path:?} is not a field")));
        }
        if reserved.contains(&path) {
            return Err(ApiError::field(path, "is reserved and cannot be changed"));
        }
    }
    Ok(())
}

/// Refuses invalid user IDs.
pub(crate) fn check_user_id(id: &str) -> Result<(), ApiError> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '@' | '_' | '-');
    if id.is_empty() {
        return Err(ApiError::field("id", "a user must have an id"));
    }
    if id.len() > 255 {
        return Err(ApiError::field("id", "is longer than 255 characters"));
    }
    // The IDs of anonymous users begin like this.
    if !id.strip_prefix("!anon").unwrap_or(id).chars().all(is_allowed) {
        return Err(ApiError::field(
            "id",
            format!("{id:?} may only have a-z, A-Z, 0-9, @, _ and -"),
        ));
    }
    Ok(())
}

/// The maximum size of the custom data of a user, a channel or a message, in bytes of JSON.
pub(crate) const MAX_CUSTOM: usize = 5 * 1024;

/// Refuses custom data that is too large.
pub(crate) fn check_custom(
    what: &str,
    custom: Option<&Map<String, Value>>,
    max: usize,
) -> Result<(), ApiError> {
    let Some(custom) = custom.filter(|custom| !custom.is_empty()) else {
        return Ok(());
    };
    let size = serde_json::to_vec(custom).map_or(0, |bytes| bytes.len());
    if size <= max {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::PayloadTooLarge,
        format!("the custom data of the {what} has {size} bytes, at most {max} are allowed"),
    ))
}
