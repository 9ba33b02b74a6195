//! The text of a signature: 64 lower-case hexadecimal digits.

use crate::hmac_key::TAG_LENGTH;

pub(super) fn encode(tag: [u8; TAG_LENGTH]) -> String {
    let digits = tag.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}

/// `None` for anything but 64 digits. Upper case is refused, so that one signature has one text.
pub(super) fn decode(text: &[u8]) -> Option<[u8; TAG_LENGTH]> {
    if text.len() != TAG_LENGTH * 2 {
        return None;
    }
    let mut tag = [0; TAG_LENGTH];
    for (byte, pair) in tag.iter_mut().zip(text.chunks_exact(2)) {
        let &[high, low] = pair else { return None };
        *byte = (value(high)? << 4) | value(low)?;
    }
    Some(tag)
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}
