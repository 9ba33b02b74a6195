//! JSON Web Tokens as Stream uses them: signing, verifying, inspecting.
//!
//! Stream uses one algorithm, HS256 with the app's secret, and two kinds of token. A *server
//! token* contains `{"server": true}` and allows a backend everything. A *user token* names one
//! user, and a backend returns it to that user's client at login.
//!
//! # Why no crate for JWTs
//! Of what such a crate does, HS256 over a fixed header is left, which `hmac`, `sha2`, `base64` and
//! `serde_json` do in a few lines. The algorithm is never the token's to choose, there is no
//! provider of cryptography that a build or an application could change, and expiry is checked with
//! the caller's clock. It also keeps the build small.

mod builder;
mod claims;
mod compact;
mod inspect;
mod sign_error;
mod signer;
mod time;
mod verifier;
mod verify_error;

pub use builder::TokenBuilder;
pub use claims::Claims;
pub use inspect::dangerous_decode_unverified;
pub use sign_error::SignError;
pub use signer::TokenSigner;
pub use stream_core::Token;
pub use verifier::TokenVerifier;
pub use verify_error::VerifyError;
