//! Scans JSON without building values.

use std::ops::Range;

use memchr::memchr2;

/// A position in a text that is assumed to be JSON. It only requires that strings and brackets are
/// closed; the decoder validates the text later.
pub(super) struct Scanner<'j> {
    json: &'j [u8],
    at: usize,
    is_escaped: bool,
}

impl<'j> Scanner<'j> {
    pub(super) fn new(json: &'j [u8]) -> Self {
        Self { json, at: 0, is_escaped: false }
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn text(&self, range: &Range<usize>) -> &'j [u8] {
        self.json.get(range.clone()).unwrap_or_default()
    }

    /// Returns whether the last string has escapes.
    pub(super) fn is_escaped(&self) -> bool {
        self.is_escaped
    }

    /// Skips white space, and returns the next byte.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match *self.json.get(self.at)? {
                // Compact JSON has no white space.
                byte if byte > b' ' => return Some(byte),
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// Consumes an expected byte.
    pub(super) fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// Consumes a string with its quotes.
    pub(super) fn string(&mut self) -> Option<Range<usize>> {
        self.take(b'"')?;
        let start = self.at - 1;
        self.is_escaped = false;
        loop {
            let rest = self.json.get(self.at..)?;
            self.at += memchr2(b'"', b'\\', rest)?;
            if self.json.get(self.at)? == &b'"' {
                self.at += 1;
                return Some(start..self.at);
            }
            self.is_escaped = true;
            self.at += 2;
        }
    }

    /// Consumes a value of any kind.
    pub(super) fn value(&mut self) -> Option<Range<usize>> {
        let first = self.peek()?;
        let start = self.at;
        match first {
            b'"' => return self.string(),
            b'{' | b'[' => self.container()?,
            _ => {
                let rest = self.json.get(self.at..)?;
                let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
                let length = rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len());
                if length == 0 {
                    return None;
                }
                self.at += length;
            }
        }
        Some(start..self.at)
    }

    fn container(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            let rest = self.json.get(self.at..)?;
            self.at +=
                rest.iter().position(|byte| matches!(byte, b'"' | b'{' | b'[' | b'}' | b']'))?;
            match self.json.get(self.at)? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                _ => depth -= 1,
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }
}
