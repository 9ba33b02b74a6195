//! The parameters of an operation.

use serde_json::json;

use super::document::{Parameter, ParameterPlace, QueryStyle};
use super::path::names_in;
use super::place::at;
use super::warning::Warnings;

/// Removes declared path parameters that are not in the path, and adds missing ones.
pub(crate) fn declare(
    path: &str,
    parameters: &mut Vec<Parameter>,
    place: &str,
    warnings: &mut Warnings,
) {
    let names = names_in(path);
    parameters.retain(|parameter| {
        let is_used =
            parameter.place != ParameterPlace::Path || names.contains(&parameter.name.as_str());
        if !is_used {
            let name = &parameter.name;
            let place = at(place, ["parameters"]);
            warnings.add(place, format!("the path has no {{{name}}}; left out"));
        }
        is_used
    });
    for name in names {
        let is_declared = parameters
            .iter()
            .any(|parameter| parameter.place == ParameterPlace::Path && parameter.name == name);
        if is_declared {
            continue;
        }
        let message = format!("{name} of the path is not declared; taken as a required string");
        let pointer = at(place, ["parameters"]);
        warnings.add(&*pointer, message);
        parameters.push(Parameter {
            name: name.to_owned(),
            place: ParameterPlace::Path,
            required: true,
            description: None,
            schema: json!({ "type": "string" }),
            json: false,
            style: QueryStyle::default(),
            pointer,
        });
    }
}
