//! What could not be read, and why. A gap is a value: to a rule it is neither true, false, null
//! nor absent.

use std::fmt;

/// One thing that is unknown because an operation did not answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct Gap {
    /// The operation with its service as IAM names it, such as `rds:DescribeDBProxies`.
    pub operation: String,
    pub reason: Reason,
    /// What the service said, or what is missing; never a secret.
    pub message: String,
}

impl Gap {
    /// A gap of the given operation.
    pub fn new(operation: impl Into<String>, reason: Reason, message: impl Into<String>) -> Self {
        Self { operation: operation.into(), reason, message: message.into() }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.reason)?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        Ok(())
    }
}

/// Why something is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The caller lacks the permission.
    AccessDenied,
    /// The service kept throttling until the retries ended.
    Throttled,
    /// No answer in time.
    TimedOut,
    /// The endpoint does not know the operation.
    Unsupported,
    /// No connection to the endpoint.
    Unreachable,
    /// The credentials ended during the scan.
    CredentialsExpired,
    /// The collection was interrupted before the operation had answered to the end.
    Interrupted,
    /// The service failed, or its answer could not be read.
    Failed,
    /// The operation was not called when the inventory was collected.
    NotCollected,
    /// The operation answered without the thing: it belongs to another account, or has gone since.
    NotVisible,
    /// AWS returned the resource without a field that the rule needs.
    NotReturned,
    /// The rule's expression cannot be evaluated on this resource.
    NotEvaluated,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AccessDenied => "access-denied",
            Self::Throttled => "throttled",
            Self::TimedOut => "timed-out",
            Self::Unsupported => "unsupported",
            Self::Unreachable => "unreachable",
            Self::CredentialsExpired => "credentials-expired",
            Self::Interrupted => "interrupted",
            Self::Failed => "failed",
            Self::NotCollected => "not-collected",
            Self::NotVisible => "not-visible",
            Self::NotReturned => "not-returned",
            Self::NotEvaluated => "not-evaluated",
        })
    }
}

/// A value, or the gap in its place.
#[derive(Debug, Clone, PartialEq)]
pub enum Known<T> {
    Value(T),
    Gap(Gap),
}

impl<T> Known<T> {
    /// Applies `f` to the value; a gap stays a gap.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Self::Value(value) => Known::Value(f(value)),
            Self::Gap(gap) => Known::Gap(gap),
        }
    }

    /// The value as a `Result`, for `?`.
    pub fn ok(self) -> Result<T, Gap> {
        match self {
            Self::Value(value) => Ok(value),
            Self::Gap(gap) => Err(gap),
        }
    }
}

impl<T> From<Result<T, Gap>> for Known<T> {
    fn from(result: Result<T, Gap>) -> Self {
        match result {
            Ok(value) => Self::Value(value),
            Err(gap) => Self::Gap(gap),
        }
    }
}

impl<T: schemars::JsonSchema> schemars::JsonSchema for Known<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        T::json_schema(generator)
    }

    fn inline_schema() -> bool {
        T::inline_schema()
    }
}
