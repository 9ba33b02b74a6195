//! Converts tokens to text, and adds comments and blank lines between items. rustfmt does the rest
//! of the layout.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

/// Returns the text of items.
pub(super) fn source(items: TokenStream) -> String {
    let mut text = String::new();
    write_items(&mut text, items);
    // rustfmt leaves an item as it is whose names are longer than a line, but refuses spaces at the ends of lines.
    let lines = text.split('\n').map(|line| line.trim_end_matches(' '));
    lines.collect::<Vec<_>>().join("\n")
}

/// Writes items with a blank line after each.
fn write_items(text: &mut String, items: TokenStream) {
    let mut tokens = items.into_iter().peekable();
    // Whether the braces contain items.
    let mut holds_items = false;
    while let Some(token) = tokens.next() {
        if let Some(doc) = doc_line(&token, tokens.peek()) {
            tokens.next();
            write_doc(text, &doc);
            continue;
        }
        let ends = match &token {
            TokenTree::Ident(ident) => {
                holds_items |= *ident == "impl" || *ident == "trait" || *ident == "mod";
                holds_items &= *ident != "fn";
                false
            }
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Literal(_) => false,
        };
        match token {
            TokenTree::Group(group) if holds_items && group.delimiter() == Delimiter::Brace => {
                text.push_str("{\n");
                write_items(text, group.stream());
                text.push_str("}\n");
            }
            token => write_token(text, token),
        }
        let continues =
            matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == ';');
        if ends && !continues {
            text.push_str("\n\n");
            holds_items = false;
        }
    }
}

fn write_tokens(text: &mut String, tokens: TokenStream) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match doc_line(&token, tokens.peek()) {
            Some(doc) => {
                tokens.next();
                write_doc(text, &doc);
            }
            None => write_token(text, token),
        }
    }
}

fn write_token(text: &mut String, token: TokenTree) {
    match token {
        TokenTree::Group(group) => {
            let (open, close) = match group.delimiter() {
                Delimiter::Parenthesis => ("(", ") "),
                Delimiter::Brace => ("{ ", "} "),
                Delimiter::Bracket => ("[", "] "),
                Delimiter::None => ("", ""),
            };
            text.push_str(open);
            write_tokens(text, group.stream());
            text.push_str(close);
        }
        TokenTree::Punct(punct) => {
            text.push(punct.as_char());
            if punct.spacing() == Spacing::Alone {
                text.push(' ');
            }
        }
        TokenTree::Ident(ident) => text.extend([ident.to_string().as_str(), " "]),
        TokenTree::Literal(literal) => text.extend([literal.to_string().as_str(), " "]),
    }
}

fn write_doc(text: &mut String, doc: &str) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.extend(["///", doc, "\n"]);
}

/// Returns the line of a doc attribute; `None` for other tokens.
fn doc_line(token: &TokenTree, next: Option<&TokenTree>) -> Option<String> {
    let (TokenTree::Punct(punct), Some(TokenTree::Group(group))) = (token, next) else {
        return None;
    };
    if punct.as_char() != '#' || group.delimiter() != Delimiter::Bracket {
        return None;
    }
    text_of(group)
}

fn text_of(group: &Group) -> Option<String> {
    let mut tokens = group.stream().into_iter();
    match (tokens.next()?, tokens.next()?, tokens.next()?, tokens.next()) {
        (TokenTree::Ident(name), TokenTree::Punct(_), TokenTree::Literal(text), None)
            if name == "doc" =>
        {
            let text = text.to_string();
            let plain = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
            let text = match plain {
                Some(plain) if !plain.contains('\\') => plain.to_owned(),
                _ => syn::parse_str::<syn::LitStr>(&text).ok()?.value(),
            };
            Some(text.trim_end().to_owned()).filter(|text| !text.contains('\n'))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn items_stand_apart_and_docs_are_comments() {
        let text = source(quote! {
            #[doc = " A \"thing\"."]
            #[must_use]
            pub struct A<'a> { #[doc = " What."] #[doc(hidden)] pub b: Vec<&'a u8> }
            const C: B = B { d: 1 };
            impl A<'_> {
                type X = Y;
                #[doc = " Does."]
                fn e(&self) -> bool { if self.b { f(); } g::<h>(1.5, 'x', "}") >= 2 }
                fn i(self) {}
            }
            pub use j::K;
        });
        assert_eq!(
            text.replace(' ', ""),
            "///A\"thing\".\n#[must_use]pubstructA<'a>{\n///What.\n#[doc(hidden)]pubb:Vec<&'au8>}\n\n\
             constC:B=B{d:1};\n\n\
             implA<'_>{\ntypeX=Y;\n\n///Does.\nfne(&self)->bool{ifself.b{f();}g::<h>(1.5,'x',\"}\")>=2}\n\nfni(self){}\n\n}\n\n\n\
             pubusej::K;\n\n"
        );
        // Tokens are joined and separated where they must be.
        for part in ["'a u8", "fn e", ">= 2"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
