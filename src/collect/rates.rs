//! How many calls a second an account may make of a service in a region, lest others who use the same
//! quotas be throttled.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use governor::{DefaultDirectRateLimiter, Quota};

/// Calls a second and at once, and where that comes from. Where AWS publishes limits for single operations,
/// they hold for the service as a whole here; where none, a guess that the back-off corrects.
const RATES: &[(&str, u32, u32, &str)] = &[
    ("cloudtrail", 10, 10, "AWS CloudTrail User Guide, Quotas: 10 transactions a second"),
    ("cloudtrail_events", 2, 1, "AWS CloudTrail API Reference, LookupEvents: two a second, per account and Region"),
    ("dynamodb", 100, 200, "none published"),
    ("ec2", 20, 100, "Amazon EC2 Developer Guide, Request throttling: 20 a second, bucket of 100, for each Describe operation"),
    ("iam", 15, 30, "none published"),
    ("kms", 100, 200, "AWS KMS Developer Guide, Request quotas: 1,000 a second and more for DescribeKey, GetKeyPolicy and GetKeyRotationStatus"),
    ("organizations", 5, 10, "none published"),
    ("rds", 80, 160, "none published"),
    ("secretsmanager", 40, 80, "AWS Secrets Manager User Guide, Quotas: 50 a second for GetResourcePolicy"),
];

/// For every other service, none of which publishes a limit for what is asked in numbers.
const OTHERS: (u32, u32) = (20, 40);

/// The limit of a service: what the user set, else the one of the table.
pub fn limiter(service: &str, set: &BTreeMap<String, NonZeroU32>) -> DefaultDirectRateLimiter {
    let published = RATES.iter().find(|(name, ..)| *name == service).map_or(OTHERS, |(_, rate, burst, _)| (*rate, *burst));
    let (rate, burst) = match set.get(service) {
        Some(rate) => (*rate, *rate),
        None => (NonZeroU32::new(published.0).unwrap_or(NonZeroU32::MIN), NonZeroU32::new(published.1).unwrap_or(NonZeroU32::MIN)),
    };
    DefaultDirectRateLimiter::direct(Quota::per_second(rate).allow_burst(burst))
}
