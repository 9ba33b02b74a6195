use super::document::reference_name;
use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Schemas that operations have inline, by the names that they are given.
pub(crate) type Inline = BTreeMap<String, Value>;

/// The schema of an answer whose content is not JSON.
const OPAQUE: &str = "OpaqueResponse";

/// The schema of an answer without content.
const NOTHING: &str = "NoContentResponse";

/// Follows a reference to another part of the same file, such as `#/components/parameters/X`.
pub(crate) fn resolve<'a>(root: &'a Value, value: &'a Value) -> Result<&'a Value> {
    match value.get("$ref").and_then(Value::as_str) {
        None => Ok(value),
        Some(reference) => reference
            .strip_prefix('#')
            .and_then(|pointer| root.pointer(pointer))
            .with_context(|| format!("$ref: nothing is at {reference}")),
    }
}

/// The schema's name of a request body, and whether it is a form; nothing if it has no content.
pub(crate) fn body(
    root: &Value,
    body: &Value,
    id: &str,
    inline: &mut Inline,
) -> Result<Option<(String, bool)>> {
    let content = resolve(root, body)?.get("content").and_then(Value::as_object);
    let Some(content) = content.filter(|content| !content.is_empty()) else {
        return Ok(None);
    };
    let found =
        find(content, is_json).or_else(|| find(content, |media| media.starts_with("multipart/")));
    let Some((media, value)) = found else {
        let media: Vec<&String> = content.keys().collect();
        bail!("content: {media:?} is neither JSON nor a form");
    };
    let name = schema_name(value, &format!("{id}RequestBody"), inline);
    Ok(Some((name, !is_json(media))))
}

/// The schema's name of the first successful answer, best one that is JSON.
pub(crate) fn answer(
    root: &Value,
    responses: Option<&Value>,
    id: &str,
    inline: &mut Inline,
) -> Result<String> {
    let mut successes = Vec::new();
    for (status, response) in responses.and_then(Value::as_object).into_iter().flatten() {
        if status.starts_with('2') {
            successes.push(resolve(root, response).with_context(|| status.clone())?);
        }
    }
    if successes.is_empty() {
        bail!("no 2xx response");
    }
    let contents: Vec<&Map<String, Value>> = successes
        .iter()
        .filter_map(|response| response.get("content").and_then(Value::as_object))
        .filter(|content| !content.is_empty())
        .collect();
    let json = contents.iter().find_map(|content| find(content, is_json));
    Ok(match json {
        Some((_, value)) => schema_name(value, &format!("{id}ResponseBody"), inline),
        None if contents.is_empty() => {
            let schema = json!({ "type": "object", "description": "An answer without content." });
            inline.insert(NOTHING.to_owned(), schema);
            NOTHING.to_owned()
        }
        None => {
            let schema = json!({ "description": "An answer whose form the schema does not tell." });
            inline.insert(OPAQUE.to_owned(), schema);
            OPAQUE.to_owned()
        }
    })
}

fn find(content: &Map<String, Value>, wanted: impl Fn(&str) -> bool) -> Option<(&String, &Value)> {
    content.iter().find(|(media, _)| wanted(media))
}

fn is_json(media: &str) -> bool {
    let media = media.split(';').next().unwrap_or(media).trim();
    media == "application/json" || media.ends_with("+json")
}

/// The component that a media type refers to; a schema that stands inline becomes one.
fn schema_name(media: &Value, name: &str, inline: &mut Inline) -> String {
    let schema = media.get("schema").cloned().unwrap_or_else(|| json!({}));
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        // What is not a component is found missing when the references are checked.
        return reference_name(reference).unwrap_or(reference).to_owned();
    }
    inline.insert(name.to_owned(), schema);
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(responses: &Value) -> (String, Inline) {
        let mut inline = Inline::new();
        let name = answer(&json!({}), Some(responses), "Op", &mut inline).unwrap();
        (name, inline)
    }

    #[test]
    fn json_is_preferred_among_answers() {
        let reference = json!({ "$ref": "#/components/schemas/A" });
        let (name, inline) = answered(&json!({
            "204": { "description": "" },
            "202": { "content": { "text/csv": { "schema": { "type": "string" } } } },
            "201": { "content": { "application/json; charset=utf-8": { "schema": reference } } },
            "400": { "content": { "application/json": { "schema": {} } } },
        }));
        assert_eq!((name.as_str(), inline.len()), ("A", 0));
    }

    #[test]
    fn other_answers_have_schemas_of_their_own() {
        let (name, inline) = answered(&json!({ "204": {} }));
        assert_eq!(inline[&name]["type"], "object");
        let (name, inline) = answered(&json!({ "200": { "content": { "text/csv": {} } } }));
        assert_eq!(inline[&name].get("type"), None);
        let (name, inline) = answered(
            &json!({ "200": { "content": { "application/json": { "schema": { "type": "array" } } } } }),
        );
        assert_eq!((name.as_str(), &inline[&name]["type"]), ("OpResponseBody", &json!("array")));
    }

    #[test]
    fn bodies_are_json_or_forms() {
        let mut inline = Inline::new();
        let mut of = |value: Value| body(&json!({}), &value, "Op", &mut inline);
        assert_eq!(of(json!({ "required": false })).unwrap(), None);
        let form =
            json!({ "content": { "multipart/form-data": { "schema": { "type": "object" } } } });
        assert_eq!(of(form).unwrap(), Some(("OpRequestBody".to_owned(), true)));
        let error = of(json!({ "content": { "text/plain": {} } })).unwrap_err();
        assert!(error.to_string().contains("text/plain"), "{error}");
    }
}
