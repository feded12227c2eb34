//! TLS with a provider of our own: the process-wide default is the host's to choose.

use std::sync::Arc;

use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use crate::error::{Error, Result};

/// The TLS configuration, and whether this machine has certificates to trust.
///
/// A machine without any (a slim container) can still talk to an emulator over plain HTTP.
pub(super) fn config() -> Result<(ClientConfig, bool)> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::unexpected("TLS cannot be configured").caused_by(error))?;
    let (config, trusts) = match Verifier::new(provider) {
        Ok(verifier) => (builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)), true),
        Err(_) => (builder.with_root_certificates(RootCertStore::empty()), false),
    };
    Ok((config.with_no_client_auth(), trusts))
}
