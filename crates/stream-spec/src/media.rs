//! The content of requests and responses.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::document::{Located, RequestBody, reference_name};
use super::place::at;
use super::warning::Warnings;

/// Inline schemas of operations, by their new names.
pub(crate) type Inline = BTreeMap<String, Located<Value>>;

/// The schema of content that is neither JSON nor a form.
const RAW: &str = "RawContent";

/// The format of such content.
pub const RAW_FORMAT: &str = "x-RawBody";

/// The schema of a response without content.
const NOTHING: &str = "NoContentResponse";

/// The maximum number of references that lead to another one.
const MAX_DEPTH: usize = 16;

/// Resolves a reference to another part of the same file, such as `#/components/parameters/X`.
pub(crate) fn resolve<'a>(root: &'a Value, mut value: &'a Value) -> Option<&'a Value> {
    for _ in 0..MAX_DEPTH {
        let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
            return Some(value);
        };
        value = root.pointer(reference.strip_prefix('#')?)?;
    }
    None
}

/// Reads the content of requests and responses.
pub(crate) struct Media<'a> {
    pub(crate) root: &'a Value,
    pub(crate) id: &'a str,
    pub(crate) place: &'a str,
    pub(crate) inline: &'a mut Inline,
    pub(crate) warnings: &'a mut Warnings,
}

impl Media<'_> {
    /// Returns a request body; `None` without content.
    pub(crate) fn body(&mut self, body: &Value) -> Option<RequestBody> {
        let Some(body) = resolve(self.root, body) else {
            self.warn(["requestBody"], "the $ref leads nowhere; left out");
            return None;
        };
        let content = body.get("content").and_then(Value::as_object);
        let content = content.filter(|content| !content.is_empty())?;
        let Some((media, value)) = find(content, is_plain_json)
            .or_else(|| find(content, is_json))
            .or_else(|| find(content, is_form))
            .or_else(|| find(content, is_any))
        else {
            let media = content.keys().next()?;
            // A pattern such as `image/*` is not a media type.
            let is_type = !media.contains('*') && is_header(media);
            let raw = if is_type { media } else { "application/octet-stream" };
            return Some(RequestBody {
                schema: self.raw(),
                multipart: false,
                media: Some(raw.to_owned()),
                is_raw: true,
            });
        };
        let place = at(self.place, ["requestBody", "content", media]);
        let schema = self.schema_name(value, "RequestBody", &place);
        // JSON of another kind is sent as that, such as `application/merge-patch+json`.
        let is_other = is_json(media) && !is_plain_json(media);
        let other = is_other.then(|| media.clone()).filter(|media| is_header(media));
        Some(RequestBody { schema, multipart: is_form(media), media: other, is_raw: false })
    }

    /// Returns the name of the schema of content that is neither JSON nor a form.
    fn raw(&mut self) -> String {
        let schema = json!({ "type": "string", "format": RAW_FORMAT, "description": "Bytes or text, which are sent and returned as they are." });
        self.shared(RAW, schema)
    }

    /// Adds the inline schema of what the server sends to the caller, such as a webhook.
    pub(crate) fn notification(&mut self, operation: &Value) {
        let body = operation.get("requestBody").and_then(|body| resolve(self.root, body));
        let content = body.and_then(|body| body.get("content")?.as_object());
        if let Some((_, media)) = content.and_then(|content| find(content, is_json)) {
            self.schema_name(media, "", self.place);
        }
    }

    /// Returns the name of the schema of the first success response, preferably of a JSON one, and
    /// whether it is not JSON.
    pub(crate) fn response(&mut self, responses: Option<&Value>) -> (String, bool) {
        let all = responses.and_then(Value::as_object);
        let mut successes = Vec::new();
        // A `default` response that is the only one describes success.
        let is_alone = all.is_some_and(|all| all.len() == 1);
        for (status, response) in all.into_iter().flatten() {
            let is_success = status.starts_with('2') || is_alone && status == "default";
            if !is_success {
                continue;
            }
            match resolve(self.root, response) {
                Some(response) => successes.push((status, response)),
                None => self.warn(["responses", status], "the $ref leads nowhere; left out"),
            }
        }
        if successes.is_empty() {
            self.warn(["responses"], "none is successful; the body of a response is not read");
        }
        let contents: Vec<&Map<String, Value>> = successes
            .iter()
            .filter_map(|(_, response)| response.get("content").and_then(Value::as_object))
            .filter(|content| !content.is_empty())
            .collect();
        self.note_others(&successes);
        let find_in = |wanted: fn(&str) -> bool| contents.iter().find_map(|all| find(all, wanted));
        let json = find_in(is_plain_json).or_else(|| find_in(is_json));
        match json.or_else(|| find_in(is_any)) {
            Some((_, value)) => {
                let place = at(self.place, ["responses"]);
                (self.schema_name(value, "ResponseBody", &place), false)
            }
            None if contents.is_empty() => {
                let schema =
                    json!({ "type": "object", "description": "A response without content." });
                (self.shared(NOTHING, schema), false)
            }
            None => (self.raw(), true),
        }
    }

    /// Says which success responses are decoded as another one.
    fn note_others(&mut self, successes: &[(&String, &Value)]) {
        let schema = |response: &Value| {
            let content = response.get("content").and_then(Value::as_object)?;
            find(content, is_json).and_then(|(_, media)| media.get("schema")).cloned()
        };
        let mut known =
            successes.iter().filter_map(|(status, response)| Some((status, schema(response)?)));
        let Some((first, read)) = known.next() else { return };
        for (status, _) in known.filter(|(_, other)| *other != read) {
            let message = format!("decoded as that of {first}, whose members it may lack");
            self.warnings.note(at(self.place, ["responses", status]), message);
        }
    }

    /// Returns the component that a media type refers to; an inline schema becomes one.
    fn schema_name(&mut self, media: &Value, suffix: &str, place: &str) -> String {
        let schema = media.get("schema").cloned().unwrap_or_else(|| json!({}));
        let component = schema.get("$ref").and_then(Value::as_str).and_then(reference_name);
        // A missing component is found when the references are repaired.
        if let Some(name) = component.filter(|name| !name.contains(['/', '~'])) {
            return name.to_owned();
        }
        // A component may have this name, and another operation the same ID.
        let components = self.root.pointer("/components/schemas");
        let is_taken = |name: &String| {
            components.is_some_and(|all| all.get(name).is_some()) || self.inline.contains_key(name)
        };
        let plain = format!("{}{suffix}", self.id);
        let numbered = (2..).map(|number| format!("{plain}{number}"));
        let mut names = std::iter::once(plain.clone()).chain(numbered);
        let name = names.find(|name| !is_taken(name)).unwrap_or_else(|| plain.clone());
        self.add(&name, schema, &at(place, ["schema"]));
        name
    }

    /// Adds a schema that all operations share, and returns its name.
    fn shared(&mut self, name: &str, schema: Value) -> String {
        let mut name = name.to_owned();
        let components = self.root.pointer("/components/schemas");
        while components.is_some_and(|all| all.get(&name).is_some()) {
            name.push('2');
        }
        self.add(&name, schema, self.place);
        name
    }

    fn add(&mut self, name: &str, value: Value, place: &str) {
        self.inline.insert(name.to_owned(), Located { value, place: place.to_owned() });
    }

    fn warn<const N: usize>(&mut self, segments: [&str; N], message: &str) {
        self.warnings.add(at(self.place, segments), message);
    }
}

fn find(content: &Map<String, Value>, wanted: impl Fn(&str) -> bool) -> Option<(&String, &Value)> {
    content.iter().find(|(media, _)| wanted(media))
}

fn is_plain_json(media: &str) -> bool {
    essence(media) == "application/json"
}

/// Returns the content of a parameter, preferably JSON.
pub(crate) fn of_parameter(content: &Map<String, Value>) -> Option<(&String, &Value)> {
    find(content, is_plain_json)
        .or_else(|| find(content, is_json))
        .or_else(|| content.iter().next())
}

/// Returns whether a media type is one that a parameter can have: JSON or text.
pub(crate) fn is_text(media: &str) -> bool {
    is_json(media) || is_any(media) || essence(media).starts_with("text/")
}

pub(crate) fn is_json(media: &str) -> bool {
    is_plain_json(media) || essence(media).ends_with("+json")
}

/// Returns whether a text can be the value of a header.
fn is_header(text: &str) -> bool {
    text.is_ascii() && !text.contains(char::is_control)
}

fn is_form(media: &str) -> bool {
    essence(media).starts_with("multipart/")
}

/// Returns whether JSON is one of the media types that a pattern stands for.
fn is_any(media: &str) -> bool {
    matches!(essence(media).as_str(), "*/*" | "application/*")
}

/// Returns a media type without its parameters, in lower case.
fn essence(media: &str) -> String {
    media.split(';').next().unwrap_or(media).trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a new reader, and returns the result, the inline schemas and the warnings.
    fn read<T>(read: impl FnOnce(&mut Media<'_>) -> T) -> (T, Inline, Warnings) {
        let (mut inline, mut warnings) = (Inline::new(), Warnings::default());
        let root = json!({});
        let mut media = Media {
            root: &root,
            id: "Op",
            place: "place",
            inline: &mut inline,
            warnings: &mut warnings,
        };
        let found = read(&mut media);
        (found, inline, warnings)
    }

    fn returned(responses: &Value) -> (String, Inline, Warnings) {
        read(|media| media.response(Some(responses)).0)
    }

    /// Returns the schema of a body, whether it is a form, and the media type of a raw one.
    fn sent(body: &Value) -> Option<(String, bool, Option<String>)> {
        let body = read(|media| media.body(body)).0;
        body.map(|body| (body.schema, body.multipart, body.media))
    }

    #[test]
    fn json_is_preferred_among_responses() {
        let reference = json!({ "$ref": "#/components/schemas/A" });
        let (name, inline, warnings) = returned(&json!({
            "204": { "description": "" },
            "202": { "content": { "text/csv": { "schema": { "type": "string" } } } },
            "201": { "content": { "application/json; charset=utf-8": { "schema": reference } } },
            "400": { "content": { "application/json": { "schema": {} } } },
        }));
        assert_eq!((name.as_str(), inline.len(), warnings.len()), ("A", 0, 0));
    }

    #[test]
    fn other_responses_have_schemas_of_their_own() {
        let (name, inline, _) = returned(&json!({ "204": {} }));
        assert_eq!(inline[&name].value["type"], "object");
        let (name, inline, _) = returned(&json!({ "200": { "content": { "text/csv": {} } } }));
        assert_eq!(inline[&name].value["format"], RAW_FORMAT);
        let (name, inline, _) = returned(
            &json!({ "200": { "content": { "application/json": { "schema": { "type": "array" } } } } }),
        );
        assert_eq!(
            (name.as_str(), &inline[&name].value["type"]),
            ("OpResponseBody", &json!("array"))
        );
    }

    #[test]
    fn media_types_are_compared_as_such() {
        let reference = json!({ "schema": { "$ref": "#/components/schemas/A" } });
        for media in ["Application/JSON; charset=utf-8", "*/*", "application/*", "text/x+JSON"] {
            let content = json!({ "content": { "text/plain": {}, media: reference } });
            let other = media.ends_with("+JSON").then(|| media.to_owned());
            assert_eq!(sent(&content), Some(("A".to_owned(), false, other)), "{media}");
            assert_eq!(returned(&json!({ "200": content })).0, "A", "{media}");
        }
        let several =
            json!({ "content": { "application/a+json": {}, "application/json": reference } });
        assert_eq!(sent(&several), Some(("A".to_owned(), false, None)));
        assert_eq!(returned(&json!({ "200": several })).0, "A");
        let form = json!({ "content": { "*/*": reference, "Multipart/Form-Data": reference } });
        assert_eq!(sent(&form), Some(("A".to_owned(), true, None)));
    }

    #[test]
    fn a_default_response_alone_is_that_of_success() {
        let response = json!({ "content": { "application/json": { "schema": { "$ref": "#/components/schemas/A" } } } });
        assert_eq!(returned(&json!({ "default": response })).0, "A");
        let (name, _, warnings) = returned(&json!({ "default": response, "404": {} }));
        assert_eq!((name.as_str(), warnings.len()), (NOTHING, 1));
    }

    #[test]
    fn inline_schemas_have_names_of_their_own() {
        let (names, inline, _) = read(|media| {
            let inline = json!({ "schema": { "type": "string" } });
            [(); 2].map(|()| media.schema_name(&inline, "Body", "place"))
        });
        assert_eq!((names, inline.len()), (["OpBody".to_owned(), "OpBody2".to_owned()], 2));
    }

    #[test]
    fn broken_references_are_omitted() {
        let nowhere = json!({ "$ref": "#/components/responses/Gone" });
        let (name, inline, warnings) = returned(&json!({ "200": nowhere, "default": {} }));
        assert_eq!(inline[&name].value["type"], "object");
        assert_eq!(warnings.len(), 2);
        let (body, _, warnings) = read(|media| media.body(&nowhere));
        assert_eq!((body.is_none(), warnings.len()), (true, 1));
        let circle = json!({ "a": { "$ref": "#/b" }, "b": { "$ref": "#/a" } });
        assert_eq!(resolve(&circle, &circle["a"]), None);
    }

    #[test]
    fn bodies_are_json_forms_or_anything_else() {
        assert_eq!(sent(&json!({ "required": false })), None);
        let form =
            json!({ "content": { "multipart/form-data": { "schema": { "type": "object" } } } });
        assert_eq!(sent(&form), Some(("OpRequestBody".to_owned(), true, None)));
        for (media, raw) in [
            ("text/csv; charset=utf-8", "text/csv; charset=utf-8"),
            ("application/x-www-form-urlencoded", "application/x-www-form-urlencoded"),
            ("image/*", "application/octet-stream"),
            ("a\nb: c", "application/octet-stream"),
        ] {
            let raw = Some(raw.to_owned());
            let body = json!({ "content": { media: {} } });
            assert_eq!(sent(&body), Some((RAW.to_owned(), false, raw)), "{media}");
        }
    }
}
