//! One route for each operation of the API.

use super::{
    Shared, dispatch,
    envelope::{ApiError, Arrival},
    frame,
};
use crate::catalogue;
use axum::{
    Extension, Router,
    extract::{RawPathParams, Request, State},
    middleware,
    response::Response,
    routing::{MethodFilter, on},
};
use http::{Method, StatusCode};
use std::sync::Arc;

/// The service that an emulator is.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let mut router = Router::new();
    for operation in catalogue::operations() {
        let Some(filter) = filter(&operation.method) else {
            continue;
        };
        let handler = async move |State(shared): State<Arc<Shared>>,
                                  Extension(arrival): Extension<Arrival>,
                                  path: RawPathParams,
                                  request: Request| {
            dispatch::call(&shared, operation.id, &path, request, arrival).await
        };
        router = router.route(operation.path, on(filter, handler));
    }
    router
        .fallback(unknown_path)
        .method_not_allowed_fallback(unknown_method)
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), frame::around))
        .with_state(shared)
}

async fn unknown_path(Extension(arrival): Extension<Arrival>, request: Request) -> Response {
    let (method, path) = (request.method(), request.uri().path());
    ApiError::not_found(format!("there is no {method} {path}")).into_response(arrival)
}

async fn unknown_method(Extension(arrival): Extension<Arrival>, request: Request) -> Response {
    let (method, path) = (request.method(), request.uri().path());
    let message = format!("there is no {method} {path}, only other methods");
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, 16, message).into_response(arrival)
}

fn filter(method: &Method) -> Option<MethodFilter> {
    MethodFilter::try_from(method.clone()).ok()
}
