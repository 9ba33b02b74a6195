//! Emits setters.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs;
use super::rust_types::{convert, held, ident, starts_empty, taken};
use crate::codegen::ir::FieldModel;
use crate::codegen::normalize::Marker;
use crate::codegen::types::Ty;

/// The type of a field that may be absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Absence {
    /// `Optional<T>`: unset, null or a value.
    Optional,
    /// `Option<T>`.
    Option,
    /// The type's default.
    Default,
}

impl Absence {
    pub(super) fn wrap(self, inner: TokenStream) -> TokenStream {
        match self {
            Self::Optional => quote!(Optional<#inner>),
            Self::Option => quote!(Option<#inner>),
            Self::Default => inner,
        }
    }

    /// Returns the object in a field, which is created first if it is missing.
    pub(super) fn object(self, place: TokenStream, required: bool) -> TokenStream {
        match self {
            _ if required => place,
            Self::Default => place,
            Self::Optional => quote!(#place.get_or_default()),
            Self::Option => quote!(#place.get_or_insert_default()),
        }
    }

    pub(super) fn set(self, value: TokenStream) -> TokenStream {
        match self {
            Self::Optional => quote!(Optional::Value(#value)),
            Self::Option => quote!(Some(#value)),
            Self::Default => value,
        }
    }

    fn unset(self) -> TokenStream {
        match self {
            Self::Optional => quote!(Optional::Unset),
            Self::Option => quote!(None),
            Self::Default => quote!(Default::default()),
        }
    }
}

/// A field with its type in the struct.
pub(super) struct Held<'a> {
    pub(super) field: &'a FieldModel,
    pub(super) absence: Absence,
}

impl Held<'_> {
    pub(super) fn ty(&self) -> TokenStream {
        let inner = held(&self.field.ty);
        let inner = if self.field.boxed { quote!(Box<#inner>) } else { inner };
        if self.field.required { inner } else { self.absence.wrap(inner) }
    }

    fn converted(&self, value: TokenStream) -> TokenStream {
        let value = convert(value, &self.field.ty);
        if self.field.boxed { quote!(Box::new(#value)) } else { value }
    }

    /// Returns whether it is a parameter of the constructor.
    pub(super) fn is_parameter(&self) -> bool {
        self.field.required && !starts_empty(&self.field.ty)
    }

    /// Returns whether it can be sent as `null`.
    pub(super) fn can_be_cleared(&self) -> bool {
        !self.field.required && self.absence == Absence::Optional
    }
}

/// Returns whether `new` takes no parameters.
pub(super) fn has_empty_constructor(fields: &[Held<'_>]) -> bool {
    !fields.iter().any(Held::is_parameter)
}

/// Returns `new` with the required fields.
pub(super) fn constructor(fields: &[Held<'_>]) -> (TokenStream, bool) {
    if has_empty_constructor(fields) {
        let doc = docs::paragraph("Creates a value with nothing set.");
        // It is inlined, so that only callers compile it and the default of every field.
        let new = quote! {
            #doc
            #[inline]
            pub fn new() -> Self {
                Self::default()
            }
        };
        return (new, true);
    }
    let arguments = fields.iter().filter(|field| field.is_parameter()).map(|held| {
        let (name, ty) = (ident(&held.field.ident), taken(&held.field.ty));
        quote!(#name: #ty)
    });
    let values = fields.iter().map(|held| {
        let name = ident(&held.field.ident);
        if held.is_parameter() {
            let value = held.converted(quote!(#name));
            if name == value.to_string() { quote!(#name) } else { quote!(#name: #value) }
        } else if held.field.required {
            quote!(#name: Default::default())
        } else {
            let unset = held.absence.unset();
            quote!(#name: #unset)
        }
    });
    let doc = docs::paragraph("Creates a value with only what is required.");
    let new = quote! {
        #doc
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values),* }
        }
    };
    (new, false)
}

/// Returns whether the constructor takes two arguments of the same type.
#[cfg(test)]
pub(in crate::codegen) fn has_lookalikes(item: &crate::codegen::ir::StructModel) -> bool {
    let fields = super::structs::held_fields(item);
    let parameters = fields.iter().filter(|held| held.is_parameter());
    let mut types: Vec<String> = parameters.map(|held| taken(&held.field.ty).to_string()).collect();
    let count = types.len();
    types.sort_unstable();
    types.dedup();
    types.len() < count
}

/// Returns the chained setters of a field.
pub(super) fn setters(held: &Held<'_>, constructor_is_empty: bool) -> TokenStream {
    let field = held.field;
    let name = ident(&field.ident);
    let mut tokens = TokenStream::new();
    if is_custom(&field.ty) {
        tokens.extend(custom_setter(held));
    } else if !held.is_parameter() || constructor_is_empty {
        let ty = taken(&field.ty);
        let value = held.converted(quote!(value));
        let value = if field.required { value } else { held.absence.set(value) };
        let doc = docs::paragraphs(&docs::of_setter(&field.doc, &field.ty));
        tokens.extend(quote! {
            #doc
            pub fn #name(mut self, value: #ty) -> Self {
                self.#name = #value;
                self
            }
        });
    }
    if held.can_be_cleared() {
        let clear = format_ident!("clear_{}", field.ident.trim_end_matches('_'));
        let doc = docs::line(&format!("Clears [`{0}`](Self::{0}): sends `null`.", field.ident));
        tokens.extend(quote! {
            #doc
            #[inline]
            pub fn #clear(mut self) -> Self {
                self.#name = Optional::Null;
                self
            }
        });
    }
    tokens
}

/// Returns whether a field is custom data, which is set entry by entry.
pub(super) fn is_custom(ty: &Ty) -> bool {
    *ty == Ty::Marker(Marker::Custom)
}

/// The documentation of the setters of several entries of custom data.
pub(super) const CUSTOM_FIELDS: &str = "Sets one entry of custom data for each field of a value that \
    serializes as an object, such as a struct.";

/// Returns the setters of one entry of custom data, and of several.
fn custom_setter(held: &Held<'_>) -> TokenStream {
    let name = ident(&held.field.ident);
    let map = held.absence.object(quote!(self.#name), held.field.required);
    let doc = docs::paragraphs(&[&*held.field.doc, "Sets one entry, to anything that serializes."]);
    let all = format_ident!("{}_fields", held.field.ident);
    let doc_of_all = docs::paragraphs(&[CUSTOM_FIELDS]);
    quote! {
        #doc
        pub fn #name(mut self, key: impl Into<String>, value: impl serde::Serialize) -> Self {
            #map.set(key, value);
            self
        }

        #doc_of_all
        pub fn #all(mut self, data: impl serde::Serialize) -> Self {
            #map.set_prefixed("", data);
            self
        }
    }
}
