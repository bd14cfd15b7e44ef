//! The sweep of IAM.

use super::replay::Replay;
use crate::inventory::{Kind, Scope, kinds};

const SWEEP: &str = "iam:GetAccountAuthorizationDetails";
const ACTION: &str = "Action=GetAccountAuthorizationDetails";

fn page(marker: &str, content: &str) -> String {
    let more = if marker.is_empty() {
        "<IsTruncated>false</IsTruncated>".to_owned()
    } else {
        format!("<IsTruncated>true</IsTruncated><Marker>{marker}</Marker>")
    };
    format!(
        "<GetAccountAuthorizationDetailsResponse><GetAccountAuthorizationDetailsResult>{more}{content}</GetAccountAuthorizationDetailsResult>\
         </GetAccountAuthorizationDetailsResponse>"
    )
}

const ROLES: &str = "<RoleDetailList><member><Path>/</Path><RoleName>app</RoleName><Arn>arn:aws:iam::111122223333:role/app</Arn>\
    <AssumeRolePolicyDocument>%7B%22Version%22%3A%222012-10-17%22%7D</AssumeRolePolicyDocument>\
    <RolePolicyList><member><PolicyName>own</PolicyName><PolicyDocument>%7B%22Statement%22%3A%5B%5D%7D</PolicyDocument></member></RolePolicyList>\
    <AttachedManagedPolicies><member><PolicyName>Read</PolicyName><PolicyArn>arn:aws:iam::aws:policy/Read</PolicyArn></member></AttachedManagedPolicies>\
    <PermissionsBoundary><PermissionsBoundaryType>Policy</PermissionsBoundaryType>\
    <PermissionsBoundaryArn>arn:aws:iam::111122223333:policy/Bound</PermissionsBoundaryArn></PermissionsBoundary>\
    <Tags><member><Key>team</Key><Value>shop</Value></member></Tags></member></RoleDetailList>";

const OTHERS: &str = "<UserDetailList><member><Path>/</Path><UserName>ann</UserName><Arn>arn:aws:iam::111122223333:user/ann</Arn>\
    <GroupList><member>readers</member></GroupList></member></UserDetailList>\
    <GroupDetailList><member><Path>/</Path><GroupName>readers</GroupName><Arn>arn:aws:iam::111122223333:group/readers</Arn></member></GroupDetailList>\
    <Policies>\
    <member><PolicyName>Read</PolicyName><Arn>arn:aws:iam::aws:policy/Read</Arn><PolicyVersionList>\
    <member><VersionId>v2</VersionId><IsDefaultVersion>true</IsDefaultVersion><Document>%7B%22Version%22%3A%222%22%7D</Document></member>\
    <member><VersionId>v1</VersionId><IsDefaultVersion>false</IsDefaultVersion><Document>%7B%22Version%22%3A%221%22%7D</Document></member>\
    </PolicyVersionList></member>\
    <member><PolicyName>Bound</PolicyName><Arn>arn:aws:iam::111122223333:policy/Bound</Arn></member>\
    <member><PolicyName>Unused</PolicyName><Arn>arn:aws:iam::111122223333:policy/Unused</Arn></member></Policies>";

fn names(scope: &Scope, kind: Kind) -> Vec<&str> {
    scope.resources.iter().filter(|resource| resource.kind == kind).map(|resource| resource.arn.as_str()).collect()
}

#[tokio::test]
async fn one_sweep_finds_principals_and_the_policies_that_they_have() {
    let wire = Replay::default().on(&[ACTION], page("next", ROLES)).on(&[ACTION, "Marker=next"], page("", OTHERS));
    let scope = wire.collect_global(&[SWEEP]).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    assert_eq!(scope.id.region, "aws-global");
    assert_eq!(names(&scope, kinds::IAM_ROLE), ["arn:aws:iam::111122223333:role/app"]);
    assert_eq!(names(&scope, kinds::IAM_USER), ["arn:aws:iam::111122223333:user/ann"]);
    assert_eq!(names(&scope, kinds::IAM_GROUP), ["arn:aws:iam::111122223333:group/readers"]);
    // What nobody has grants nothing.
    assert_eq!(names(&scope, kinds::IAM_MANAGED_POLICY), ["arn:aws:iam::111122223333:policy/Bound", "arn:aws:iam::aws:policy/Read"]);
    let data = |arn: &str| scope.resources.iter().find(|resource| resource.arn == arn).unwrap().data::<serde_json::Value>().unwrap();
    let role = data("arn:aws:iam::111122223333:role/app");
    assert_eq!(role["AssumeRolePolicyDocument"], r#"{"Version":"2012-10-17"}"#);
    assert_eq!(role["RolePolicyList"][0]["PolicyDocument"], r#"{"Statement":[]}"#);
    assert_eq!(role["PermissionsBoundary"]["PermissionsBoundaryArn"], "arn:aws:iam::111122223333:policy/Bound");
    let versions = data("arn:aws:iam::aws:policy/Read")["PolicyVersionList"].clone();
    assert_eq!(versions, serde_json::json!([{"VersionId": "v2", "IsDefaultVersion": true, "Document": r#"{"Version":"2"}"#}]));
    assert_eq!(scope.resources.iter().find(|resource| resource.kind == kinds::IAM_ROLE).unwrap().tags["team"], "shop");
    assert_eq!(wire.count(&[ACTION]), 2);
}

#[tokio::test]
async fn a_sweep_that_ends_early_or_is_denied_is_a_gap() {
    let denied = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
    let scope = Replay::default().fail(&[ACTION], 403, denied).collect_global(&[SWEEP]).await;
    assert_eq!(
        scope.gaps.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["iam:GetAccountAuthorizationDetails: access-denied: AccessDenied: no"]
    );
    assert!(scope.resources.is_empty());
    let cut = Replay::default().on(&[ACTION], page("next", ROLES)).fail(&[ACTION, "Marker=next"], 403, denied).collect_global(&[SWEEP]).await;
    assert_eq!((cut.gaps.len(), names(&cut, kinds::IAM_ROLE).len()), (1, 1));
}

#[tokio::test]
async fn regions_do_not_ask_iam_nor_does_anyone_whom_no_rule_needs_it() {
    let wire = Replay::default().on(&[ACTION], page("", ROLES));
    wire.collect(&[SWEEP]).await;
    wire.collect_global(&["rds:DescribeDBInstances"]).await;
    assert_eq!(wire.count(&[ACTION]), 0);
}

const CREDENTIALS: &str = "iam:ListServiceSpecificCredentials";
const LIST: [&str; 3] = ["Action=ListServiceSpecificCredentials", "AllUsers=true", "ServiceName=cassandra.amazonaws.com"];

fn credentials(more: &str, user: &str, id: &str) -> String {
    format!(
        "<ListServiceSpecificCredentialsResponse><ListServiceSpecificCredentialsResult>{more}<ServiceSpecificCredentials><member><UserName>{user}</UserName>\
         <Status>Active</Status><ServiceUserName>{user}-at-1</ServiceUserName><CreateDate>2026-01-10T09:00:00Z</CreateDate>\
         <ServiceSpecificCredentialId>{id}</ServiceSpecificCredentialId><ServiceName>cassandra.amazonaws.com</ServiceName></member></ServiceSpecificCredentials>\
         </ListServiceSpecificCredentialsResult></ListServiceSpecificCredentialsResponse>"
    )
}

fn credentials_of(scope: &Scope) -> serde_json::Value {
    let user = scope.resources.iter().find(|resource| resource.kind == kinds::IAM_USER).unwrap();
    user.data::<serde_json::Value>().unwrap()["ServiceSpecificCredentials"].clone()
}

#[tokio::test]
async fn credentials_of_all_users_are_listed_at_once() {
    let more = "<IsTruncated>true</IsTruncated><Marker>second</Marker>";
    let wire = Replay::default()
        .on(&[ACTION], page("", OTHERS))
        .on(&LIST, credentials(more, "bob", "ACCABOB"))
        .on(&[&LIST[..], &["Marker=second"]].concat(), credentials("<IsTruncated>false</IsTruncated>", "ann", "ACCAANN"));
    let scope = wire.collect_global(&[SWEEP, CREDENTIALS]).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    let expected = serde_json::json!([{"ServiceSpecificCredentialId": "ACCAANN", "Status": "Active", "CreateDate": "2026-01-10T09:00:00Z"}]);
    assert_eq!(credentials_of(&scope), expected);
    assert_eq!(wire.count(&[LIST[0]]), 2);

    let none = Replay::default().on(&[ACTION], page("", OTHERS)).on(&LIST, credentials("", "bob", "ACCABOB"));
    assert_eq!(credentials_of(&none.collect_global(&[SWEEP, CREDENTIALS]).await), serde_json::json!([]));
}

#[tokio::test]
async fn credentials_that_could_not_be_listed_are_a_gap() {
    let denied = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
    let scope = Replay::default().on(&[ACTION], page("", OTHERS)).fail(&LIST, 403, denied).collect_global(&[SWEEP, CREDENTIALS]).await;
    assert_eq!(credentials_of(&scope), serde_json::Value::Null);
    assert_eq!(scope.gaps.iter().map(|gap| gap.operation.as_str()).collect::<Vec<_>>(), [CREDENTIALS]);
}
