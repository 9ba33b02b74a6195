//! Reads the methods of the package's clients.

use std::collections::BTreeMap;

use super::models::optional;

/// A method, in lower case, and a path.
pub(super) type Endpoint = (String, String);

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) response: String,
    /// The query parameters with their types.
    pub(super) query: BTreeMap<String, String>,
}

/// Parses the source of a client, and returns the request of each method.
pub(super) fn endpoints(source: &str) -> BTreeMap<Endpoint, Call> {
    source.split("\n    def ").skip(1).filter_map(call).collect()
}

fn call(function: &str) -> Option<(Endpoint, Call)> {
    let (signature, body) = function.split_once(":\n        ")?;
    let types: BTreeMap<&str, &str> = signature
        .split(['\n', '('])
        .filter_map(|line| line.trim().split_once(": "))
        .map(|(name, ty)| {
            let ty = ty.trim_end_matches(',').split(" = ").next().unwrap_or(ty);
            (name, optional(ty))
        })
        .collect();
    let (method, rest) =
        ["get", "post", "put", "patch", "delete"].into_iter().find_map(|method| {
            body.split_once(&format!("self.{method}(")).map(|(_, rest)| (method, rest))
        })?;
    let (_, rest) = rest.split_once('"')?;
    let (path, rest) = rest.split_once('"')?;
    let response =
        rest.split(|c: char| !c.is_alphanumeric() && c != '_').find(|name| !name.is_empty())?;
    let given = body.split_once("build_query_param(").and_then(|(_, rest)| rest.split_once(')'));
    let query = given
        .into_iter()
        .flat_map(|(names, _)| names.split(','))
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| {
            let ty = types.get(value.trim()).copied().unwrap_or("object");
            (name.trim().to_owned(), ty.to_owned())
        })
        .collect();
    let call = Call { response: response.to_owned(), query };
    Some(((method.to_owned(), path.to_owned()), call))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_read() {
        let source = r#"class ThingClient(BaseClient):
    def __init__(self, api_key: str):
        self.api_key = api_key

    @telemetry.operation_name("delete")
    def delete_thing(
        self,
        id: str,
        hard: Optional[bool] = None,
        tags: Optional[List[str]] = None,
    ) -> StreamResponse[DeleteResponse]:
        query_params = build_query_param(
            hard=hard, tags=tags
        )
        path_params = {
            "id": id,
        }
        return self.delete(
            "/api/v2/things/{id}",
            DeleteResponse,
            query_params=query_params,
        )

    def list_things(self) -> StreamResponse[ListResponse]:
        return self.get("/api/v2/things", ListResponse)
"#;
        let found = endpoints(source);
        let at = |method: &str, path: &str| &found[&(method.to_owned(), path.to_owned())];
        let query = [("hard", "bool"), ("tags", "List[str]")];
        let query = query.map(|(name, ty)| (name.to_owned(), ty.to_owned())).into();
        let response = "DeleteResponse".to_owned();
        assert_eq!(*at("delete", "/api/v2/things/{id}"), Call { response, query });
        assert_eq!(at("get", "/api/v2/things").response, "ListResponse");
        assert_eq!(found.len(), 2);
    }
}
