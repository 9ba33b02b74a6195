//! Emits operations.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::rust_types::ident;
use super::setters::{Absence, Held, constructor, setters};
use crate::codegen::ir::{FieldModel, OperationModel, QueryModel};
use crate::codegen::normalize::Marker;
use crate::codegen::types::Ty;
use stream_spec::QueryStyle;

pub(super) fn emit(operation: &OperationModel) -> TokenStream {
    let name = ident(&operation.name);
    let docs = docs::paragraphs(&operation.docs);
    let body = body_field(operation);
    let fields = held_fields(operation, body.as_ref());
    let (new, is_empty) = constructor(&fields);
    let setters =
        fields.iter().filter(|held| !held.field.required).map(|held| setters(held, is_empty));
    let default = is_empty.then(|| quote!(, Default));
    let declared = fields.iter().map(|held| {
        let field = ident(&held.field.ident);
        let (doc, ty) = (docs::paragraph(&held.field.doc), held.ty());
        quote! { #doc pub #field: #ty }
    });
    let implementation = implementation(operation);
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq #default)]
        #[non_exhaustive]
        #[must_use]
        pub struct #name { #(#declared),* }

        impl #name {
            #new
            #(#setters)*
        }

        #implementation
    }
}

/// Returns the field for the body.
pub(super) fn body_field(operation: &OperationModel) -> Option<FieldModel> {
    operation.body.as_ref().map(|body| FieldModel {
        ident: "body".to_owned(),
        wire: "body".to_owned(),
        ty: Ty::Named(body.ty.clone()),
        required: true,
        boxed: false,
        is_text: false,
        doc: "The body of the request.".to_owned(),
    })
}

/// Returns the parameters and the body as fields of the operation.
pub(super) fn held_fields<'a>(
    operation: &'a OperationModel,
    body: Option<&'a FieldModel>,
) -> Vec<Held<'a>> {
    operation
        .path_parameters
        .iter()
        .chain(operation.query_parameters.iter().map(|query| &query.field))
        .chain(body)
        .map(|field| Held { field, absence: Absence::Option })
        .collect()
}

fn implementation(operation: &OperationModel) -> TokenStream {
    let name = ident(&operation.name);
    let response = ident(&operation.response);
    let (id, path) = (&operation.id, &operation.path);
    let method = ident(&operation.method);
    let by_method = !matches!(operation.method.as_str(), "Post" | "Patch");
    let idempotent = (operation.idempotent != by_method).then(|| {
        let idempotent = operation.idempotent;
        quote!(.idempotent(#idempotent))
    });
    let members = operation.members.as_ref().map(|members| {
        let names = &members.names;
        if members.required {
            quote!(.responds_with(&[#(#names),*]))
        } else {
            quote!(.may_respond_with(&[#(#names),*]))
        }
    });
    let raw = operation.is_response_raw.then(|| quote!(.responds_raw()));
    let chosen_id = operation.chosen_id.as_ref().map(|path| {
        let path = path.iter().map(|name| ident(name));
        quote! {
            fn is_idempotent(&self) -> bool {
                self.body #(.#path)* .as_ref().is_some_and(|id| !id.is_empty())
            }
        }
    });
    let named = operation.segments.iter().filter_map(|index| operation.path_parameters.get(*index));
    let segments = named.map(|field| {
        let ident = ident(&field.ident);
        match field.ty {
            Ty::Named(_) => quote!(self.#ident.as_str()),
            Ty::String => quote!(&self.#ident),
            _ => quote!(&self.#ident.to_string()),
        }
    });
    let query = query(&operation.query_parameters);
    let body = body(operation);
    // What builds the request is inlined, so that only callers of the operation compile it.
    quote! {
        impl Operation for #name {
            type Response = #response;

            const INFO: OperationInfo = OperationInfo::new(#id, Method::#method, #path) #idempotent #members #raw;

            #[inline]
            fn path(&self) -> Result<String, InvalidRequest> {
                expand_path(Self::INFO.path, &[#(#segments),*])
            }

            #query
            #body
            #chosen_id
        }
    }
}

fn query(parameters: &[QueryModel]) -> TokenStream {
    if parameters.is_empty() {
        return TokenStream::new();
    }
    let lines = parameters.iter().map(|QueryModel { field, json, style }| {
        let (ident, wire) = (ident(&field.ident), &field.wire);
        let is_list = matches!(field.ty, Ty::List(_));
        let value = match (field.required, is_list && !json) {
            (true, _) => quote!(Some(&self.#ident)),
            (false, true) => quote!(self.#ident.as_deref()),
            (false, false) => quote!(self.#ident.as_ref()),
        };
        if *json {
            match style {
                QueryStyle::Deep => quote!(query.deep(#wire, #value)?;),
                QueryStyle::Repeated if !is_list => quote!(query.members(#wire, #value)?;),
                QueryStyle::Commas if !is_list => quote!(query.flat(#wire, #value)?;),
                _ => quote!(query.json(#wire, #value)?;),
            }
        } else if field.ty == Ty::Marker(Marker::Cid) {
            quote!(query.cid(#wire, #value)?;)
        } else if is_list {
            match style {
                QueryStyle::Repeated | QueryStyle::Deep => quote!(query.repeated(#wire, #value);),
                QueryStyle::Spaces => quote!(query.separated(#wire, #value, " ");),
                QueryStyle::Pipes => quote!(query.separated(#wire, #value, "|");),
                QueryStyle::Commas | QueryStyle::Unsaid => quote!(query.list(#wire, #value);),
            }
        } else {
            quote!(query.scalar(#wire, #value);)
        }
    });
    quote! {
        #[inline]
        fn query(&self) -> Result<Query, InvalidRequest> {
            let mut query = Query::new();
            #(#lines)*
            Ok(query)
        }
    }
}

fn body(operation: &OperationModel) -> TokenStream {
    let Some(body) = &operation.body else {
        return TokenStream::new();
    };
    let value = match &body.media {
        _ if body.multipart => quote!(self.body.parts().map(Body::Multipart)),
        Some(media) if body.is_raw => quote!(Ok(Body::raw(&self.body, #media))),
        Some(media) => quote!(Body::json_of_type(&self.body, #media)),
        None => quote!(Body::json(&self.body)),
    };
    quote! {
        #[inline]
        fn body(&self) -> Result<Body, InvalidRequest> {
            #value
        }
    }
}

/// Returns the parts of a form.
pub(super) fn parts(fields: &[FieldModel]) -> TokenStream {
    let parts = fields.iter().map(|field| {
        let (ident, wire) = (ident(&field.ident), &field.wire);
        let value =
            if field.required { quote!(Some(&self.#ident)) } else { quote!(self.#ident.as_ref()) };
        match &field.ty {
            Ty::Upload => quote!(Part::file(#wire, #value)),
            Ty::List(element) if **element == Ty::Upload => quote! {
                #value.into_iter().flatten().filter_map(|file| Part::file(#wire, Some(file)))
            },
            Ty::List(_) if field.is_text => quote! {
                #value.into_iter().flatten().filter_map(|text| Part::text(#wire, Some(text)))
            },
            _ if field.is_text => quote!(Part::text(#wire, #value)),
            _ => quote!(Part::json(#wire, #value)?),
        }
    });
    quote! {
        pub(crate) fn parts(&self) -> Result<Vec<Part>, InvalidRequest> {
            let mut parts = Vec::new();
            #(parts.extend(#parts);)*
            Ok(parts)
        }
    }
}
