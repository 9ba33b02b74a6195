//! Routes methods and paths to operations.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use http::{Method, StatusCode};
use percent_encoding::percent_decode_str;

use super::{Form, v1};
use crate::catalogue::{self, Operation};
use crate::error::{ApiError, ErrorCode};
use crate::parameters::PathParameters;

/// A version of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    V1,
    V2,
}

impl Dialect {
    /// Returns the wire format of responses.
    pub(crate) fn form(self) -> Form {
        match self {
            Self::V1 => Form::V1,
            Self::V2 => Form::V2,
        }
    }
}

/// The operation of a method and a path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Route {
    pub(crate) operation: &'static Operation,
    pub(crate) dialect: Dialect,
}

impl Route {
    /// Returns the status of a success. `POST` and `PUT` return 201.
    pub(crate) fn success_status(self, method: &Method) -> StatusCode {
        let special = v1::STATUSES.iter().find(|(id, _)| *id == self.operation.id);
        match (self.dialect, special) {
            (Dialect::V1, Some((_, status))) => *status,
            _ if matches!(*method, Method::POST | Method::PUT) => StatusCode::CREATED,
            _ => StatusCode::OK,
        }
    }
}

/// The routes of a path, by method.
type Methods = Vec<(Method, Route)>;

static ROUTES: LazyLock<matchit::Router<Methods>> = LazyLock::new(|| {
    let mut paths: BTreeMap<String, Methods> = BTreeMap::new();
    let mut add = |method: &Method, path: &str, route: Route| {
        // The router requires the same parameter names at the same position of all paths.
        paths.entry(path.to_owned()).or_default().push((method.clone(), route));
    };
    for operation in catalogue::operations() {
        // Operations that only v1 has are listed with their path there.
        let dialect = if operation.path.starts_with("/api/") { Dialect::V2 } else { Dialect::V1 };
        add(&operation.method, operation.path, Route { operation, dialect });
        if let Some(path) = v1::path(operation.path) {
            add(&operation.method, path, Route { operation, dialect: Dialect::V1 });
        }
    }
    for (method, path, id) in v1::ALIASES {
        if let Some(operation) = catalogue::find(id) {
            add(method, path, Route { operation, dialect: Dialect::V1 });
        }
    }
    let mut router = matchit::Router::new();
    for (path, methods) in paths {
        let inserted = router.insert(path.clone(), methods);
        debug_assert!(inserted.is_ok(), "{path}: {inserted:?}");
    }
    router
});

/// A route with its path parameters.
#[derive(Debug)]
pub(crate) struct Match {
    pub(crate) route: Route,
    pub(crate) path: PathParameters,
}

/// Returns the route of a method and a percent-encoded path.
pub(crate) fn find(method: &Method, path: &str) -> Result<Match, ApiError> {
    let Ok(found) = ROUTES.at(path) else {
        return Err(ApiError::not_found(format!("there is no {method} {path}")));
    };
    let Some((_, route)) = found.value.iter().find(|(other, _)| other == method) else {
        return Err(ApiError::new(
            ErrorCode::MethodNotAllowed,
            format!("there is no {method} {path}, only other methods"),
        ));
    };
    let mut pairs = Vec::new();
    for (name, value) in found.params.iter() {
        let value = percent_decode_str(value)
            .decode_utf8()
            .map_err(|_| ApiError::field(name, "is not UTF-8"))?;
        pairs.push((name.to_owned(), value.into_owned()));
    }
    Ok(Match { route: *route, path: PathParameters::new(pairs) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(method: Method, path: &str) -> (&'static str, Dialect) {
        let found = find(&method, path).unwrap();
        (found.route.operation.id, found.route.dialect)
    }

    #[test]
    fn both_dialects_lead_to_the_same_operations() {
        for operation in catalogue::operations() {
            let found = id(operation.method.clone(), operation.path);
            let is_v1_alone = !operation.path.starts_with("/api/");
            let dialect = if is_v1_alone { Dialect::V1 } else { Dialect::V2 };
            assert_eq!(found, (operation.id, dialect));
        }
        assert_eq!(id(Method::POST, "/users"), ("UpdateUsers", Dialect::V1));
        assert_eq!(id(Method::POST, "/channels/messaging/x"), ("UpdateChannel", Dialect::V1));
        assert_eq!(
            id(Method::POST, "/channels/messaging/query"),
            ("GetOrCreateDistinctChannel", Dialect::V1)
        );
        assert_eq!(id(Method::POST, "/moderation/ban"), ("ban", Dialect::V1));
        assert_eq!(id(Method::DELETE, "/moderation/ban"), ("unban", Dialect::V1));
        assert!(find(&Method::GET, "/moderation/queues").is_err());
    }

    #[test]
    fn parameters_are_decoded() {
        let found = find(&Method::GET, "/channels/messaging/kung%20fu%2F%C3%A9").unwrap();
        assert_eq!(found.path.get("id"), "kung fu/é");
        let error = find(&Method::GET, "/channels/messaging/%FF").unwrap_err();
        assert_eq!(error.status, 400);
        assert_eq!(find(&Method::PUT, "/app").unwrap_err().status, 405);
        assert_eq!(find(&Method::GET, "/nowhere").unwrap_err().status, 404);
    }
}
