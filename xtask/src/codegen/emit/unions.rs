//! Emits unions.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs;
use super::rust_types::{held as rust_type, ident};
use crate::codegen::ir::{BranchModel, FormModel, UnionModel};
use crate::codegen::types::Ty;

/// Returns the enum, with the directions that the API needs.
pub(super) fn emit(item: &UnionModel) -> TokenStream {
    let mut tokens = definition(item);
    tokens.extend(item.branches.iter().map(|branch| conversions(item, branch)));
    if item.role.is_sent() {
        tokens.extend(encode(item));
    }
    if item.role.is_received() {
        tokens.extend(decode(item));
    }
    tokens
}

fn definition(item: &UnionModel) -> TokenStream {
    let name = ident(&item.name);
    let doc = docs::paragraph(&item.doc);
    let variants = item.branches.iter().map(|branch| {
        let (variant, doc) = (ident(&branch.ident), docs::paragraph(&branch.doc));
        let ty = rust_type(&branch.ty);
        let ty = if branch.boxed { quote!(Box<#ty>) } else { ty };
        quote! { #doc #variant(#ty) }
    });
    quote! {
        #doc
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// A value of a form that this version does not know, as sent on the wire.
            Other(Value),
        }

        /// The value of a field that a response omits: [`Self::Other`] with `null`.
        impl Default for #name {
            fn default() -> Self {
                Self::Other(Value::Null)
            }
        }
    }
}

/// Returns the conversions from the type of a branch.
fn conversions(item: &UnionModel, branch: &BranchModel) -> TokenStream {
    let (name, variant, ty) = (ident(&item.name), ident(&branch.ident), rust_type(&branch.ty));
    let from = |generics: TokenStream, ty: TokenStream, value: TokenStream| {
        quote! {
            impl #generics From<#ty> for #name {
                fn from(value: #ty) -> Self {
                    Self::#variant(#value)
                }
            }
        }
    };
    let value = if branch.boxed { quote!(Box::new(value)) } else { quote!(value) };
    let mut tokens = from(quote!(), ty, value);
    match &branch.ty {
        Ty::String => tokens.extend(from(quote!(), quote!(&str), quote!(value.to_owned()))),
        Ty::List(element) if **element == Ty::String => {
            let collected = quote!(value.into_iter().map(Into::into).collect());
            tokens.extend(from(quote!(), quote!(Vec<&str>), collected.clone()));
            tokens.extend(from(quote!(<const N: usize>), quote!([&str; N]), collected));
        }
        _ => {}
    }
    tokens
}

/// Returns the encoder.
pub(super) fn encode(item: &UnionModel) -> TokenStream {
    let name = ident(&item.name);
    let arms = item.branches.iter().map(|branch| {
        let variant = ident(&branch.ident);
        let value = if branch.boxed { quote!(&**value) } else { quote!(value) };
        match &branch.tag {
            Some((tag, text)) => {
                quote!(Self::#variant(value) => tagged(#tag, #text, #value, serializer))
            }
            None => quote!(Self::#variant(value) => value.serialize(serializer)),
        }
    });
    quote! {
        impl Serialize for #name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    #(#arms,)*
                    Self::Other(json) => json.serialize(serializer),
                }
            }
        }
    }
}

/// Returns the decoder.
pub(super) fn decode(item: &UnionModel) -> TokenStream {
    let name = ident(&item.name);
    let forms = item.branches.iter().map(|branch| form(&branch.form));
    let last = item.branches.len().saturating_sub(1).to_string();
    let arms = item.branches.iter().enumerate().map(|(index, branch)| {
        let variant = ident(&branch.ident);
        let index = Literal::usize_unsuffixed(index);
        if index.to_string() == last {
            quote!(_ => Self::#variant(json.read()?))
        } else {
            quote!(#index => Self::#variant(json.read()?))
        }
    });
    let body = if item.branches.is_empty() {
        quote!(json.read().map(Self::Other))
    } else if item.branches.len() == 1 {
        let variants = item.branches.iter().map(|branch| ident(&branch.ident));
        quote!(#(json.read().map(Self::#variants))*)
    } else {
        quote!(Ok(match index { #(#arms,)* }))
    };
    let index = if item.branches.len() > 1 { quote!(index) } else { quote!(_index) };
    quote! {
        impl DecodeUnion for #name {
            const FORMS: &'static [UnionForm] = &[#(#forms),*];

            fn form(#index: usize, json: UnionJson<'_>) -> Result<Self, serde_json::Error> {
                #body
            }

            fn other(json: Value) -> Self {
                Self::Other(json)
            }
        }
    }
}

fn form(form: &FormModel) -> TokenStream {
    match form {
        FormModel::Tagged { tag, values } => {
            quote!(UnionForm::Tagged { tag: #tag, values: &[#(#values),*] })
        }
        FormModel::Object { required, members } => {
            quote!(UnionForm::Object { required: &[#(#required),*], members: &[#(#members),*] })
        }
        FormModel::Map => quote!(UnionForm::Map),
        FormModel::List(element) => {
            let element = self::form(element);
            quote!(UnionForm::List(&#element))
        }
        FormModel::String => quote!(UnionForm::String),
        FormModel::Integer => quote!(UnionForm::Integer),
        FormModel::Number => quote!(UnionForm::Number),
        FormModel::Boolean => quote!(UnionForm::Boolean),
        FormModel::Timestamp => quote!(UnionForm::Timestamp),
        FormModel::AnyOf(forms) => {
            let forms = forms.iter().map(self::form);
            quote!(UnionForm::AnyOf(&[#(#forms),*]))
        }
        FormModel::Any => quote!(UnionForm::Any),
    }
}
