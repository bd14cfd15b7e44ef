//! Which regions were scanned.

use serde_json::{Value, json};

use crate::facts::Regions;
use crate::facts::testing::World;
use crate::inventory::{Gap, Reason, kinds};

/// Three regions, one of which is off, and what was scanned of them.
fn regions(scanned: &[(&str, Option<Gap>)]) -> Value {
    let region = |name: &str, status: &str| json!({"RegionName": name, "RegionOptStatus": status});
    let listed = [region("eu-west-1", "ENABLED_BY_DEFAULT"), region("il-central-1", "DISABLED"), region("me-south-1", "ENABLED")];
    let scanned: Regions = scanned.iter().map(|(name, gap)| ((*name).to_owned(), gap.clone())).collect();
    let world = World::complete().with(kinds::ACCOUNT_REGIONS, "regions", json!({"AccountId": "111122223333", "Regions": listed}));
    world.fact_with("coverage", "regions", &scanned)["regions"].clone()
}

#[test]
fn a_region_that_is_not_in_the_report_was_not_scanned() {
    let missing = json!({"name": "me-south-1", "scanned": false, "listed": {"gap": "account:ListRegions"}});
    let expected = json!([{"name": "eu-west-1", "scanned": true, "listed": true}, missing]);
    assert_eq!(regions(&[("eu-west-1", None)]), expected);
}

#[test]
fn a_listing_that_did_not_answer_leaves_a_region_open() {
    let gap = Gap::new("dynamodb:ListTables", Reason::AccessDenied, "no");
    let regions = regions(&[("eu-west-1", Some(gap)), ("me-south-1", None)]);
    assert_eq!(regions[0], json!({"name": "eu-west-1", "scanned": true, "listed": {"gap": "dynamodb:ListTables"}}));
    assert_eq!(regions[1]["listed"], true);
}

#[test]
fn only_listings_of_databases_count() {
    let unlisted = |operation: &str| crate::facts::unlisted(&World::complete().denied(operation).0).map(|gap| gap.operation);
    assert_eq!(unlisted("ec2:DescribeVpcs"), None);
    assert_eq!(unlisted("memorydb:DescribeClusters").as_deref(), Some("memorydb:DescribeClusters"));
}
