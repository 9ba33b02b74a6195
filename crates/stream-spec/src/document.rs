use super::media::{self, Inline, resolve};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

/// An operation as it stands in a file.
pub(crate) struct Source<'a> {
    /// The whole file.
    pub(crate) root: &'a Value,
    pub(crate) path: &'a str,
    pub(crate) method: &'a str,
    /// The path's entry, which may have parameters of all its methods.
    pub(crate) item: &'a Value,
    pub(crate) operation: &'a Value,
    /// Where the file says to which module it belongs.
    pub(crate) module: Option<&'a str>,
}

impl Operation {
    /// Reads an operation. Schemas that it has inline are added to `inline`.
    pub(crate) fn parse(source: &Source<'_>, inline: &mut Inline) -> Result<Self> {
        let value = source.operation;
        let text =
            |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let id = text("operationId");
        ensure!(!id.is_empty(), "operationId: missing");
        let product = value
            .get("tags")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .find_map(|tag| tag.strip_prefix("product:"))
            .filter(|product| !product.is_empty());
        let parameters = source.parameters()?;
        check_path_parameters(source.path, &parameters)?;
        let body = value
            .get("requestBody")
            .map(|body| media::body(source.root, body, &id, inline).context("requestBody"))
            .transpose()?
            .flatten()
            .map(|(schema, multipart)| RequestBody { schema, multipart });
        let response =
            media::answer(source.root, value.get("responses"), &id, inline).context("responses")?;
        Ok(Self {
            method: source.method.to_owned(),
            path: source.path.to_owned(),
            module: source.module.or(product).unwrap_or("api").to_owned(),
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
        self.parameters.iter().filter(move |parameter| parameter.place == place)
    }
}

impl Source<'_> {
    /// The parameters of the operation and those of its path, which it may replace.
    fn parameters(&self) -> Result<Vec<Parameter>> {
        let mut parameters: Vec<Parameter> = Vec::new();
        for (at, owner) in [("", self.operation), ("path item: ", self.item)] {
            let values = owner.get("parameters").and_then(Value::as_array);
            for (index, value) in values.into_iter().flatten().enumerate() {
                let parameter = resolve(self.root, value)
                    .and_then(Parameter::parse)
                    .with_context(|| format!("{at}parameters[{index}]"))?;
                let Some(parameter) = parameter else { continue };
                let is_new = parameters
                    .iter()
                    .all(|other| (&other.name, other.place) != (&parameter.name, parameter.place));
                if is_new {
                    parameters.push(parameter);
                }
            }
        }
        Ok(parameters)
    }
}

impl Parameter {
    /// Nothing for a header or cookie, which are the business of whoever sends the request.
    fn parse(value: &Value) -> Result<Option<Self>> {
        let name = value.get("name").and_then(Value::as_str).context("name: missing")?;
        let place = match value.get("in").and_then(Value::as_str) {
            Some("path") => ParameterPlace::Path,
            Some("query") => ParameterPlace::Query,
            Some("header" | "cookie") => return Ok(None),
            other => anyhow::bail!("{name}: in: {other:?} is no place for a parameter"),
        };
        let json = value.pointer("/content/application~1json/schema");
        Ok(Some(Self {
            name: name.to_owned(),
            place,
            required: place == ParameterPlace::Path
                || value.get("required").and_then(Value::as_bool).unwrap_or(false),
            description: value.get("description").and_then(Value::as_str).map(str::to_owned),
            schema: json
                .or_else(|| value.get("schema"))
                .with_context(|| format!("{name}: schema: missing"))?
                .clone(),
            json: json.is_some(),
        }))
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

impl Operation {
    /// The schemas that the body, the answer and the parameters are or refer to directly.
    #[must_use]
    pub fn schemas(&self) -> BTreeSet<String> {
        let mut names: BTreeSet<String> =
            self.parameters.iter().flat_map(|parameter| references_in(&parameter.schema)).collect();
        names.extend(self.body.iter().map(|body| body.schema.clone()));
        names.insert(self.response.clone());
        names
    }
}

impl Document {
    /// The union of the webhook events.
    pub const EVENT_UNION: &'static str = "WHEvent";

    /// From the `type` of each webhook event to its schema; `*` stands for custom events.
    pub fn events(&self) -> impl Iterator<Item = (&str, &str)> {
        self.schemas
            .get(Self::EVENT_UNION)
            .and_then(|union| union.value.pointer("/discriminator/mapping"))
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter_map(|(event, target)| {
                let target = target.as_str()?;
                Some((event.as_str(), reference_name(target).unwrap_or(target)))
            })
    }

    /// The schemas of the webhook events and of their union.
    pub fn event_schemas(&self) -> impl Iterator<Item = &str> {
        let union = self.schemas.get_key_value(Self::EVENT_UNION);
        self.events().map(|(_, schema)| schema).chain(union.map(|(name, _)| name.as_str()))
    }
}

/// The schemas that a schema, wherever it stands, refers to directly.
#[must_use]
pub fn references_in(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect_references(value, &mut found);
    found
}

fn collect_references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            let reference = object.get("$ref").and_then(Value::as_str);
            found.extend(reference.and_then(reference_name).map(str::to_owned));
            for value in object.values() {
                collect_references(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, found)),
        _ => {}
    }
}
