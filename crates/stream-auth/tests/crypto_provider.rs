//! Tokens neither use nor install the process-wide crypto provider, which belongs to the
//! application.
//!
//! It is a separate file, so that it runs in a separate process.

#![cfg(test)]

use jsonwebtoken::crypto::{CryptoProvider, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, new_error};

use stream_auth::{ApiSecret, TokenSigner, TokenVerifier};

static USELESS: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(new_error(ErrorKind::UnsupportedAlgorithm)),
    verifier_factory: |_, _| Err(new_error(ErrorKind::UnsupportedAlgorithm)),
    key_utils: KeyUtils::new_unimplemented(),
};

#[test]
fn the_provider_of_the_application_is_neither_taken_nor_used() {
    let secret = ApiSecret::new("secret").unwrap();
    let signer = TokenSigner::new(&secret);
    let verifier = TokenVerifier::new(&secret);

    let before = signer.user_token("john").sign().unwrap();
    assert!(verifier.verify(before.expose_secret()).is_ok());

    assert!(USELESS.install_default().is_ok(), "the slot was taken");

    let after = signer.user_token("john").sign().unwrap();
    assert!(verifier.verify(after.expose_secret()).is_ok());
    assert!(verifier.verify(before.expose_secret()).is_ok());
}
