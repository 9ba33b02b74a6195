//! Uploads and deletions of files and images.

mod multipart;

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::{Call, Outcome, operations};
use crate::auth::Caller;
use crate::document::Object;
use crate::error::ApiError;
use crate::json;
use crate::links::{file_key, file_url};
use crate::state::{File, Kind};
use multipart::Part;

operations! {
    "UploadFile" => |call, _: IgnoredAny| upload(call, FILES),
    "UploadImage" => |call, _: IgnoredAny| upload(call, IMAGES),
    "DeleteFile" => delete,
    "DeleteImage" => delete,
    "UploadChannelFile" => |call, _: IgnoredAny| upload_to_channel(call, FILES),
    "UploadChannelImage" => |call, _: IgnoredAny| upload_to_channel(call, IMAGES),
    "DeleteChannelFile" => delete_from_channel,
    "DeleteChannelImage" => delete_from_channel,
}

/// The setting of the app that limits files.
const FILES: &str = "file_upload_config";
/// The setting of the app that limits images.
const IMAGES: &str = "image_upload_config";

/// The lifetime that a link names, in seconds; the emulator serves the file as long as it exists.
const LINK_SECONDS: i64 = 14 * 24 * 60 * 60;

fn upload_to_channel(call: &mut Call<'_>, config: &str) -> Outcome {
    let channel = call.channel()?;
    if !call.world.is_on(channel, "uploads") {
        return Err(ApiError::input(format!("channel type {} has upload disabled", channel.kind)));
    }
    upload(call, config)
}

fn upload(call: &mut Call<'_>, config: &str) -> Outcome {
    let content_type = call.request.content_type.as_deref().unwrap_or_default();
    let parts = multipart::parse(content_type, &call.request.content)?;
    let sizes = parts.iter().find(|part| part.name == "upload_sizes" && config == IMAGES);
    let sizes = sizes.map(|part| upload_sizes(&part.bytes)).transpose()?;
    let Some(part) = parts.into_iter().find(|part| part.name == "file") else {
        return Err(ApiError::field("file", "is a required field"));
    };
    let limits = call.world.app.get(config).and_then(Value::as_object);
    check(&part, limits)?;
    let key = uuid::Uuid::new_v4().to_string();
    let name = base_name(part.file_name.as_deref().unwrap_or_default()).to_owned();
    let url = file_url(&call.request.base_url, &key, &name);
    let url = format!("{url}?Expires={}", call.now.plus_seconds(LINK_SECONDS).seconds());
    let file = File {
        name,
        content_type: part.content_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
        bytes: part.bytes.to_vec(),
        uploaded_by: match call.caller {
            Caller::User(id) => Some(id.clone()),
            Caller::Server => None,
        },
    };
    call.world.files.insert(key, file);
    let document = Object::new().field("file", url.as_str());
    Ok(match config {
        IMAGES => document.field("thumb_url", url).optional("upload_sizes", sizes),
        _ => document,
    })
}

/// Returns the sizes in which an image is requested. The emulator does not resize.
fn upload_sizes(bytes: &[u8]) -> Result<Value, ApiError> {
    let sizes = json::parse(bytes).map_err(|problem| ApiError::field("upload_sizes", problem))?;
    SIZES.check("upload_sizes", &sizes)?;
    Ok(sizes)
}

const SIZES: Kind = Kind::Items(&Kind::Fields(&[
    ("crop", Kind::Text),
    ("height", Kind::Integer),
    ("resize", Kind::Text),
    ("width", Kind::Integer),
]));

/// The maximum length of a file's name, in bytes.
const MAX_NAME: usize = 255;

/// Returns a file's name without its folders, since a link that ends in `..` would lead elsewhere. Of
/// a name that is too long, the end remains, which tells the type.
fn base_name(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let excess = name.len().saturating_sub(MAX_NAME);
    let mut starts = name.char_indices().map(|(start, _)| start);
    let start = starts.find(|start| *start >= excess).unwrap_or_default();
    match name.get(start..).unwrap_or_default() {
        "" | "." | ".." => "file",
        name => name,
    }
}

/// Refuses a file that the app's settings do not allow.
fn check(part: &Part, limits: Option<&Map<String, Value>>) -> Result<(), ApiError> {
    let has = |setting: &str, value: &str| -> Option<bool> {
        let list = limits?.get(setting)?.as_array()?;
        let is_in =
            |item: &Value| item.as_str().is_some_and(|item| item.eq_ignore_ascii_case(value));
        (!list.is_empty()).then(|| list.iter().any(is_in))
    };
    let name = part.file_name.as_deref().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, suffix)| format!(".{suffix}"));
    let extension = extension.unwrap_or_default();
    if has("allowed_file_extensions", &extension) == Some(false)
        || has("blocked_file_extensions", &extension) == Some(true)
    {
        return Err(ApiError::input(format!("File extension {extension} is not supported")));
    }
    let kind = part.content_type.as_deref().unwrap_or_default();
    if has("allowed_mime_types", kind) == Some(false)
        || has("blocked_mime_types", kind) == Some(true)
    {
        return Err(ApiError::input(format!("File type {kind} is not supported")));
    }
    let most =
        limits.and_then(|limits| limits.get("size_limit")?.as_u64()).filter(|most| *most > 0);
    let size = part.bytes.len();
    if most.is_some_and(|most| u64::try_from(size).is_ok_and(|size| size > most)) {
        return Err(ApiError::input(format!("File of {size} bytes is too large")));
    }
    Ok(())
}

/// Handles `DeleteChannelFile` and `DeleteChannelImage`.
fn delete_from_channel(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let channel = call.channel()?;
    let (key, is_own) = named(call)?;
    call.require_in("delete-attachment", channel, is_own)?;
    call.world.files.remove(key);
    Ok(Object::new())
}

/// Handles `DeleteFile` and `DeleteImage`.
fn delete(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let (key, is_own) = named(call)?;
    match call.caller {
        Caller::User(id) if !is_own => Err(ApiError::not_allowed(format!(
            "user {id} may not delete a file that someone else has uploaded"
        ))),
        _ => {
            call.world.files.remove(key);
            Ok(Object::new())
        }
    }
}

/// Returns the key of the file that the query names, and whether the caller has uploaded it.
fn named<'a>(call: &Call<'a>) -> Result<(&'a str, bool), ApiError> {
    let query = &call.request.query;
    let Some(url) = query.get("url").filter(|url| !url.is_empty()) else {
        return Err(ApiError::field("url", "is a required field"));
    };
    let found = file_key(url).and_then(|key| Some((key, call.world.files.get(key)?)));
    let Some((key, file)) = found else {
        return Err(ApiError::not_found(format!("there is no file {url}")));
    };
    let is_own = match call.caller {
        Caller::User(id) => file.uploaded_by.as_ref() == Some(id),
        Caller::Server => true,
    };
    Ok((key, is_own))
}
