//! Emits documentation.

use proc_macro2::TokenStream;
use quote::quote;

/// How wide a line of documentation may be, without what stands before it.
const WIDTH: usize = 90;

/// Doc attributes for paragraphs of the schema's text.
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

/// Doc attributes for one paragraph of the schema's text.
pub(super) fn paragraph(text: &str) -> TokenStream {
    paragraphs(&[text])
}

/// Returns a doc attribute for one line of Markdown as it is.
pub(super) fn line(text: &str) -> TokenStream {
    let text = format!(" {text}");
    quote!(#[doc = #text])
}

/// Lines of documentation, with what rustdoc would take for a link or a tag escaped.
pub(super) fn wrap(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in escape(text).split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH {
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

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut in_code = false;
    for character in text.chars().filter(|character| is_plain(*character)) {
        if character == '`' {
            in_code = !in_code;
        }
        if !in_code && matches!(character, '[' | ']' | '<' | '>') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// Returns whether a character may stand in a comment: not one that controls how the rest is shown.
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
        assert_eq!(wrap("a\u{0}b\r\n\tc\u{202e}d\u{7f}"), ["ab cd"]);
        let lines = wrap(&"word ".repeat(40));
        assert!(lines.len() > 1 && lines.iter().all(|line| line.len() <= WIDTH));
    }
}
