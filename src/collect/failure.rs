//! What the SDK's errors mean: a gap for one call, or the end when nothing could be asked at all.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::display::DisplayErrorContext;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::inventory::{Gap, Reason};

/// Why a collection could not start.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    #[error("no AWS credentials were found: set AWS_PROFILE or AWS_ACCESS_KEY_ID, or pass --profile{0}")]
    NoCredentials(String),
    #[error("the AWS credentials have expired: renew them, for example with `aws sso login` ({0})")]
    Expired(String),
    #[error("AWS did not accept the credentials: check the profile and that the region is enabled in the account ({0})")]
    Refused(String),
    #[error("cannot reach {endpoint}: check the network, the proxy and --endpoint-url ({reason})")]
    Unreachable { endpoint: String, reason: String },
    #[error("cannot find out which account this is: {0}")]
    Identity(String),
    #[error("no region is configured: pass --region, or set AWS_REGION")]
    NoRegion,
    #[error("{0:?} is no AWS region{1}")]
    UnknownRegion(String, String),
    #[error("there is no rate of {0:?}{1}")]
    UnknownRate(String, String),
    #[error("every region is excluded")]
    EveryRegionExcluded,
    #[error("cannot list the regions of the account: {0}; name them with --region")]
    Regions(Gap),
    #[error("cannot list the accounts of the organization: {0}; ask with its management account or a delegated administrator")]
    Organization(Gap),
    #[error("{0} is no active account of the organization, or of the organizational units named")]
    NotInOrganization(String),
    #[error("interrupted before any account could be asked")]
    Interrupted,
    #[error("no account could be asked: {0}")]
    NoAccount(Gap),
}

/// The gap that a failed call leaves.
pub fn gap<E>(operation: &str, error: &SdkError<E, HttpResponse>) -> Gap
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    Gap::new(operation, reason(error), message(error))
}

/// Why a call failed.
pub fn reason<E>(error: &SdkError<E, HttpResponse>) -> Reason
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    match error {
        SdkError::TimeoutError(_) => Reason::TimedOut,
        SdkError::DispatchFailure(failure) if failure.is_timeout() => Reason::TimedOut,
        SdkError::DispatchFailure(failure) if failure.is_io() => Reason::Unreachable,
        SdkError::DispatchFailure(_) if credentials_error(error).is_some() => Reason::CredentialsExpired,
        SdkError::DispatchFailure(_) => Reason::Unreachable,
        SdkError::ServiceError(service) => by_code(service.err().code().unwrap_or_default(), service.raw().status().as_u16()),
        _ => Reason::Failed,
    }
}

/// What the services' error codes mean. They differ by protocol and age of the service.
fn by_code(code: &str, status: u16) -> Reason {
    match code {
        "AccessDenied"
        | "AccessDeniedException"
        | "UnauthorizedOperation"
        | "AuthorizationError"
        | "NotAuthorized"
        | "NotAuthorizedException"
        | "OptInRequired"
        | "OptInRequiredException"
        | "AuthFailure"
        | "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "SubscriptionRequiredException" => Reason::AccessDenied,
        "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "RequestLimitExceeded"
        | "TooManyRequestsException"
        | "SlowDown"
        | "BandwidthLimitExceeded"
        | "LimitExceededException"
        | "ProvisionedThroughputExceededException" => Reason::Throttled,
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" | "TokenRefreshRequired" => Reason::CredentialsExpired,
        "InvalidAction"
        | "UnknownOperationException"
        | "UnsupportedOperation"
        | "UnsupportedOperationException"
        | "NotImplemented"
        | "MissingAction"
        | "UnknownOperation" => Reason::Unsupported,
        _ if code.contains("NotFound") => Reason::NotVisible,
        _ if status == 404 || status == 501 => Reason::Unsupported,
        _ => Reason::Failed,
    }
}

/// What the service said, else the chain of causes; a request's secrets are in neither.
fn message<E>(error: &SdkError<E, HttpResponse>) -> String
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let service = error.as_service_error();
    match service.and_then(|service| service.code().map(|code| (code, service.message().unwrap_or_default()))) {
        Some((code, "")) => code.to_owned(),
        Some((code, message)) => format!("{code}: {message}"),
        // Not of the service but of what stands before it: only the status says something.
        None => match error.raw_response().map(|answer| answer.status()) {
            Some(status) if !status.is_success() => format!("HTTP status {}: {}", status.as_u16(), causes(error)),
            _ => causes(error),
        },
    }
}

/// The chain of causes in one line, without the SDK's debug form behind it.
fn causes(error: &dyn Error) -> String {
    let mut causes = vec![error.to_string()];
    let mut current = error.source();
    while let Some(cause) = current {
        let text = cause.to_string();
        // An interceptor's name says nothing to a user; what it found comes next.
        causes.retain(|cause| !cause.contains("interceptor encountered an error"));
        if causes.last() != Some(&text) {
            causes.push(text);
        }
        current = cause.source();
    }
    causes.join(": ")
}

/// What is wrong with a profile, if that is it; the chain of all providers helps nobody.
fn brief(why: &str) -> String {
    if why.contains("found in chain") { String::new() } else { format!(" ({why})") }
}

/// The failure to load credentials behind an error, if that is what it is.
fn credentials_error<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e CredentialsError> {
    let mut current: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(cause) = current {
        if let Some(found) = cause.downcast_ref::<CredentialsError>() {
            return Some(found);
        }
        current = cause.source();
    }
    None
}

/// Why the very first call failed, as the end of the collection.
pub fn fatal<E>(endpoint: &str, error: &SdkError<E, HttpResponse>) -> CollectError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    if let Some(found) = credentials_error(error) {
        // The chain of providers reports in several lines; what each tried is in the first.
        let why = causes(found);
        let why = why.lines().map(str::trim).collect::<Vec<_>>().join("; ");
        return if why.to_lowercase().contains("expired") { CollectError::Expired(why) } else { CollectError::NoCredentials(brief(&why)) };
    }
    let why = message(error);
    match reason(error) {
        Reason::CredentialsExpired => CollectError::Expired(why),
        Reason::AccessDenied => CollectError::Refused(why),
        Reason::Unreachable | Reason::TimedOut => CollectError::Unreachable { endpoint: endpoint.to_owned(), reason: why },
        _ if why.contains("SignatureDoesNotMatch") => CollectError::Refused(why),
        _ => CollectError::Identity(if why.is_empty() { DisplayErrorContext(error).to_string() } else { why }),
    }
}
