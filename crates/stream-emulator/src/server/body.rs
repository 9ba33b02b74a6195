//! The body of a request, read once.

use std::io::Read;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use flate2::read::MultiGzDecoder;
use http::{HeaderMap, header};

use crate::error::{ApiError, ErrorCode};

/// How long a client may take to send its body.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(30);

/// The body as it came, and unpacked.
#[derive(Debug, Clone, Default)]
pub(super) struct ReadBody {
    pub(super) sent: Bytes,
    pub(super) plain: Bytes,
}

/// Reads a body of at most so many bytes, packed and unpacked.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
) -> Result<ReadBody, ApiError> {
    let sent = match tokio::time::timeout(UPLOAD_TIMEOUT, to_bytes(body, limit)).await {
        Ok(Ok(sent)) => sent,
        Ok(Err(_)) => return Err(too_large(limit)),
        Err(_) => {
            return Err(ApiError::new(
                ErrorCode::Timeout,
                format!("the body of the request did not arrive within {UPLOAD_TIMEOUT:?}"),
            ));
        }
    };
    let coding = headers.get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    let plain = match coding.map(str::trim) {
        None | Some("" | "identity") => sent.clone(),
        Some(coding) if coding.eq_ignore_ascii_case("gzip") => unpack(&sent, limit)?,
        Some(coding) => {
            return Err(ApiError::input(format!(
                "the body has the content encoding {coding}; only gzip is read"
            )));
        }
    };
    Ok(ReadBody { sent, plain })
}

fn unpack(packed: &[u8], limit: usize) -> Result<Bytes, ApiError> {
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut plain = Vec::new();
    MultiGzDecoder::new(packed)
        .take(most)
        .read_to_end(&mut plain)
        .map_err(|error| ApiError::input(format!("the body is not gzip: {error}")))?;
    if plain.len() > limit {
        return Err(too_large(limit));
    }
    Ok(plain.into())
}

fn too_large(limit: usize) -> ApiError {
    ApiError::new(
        ErrorCode::PayloadTooLarge,
        format!("the body of the request is larger than {limit} bytes"),
    )
}
