//! Emits the documentation of the methods.

use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::quote;

use super::call::Call;
use super::index::Index;
use super::tasks::starts_task;
use crate::codegen::emit::docs;

/// Returns the documentation of a method: the schema's text, the addition of the table, how it is
/// sent, and the endpoint.
pub(super) fn method(index: &Index<'_>, call: &Call<'_>) -> TokenStream {
    let mut paragraphs = call.operation.docs.clone();
    let endpoint = paragraphs.pop().unwrap_or_default();
    let mut tokens = docs::paragraphs(&paragraphs);
    let mut more: Vec<String> = call.verb.more.iter().cloned().collect();
    if let Some(batch) = &call.verb.batch {
        let size = thousands(batch.size);
        more.push(format!(
            "The server takes {size} entries at a time; more are sent in several requests."
        ));
    }
    if call.verb.pages.is_some() {
        more.push("[`Request::pages`] walks all pages, [`Request::items`] all entries.".to_owned());
    }
    if starts_task(index, call) {
        more.push("The work goes on in the background: `and_wait` waits until it is done, and [`Client::task`](crate::Client::task) takes the `task_id` of the response.".to_owned());
    }
    more.push(match call.chapter {
        Some(chapter) => format!("{endpoint} · [guide](crate::guide::{chapter})"),
        None => endpoint,
    });
    for paragraph in more {
        tokens.extend(quote!(#[doc = ""]));
        for line in docs::wrap(&paragraph) {
            tokens.extend(docs::line(&line.replace("\\[", "[").replace("\\]", "]")));
        }
    }
    tokens.extend(aliases(call));
    tokens
}

/// Returns search aliases: the ID of the operation, and its name in other languages.
fn aliases(call: &Call<'_>) -> TokenStream {
    let id = &call.operation.id;
    let snake = id.to_snake_case();
    let mut names = vec![id.clone()];
    if *id == call.method {
        // An alias must differ from the name.
        names = vec![call.operation.name.clone()];
    } else if snake != *id && snake != call.method {
        names.push(snake);
    }
    names.extend(call.verb.elsewhere.iter().filter(|name| **name != call.method).cloned());
    names.into_iter().map(|name| quote!(#[doc(alias = #name)])).collect()
}

fn thousands(number: usize) -> String {
    if number < 1000 {
        return number.to_string();
    }
    format!("{},{:03}", number / 1000, number % 1000)
}
