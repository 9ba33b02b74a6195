//! Translation, for which the emulator only prefixes the text with the language code.

use serde::Deserialize;

use crate::document::Object;
use crate::error::ApiError;
use crate::operations::{Call, Outcome};

/// The target languages of the API.
const LANGUAGES: &[&str] = &[
    "af", "sq", "am", "ar", "az", "bn", "bs", "bg", "zh", "zh-TW", "hr", "cs", "da", "fa-AF", "nl",
    "en", "et", "fi", "fr", "fr-CA", "ka", "de", "el", "ha", "he", "hi", "hu", "id", "it", "ja",
    "ko", "lv", "ms", "no", "fa", "ps", "pl", "pt", "ro", "ru", "sr", "sk", "sl", "so", "es",
    "es-MX", "sw", "sv", "tl", "ta", "th", "tr", "uk", "ur", "vi", "lt", "ht",
];

#[derive(Deserialize)]
pub(super) struct Translate {
    language: String,
}

#[derive(Deserialize)]
pub(super) struct TranslateText {
    text: String,
    destination_language: String,
}

/// Handles `Translate` of v1, for a text that is not in a message.
pub(super) fn translate_text(_: &mut Call<'_>, input: TranslateText) -> Outcome {
    check("destination_language", &input.destination_language)?;
    Ok(Object::new()
        .field("translated_text", marked(&input.text, &input.destination_language))
        .field("language", input.destination_language))
}

fn check(field: &str, language: &str) -> Result<(), ApiError> {
    if LANGUAGES.contains(&language) {
        return Ok(());
    }
    Err(ApiError::field(field, format!("must be one of [{}]", LANGUAGES.join(" "))))
}

fn marked(text: &str, language: &str) -> String {
    format!("[{language}] {text}")
}

/// Handles `TranslateMessage`: each translation begins with the language code in brackets.
pub(super) fn translate(call: &mut Call<'_>, Translate { language }: Translate) -> Outcome {
    check("language", &language)?;
    let id = call.path("id");
    let text = call.living_message(id)?.content.text.clone();
    let message = call.message_mut(id)?;
    let marked = marked(&text, &language);
    message.translations.insert(language, marked);
    let message = message.clone();
    Ok(Object::new().field("message", call.view().message(&message)))
}
