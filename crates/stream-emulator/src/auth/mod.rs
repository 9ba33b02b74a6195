//! Authentication: who the caller is.

mod jwt;

use std::fmt;

use crate::error::{ApiError, ErrorCode};
use crate::state::{Timestamp, World};
use jwt::{Claims, TokenError};

/// The key and the secret of the app.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) api_key: String,
    pub(crate) api_secret: String,
}

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Keys").field("api_key", &self.api_key).finish_non_exhaustive()
    }
}

/// Returns a token for a user, issued at `now`.
pub(crate) fn user_token(keys: &Keys, user_id: &str, now: Timestamp) -> String {
    jwt::sign(&keys.api_secret, user_id, now)
}

/// The prefix of the IDs of anonymous users.
pub(crate) const ANONYMOUS_PREFIX: &str = "!anon";

/// The caller of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caller {
    /// A backend, with a server token.
    Server,
    /// A user, by ID.
    User(String),
}

/// The credentials in a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Presented<'a> {
    pub(crate) api_key: Option<&'a str>,
    pub(crate) token: Option<&'a str>,
    pub(crate) kind: Option<&'a str>,
    /// The live connection that the request belongs to.
    pub(crate) connection_id: Option<&'a str>,
}

/// Determines the caller of a request.
pub(crate) fn authenticate(
    presented: Presented<'_>,
    keys: &Keys,
    world: &World,
) -> Result<Caller, ApiError> {
    match presented.api_key {
        None | Some("") => return Err(ApiError::new(ErrorCode::AccessKey, "api_key not provided")),
        Some(key) if key != keys.api_key => {
            return Err(ApiError::new(ErrorCode::AccessKey, "api_key not found"));
        }
        Some(_) => {}
    }
    match presented.kind {
        Some("jwt") => {}
        Some("anonymous") => return Ok(Caller::User(anonymous_user(presented, world))),
        _ => {
            return Err(ApiError::new(
                ErrorCode::Authentication,
                "the header stream-auth-type must be jwt or anonymous",
            ));
        }
    }
    let token = match presented.token {
        None | Some("") => {
            return Err(ApiError::new(
                ErrorCode::Authentication,
                "the header Authorization is missing",
            ));
        }
        Some(token) => token,
    };
    let now = world.clock.now();
    let secret = (!world.app.flag("disable_auth_checks")).then_some(keys.api_secret.as_bytes());
    let claims = jwt::verify(token, secret, now)?;
    // A token without a user is that of a backend: some official SDKs sign no claims at all.
    let user_id = match claims.user_id.as_deref() {
        _ if claims.server => return Ok(Caller::Server),
        None => return Ok(Caller::Server),
        Some("") => {
            return Err(ApiError::new(ErrorCode::Authentication, "the token's user_id is empty"));
        }
        Some(user_id) => user_id.to_owned(),
    };
    check_revocation(&claims, &user_id, world)?;
    Ok(Caller::User(user_id))
}

/// Returns the ID of an anonymous user: that of their connection, or a general one.
fn anonymous_user(presented: Presented<'_>, world: &World) -> String {
    let connection = presented.connection_id.and_then(|id| world.live.get(id));
    let user_id = connection.map(|connection| connection.user_id.as_str());
    user_id.filter(|id| id.starts_with(ANONYMOUS_PREFIX)).unwrap_or(ANONYMOUS_PREFIX).to_owned()
}

fn check_revocation(claims: &Claims, user_id: &str, world: &World) -> Result<(), ApiError> {
    let of_user = world.users.get(user_id).and_then(|user| user.revoke_tokens_issued_before);
    let Some(revoked_before) = world.app.revoked_before().max(of_user) else {
        return Ok(());
    };
    // `iat` has whole seconds, so a token of the second of the revocation remains valid.
    if claims.issued_at.is_some_and(|at| at >= revoked_before.seconds()) {
        return Ok(());
    }
    Err(ApiError::new(ErrorCode::TokenExpired, "the token was revoked"))
}

impl From<TokenError> for ApiError {
    fn from(error: TokenError) -> Self {
        let code = match error {
            TokenError::Malformed => ErrorCode::Authentication,
            TokenError::Expired => ErrorCode::TokenExpired,
            TokenError::NotYetValid => ErrorCode::TokenNotYetValid,
            TokenError::IssuedInFuture => ErrorCode::TokenIssuedInFuture,
            TokenError::Algorithm | TokenError::Signature => ErrorCode::TokenSignature,
        };
        Self::new(code, error.to_string())
    }
}
