//! Emits the documentation of the methods.

use anyhow::Result;
use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::quote;

use super::call::Call;
use super::index::Index;
use super::setters;
use super::setters::{Holder, Knob};
use super::tasks::starts_task;
use crate::codegen::emit::docs;
use stream_spec::Verbs;

/// Returns the documentation of a method: the schema's text, the addition of the table, how it is
/// sent, and the endpoint.
pub(super) fn method(index: &Index<'_>, verbs: &Verbs, call: &Call<'_>) -> Result<TokenStream> {
    let mut paragraphs = call.operation.docs.clone();
    let endpoint = paragraphs.pop().unwrap_or_default();
    if let Some(says) = &call.verb.says {
        paragraphs.truncate(1);
        paragraphs.push(says.clone());
    } else if let Some(description) = paragraphs.get_mut(1) {
        let knobs = setters::knobs(index, verbs, call)?;
        *description = retell(description, verbs, call, &knobs, starts_task(index, call));
    }
    if let Some(batch) = &call.verb.batch {
        // The method takes any number of entries.
        let size = thousands(batch.size);
        for limit in [", 1 to {} per request", ", {} per request", " 1 to {}", " up to {}"] {
            let limit = limit.replace("{}", &size);
            paragraphs.iter_mut().for_each(|text| *text = text.replace(&limit, ""));
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
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
    Ok(tokens)
}

/// Tells of a method what the schema tells of its operation: in the names of methods and setters,
/// and without what the method does by itself.
fn retell(
    description: &str,
    verbs: &Verbs,
    call: &Call<'_>,
    knobs: &[Knob<'_>],
    starts_task: bool,
) -> String {
    let mut sentences: Vec<&str> = description.split_inclusive(". ").map(str::trim_end).collect();
    let gives_user = call.verb.by.as_deref() == Some("user_id");
    sentences.retain(|sentence| {
        let is_task = starts_task && sentence.starts_with("Asynchronous: ");
        let is_paging = call.verb.pages.is_some()
            && sentence.starts_with("Paginates with the cursors `next` and `prev`");
        let is_user = gives_user && *sentence == "Server-side, `user_id` names the acting user.";
        !is_task && !is_paging && !is_user
    });
    let mut text = sentences.join(" ");
    if gives_user || call.verb.fill.contains_key("user_id") {
        text = text.replace("the user in `user_id`", "the user");
    }
    if let Some(by) = &call.verb.by {
        text = text.replace(&format!("the user in `{by}`"), "the user");
        let argument = by.rsplit('.').next().unwrap_or(by).trim_end_matches("_id");
        text = text.replace(&format!("`{by}`"), &format!("`{argument}`"));
    }
    let renamed = call.arguments().filter(|(argument, field)| argument != field);
    for (argument, field) in renamed.filter(|(_, field)| !field.contains('.')) {
        text = text.replace(&format!("`{field}`"), &format!("`{argument}`"));
    }
    for knob in knobs {
        let wire = &knob.field.wire;
        if let Holder::Flat(outer, _) = knob.holder {
            text = text.replace(&format!("`{}.{wire}`", outer.wire), &format!("`{}`", knob.name));
        }
        if knob.name != *wire {
            text = text.replace(&format!("`{wire}`"), &format!("`{}`", knob.name));
        }
    }
    text = text.replace("the user in `user`", "`user`");
    text = text.replace("the moderator in `user`", "the moderator `user`");
    let words = text.split(' ').map(|word| {
        let end = word.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(word.len());
        let (name, rest) = word.split_at(end);
        // Words that are also IDs, such as `mute`, are words.
        let is_id = name.contains('_') || name.chars().filter(char::is_ascii_uppercase).count() > 1;
        match verbs.iter().find(|(_, _, verb)| is_id && verb.operation == name) {
            Some((handle, method, _)) => format!("`{handle}::{method}`{rest}"),
            None => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
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
