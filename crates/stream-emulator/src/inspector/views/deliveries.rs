//! Webhook deliveries, pending and finished.

use serde_json::{Value, json};

use super::super::listing::Listing;
use super::body;
use crate::error::ApiError;
use crate::parameters::QueryParameters;
use crate::runtime::Shared;
use crate::webhooks::{DeliveryRecord, DeliveryState};

/// Returns the deliveries, newest first.
pub(in super::super) fn list(shared: &Shared, query: &QueryParameters) -> Result<Value, ApiError> {
    let listing = Listing::read(query)?;
    let deliveries = shared.webhooks.journal();
    let wanted = query.get("state");
    let deliveries = deliveries.iter().rev().filter(|delivery| {
        wanted.is_none_or(|wanted| wanted == name(delivery.state))
            && (listing.matches([delivery.event(), delivery.url(), delivery.id()])
                || listing.matches([String::from_utf8_lossy(delivery.body()).as_ref()]))
    });
    Ok(listing.part(deliveries, summary))
}

fn name(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => "waiting",
        DeliveryState::Delivered => "delivered",
        DeliveryState::Failed => "failed",
    }
}

fn summary(delivery: &DeliveryRecord) -> Value {
    let last = delivery.attempts.back();
    json!({
        "id": delivery.id(),
        "event": delivery.event(),
        "url": delivery.url(),
        "at": delivery.at.to_rfc3339(),
        "state": name(delivery.state),
        "attempts": last.map_or(0, |attempt| attempt.number),
        "status": last.and_then(|attempt| attempt.status),
        "duration_ms": last.map(|attempt| attempt.duration.as_secs_f64() * 1000.0),
    })
}

/// Returns a delivery with its body, its signature and its attempts.
pub(in super::super) fn one(shared: &Shared, query: &QueryParameters) -> Result<Value, ApiError> {
    let delivery = shared
        .webhooks
        .delivery(query.required("id")?)
        .ok_or_else(|| ApiError::not_found("the delivery is not kept any more"))?;
    let attempts = delivery.attempts.iter().map(|attempt| {
        let (form, response) = body(&attempt.response);
        json!({
            "number": attempt.number,
            "at": attempt.at.to_rfc3339(),
            "duration_ms": attempt.duration.as_secs_f64() * 1000.0,
            "status": attempt.status,
            "error": attempt.error,
            "form": form,
            "response": response,
        })
    });
    let mut shown = summary(&delivery);
    if let Some(fields) = shown.as_object_mut() {
        fields.insert("log".to_owned(), attempts.collect());
        fields.insert("body".to_owned(), body(delivery.body()).1);
        fields.insert("size".to_owned(), delivery.body().len().into());
        fields.insert("compressed".to_owned(), delivery.is_compressed().into());
        fields.insert("signature".to_owned(), shared.webhooks.signature(delivery.body()).into());
    }
    Ok(shown)
}
