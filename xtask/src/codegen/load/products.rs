//! Selects the parts of a document for some products.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};

use crate::codegen::references::References;
use crate::spec::product_of;
use stream_spec::Document;

/// Keeps the operations of these products in the document, with their events and schemas.
pub(super) fn select(document: &mut Document, products: &[String]) -> Result<()> {
    let known: BTreeSet<&str> =
        document.operations.values().map(|operation| product_of(&operation.value)).collect();
    for product in products {
        ensure!(
            known.contains(product.as_str()),
            "the document has no product {product}: it has {}",
            known.into_iter().collect::<Vec<_>>().join(", ")
        );
    }
    let is_wanted = |product: &str| products.iter().any(|wanted| wanted == product);
    let mut wanted = BTreeSet::new();
    let mut foreign = BTreeSet::new();
    for operation in document.operations.values() {
        let operation = &operation.value;
        let side = if is_wanted(product_of(operation)) { &mut wanted } else { &mut foreign };
        side.extend(operation.schemas());
    }
    // A union refers to every event.
    let union = document.event_union().map(str::to_owned);
    let mut plain = document.clone();
    if let Some(union) = &union {
        plain.schemas.remove(union);
    }
    let references = References::of(&plain);
    let ours = references.reach(wanted.iter().map(String::as_str));
    let theirs: BTreeSet<&str> = references
        .reach(foreign.iter().map(String::as_str))
        .into_iter()
        .filter(|name| !ours.contains(name))
        .collect();
    // An event about an object of another product belongs to that product.
    let mut events = document.events();
    events.retain(|_, schema| references.reach([schema.as_str()]).is_disjoint(&theirs));
    let kept = references.reach(ours.iter().copied().chain(events.values().map(String::as_str)));
    let kept: BTreeSet<String> = kept.into_iter().map(str::to_owned).collect();
    document.retain_events(|event| events.contains_key(event));
    document.schemas.retain(|name, _| kept.contains(name) || Some(name) == union.as_ref());
    document.operations.retain(|_, operation| is_wanted(product_of(&operation.value)));
    Ok(())
}
