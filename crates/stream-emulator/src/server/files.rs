//! Serves uploaded and exported files.

use axum::body::Body;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};

use crate::document::Object;
use crate::envelope::{self, Arrival};
use crate::error::{ApiError, ErrorCode};
use crate::links::file_key;
use crate::runtime::Shared;
use crate::state::File;
use crate::wire::Form;

/// Returns whether a path is that of a file.
pub(super) fn is_file(path: &str) -> bool {
    file_key(path).is_some()
}

/// Returns whether the path is that of an existing file, which an upload replaces.
pub(super) fn is_expected(shared: &Shared, parts: &Parts) -> bool {
    let key = file_key(parts.uri.path());
    key.is_some_and(|key| shared.world().files.get(key).is_some())
}

/// Serves a file, or stores one at an upload URL.
pub(super) fn serve(shared: &Shared, parts: &Parts, body: &[u8], arrival: Arrival) -> Response {
    let key = file_key(parts.uri.path()).unwrap_or_default().to_owned();
    let mut world = shared.world();
    let Some(file) = world.files.get(&key) else {
        let error = ApiError::not_found(format!("there is no file {}", parts.uri.path()));
        return envelope::error(error, arrival);
    };
    match parts.method {
        Method::GET | Method::HEAD => download(file),
        Method::PUT => {
            let file = File { bytes: body.to_vec(), ..file.clone() };
            world.files.insert(key, file);
            envelope::success(StatusCode::OK, Object::new(), Form::V2, arrival)
        }
        _ => {
            let error = ApiError::new(
                ErrorCode::MethodNotAllowed,
                "a file can be read with GET, and uploaded with PUT where one is expected",
            );
            envelope::error(error, arrival)
        }
    }
}

/// Returns whether browsers display a media type without running scripts.
fn is_passive(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.split_once('/') {
        Some(("image", kind)) => !kind.contains("xml"),
        Some(("audio" | "video", _)) => true,
        _ => matches!(essence.as_str(), "text/plain" | "application/json" | "application/pdf"),
    }
}

fn download(file: &File) -> Response {
    let mut response = Response::new(Body::from(file.bytes.clone()));
    let content_type = HeaderValue::try_from(&file.content_type)
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type);
    // An uploaded file must not run as a page of the emulator's origin.
    if !is_passive(&file.content_type) {
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("sandbox; default-src 'none'"),
    );
    response
}
