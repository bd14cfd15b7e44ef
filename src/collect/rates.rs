//! How many calls a second an account may make of a service in a region, lest others who use the same
//! quotas be throttled.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use governor::{DefaultDirectRateLimiter, Quota};

use super::session::SERVICES;

/// Calls a second and at once of a service, as IAM policies name it, or of one of its operations besides, and
/// where that comes from. Where AWS publishes no limit, a guess that the back-off corrects.
const RATES: &[(&str, u32, u32, &str)] = &[
    ("cloudtrail", 10, 10, "AWS CloudTrail User Guide, Quotas: 10 transactions a second"),
    ("cloudtrail:LookupEvents", 2, 1, "AWS CloudTrail API Reference: two a second, per account and Region"),
    ("dynamodb", 500, 1000, "Amazon DynamoDB Developer Guide, Best practices for the control plane: 2,500 a second"),
    ("dynamodb:DescribeContinuousBackups", 10, 10, "Amazon DynamoDB API Reference: 10 a second"),
    ("dynamodb:ListBackups", 5, 5, "Amazon DynamoDB API Reference: 5 a second"),
    ("ec2", 20, 100, "Amazon EC2 Developer Guide, Request throttling: 20 a second, bucket of 100, for each Describe operation"),
    ("iam", 15, 30, "none published"),
    ("kms", 100, 200, "AWS KMS Developer Guide, Request quotas: 1,000 a second and more for DescribeKey, GetKeyPolicy and GetKeyRotationStatus"),
    ("organizations", 5, 10, "none published"),
    ("rds", 80, 160, "none published"),
    ("secretsmanager", 100, 200, "AWS Secrets Manager User Guide, Quotas: 100 a second for ListSecrets, more for DescribeSecret"),
    ("secretsmanager:GetResourcePolicy", 40, 80, "AWS Secrets Manager User Guide, Quotas: 50 a second"),
];

/// For every other service, none of which publishes a limit for what is asked in numbers.
const OTHERS: (u32, u32) = (20, 40);

/// What a rate can be set for: services, and the operations that have a limit of their own.
pub fn names() -> impl Iterator<Item = &'static str> {
    SERVICES.iter().copied().chain(RATES.iter().map(|(name, ..)| *name).filter(|name| name.contains(':')))
}

/// The limits of a service in an account and region.
#[derive(Debug)]
pub struct Limits {
    service: DefaultDirectRateLimiter,
    operations: Vec<(&'static str, DefaultDirectRateLimiter)>,
}

impl Limits {
    /// What the user set, else what is in the table.
    pub fn of(service: &'static str, set: &BTreeMap<String, NonZeroU32>) -> Self {
        let own = RATES.iter().filter_map(|(name, rate, burst, _)| {
            let operation = name.strip_prefix(service)?.strip_prefix(':')?;
            Some((operation, limiter(set.get(*name), *rate, *burst)))
        });
        let (rate, burst) = RATES.iter().find(|(name, ..)| *name == service).map_or(OTHERS, |(_, rate, burst, _)| (*rate, *burst));
        Self { service: limiter(set.get(service), rate, burst), operations: own.collect() }
    }

    /// Until a request may be sent.
    pub async fn until_ready(&self, request: &HttpRequest) {
        if let Some(operation) = operation(request)
            && let Some((_, limiter)) = self.operations.iter().find(|(name, _)| *name == operation)
        {
            limiter.until_ready().await;
        }
        self.service.until_ready().await;
    }
}

fn limiter(set: Option<&NonZeroU32>, rate: u32, burst: u32) -> DefaultDirectRateLimiter {
    let number = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
    let (rate, burst) = set.map_or((number(rate), number(burst)), |set| (*set, *set));
    DefaultDirectRateLimiter::direct(Quota::per_second(rate).allow_burst(burst))
}

/// The operation, where the protocol names it in a header: that of all services whose operations have limits.
fn operation(request: &HttpRequest) -> Option<&str> {
    request.headers().get("x-amz-target")?.rsplit('.').next()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::{Duration, Instant};

    use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

    use super::{Limits, RATES, SERVICES};

    #[test]
    fn every_rate_is_of_a_service_that_is_asked() {
        let is_asked = |name: &str| SERVICES.contains(&name.split(':').next().unwrap_or(name));
        let strange: Vec<_> = RATES.iter().filter(|(name, ..)| !is_asked(name)).collect();
        assert!(strange.is_empty(), "{strange:?}");
    }

    #[tokio::test]
    async fn an_operation_with_a_limit_of_its_own_waits_for_itself() {
        let limits = Limits::of("dynamodb", &BTreeMap::from([("dynamodb:ListBackups".to_owned(), 10.try_into().unwrap())]));
        let request = |target: &'static str| {
            let mut request = HttpRequest::empty();
            request.headers_mut().insert("x-amz-target", target);
            request
        };
        let begun = Instant::now();
        for _ in 0..40 {
            limits.until_ready(&request("DynamoDB_20120810.DescribeTable")).await;
        }
        assert!(begun.elapsed() < Duration::from_millis(500), "40 of 500 a second: {:?}", begun.elapsed());
        let begun = Instant::now();
        for _ in 0..13 {
            limits.until_ready(&request("DynamoDB_20120810.ListBackups")).await;
        }
        assert!(begun.elapsed() >= Duration::from_millis(250), "13 of 10 a second: {:?}", begun.elapsed());
    }
}
