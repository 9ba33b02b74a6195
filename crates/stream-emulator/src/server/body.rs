//! Reads and decompresses the body of a request.

use std::io::{self, Read};
use std::time::Duration;

use axum::body::{Body, Bytes};
use flate2::bufread::GzDecoder;
use http::{HeaderMap, header};
use http_body_util::BodyExt;

use crate::error::{ApiError, ErrorCode};

/// The timeout for receiving a body.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(30);
/// The maximum number of gzip members in a body. Each costs time, however small it is.
const MAX_MEMBERS: usize = 16;

/// The maximum size of a body of which the rest is discarded before it is refused, in bytes.
const MAX_DISCARDED: usize = 256 * 1024 * 1024;

/// A body as it was received, and decompressed.
#[derive(Debug, Clone, Default)]
pub(super) struct ReadBody {
    pub(super) sent: Bytes,
    pub(super) plain: Bytes,
}

/// Reads a body. The limit applies to it before and after decompression.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
) -> Result<ReadBody, ApiError> {
    let sent = match tokio::time::timeout(UPLOAD_TIMEOUT, receive(headers, body, limit)).await {
        Ok(sent) => sent?,
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

/// Receives a body. The rest of one that is too large is discarded, because many clients read the
/// response only after they have sent everything.
async fn receive(headers: &HeaderMap, mut body: Body, limit: usize) -> Result<Bytes, ApiError> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let announced = announced.and_then(|length| length.parse::<u64>().ok()).unwrap_or_default();
    let exceeds = |most: usize| u64::try_from(most).is_ok_and(|most| announced > most);
    let is_asking = headers.contains_key(header::EXPECT);
    if exceeds(limit) && (is_asking || exceeds(MAX_DISCARDED)) {
        return Err(too_large(limit));
    }
    let mut chunks: Vec<Bytes> = Vec::new();
    let mut size = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            ApiError::input(format!("the body of the request broke off: {error}"))
        })?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        size = size.saturating_add(data.len());
        if size <= limit {
            chunks.push(data);
        } else if size <= limit.max(MAX_DISCARDED) {
            chunks.clear();
        } else {
            break;
        }
    }
    match (size <= limit, chunks.as_slice()) {
        (false, _) => Err(too_large(limit)),
        (true, [whole]) => Ok(whole.clone()),
        (true, chunks) => Ok(chunks.concat().into()),
    }
}

/// Decompresses gzip.
fn unpack(mut packed: &[u8], limit: usize) -> Result<Bytes, ApiError> {
    let not_gzip = |error: io::Error| ApiError::input(format!("the body is not gzip: {error}"));
    let mut plain = Vec::new();
    for _ in 0..MAX_MEMBERS {
        let most = limit.saturating_sub(plain.len()).saturating_add(1);
        let mut member = GzDecoder::new(packed);
        let mut bounded = (&mut member).take(u64::try_from(most).unwrap_or(u64::MAX));
        bounded.read_to_end(&mut plain).map_err(not_gzip)?;
        if plain.len() > limit {
            return Err(too_large(limit));
        }
        packed = member.into_inner();
        if packed.is_empty() {
            return Ok(plain.into());
        }
    }
    Err(ApiError::input(format!("the body is gzip of more than {MAX_MEMBERS} members")))
}

fn too_large(limit: usize) -> ApiError {
    ApiError::new(
        ErrorCode::PayloadTooLarge,
        format!("the body of the request is larger than {limit} bytes"),
    )
}
