//! JSON Web Tokens as Stream uses them: signing, verifying, inspecting.
//!
//! Stream uses one algorithm, HS256 with the app's secret, and two kinds of token. A *server
//! token* contains `{"server": true}` and allows a backend everything. A *user token* names one
//! user, and a backend returns it to that user's client at login.
//!
//! # Use of `jsonwebtoken`
//! [`jsonwebtoken`] decodes the header of a token that is verified. The claims of all tokens,
//! verified or not, are read by the decoder of [`Claims`], which refuses a claim that is given
//! twice. `encode` and `decode` of `jsonwebtoken` are not called, because their cryptography comes
//! from one provider for the whole process: without an installed provider they panic, with both of
//! the crate's backend features on (which any other crate of a build can cause) they panic too, and
//! if this crate installed a provider, the application could not, and its own RS256 tokens would
//! fail. So this crate computes the signature itself, by a library that no installed provider can
//! change. It also checks expiry itself, because `jsonwebtoken` reads the system clock and a caller
//! could not inject one.
//!
//! This also keeps the build small, because neither backend of `jsonwebtoken` is compiled. Without
//! the feature `verify`, it is not compiled either.
//!
//! [`jsonwebtoken`]: https://docs.rs/jsonwebtoken

mod builder;
mod claims;
mod compact;
mod inspect;
mod sign_error;
mod signer;
mod time;
#[cfg(feature = "verify")]
mod verifier;
mod verify_error;

pub use builder::TokenBuilder;
pub use claims::Claims;
pub use inspect::dangerous_decode_unverified;
pub use sign_error::SignError;
pub use signer::TokenSigner;
pub use stream_core::Token;
#[cfg(feature = "verify")]
pub use verifier::TokenVerifier;
pub use verify_error::VerifyError;
