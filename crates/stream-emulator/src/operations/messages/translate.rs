//! Translation. Offline there is none: each language gets a marked text.

use crate::{
    document::Object,
    error::ApiError,
    operations::{Answer, Call},
};
use serde::Deserialize;

/// The languages that the API translates to.
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

/// `TranslateMessage`: the text of each language begins with its code in brackets.
pub(super) fn translate(call: &mut Call<'_>, Translate { language }: Translate) -> Answer {
    if !LANGUAGES.contains(&language.as_str()) {
        return Err(ApiError::field(
            "language",
            format!("must be one of [{}]", LANGUAGES.join(" ")),
        ));
    }
    let id = call.path("id");
    let text = call.living_message(id)?.content.text.clone();
    let message = call.message_mut(id)?;
    message.translations.insert(language.clone(), format!("[{language}] {text}"));
    let message = message.clone();
    Ok(Object::new().field("message", call.view().message(&message)))
}
