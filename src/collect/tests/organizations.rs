//! The organization that the account is in, and the service control policies over the account.

use std::time::Duration;

use serde_json::{Value, json};

use super::replay::{ACCOUNT, Replay};
use crate::collect::{Interrupt, ask_scope};
use crate::inventory::{Kind, Needs, Reason, Scope, ScopeId, kinds};

const DESCRIBE: &str = "organizations:DescribeOrganization";
const TARGET: &str = "AWSOrganizationsV20161128.DescribeOrganization";

fn ids(scope: &Scope) -> Vec<String> {
    let organizations = scope.resources.iter().filter(|resource| resource.kind == kinds::ORGANIZATION);
    organizations.map(|resource| resource.data::<serde_json::Value>().unwrap()["Id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_organization_is_asked_once_an_account_and_only_if_needed() {
    let answer = r#"{"Organization":{"Id":"o-a1b2c3d4e5","Arn":"arn:aws:organizations::444455556666:organization/o-a1b2c3d4e5"}}"#;
    let wire = Replay::default().on(&[TARGET], answer);
    let scope = wire.collect_global(&[DESCRIBE]).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    assert_eq!(ids(&scope), ["o-a1b2c3d4e5"]);
    wire.collect(&[DESCRIBE]).await;
    wire.collect_global(&["iam:ListUsers"]).await;
    assert_eq!(wire.count(&[TARGET]), 1);
}

#[tokio::test]
async fn an_account_in_no_organization_has_none_and_a_denial_is_a_gap() {
    let not_in_use = r#"{"__type":"AWSOrganizationsNotInUseException","Message":"Your account is not a member of an organization."}"#;
    let scope = Replay::default().fail(&[TARGET], 400, not_in_use).collect_global(&[DESCRIBE]).await;
    assert!(scope.is_complete() && scope.operations.contains(DESCRIBE), "{:?}", scope.gaps);
    assert_eq!(ids(&scope), Vec::<String>::new());
    let denied = r#"{"__type":"AccessDeniedException","Message":"no"}"#;
    let scope = Replay::default().fail(&[TARGET], 400, denied).collect_global(&[DESCRIBE]).await;
    assert_eq!(scope.gaps.iter().map(|gap| gap.operation.as_str()).collect::<Vec<_>>(), [DESCRIBE]);
}

const CONTROL: [&str; 4] = [DESCRIBE, "organizations:ListParents", "organizations:ListPoliciesForTarget", "organizations:DescribePolicy"];
const DENIED: &str = r#"{"__type":"AccessDeniedException","Message":"no"}"#;
const FULL: &str = r#"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"#;

fn describes(management: &str, features: &str) -> Replay {
    let organization = format!(
        r#"{{"Organization":{{"Id":"o-a1b2c3d4e5","Arn":"arn:aws:organizations::{management}:organization/o-a1b2c3d4e5",
            "FeatureSet":"{features}","MasterAccountId":"{management}"}}}}"#
    );
    Replay::default().on(&[TARGET], organization)
}

fn parent(wire: Replay, child: &str, id: &str, kind: &str) -> Replay {
    wire.on(&[".ListParents", child], format!(r#"{{"Parents":[{{"Id":"{id}","Type":"{kind}"}}]}}"#))
}

fn attached(wire: Replay, target: &str, ids: &[&str]) -> Replay {
    let policies: Vec<_> = ids.iter().map(|id| format!(r#"{{"Id":"{id}"}}"#)).collect();
    wire.on(&[".ListPoliciesForTarget", target], format!(r#"{{"Policies":[{}]}}"#, policies.join(",")))
}

/// An account in a unit of a unit of the root.
fn tree() -> Replay {
    let wire = describes("444455556666", "ALL");
    let wire = parent(wire, ACCOUNT, "ou-ab12-22222222", "ORGANIZATIONAL_UNIT");
    let wire = parent(wire, "ou-ab12-22222222", "ou-ab12-11111111", "ORGANIZATIONAL_UNIT");
    let wire = parent(wire, "ou-ab12-11111111", "r-ab12", "ROOT");
    let wire = attached(wire, ACCOUNT, &["p-FullAWSAccess"]);
    let wire = attached(wire, "ou-ab12-11111111", &["p-FullAWSAccess"]);
    let wire = attached(wire, "r-ab12", &["p-FullAWSAccess"]);
    // Two pages, the first of them empty.
    let wire = wire
        .on(&[".ListPoliciesForTarget", "ou-ab12-22222222"], r#"{"Policies":[],"NextToken":"second"}"#)
        .on(&[".ListPoliciesForTarget", "ou-ab12-22222222", "second"], r#"{"Policies":[{"Id":"p-regions"},{"Id":"p-FullAWSAccess"}]}"#);
    ["p-FullAWSAccess", "p-regions"].into_iter().fold(wire, |wire, id| {
        let arn = format!("arn:aws:organizations::444455556666:policy/o-a1b2c3d4e5/service_control_policy/{id}");
        let policy = format!(r#"{{"Policy":{{"PolicySummary":{{"Id":"{id}","Arn":"{arn}","Name":"Name of {id}"}},"Content":"{FULL}"}}}}"#);
        wire.on(&[".DescribePolicy", id], policy)
    })
}

fn data(scope: &Scope, kind: Kind) -> Vec<Value> {
    scope.resources.iter().filter(|resource| resource.kind == kind).map(|resource| resource.data().unwrap()).collect()
}

#[tokio::test]
async fn policies_are_read_level_by_level_from_the_account_to_the_root() {
    let wire = tree();
    let scope = wire.collect_global(&CONTROL).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    let level = |target: &str, ids: &[&str]| json!({"TargetId": target, "PolicyIds": ids});
    let levels = [
        level(ACCOUNT, &["p-FullAWSAccess"]),
        level("ou-ab12-22222222", &["p-FullAWSAccess", "p-regions"]),
        level("ou-ab12-11111111", &["p-FullAWSAccess"]),
        level("r-ab12", &["p-FullAWSAccess"]),
    ];
    assert_eq!(data(&scope, kinds::ORGANIZATION_ACCOUNT), [json!({"Id": ACCOUNT, "ServiceControlPolicies": levels})]);
    let policies = data(&scope, kinds::ORGANIZATION_POLICY);
    assert_eq!(policies.iter().map(|policy| &policy["Name"]).collect::<Vec<_>>(), ["Name of p-FullAWSAccess", "Name of p-regions"]);
    assert!(policies[0]["Content"].as_str().unwrap().starts_with(r#"{"Version":"#));
    assert_eq!([".ListParents", ".ListPoliciesForTarget", ".DescribePolicy"].map(|operation| wire.count(&[operation])), [3, 5, 2]);
}

#[tokio::test]
async fn units_and_policies_are_asked_once_for_all_accounts() {
    const OTHER: &str = "222233334444";
    let wire = attached(parent(tree(), OTHER, "ou-ab12-22222222", "ORGANIZATIONAL_UNIT"), OTHER, &["p-FullAWSAccess"]);
    let never = Interrupt::never();
    let (session, needs) = (wire.session(), Needs { operations: CONTROL.into_iter().collect(), ..Needs::default() });
    for account in [ACCOUNT, OTHER] {
        let asked = ask_scope(&session, &needs, ScopeId::global(account), Default::default(), Duration::from_secs(60), &never);
        assert_eq!(data(&asked.await, kinds::ORGANIZATION_ACCOUNT)[0]["ServiceControlPolicies"].as_array().unwrap().len(), 4, "{account}");
    }
    assert_eq!([".ListParents", ".ListPoliciesForTarget", ".DescribePolicy"].map(|operation| wire.count(&[operation])), [4, 6, 2]);
}

#[tokio::test]
async fn a_caller_who_may_not_ask_leaves_no_gap_and_it_is_noted() {
    for (refused, gap) in [
        (&[".ListParents", ACCOUNT][..], "organizations:ListParents"),
        (&[".ListPoliciesForTarget", "r-ab12"], "organizations:ListPoliciesForTarget"),
        (&[".DescribePolicy", "p-regions"], "organizations:DescribePolicy"),
    ] {
        let scope = tree().fail(refused, 400, DENIED).collect_global(&CONTROL).await;
        assert!(scope.is_complete(), "{:?}", scope.gaps);
        let accounts = data(&scope, kinds::ORGANIZATION_ACCOUNT);
        assert_eq!((&accounts[0]["NotPermitted"]["operation"], &accounts[0]["NotPermitted"]["reason"]), (&json!(gap), &json!("access-denied")));
        assert_eq!((&accounts[0]["ServiceControlPolicies"], data(&scope, kinds::ORGANIZATION_POLICY).len()), (&Value::Null, 0));
    }
}

#[tokio::test]
async fn another_failure_is_a_gap_in_the_policies_of_the_account() {
    let throttled = r#"{"__type":"TooManyRequestsException","Message":"slow down"}"#;
    let scope = tree().fail(&[".ListPoliciesForTarget", "r-ab12"], 400, throttled).collect_global(&CONTROL).await;
    let account = scope.resources.iter().find(|resource| resource.kind == kinds::ORGANIZATION_ACCOUNT).unwrap();
    let gap = account.gap_of("ServiceControlPolicies").unwrap();
    assert_eq!((gap.operation.as_str(), gap.reason), ("organizations:ListPoliciesForTarget", Reason::Throttled));
    let orphan = tree().on(&[".ListParents", "ou-ab12-11111111"], r#"{"Parents":[]}"#).collect_global(&CONTROL).await;
    let account = orphan.resources.iter().find(|resource| resource.kind == kinds::ORGANIZATION_ACCOUNT).unwrap();
    assert_eq!(account.gap_of("ServiceControlPolicies").unwrap().reason, Reason::NotReturned);
}

#[tokio::test]
async fn where_no_policy_can_bind_the_account_none_is_asked_for() {
    for wire in [describes(ACCOUNT, "ALL"), describes("444455556666", "CONSOLIDATED_BILLING")] {
        let scope = wire.collect_global(&CONTROL).await;
        assert!(scope.is_complete() && CONTROL.iter().all(|operation| scope.operations.contains(*operation)), "{:?}", scope.gaps);
        assert_eq!([".ListParents", ".ListPoliciesForTarget"].map(|operation| wire.count(&[operation])), [0, 0]);
    }
    let wire = tree();
    wire.collect_global(&[DESCRIBE]).await;
    assert_eq!(wire.count(&[".ListParents"]), 0, "no rule needs them");
}
