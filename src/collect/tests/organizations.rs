//! The organization that the account is in.

use super::replay::Replay;
use crate::inventory::{Scope, kinds};

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
