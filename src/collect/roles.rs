//! Credentials of a role in an account: AWS STS hands them out, and again when they are about to end.

use std::sync::{Mutex, PoisonError};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_sdk_sts::error::SdkError;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;

/// What CloudTrail names the sessions.
const SESSION_NAME: &str = env!("CARGO_PKG_NAME");

/// A role, as a provider of its credentials.
#[derive(Debug)]
pub struct AssumedRole {
    sts: aws_sdk_sts::Client,
    arn: String,
    external_id: Option<String>,
    /// The credentials that showed that the role can be assumed, until they are asked for.
    first: Mutex<Option<Credentials>>,
}

impl AssumedRole {
    /// Assumes the role.
    ///
    /// # Errors
    ///
    /// What STS answered.
    pub async fn assume(sts: aws_sdk_sts::Client, arn: &str, external_id: Option<String>) -> Result<Self, SdkError<AssumeRoleError>> {
        let role = Self { sts, arn: arn.to_owned(), external_id, first: Mutex::default() };
        let credentials = role.credentials().await?;
        *role.first.lock().unwrap_or_else(PoisonError::into_inner) = credentials;
        Ok(role)
    }

    async fn credentials(&self) -> Result<Option<Credentials>, SdkError<AssumeRoleError>> {
        let request = self.sts.assume_role().role_arn(&self.arn).role_session_name(SESSION_NAME).set_external_id(self.external_id.clone());
        let credentials = request.send().await?.credentials;
        Ok(credentials.map(|sts| {
            let mut builder = Credentials::builder().access_key_id(sts.access_key_id).secret_access_key(sts.secret_access_key);
            builder.set_expiry(sts.expiration.try_into().ok());
            builder.session_token(sts.session_token).provider_name("AssumeRole").build()
        }))
    }

    async fn provide(&self) -> Result<Credentials, CredentialsError> {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(credentials) = first {
            return Ok(credentials);
        }
        let credentials = self.credentials().await.map_err(CredentialsError::provider_error)?;
        credentials.ok_or_else(|| CredentialsError::unhandled("AWS STS returned no credentials"))
    }
}

impl ProvideCredentials for AssumedRole {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.provide())
    }
}
