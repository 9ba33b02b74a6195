//! JSON Web Tokens as Stream uses them: minting, verifying, inspecting.
//!
//! Stream knows one algorithm, HS256 with the app's secret, and two kinds of token. A *server
//! token* says `{"server": true}` and lets a backend do everything. A *user token* names one user
//! and is what a backend gives to its clients at login.
//!
//! # How `jsonwebtoken` is used here
//! The header and the claims are decoded by [`jsonwebtoken`]. Its `encode` and `decode` are not
//! called, for they take their cryptography from one provider for the whole process: with none
//! installed they panic, with both of the crate's backend features on (which any other crate of a
//! build can cause) they panic too, and installing a provider of our own would take the one slot
//! away from the application, whose own RS256 tokens would then fail. So the signature is made and
//! checked here, with `hmac` and `sha2`, and nothing that a build enables or an application
//! installs can change it. Expiry is checked here as well, since `jsonwebtoken` reads its clock
//! itself and a caller could not set it.
//!
//! It also keeps the build small, as neither backend of `jsonwebtoken` is compiled: from nothing,
//! tokens alone take about 21 seconds of CPU in a debug build on two cores, webhooks 4 more.
//!
//! [`jsonwebtoken`]: https://docs.rs/jsonwebtoken

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
