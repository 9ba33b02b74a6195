//! Emits the event enum.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::rust_types::ident;
use crate::codegen::homes::Layout;
use crate::codegen::ir::{EventModel, TimestampField};

/// The type of events that have no type of their own in the schema.
const CUSTOM: &str = "*";

/// Returns the event enum, its table, and the decoder for a known type.
pub(super) fn emit(events: &[EventModel], layout: Layout) -> TokenStream {
    let known: Vec<&EventModel> = events.iter().filter(|event| event.event != CUSTOM).collect();
    let table = events.iter().map(|event| {
        let (kind, schema) = (&event.event, &event.schema);
        quote!((#kind, #schema))
    });
    let variants = known.iter().map(|event| {
        let (variant, schema) = (ident(&event.variant), ident(&event.schema));
        let doc = docs::paragraph(&event.doc);
        quote! { #doc #variant(Box<#schema>) }
    });
    let read = known.iter().map(|event| {
        let (kind, variant) = (&event.event, ident(&event.variant));
        quote!(#kind => Event::#variant(read(deserializer)?))
    });
    let kinds = known.iter().map(|event| {
        let (kind, variant) = (&event.event, ident(&event.variant));
        quote!(Self::#variant(_) => #kind)
    });
    // Only a document with custom events says what these have in common.
    let custom = events.iter().find(|event| event.event == CUSTOM).map(|event| {
        let schema = ident(&event.schema);
        quote! {
            impl OtherEvent {
                /// Decodes the event as a custom event. Members that the schema does not know are in
                /// its custom data.
                ///
                /// # Errors
                /// A field of custom events has another type.
                pub fn to_custom(&self) -> Result<#schema, serde_json::Error> {
                    self.read_as()
                }
            }
        }
    });
    let moments = known.iter().map(|event| {
        let variant = ident(&event.variant);
        match event.created_at {
            TimestampField::Required => quote!(Self::#variant(event) => event.created_at),
            TimestampField::Optional => {
                quote!(Self::#variant(event) => event.created_at.unwrap_or_default())
            }
            TimestampField::Absent => quote!(Self::#variant(_) => Timestamp::default()),
        }
    });
    let reader = if known.is_empty() {
        quote! {
            /// Reads an event whose `type` is known; this document has none.
            pub(crate) fn read_known<'de, D: Deserializer<'de>>(_event_type: &str, _deserializer: D) -> Result<Option<Event>, D::Error> {
                Ok(None)
            }
        }
    } else {
        quote! {
            /// Reads an event whose `type` is known; `None` if the type is not.
            pub(crate) fn read_known<'de, D: Deserializer<'de>>(event_type: &str, deserializer: D) -> Result<Option<Event>, D::Error> {
                Ok(Some(match event_type {
                    #(#read,)*
                    _ => return Ok(None),
                }))
            }

            fn read<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Box<T>, D::Error> {
                T::deserialize(deserializer).map(Box::new)
            }
        }
    };
    let by_hand = match layout {
        Layout::Workspace => quote! {
            pub use crate::event::{EventDetails, EventMember, OtherEvent, RequestInfo, UnreadCounts, nest_custom, read_hook, read_map};
        },
        Layout::Crate => quote!(
            pub use crate::event::OtherEvent;
        ),
    };
    quote! {
        #by_hand

        /// The `type` of every webhook event and the name of its schema; `*` is the type of custom events.
        pub const EVENT_TYPES: &[(&str, &str)] = &[#(#table),*];

        /// A webhook event, with a variant for each `type`.
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum Event {
            #(#variants,)*
            /// A custom event, one that is newer than this version, or one that could not be decoded
            /// as its type.
            Other(OtherEvent),
        }

        impl Event {
            /// Returns the `type` of the event.
            #[must_use]
            pub fn event_type(&self) -> &str {
                match self {
                    #(#kinds,)*
                    Self::Other(event) => &event.event_type,
                }
            }

            /// Returns when it happened.
            #[must_use]
            pub fn created_at(&self) -> Timestamp {
                match self {
                    #(#moments,)*
                    Self::Other(event) => event.created_at(),
                }
            }
        }

        #custom

        #reader
    }
}
