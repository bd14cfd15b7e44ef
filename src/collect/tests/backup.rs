//! AWS Backup's answers on the wire.

use serde_json::json;

use super::replay::Replay;
use crate::inventory::backup::{BackupSelection, ProtectedResource, ResourceCopies};
use crate::inventory::{Kind, Scope, kinds};

const DB: &str = "arn:aws:rds:us-east-1:111122223333:db:orders";
const CLUSTER: &str = "arn:aws:rds:us-east-1:111122223333:cluster:shop";

/// All that the fact `backup` draws on.
const OPERATIONS: [&str; 11] = [
    "rds:DescribeDBInstances",
    "rds:DescribeDBClusters",
    "backup:ListProtectedResources",
    "backup:DescribeProtectedResource",
    "backup:ListRecoveryPointsByResource",
    "backup:ListBackupPlans",
    "backup:ListBackupSelections",
    "backup:GetBackupSelection",
    "backup:DescribeRegionSettings",
    "backup:ListBackupVaults",
    "backup:ListCopyJobs",
];

/// A region with an instance and an Aurora cluster, and an account that never used AWS Backup.
fn unused() -> Replay {
    databases()
        .on(&["GET", "/resources"], json!({"Results": []}).to_string())
        .on(&["GET", "/backup/plans"], json!({"BackupPlansList": []}).to_string())
        .on(&["GET", "/account-settings"], json!({"ResourceTypeOptInPreference": {"RDS": true, "Aurora": false}}).to_string())
        .on(&["GET", "/backup-vaults"], json!({"BackupVaultList": []}).to_string())
        .on(&["GET", "/copy-jobs"], json!({"CopyJobs": []}).to_string())
}

fn databases() -> Replay {
    let instance = format!(
        "<DBInstance><DBInstanceIdentifier>orders</DBInstanceIdentifier><DBInstanceArn>{DB}</DBInstanceArn><Engine>postgres</Engine></DBInstance>"
    );
    let cluster = format!(
        "<DBCluster><DBClusterIdentifier>shop</DBClusterIdentifier><DBClusterArn>{CLUSTER}</DBClusterArn>\
         <DbClusterResourceId>cluster-ABC</DbClusterResourceId><Engine>aurora-mysql</Engine></DBCluster>"
    );
    let answer = |operation: &str, body: String| format!("<{operation}Response><{operation}Result>{body}</{operation}Result></{operation}Response>");
    Replay::default()
        .on(&["Action=DescribeDBInstances"], answer("DescribeDBInstances", format!("<DBInstances>{instance}</DBInstances>")))
        .on(&["Action=DescribeDBClusters"], answer("DescribeDBClusters", format!("<DBClusters>{cluster}</DBClusters>")))
}

fn data<T: serde::de::DeserializeOwned>(scope: &Scope, kind: Kind) -> Vec<T> {
    scope.resources.iter().filter(|resource| resource.kind == kind).map(|resource| resource.data().unwrap()).collect()
}

fn gaps(scope: &Scope) -> Vec<String> {
    let of_resources = scope.resources.iter().flat_map(|resource| resource.gaps.iter().map(|gap| format!("{}: {}", gap.fields.join(" "), gap.gap)));
    scope.gaps.iter().map(ToString::to_string).chain(of_resources).collect()
}

#[tokio::test]
async fn an_account_that_does_not_use_it_costs_its_listings() {
    let wire = unused();
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(gaps(&scope), Vec::<String>::new());
    // The copies of two types.
    assert_eq!(wire.count(&["backup.us-east-1"]), 6);
    assert_eq!(scope.resources.iter().filter(|resource| resource.kind == kinds::BACKUP_REGION_SETTINGS).count(), 1);
}

#[tokio::test]
async fn a_region_without_databases_costs_the_listing_of_vaults() {
    let empty = "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances/></DescribeDBInstancesResult></DescribeDBInstancesResponse>";
    let wire = Replay::default().on(&["Action=DescribeDBInstances"], empty).on(&["GET", "/backup-vaults"], r#"{"BackupVaultList": []}"#);
    let operations: Vec<_> = OPERATIONS.into_iter().filter(|operation| *operation != "rds:DescribeDBClusters").collect();
    let scope = wire.collect(&operations).await;
    assert_eq!(gaps(&scope), Vec::<String>::new());
    assert_eq!((wire.count(&["backup.us-east-1"]), wire.count(&["/backup-vaults"])), (1, 1));
    // That nothing is there is known all the same.
    assert!(operations.iter().all(|operation| scope.gap_of(operation).is_none()));
}

#[tokio::test]
async fn protected_databases_are_told_from_all_that_is_protected() {
    let listed = |arn: &str, time: f64| json!({"ResourceArn": arn, "ResourceType": "RDS", "LastBackupTime": time});
    let by_id = "arn:aws:rds:us-east-1:111122223333:cluster:cluster-ABC";
    let point = |arn: &str, created: i64, vault: &str, status: &str| json!({"RecoveryPointArn": arn, "CreationDate": created, "BackupVaultName": vault, "VaultType": "BACKUP_VAULT", "Status": status});
    let continuous = "arn:aws:backup:us-east-1:111122223333:recovery-point:continuous:db-A";
    let first_points = json!({"NextToken": "more", "RecoveryPoints": [point("a", 1_700_000_000, "daily", "COMPLETED"), point("b", 1_700_100_000, "daily", "COMPLETED")]});
    let more_points = json!({"RecoveryPoints": [point("c", 1_690_000_000, "daily", "COMPLETED"), point(continuous, 1_600_000_000, "daily", "AVAILABLE"), point("d", 1_700_200_000, "daily", "EXPIRED")]});
    let wire = unused()
        .on(
            &["GET", "/resources"],
            json!({"NextToken": "two", "Results": [listed("arn:aws:ec2:us-east-1:111122223333:volume/vol-1", 1.0), listed(by_id, 1.5)]}).to_string(),
        )
        .on(&["GET", "/resources", "nextToken=two"], json!({"Results": [listed(DB, 1_700_100_000.25)]}).to_string())
        .on(
            &["GET", "/resources/arn%3A", "%3Adb%3A"],
            json!({"ResourceArn": DB, "LatestRestoreExecutionTimeMinutes": 42, "LatestRestoreJobCreationDate": 1_700_000_000}).to_string(),
        )
        .fail(&["GET", "/resources/arn%3A", "%3Acluster%3A"], 400, r#"{"__type":"AccessDeniedException","message":"no"}"#)
        .on(&["GET", "/resources/arn%3A", "/recovery-points", "%3Adb%3A"], first_points.to_string())
        .on(&["GET", "/resources/arn%3A", "/recovery-points", "%3Adb%3A", "nextToken=more"], more_points.to_string())
        .fail(&["GET", "/resources/arn%3A", "/recovery-points", "%3Acluster%3A"], 403, r#"{"__type":"AccessDeniedException","message":"no"}"#);
    let scope = wire.collect(&OPERATIONS).await;
    let protected: Vec<ProtectedResource> = data(&scope, kinds::BACKUP_PROTECTED_RESOURCE);
    let [cluster, instance] = protected.as_slice() else { panic!("{protected:?}") };
    // Told by its resource id, kept by its ARN.
    assert_eq!(cluster.ResourceArn.as_deref(), Some(CLUSTER));
    assert_eq!(instance.LastBackupTime.map(|time| time.to_rfc3339()), Some("2023-11-16T02:00:00.250+00:00".to_owned()));
    assert_eq!(instance.LatestRestoreExecutionTimeMinutes, Some(42));
    let mut points: Vec<_> = instance.RecoveryPoints.iter().flatten().filter_map(|point| point.RecoveryPointArn.as_deref()).collect();
    points.sort_unstable();
    assert_eq!(points, [continuous, "b", "d"], "the newest of each vault, status and sort");
    assert_eq!(
        gaps(&scope),
        [
            "LatestRestoreExecutionTimeMinutes LatestRestoreJobCreationDate: backup:DescribeProtectedResource: access-denied: AccessDeniedException: no",
            "RecoveryPoints: backup:ListRecoveryPointsByResource: access-denied: AccessDeniedException: no",
        ]
    );
}

#[tokio::test]
async fn selections_are_read_plan_by_plan() {
    let plans = |id: &str| json!({"BackupPlanId": id, "BackupPlanArn": format!("arn:{id}"), "BackupPlanName": format!("{id}-plan")});
    let details = json!({"SelectionId": "s1", "BackupPlanId": "p1", "BackupSelection": {
        "SelectionName": "all", "IamRoleArn": "arn:aws:iam::111122223333:role/backup", "Resources": ["arn:aws:rds:*:*:db:*"], "NotResources": [DB],
        "ListOfTags": [{"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "daily"}],
        "Conditions": {"StringEquals": [], "StringLike": [{"ConditionKey": "aws:ResourceTag/stage", "ConditionValue": "prod*"}], "StringNotEquals": [], "StringNotLike": []}}});
    let wire = unused()
        .on(&["GET", "/backup/plans"], json!({"BackupPlansList": [plans("p1")], "NextToken": "two"}).to_string())
        .on(&["GET", "/backup/plans", "nextToken=two"], json!({"BackupPlansList": [plans("p2"), plans("p3")]}).to_string())
        .on(
            &["GET", "/plans/p1/selections"],
            json!({"BackupSelectionsList": [{"SelectionId": "s1", "SelectionName": "all", "BackupPlanId": "p1"}]}).to_string(),
        )
        .on(&["GET", "/plans/p1/selections/s1"], details.to_string())
        .on(
            &["GET", "/plans/p2/selections"],
            json!({"BackupSelectionsList": [{"SelectionId": "s2", "SelectionName": "some", "BackupPlanId": "p2"}]}).to_string(),
        )
        .fail(&["GET", "/plans/p2/selections/s2"], 400, r#"{"__type":"AccessDeniedException","message":"no"}"#)
        .fail(&["GET", "/plans/p3/selections"], 400, r#"{"__type":"AccessDeniedException","message":"no"}"#);
    let scope = wire.collect(&OPERATIONS).await;
    let selections: Vec<BackupSelection> = data(&scope, kinds::BACKUP_SELECTION);
    let [first, second] = selections.as_slice() else { panic!("{selections:?}") };
    assert_eq!(first.BackupPlanName.as_deref(), Some("p1-plan"));
    assert_eq!(first.Resources.as_deref(), Some(&["arn:aws:rds:*:*:db:*".to_owned()][..]));
    assert_eq!(first.NotResources.as_deref(), Some(&[DB.to_owned()][..]));
    assert_eq!(first.ListOfTags.as_ref().and_then(|tags| tags[0].ConditionKey.as_deref()), Some("backup"));
    let like = first.Conditions.as_ref().and_then(|conditions| conditions.StringLike.as_ref()).and_then(|like| like[0].ConditionValue.as_deref());
    assert_eq!(like, Some("prod*"));
    assert_eq!((second.SelectionName.as_deref(), second.Resources.as_ref()), (Some("some"), None));
    assert_eq!(
        gaps(&scope),
        [
            "backup:ListBackupSelections: access-denied: AccessDeniedException: no",
            "Resources NotResources ListOfTags Conditions: backup:GetBackupSelection: access-denied: AccessDeniedException: no",
        ]
    );
}

#[tokio::test]
async fn of_the_copies_the_newest_to_each_vault_is_kept() {
    let job = |arn: &str, vault: &str, done: i64| json!({"ResourceArn": arn, "State": "COMPLETED", "DestinationBackupVaultArn": vault, "DestinationVaultType": "BACKUP_VAULT", "CompletionDate": done});
    let wire = unused()
        .on(&["GET", "/copy-jobs", "resourceType=RDS"], json!({"NextToken": "two", "CopyJobs": [job(DB, "a", 10), job(DB, "a", 30)]}).to_string())
        .on(
            &["GET", "/copy-jobs", "resourceType=RDS", "nextToken=two"],
            json!({"CopyJobs": [job(DB, "a", 20), job(DB, "b", 5), job("other", "a", 40)]}).to_string(),
        )
        .fail(&["GET", "/copy-jobs", "resourceType=Aurora"], 400, r#"{"__type":"AccessDeniedException","message":"no"}"#);
    let scope = wire.collect(&OPERATIONS).await;
    let copies: Vec<ResourceCopies> = data(&scope, kinds::BACKUP_COPIES);
    let [copies] = copies.as_slice() else { panic!("{copies:?}") };
    let jobs = copies.CopyJobs.iter().flatten();
    let seen: Vec<_> = jobs.map(|job| (job.DestinationBackupVaultArn.as_deref(), job.CompletionDate.map(|date| date.timestamp()))).collect();
    assert_eq!((copies.ResourceArn.as_deref(), seen), (Some(DB), vec![(Some("a"), Some(30)), (Some("b"), Some(5))]));
    assert_eq!(gaps(&scope), ["backup:ListCopyJobs: access-denied: AccessDeniedException: no"]);
    assert_eq!(wire.count(&["/copy-jobs", "state=COMPLETED"]), 3);
}
