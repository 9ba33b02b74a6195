//! TLS for the transports that configure it themselves: rustls with the platform's verifier.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::error::Error;

#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// The certificates to trust in addition to those of the platform.
    pub(crate) extra_roots_pem: Vec<Vec<u8>>,
}

/// Returns a configuration with an explicit crypto provider, because rustls panics if it has to
/// choose between two.
pub(crate) fn client_config(options: &Options) -> Result<ClientConfig, Error> {
    let provider = provider()?;
    let mut roots: Vec<CertificateDer<'static>> = Vec::new();
    for pem in &options.extra_roots_pem {
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            roots.push(certificate.map_err(|error| {
                Error::configuration("a root certificate is not valid PEM")
                    .caused_by(error.to_string())
            })?);
        }
        if roots.len() == before {
            return Err(Error::configuration(
                "the PEM of the root certificates holds no certificate",
            ));
        }
    }
    let verifier = rustls_platform_verifier::Verifier::new_with_extra_roots(roots, provider.clone())
        .map_err(|error| {
            Error::configuration(
                "no root certificates to trust: install the platform's (`ca-certificates`) or give your own",
            )
            .caused_by(error)
        })?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| {
            Error::configuration("the crypto provider supports no version of TLS").caused_by(error)
        })?
        // rustls calls any verifier that it does not ship dangerous; this one asks the platform.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(config)
}

/// Returns the provider that the process installed, or else the compiled-in one.
fn provider() -> Result<Arc<CryptoProvider>, Error> {
    if let Some(installed) = CryptoProvider::get_default() {
        return Ok(installed.clone());
    }
    #[cfg(feature = "aws-lc-rs")]
    return Ok(Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
    #[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
    return Ok(Arc::new(rustls::crypto::ring::default_provider()));
    #[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
    Err(Error::configuration(
        "no crypto provider for TLS: enable the feature `ring` or `aws-lc-rs` of stream-http, or install a rustls provider for the process",
    ))
}
