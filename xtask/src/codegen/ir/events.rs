//! The events in the IR.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

use super::build::Builder;
use super::{EventModel, TimestampField};
use crate::codegen::homes::{EVENTS, Layout};
use crate::codegen::names::{self, type_name};

impl Builder<'_> {
    pub(super) fn add_events(&mut self, events: BTreeMap<String, String>) -> Result<()> {
        // The module has the enum of all events even without events, since handwritten code of
        // `stream-models` needs it.
        if self.ir.layout == Layout::Workspace || !events.is_empty() {
            self.module(EVENTS);
        }
        let variants = names::events(events.keys().map(String::as_str));
        for ((event, schema), variant) in events.into_iter().zip(variants) {
            let value = &self
                .document
                .schemas
                .get(&schema)
                .with_context(|| format!("the event {event}: there is no schema {schema}"))?
                .value;
            let text = value.get("description").and_then(Value::as_str);
            let name = type_name(&schema);
            let structs = self.ir.modules.values().flat_map(|module| &module.structs);
            let item = structs.into_iter().find(|item| item.name == name);
            self.ir.events.push(EventModel {
                created_at: TimestampField::of(item, "created_at"),
                variant,
                schema: name,
                doc: variant_doc(&event, text.unwrap_or_default()),
                event,
            });
        }
        Ok(())
    }
}

/// Returns the documentation of an event's variant: the text of its schema, which may name the
/// event.
fn variant_doc(event: &str, text: &str) -> String {
    if text.contains(&format!("`{event}`")) {
        text.to_owned()
    } else {
        format!("`{event}`: {text}")
    }
}
