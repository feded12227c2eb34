//! Who we are at AMC.

use std::sync::Arc;

use amc_fleet::client::{AccessToken, DEFAULT_CREDENTIAL, LWA_TOKEN_URL, TokenSource};
use amc_fleet::{Credential, Error, ErrorKind, Result};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use secrecy::SecretString;

use crate::errors::python;

/// One way to be somebody at AMC: a Login with Amazon client and the refresh token of a user with AMC access.
///
/// Its secrets show nowhere: not in ``repr``, not in logs, not in errors.
///
/// Parameters
/// ----------
/// client_id : str
///     The id of the Login with Amazon client.
/// client_secret : str
///     Its secret.
/// refresh_token : str
///     The refresh token (``Atzr|…``).
/// token_url : str, optional
///     The token endpoint; Login with Amazon's own if not given.
///
/// Examples
/// --------
/// >>> amc_fleet.Credentials("amzn1.client", "secret", "Atzr|token")
/// <Credentials 'amzn1.client'>
#[pyclass(module = "amc_fleet", frozen)]
pub(crate) struct Credentials(Credential);

impl Credentials {
    pub(crate) fn credential(&self) -> Credential {
        self.0.clone()
    }
}

#[pymethods]
impl Credentials {
    #[new]
    #[pyo3(signature = (client_id, client_secret, refresh_token, *, token_url=None))]
    fn new(
        client_id: String,
        client_secret: String,
        refresh_token: String,
        token_url: Option<String>,
    ) -> Self {
        let credential = Credential::lwa(client_id, client_secret, refresh_token);
        Self(credential.with_token_url(token_url.unwrap_or_else(|| LWA_TOKEN_URL.to_owned())))
    }

    /// Reads ``AMC_CLIENT_ID``, ``AMC_CLIENT_SECRET``, ``AMC_REFRESH_TOKEN`` and, where set, ``AMC_TOKEN_URL``.
    ///
    /// Returns
    /// -------
    /// Credentials
    ///     The credential of the environment.
    ///
    /// Raises
    /// ------
    /// InvalidInputError
    ///     ``credentials_missing``, naming every variable that is not set.
    ///
    /// Examples
    /// --------
    /// >>> amc_fleet.Credentials.from_env()
    /// <Credentials 'amzn1...'>
    #[staticmethod]
    fn from_env() -> PyResult<Self> {
        let credentials = amc_fleet::Credentials::from_env().map_err(python)?;
        let credential = credentials.get(DEFAULT_CREDENTIAL).cloned();
        credential.map(Self).ok_or_else(|| python(Error::unexpected("the environment gave no credential")))
    }

    /// Takes access tokens from a function, so that refresh tokens stay elsewhere.
    ///
    /// Parameters
    /// ----------
    /// client_id : str
    ///     The id of the client the tokens belong to.
    /// token : callable
    ///     Called without arguments, from a thread of the package, whenever a token is needed. It returns the token,
    ///     or the token and the datetime it expires at; without one it is asked again when AMC refuses the token.
    ///
    /// Returns
    /// -------
    /// Credentials
    ///     A credential that asks the function.
    ///
    /// Examples
    /// --------
    /// >>> amc_fleet.Credentials.from_callback("amzn1.client", lambda: "Atza|token")
    /// <Credentials 'amzn1.client'>
    #[staticmethod]
    #[pyo3(signature = (client_id, token: "Callable[[], str | tuple[str, datetime]]"))]
    fn from_callback(client_id: String, token: Py<PyAny>) -> Self {
        Self(Credential::Host { client_id, source: Arc::new(Callback(Arc::new(token))) })
    }

    /// The id of the client.
    #[getter]
    fn client_id(&self) -> &str {
        self.0.client_id()
    }

    fn __repr__(&self) -> String {
        format!("<Credentials '{}'>", self.0.client_id())
    }
}

/// A Python function that gives tokens.
#[derive(Debug)]
struct Callback(Arc<Py<PyAny>>);

#[async_trait]
impl TokenSource for Callback {
    async fn token(&self, _now: DateTime<Utc>) -> Result<AccessToken> {
        let function = Arc::clone(&self.0);
        let called = tokio::task::spawn_blocking(move || Python::try_attach(|py| ask(py, &function)));
        match called.await {
            Ok(Some(token)) => token.map_err(no_token),
            Ok(None) => Err(Error::new(ErrorKind::Unavailable, "python_ended", "Python has ended")),
            Err(lost) => Err(no_token(lost)),
        }
    }
}

fn ask(py: Python<'_>, function: &Py<PyAny>) -> PyResult<AccessToken> {
    let answer = function.call0(py)?;
    let answer = answer.bind(py);
    let (secret, expires_at): (String, Option<DateTime<Utc>>) = match answer.extract::<String>() {
        Ok(token) => (token, None),
        Err(_) => answer.extract()?,
    };
    Ok(AccessToken { secret: SecretString::from(secret), expires_at })
}

fn no_token(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::Unauthorized, "token_callback_failed", "the function that gives tokens failed")
        .hint("it must return a token, or a token and the datetime it expires at")
        .caused_by(cause)
}
