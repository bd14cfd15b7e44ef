//! The regions that the account has enabled.

use serde_json::{Value, json};

use super::replay::Replay;
use crate::inventory::kinds;

const LISTING: &str = "account:ListRegions";

#[tokio::test]
async fn regions_of_all_pages_are_listed_once_an_account() {
    let wire = Replay::default()
        .on(&["POST", "/listRegions"], r#"{"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED_BY_DEFAULT"}],"NextToken":"second"}"#)
        .on(&["POST", "/listRegions", "second"], r#"{"Regions":[{"RegionName":"me-south-1","RegionOptStatus":"DISABLED"}]}"#);
    let scope = wire.collect_global(&[LISTING]).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    let [regions] = &scope.resources[..] else { panic!("{:?}", scope.resources) };
    assert_eq!((regions.kind, regions.arn.as_str()), (kinds::ACCOUNT_REGIONS, "arn:aws:account::111122223333:account"));
    let listed =
        json!([{"RegionName": "us-east-1", "RegionOptStatus": "ENABLED_BY_DEFAULT"}, {"RegionName": "me-south-1", "RegionOptStatus": "DISABLED"}]);
    assert_eq!(regions.data::<Value>().unwrap()["Regions"], listed);
    wire.collect(&[LISTING]).await;
    assert_eq!(wire.count(&["/listRegions"]), 2);
}

#[tokio::test]
async fn a_denied_listing_is_a_gap_and_no_half_a_list() {
    let wire = Replay::default()
        .on(&["POST", "/listRegions"], r#"{"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED"}],"NextToken":"second"}"#)
        .fail(&["POST", "/listRegions", "second"], 403, r#"{"__type":"AccessDeniedException","message":"no"}"#);
    let scope = wire.collect_global(&[LISTING]).await;
    assert!(scope.gap_of(LISTING).is_some() && scope.resources.is_empty());
    let wire = Replay::default();
    wire.collect_global(&["iam:GetAccountAuthorizationDetails"]).await;
    assert_eq!(wire.count(&["/listRegions"]), 0);
}
