//! Emits documentation.

use proc_macro2::TokenStream;
use quote::quote;

use super::rust_types::unit_name;
use crate::codegen::types::Ty;

/// The maximum width of a line of documentation, without its prefix.
const WIDTH: usize = 90;

/// Returns doc attributes for paragraphs of the schema's text.
pub(super) fn paragraphs<S: AsRef<str>>(texts: &[S]) -> TokenStream {
    let mut tokens = TokenStream::new();
    for (index, text) in texts.iter().enumerate() {
        if index > 0 {
            tokens.extend(quote!(#[doc = ""]));
        }
        for text in wrap(text.as_ref()) {
            tokens.extend(line(&text));
        }
    }
    tokens
}

/// Returns doc attributes for one paragraph of the schema's text.
pub(super) fn paragraph(text: &str) -> TokenStream {
    paragraphs(&[text])
}

/// Returns the paragraphs of a setter whose field has this documentation. A duration is given with
/// any unit, and sent in that of the field.
pub(super) fn of_setter(text: &str, ty: &Ty) -> Vec<String> {
    let Ty::Duration(unit) = ty else { return vec![text.to_owned()] };
    let unit = unit_name(*unit);
    vec![text.replace(&format!(", in {unit}"), ""), format!("Sent in {unit}, rounded up.")]
}

/// Returns a doc attribute for one line of Markdown, unchanged.
pub(super) fn line(text: &str) -> TokenStream {
    let text = format!(" {text}");
    quote!(#[doc = #text])
}

/// Wraps a text, and escapes what rustdoc would interpret as a link or a tag.
pub(super) fn wrap(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in escape(text).split_whitespace() {
        let is_block = begins_block(word);
        if line.is_empty() && is_block {
            // The marker of a numbered list comes after the number.
            let digits = word.find(|c: char| !c.is_ascii_digit()).unwrap_or_default();
            let (number, mark) = word.split_at(digits);
            line.push_str(&format!("{number}\\{mark}"));
            continue;
        }
        // A marker of a block would end a code span, so it must not begin a line.
        let is_wide = line.chars().count() + 1 + word.chars().count() > WIDTH;
        if !line.is_empty() && is_wide && !is_block {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Returns whether a word at the beginning of a line is Markdown for a list, a heading, a
/// quotation, a fence or HTML.
fn begins_block(word: &str) -> bool {
    let number = word.trim_end_matches(['.', ')']);
    word.chars().all(|c| matches!(c, '-' | '+' | '*' | '=' | '_' | '#'))
        || word.starts_with(['<', '>'])
        || word.starts_with("~~~")
        || (number.len() + 1 == word.len() && number.chars().all(|c| c.is_ascii_digit()))
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut in_code = false;
    let mut characters = text.chars().filter(|character| is_plain(*character)).peekable();
    let mut backticks = text.matches('`').count();
    while let Some(character) = characters.next() {
        if character == '`' {
            // Several backticks are a fence without an end here; a code span has one before and one
            // after it.
            backticks -= 1;
            while characters.next_if_eq(&'`').is_some() {
                backticks -= 1;
            }
            if in_code || backticks > 0 {
                in_code = !in_code;
            } else {
                escaped.push('\\');
            }
        } else if !in_code && matches!(character, '[' | ']' | '<' | '>' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// Returns whether a character is allowed in a comment: control characters for formatting are not.
fn is_plain(character: char) -> bool {
    let directs = matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !directs && (character.is_whitespace() || !character.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_wrapped_and_markup_is_escaped() {
        assert_eq!(wrap("a [b] `[c]` <d>"), [r"a \[b\] `[c]` \<d\>"]);
        assert_eq!(wrap("`open <b>"), [r"\`open \<b\>"]);
        assert_eq!(wrap(r"\<b> `\` <i>"), [r"\\\<b\> `\` \<i\>"]);
        assert_eq!(wrap("```html\n<b>\n``` <i>"), [r"`html <b> ` \<i\>"]);
        assert_eq!(wrap("# a"), [r"\# a"]);
        assert_eq!(wrap("~~~é"), [r"\~~~é"]);
        assert_eq!(wrap("12. a"), [r"12\. a"]);
        let code = format!("`{} <div> {0} - b`", "word".repeat(22));
        assert!(wrap(&code).iter().all(|line| !line.starts_with(['<', '-'])), "{code}");
        assert_eq!(wrap("a\u{0}b\r\n\tc\u{202e}d\u{7f}"), ["ab cd"]);
        let lines = wrap(&"word ".repeat(40));
        assert!(lines.len() > 1 && lines.iter().all(|line| line.len() <= WIDTH));
    }
}
