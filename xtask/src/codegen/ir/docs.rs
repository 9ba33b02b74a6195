//! The documentation of fields, structs and parameters.

use serde_json::Value;

use super::build::Builder;
use stream_spec::Parameter;

/// Returns the description, or the name of the schema without one.
pub(super) fn or_name(text: String, schema: &str) -> String {
    if text.is_empty() { format!("`{schema}` of the API.") } else { text }
}

impl Builder<'_> {
    pub(super) fn field_doc(&self, schema: &str, field: &str) -> String {
        let pointer = |schema: &Value| {
            schema.get("properties")?.get(field)?.get("description")?.as_str().map(str::to_owned)
        };
        self.document
            .schemas
            .get(schema)
            .and_then(|schema| pointer(&schema.value))
            .or_else(|| self.words.fields.get(field).cloned())
            .unwrap_or_else(|| format!("`{field}`."))
    }

    pub(super) fn struct_docs(&self, schema: &str, text: String) -> Vec<String> {
        let mut docs = vec![or_name(text, schema)];
        let mut list = |what: &str, endpoints: Option<&Vec<String>>| {
            // A longer list is less useful than a search.
            if let Some(endpoints) = endpoints.filter(|endpoints| endpoints.len() <= 6) {
                let endpoints: Vec<String> =
                    endpoints.iter().map(|endpoint| format!("`{endpoint}`")).collect();
                docs.push(format!("{what} {}.", endpoints.join(", ")));
            }
        };
        list("The body of", self.directions.bodies.get(schema));
        list("The response of", self.directions.responses.get(schema));
        if let Some(old) = self.names.renamed.get(schema) {
            docs.push(format!("The API calls it `{old}`."));
        }
        docs
    }

    pub(super) fn parameter_doc(&self, parameter: &Parameter) -> String {
        parameter
            .description
            .clone()
            .or_else(|| self.words.parameters.get(&parameter.name).cloned())
            .unwrap_or_else(|| format!("`{}`.", parameter.name))
    }
}
