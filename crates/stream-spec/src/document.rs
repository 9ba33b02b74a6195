use anyhow::{Context, Result, anyhow, bail, ensure};
use serde_json::Value;
use std::collections::BTreeMap;

/// Something of the document and where it stands, for errors.
#[derive(Debug, Clone)]
pub struct Located<T> {
    /// The thing itself.
    pub value: T,
    /// `file: dotted.path`.
    pub place: String,
}

/// What is used of an OpenAPI document.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// By operation id.
    pub operations: BTreeMap<String, Located<Operation>>,
    /// The component schemas by name.
    pub schemas: BTreeMap<String, Located<Value>>,
    /// Which module a schema belongs to, where the cut into files says so.
    pub modules: BTreeMap<String, String>,
}

/// One operation of a path.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The operation id.
    pub id: String,
    /// The HTTP method, lower case.
    pub method: String,
    /// The path with its parameters in braces.
    pub path: String,
    /// The module it belongs to: `chat/messages`, or the product where the document is one file.
    pub module: String,
    /// The product of its `product:` tag.
    pub product: Option<String>,
    /// One line about it, empty if there is none.
    pub summary: String,
    /// What a caller needs to know, empty if there is nothing.
    pub description: String,
    /// Path and query parameters.
    pub parameters: Vec<Parameter>,
    /// What is sent.
    pub body: Option<RequestBody>,
    /// The name of the response's schema.
    pub response: String,
}

/// The body of an operation.
#[derive(Debug, Clone)]
pub struct RequestBody {
    /// The name of the body's schema.
    pub schema: String,
    /// A form rather than JSON.
    pub multipart: bool,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterPlace {
    /// In the path.
    Path,
    /// In the query.
    Query,
}

/// A parameter of an operation.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: ParameterPlace,
    /// Whether a request without it is refused.
    pub required: bool,
    /// What it means, if that is said here.
    pub description: Option<String>,
    /// What it looks like.
    pub schema: Value,
    /// The value is one JSON text.
    pub json: bool,
}

impl Operation {
    pub(crate) fn parse(
        path: &str,
        method: &str,
        value: &Value,
        module: Option<&str>,
    ) -> Result<Self> {
        let text = |key: &str| {
            value
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let id = text("operationId");
        ensure!(!id.is_empty(), "operationId: missing");
        let product = value
            .get("tags")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .find_map(|tag| tag.strip_prefix("product:"));
        let parameters = value
            .get("parameters")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .enumerate()
            .map(|(index, parameter)| {
                Parameter::parse(parameter).with_context(|| format!("parameters[{index}]"))
            })
            .collect::<Result<Vec<_>>>()?;
        check_path_parameters(path, &parameters)?;
        let body = value
            .pointer("/requestBody/content")
            .map(|content| media_schema(content).context("requestBody"))
            .transpose()?
            .map(|(media, schema)| RequestBody {
                schema,
                multipart: media.starts_with("multipart/"),
            });
        let (_, response) = value
            .get("responses")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .find(|(status, _)| status.starts_with('2'))
            .and_then(|(_, response)| response.get("content"))
            .ok_or_else(|| anyhow!("responses: no 2xx response with content"))
            .and_then(|content| media_schema(content).context("responses"))?;
        Ok(Self {
            method: method.to_owned(),
            path: path.to_owned(),
            module: module.or(product).unwrap_or("api").to_owned(),
            product: product.map(str::to_owned),
            summary: text("summary"),
            description: text("description"),
            parameters,
            body,
            response,
            id,
        })
    }

    /// The parameters of one place, in the order of the document.
    pub fn parameters_in(&self, place: ParameterPlace) -> impl Iterator<Item = &Parameter> {
        self.parameters
            .iter()
            .filter(move |parameter| parameter.place == place)
    }
}

impl Parameter {
    fn parse(value: &Value) -> Result<Self> {
        let name = value
            .get("name")
            .and_then(Value::as_str)
            .context("name: missing")?;
        let place = match value.get("in").and_then(Value::as_str) {
            Some("path") => ParameterPlace::Path,
            Some("query") => ParameterPlace::Query,
            other => bail!("{name}: in: {other:?} is neither path nor query"),
        };
        let json = value.pointer("/content/application~1json/schema");
        Ok(Self {
            name: name.to_owned(),
            place,
            required: place == ParameterPlace::Path
                || value
                    .get("required")
                    .and_then(Value::as_bool)
                    .unwrap_or(false),
            description: value
                .get("description")
                .and_then(Value::as_str)
                .map(str::to_owned),
            schema: json
                .or_else(|| value.get("schema"))
                .with_context(|| format!("{name}: schema: missing"))?
                .clone(),
            json: json.is_some(),
        })
    }
}

/// The segments of a path and its path parameters must be the same, in the same order.
fn check_path_parameters(path: &str, parameters: &[Parameter]) -> Result<()> {
    let in_path: Vec<&str> = path
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .collect();
    let declared: Vec<&str> = parameters
        .iter()
        .filter(|parameter| parameter.place == ParameterPlace::Path)
        .map(|parameter| parameter.name.as_str())
        .collect();
    let mut sorted = (in_path.clone(), declared.clone());
    sorted.0.sort_unstable();
    sorted.1.sort_unstable();
    ensure!(
        sorted.0 == sorted.1,
        "parameters: the path has {in_path:?}, declared are {declared:?}"
    );
    Ok(())
}

/// The media type and the schema's name of a `content` object.
fn media_schema(content: &Value) -> Result<(String, String)> {
    let (media, value) = content
        .as_object()
        .and_then(|content| content.iter().next())
        .context("content: empty")?;
    let name = value
        .pointer("/schema/$ref")
        .and_then(Value::as_str)
        .and_then(reference_name)
        .with_context(|| format!("content.{media}.schema: not a reference to a component"))?;
    Ok((media.clone(), name.to_owned()))
}

/// The component that a `$ref` names.
pub fn reference_name(reference: &str) -> Option<&str> {
    reference.strip_prefix("#/components/schemas/")
}

impl Document {
    /// Every reference must lead to a component.
    pub(crate) fn check_references(&self) -> Result<()> {
        for schema in self.schemas.values() {
            self.check_value(&schema.value, &schema.place)?;
        }
        for operation in self.operations.values() {
            let named = operation.value.body.iter().map(|body| &body.schema);
            for name in named.chain([&operation.value.response]) {
                ensure!(
                    self.schemas.contains_key(name),
                    "{}: there is no schema {name}",
                    operation.place
                );
            }
            for parameter in &operation.value.parameters {
                let place = format!("{}.parameters.{}", operation.place, parameter.name);
                self.check_value(&parameter.schema, &place)?;
            }
        }
        Ok(())
    }

    fn check_value(&self, value: &Value, place: &str) -> Result<()> {
        match value {
            Value::Object(object) => {
                if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
                    let known = reference_name(reference)
                        .is_some_and(|name| self.schemas.contains_key(name));
                    ensure!(known, "{place}: $ref: nothing is at {reference}");
                }
                for (key, value) in object {
                    self.check_value(value, &format!("{place}.{key}"))?;
                }
                Ok(())
            }
            Value::Array(items) => items
                .iter()
                .enumerate()
                .try_for_each(|(index, item)| self.check_value(item, &format!("{place}[{index}]"))),
            _ => Ok(()),
        }
    }
}
