//! Tokens and webhook signatures for [Stream Chat](https://getstream.io/chat/).
//!
//! A backend signs tokens for its users and verifies the webhooks that Stream sends. Both use one
//! shared secret, the [`ApiSecret`]. This crate contains no HTTP and no models; the `webhook`
//! module returns bytes for another crate to parse.
//!
#![cfg_attr(feature = "verify", doc = "```")]
#![cfg_attr(not(feature = "verify"), doc = "```ignore")]
//! use std::time::Duration;
//! use stream_auth::{ApiSecret, TokenSigner, TokenVerifier};
//!
//! let secret = ApiSecret::new("the secret of your app")?;
//! let signer = TokenSigner::new(&secret);
//!
//! let token = signer.user_token("john").expires_in(Duration::from_secs(3600)).sign()?;
//!
//! let claims = TokenVerifier::new(&secret).verify(token.expose_secret())?;
//! assert_eq!(claims.user_id.as_deref(), Some("john"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Cargo features
//! - `verify` (default): [`TokenVerifier`]. Without it `jsonwebtoken` is not compiled.
//! - `webhooks` (default): the `webhook` module. Without it `flate2` is not compiled.
//! - `ring`, `aws-lc-rs`: signatures by that library, which a program with rustls has anyway; aws-lc-rs if
//!   both are on. Without them a small crate in plain Rust computes the same, on long bodies eight
//!   times as slowly.

#![cfg_attr(docsrs, feature(doc_cfg))]

// The traits without the support of derives, of which there are none, under the usual name.
extern crate serde_core as serde;

mod hmac;
mod secret;
pub mod token;
#[cfg(feature = "webhooks")]
pub mod webhook;

pub use secret::{ApiSecret, SecretError};
#[cfg(feature = "verify")]
pub use token::TokenVerifier;
pub use token::{Claims, SignError, Token, TokenBuilder, TokenSigner, VerifyError};

/// Compiles the examples of the README, which verify a token.
#[cfg(all(doctest, feature = "verify"))]
#[doc = include_str!("../README.md")]
struct ReadmeExamples;
