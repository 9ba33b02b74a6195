//! The mdBook preprocessor, which handles links to items of the crate.

use std::io;

use anyhow::{Context, Result};
use serde_json::Value;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// `supports RENDERER`, with which mdBook asks whether the preprocessor supports a renderer
    arguments: Vec<String>,
}

/// Reads a book from mdBook, and returns it with links to items replaced by their names.
pub(crate) fn run(options: &Options) -> Result<()> {
    if !options.arguments.is_empty() {
        return Ok(());
    }
    let mut input: Value =
        serde_json::from_reader(io::stdin()).context("reading a book from mdBook")?;
    let book = input.get_mut(1).context("mdBook sent no book")?;
    visit(book);
    println!("{book}");
    Ok(())
}

fn visit(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(visit),
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                match member {
                    Value::String(text) if name == "content" => *text = without_item_links(text),
                    _ => visit(member),
                }
            }
        }
        _ => {}
    }
}

/// Replaces `[text](crate::Item)` in Markdown by `text`.
fn without_item_links(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some((before, after)) = rest.split_once("](crate::") {
        let Some((_, next)) = after.split_once(')') else { break };
        let Some((kept, label)) = before.rsplit_once('[') else { break };
        text.push_str(kept);
        text.push_str(label);
        rest = next;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_link_to_an_item_becomes_its_name() {
        let markdown = "[`a`](crate::A) and [`b`](crate::b::B::c), [page](webhooks.md), `x[0]`";
        assert_eq!(without_item_links(markdown), "`a` and `b`, [page](webhooks.md), `x[0]`");
        assert_eq!(without_item_links("no link"), "no link");
    }

    #[test]
    fn every_chapter_is_visited() {
        let mut book = json!({ "items": [
            { "Chapter": { "name": "[n](crate::N)", "content": "[a](crate::A)", "sub_items": [
                { "Chapter": { "content": "[b](crate::B)" } }, "Separator",
            ] } },
        ] });
        visit(&mut book);
        let chapter = &book["items"][0]["Chapter"];
        assert_eq!(chapter["content"], "a");
        assert_eq!(chapter["sub_items"][0]["Chapter"]["content"], "b");
        assert_eq!(chapter["name"], "[n](crate::N)");
    }
}
