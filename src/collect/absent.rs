//! Tells what is not there from what could not be read: an account that a service does not admit, and
//! a region that lacks the service, hold nothing to audit. All else that fails is a gap.

use std::error::Error;
use std::io;

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction, RetryClassifierPriority};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::regions::LACKING;

/// Codes and beginnings of messages with which services turn away an account that has none of them.
/// Timestream for LiveAnalytics is closed to new customers since 20 June 2025.
const NOT_ADMITTED: &[(&str, &str)] = &[
    ("AccessDeniedException", "Only existing Timestream for LiveAnalytics customers can access the service"),
    ("AWSOrganizationsNotInUseException", ""),
];

/// What resolvers say of a name that does not exist, rather than of one that they could not look up:
/// glibc, macOS and musl. Windows says it by number.
const NO_SUCH_NAME: [&str; 3] = ["Name or service not known", "nodename nor servname provided", "Name does not resolve"];
const WSAHOST_NOT_FOUND: i32 = 11_001;

/// Whether a failed call says that there is nothing to ask about.
///
/// That an endpoint's name does not exist is not enough: where no name resolves, everything would
/// pass for empty. So the region must also be known to lack the service. Neither is that enough,
/// because regions gain services: so they are asked all the same.
pub fn is_absent<E>(operation: &str, region: &str, error: &SdkError<E, HttpResponse>) -> bool
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    match error {
        SdkError::ServiceError(service) => {
            let (code, message) = (service.err().code().unwrap_or_default(), service.err().message().unwrap_or_default());
            NOT_ADMITTED.iter().any(|(of, begin)| code == *of && message.starts_with(begin))
        }
        SdkError::DispatchFailure(_) => lacks(region, operation) && is_unknown_host(error),
        _ => false,
    }
}

/// Whether the region is known to lack the service of an operation.
fn lacks(region: &str, operation: &str) -> bool {
    let service = operation.split_once(':').map_or(operation, |(service, _)| service);
    LACKING.iter().any(|(of, regions)| *of == service && regions.split(' ').any(|lacking| lacking == region))
}

/// Whether a call failed because the name of its endpoint does not exist.
fn is_unknown_host(error: &(dyn Error + 'static)) -> bool {
    let mut current = Some(error);
    while let Some(cause) = current {
        let text = cause.to_string();
        let number = cause.downcast_ref::<io::Error>().and_then(io::Error::raw_os_error);
        if NO_SUCH_NAME.iter().any(|name| text.contains(name)) || (cfg!(windows) && number == Some(WSAHOST_NOT_FOUND)) {
            return true;
        }
        current = cause.source();
    }
    false
}

/// Keeps a name that does not exist from being looked up again and again: it takes seconds in each
/// region that lacks a service.
#[derive(Debug, Clone, Copy)]
pub struct UnknownHosts;

impl ClassifyRetry for UnknownHosts {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let error = context.output_or_error().and_then(Result::err);
        match error.and_then(|error| error.as_connector_error()) {
            Some(error) if is_unknown_host(error) => RetryAction::RetryForbidden,
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "unknown hosts"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
    use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
    use aws_smithy_types::body::SdkBody;
    use aws_smithy_types::error::ErrorMetadata;

    use super::is_absent;

    type Failure = SdkError<ErrorMetadata, HttpResponse>;

    fn answered(code: &str, message: &str) -> Failure {
        let error = ErrorMetadata::builder().code(code).message(message).build();
        SdkError::service_error(error, HttpResponse::new(403.try_into().unwrap(), SdkBody::empty()))
    }

    fn unresolved(why: &str) -> Failure {
        let error = io::Error::other(format!("failed to lookup address information: {why}"));
        SdkError::dispatch_failure(ConnectorError::io(error.into()))
    }

    #[test]
    fn an_account_that_timestream_does_not_admit_has_nothing_there() {
        let closed = "Only existing Timestream for LiveAnalytics customers can access the service. Reach out to AWS support, for more information.";
        let absent = |error| is_absent("timestream:DescribeEndpoints", "us-east-1", &error);
        assert!(absent(answered("AccessDeniedException", closed)));
        let denied = format!("User: arn:aws:iam::111122223333:user/{closed} is not authorized to perform: timestream:ListDatabases");
        assert!(!absent(answered("AccessDeniedException", &denied)));
        assert!(!absent(answered("ThrottlingException", closed)));
        assert!(!absent(answered("AccessDeniedException", "")));
    }

    #[test]
    fn a_region_without_the_service_has_nothing_there() {
        let gone = || unresolved("Name or service not known");
        assert!(is_absent("dsql:ListClusters", "us-west-1", &gone()));
        assert!(!is_absent("dsql:ListClusters", "us-east-1", &gone()), "the region has the service");
        assert!(!is_absent("dsql:ListClusters", "xx-new-1", &gone()), "nothing is known of the region");
        assert!(!is_absent("rds:DescribeDBInstances", "us-west-1", &gone()), "every region has the service");
    }

    #[test]
    fn an_endpoint_that_does_not_answer_is_not_absent() {
        for failure in [
            unresolved("Temporary failure in name resolution"),
            SdkError::dispatch_failure(ConnectorError::io(io::Error::from(io::ErrorKind::ConnectionRefused).into())),
            SdkError::dispatch_failure(ConnectorError::timeout("no answer".into())),
            answered("AccessDeniedException", "User is not authorized"),
        ] {
            assert!(!is_absent("dsql:ListClusters", "us-west-1", &failure), "{failure:?}");
        }
    }
}
