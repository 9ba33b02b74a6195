//! Parses operations. An oddity only affects its own place.

use serde_json::{Value, json};

use super::document::{Operation, Parameter, ParameterPlace, QueryStyle};
use super::media::{self, Inline, Media, resolve};
use super::place::at;
use super::warning::Warnings;
use super::{endpoint, ids, path};

/// An operation in a file.
pub(crate) struct Source<'a> {
    /// The whole file.
    pub(crate) root: &'a Value,
    pub(crate) path: &'a str,
    pub(crate) method: &'a str,
    /// The path's entry, which may have parameters for all its methods.
    pub(crate) item: &'a Value,
    pub(crate) operation: &'a Value,
    /// The module, if the document is divided into files.
    pub(crate) module: Option<&'a str>,
    /// The place, for warnings.
    pub(crate) place: &'a str,
}

impl Source<'_> {
    /// Parses the operation. Its inline schemas are added to `inline`.
    pub(crate) fn parse(&self, inline: &mut Inline, warnings: &mut Warnings) -> Operation {
        let value = self.operation;
        let text =
            |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut id = text("operationId");
        if !id.contains(char::is_alphanumeric) {
            id = ids::of_endpoint(self.method, self.path);
            warnings.add(at(self.place, ["operationId"]), format!("missing; called {id}"));
        }
        let product = value
            .get("tags")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .find_map(|tag| tag.strip_prefix("product:"))
            .filter(|product| !product.is_empty());
        let mut parameters = self.parameters(warnings);
        let path = path::balanced(&self.styled_path(), self.place, warnings);
        endpoint::declare(&path, &mut parameters, self.place, warnings);
        let mut media = Media { root: self.root, id: &id, place: self.place, inline, warnings };
        let body = value.get("requestBody").and_then(|body| media.body(body));
        let (response, is_response_raw) = media.response(value.get("responses"));
        Operation {
            method: self.method.to_owned(),
            path,
            module: self.module.or(product).unwrap_or("api").to_owned(),
            product: product.map(str::to_owned),
            summary: text("summary"),
            description: text("description"),
            parameters,
            body,
            response,
            is_response_raw,
            id,
        }
    }

    /// Returns the path with what the styles `label` and `matrix` put before a value.
    fn styled_path(&self) -> String {
        let mut path = self.path.to_owned();
        for owner in [self.operation, self.item] {
            let values = owner.get("parameters").and_then(Value::as_array);
            for value in values.into_iter().flatten().filter_map(|value| resolve(self.root, value))
            {
                let text = |key: &str| value.get(key).and_then(Value::as_str);
                let (Some("path"), Some(name)) = (text("in"), text("name")) else { continue };
                let plain = format!("{{{name}}}");
                let styled = match text("style") {
                    Some("label") => format!(".{plain}"),
                    Some("matrix") => format!(";{name}={plain}"),
                    _ => continue,
                };
                if !path.contains(&styled) {
                    path = path.replace(&plain, &styled);
                }
            }
        }
        path
    }

    /// Returns the parameters of the operation and of its path, which the operation may override.
    fn parameters(&self, warnings: &mut Warnings) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        // The parameters of the path are beside its methods.
        let item = self.place.rsplit_once('/').map_or(self.place, |(item, _)| item);
        for (place, owner) in [(self.place, self.operation), (item, self.item)] {
            let values = owner.get("parameters").and_then(Value::as_array);
            for (index, value) in values.into_iter().flatten().enumerate() {
                let place = at(place, ["parameters", &index.to_string()]);
                let mut warn = |what: &str| warnings.add(&*place, what);
                let Some(value) = resolve(self.root, value) else {
                    warn("the $ref leads nowhere; left out");
                    continue;
                };
                match Parameter::parse(value, &place, &mut warn) {
                    Some(parameter) if !is_among(&parameter, &parameters) => {
                        parameters.push(parameter);
                    }
                    _ => {}
                }
            }
        }
        parameters
    }
}

fn is_among(parameter: &Parameter, others: &[Parameter]) -> bool {
    others.iter().any(|other| (&other.name, other.place) == (&parameter.name, parameter.place))
}

impl Parameter {
    /// Returns `None` for a header or cookie, which the client sets.
    fn parse(value: &Value, pointer: &str, warn: &mut impl FnMut(&str)) -> Option<Self> {
        let Some(name) = value.get("name").and_then(Value::as_str) else {
            warn("no name; left out");
            return None;
        };
        let place = match value.get("in").and_then(Value::as_str) {
            Some("path") => ParameterPlace::Path,
            Some("query") => ParameterPlace::Query,
            Some(place @ ("header" | "cookie")) => {
                // Credentials are sent with every request.
                let is_credential = name.eq_ignore_ascii_case("authorization");
                let is_required = value.get("required").is_some_and(|required| required == true);
                if is_required && !is_credential {
                    warn(&format!("the {place} {name} is required; add it to the requests"));
                }
                return None;
            }
            _ => {
                warn(&format!("{name} is in none of path, query, header and cookie; left out"));
                return None;
            }
        };
        let content = value.get("content").and_then(Value::as_object);
        let media = content.and_then(media::of_parameter);
        if let Some((media, _)) = media.filter(|(media, _)| !media::is_text(media)) {
            warn(&format!("{name} is {media}, which is not supported; sent as JSON or text"));
        }
        let json = media.filter(|(media, _)| media::is_json(media));
        let other = media.and_then(|(_, value)| value.get("schema"));
        let schema = value.get("schema").or(other);
        if schema.is_none() {
            warn(&format!("{name} has no schema; taken as a string"));
        }
        Some(Self {
            name: name.to_owned(),
            place,
            required: place == ParameterPlace::Path
                || value.get("required").and_then(Value::as_bool).unwrap_or(false),
            description: value.get("description").and_then(Value::as_str).map(str::to_owned),
            schema: schema.cloned().unwrap_or_else(|| json!({ "type": "string" })),
            json: json.is_some(),
            style: QueryStyle::of(value),
            pointer: pointer.to_owned(),
        })
    }
}

impl QueryStyle {
    /// Returns the style of a parameter. One that says nothing is not exploded, unlike in OpenAPI,
    /// since the vendor's servers do not expect it.
    #[must_use]
    pub fn of(parameter: &Value) -> Self {
        let style = parameter.get("style").and_then(Value::as_str);
        let explode = parameter.get("explode").and_then(Value::as_bool);
        match (style, explode) {
            _ if parameter.get("content").is_some() => Self::Unsaid,
            (Some("deepObject"), _) => Self::Deep,
            (_, Some(true)) | (Some("form"), None) => Self::Repeated,
            (Some("spaceDelimited"), _) => Self::Spaces,
            (Some("pipeDelimited"), _) => Self::Pipes,
            (Some("form"), _) | (None, Some(false)) => Self::Commas,
            _ => Self::Unsaid,
        }
    }
}
