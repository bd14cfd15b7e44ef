//! Backup vaults and plans on the wire, and what AWS Backup lists by type.

use serde_json::{Value, json};

use super::replay::Replay;
use crate::inventory::backup::{BackupPlan, BackupVault};
use crate::inventory::{Kind, Scope, kinds};

const DB: &str = "arn:aws:rds:us-east-1:111122223333:db:orders";
const KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/1";
const DENIED: &str = r#"{"__type":"AccessDeniedException","message":"no"}"#;
const REFUSED: &str = r#"{"__type":"InvalidParameterValueException","message":"invalid resource type"}"#;

/// All that rules read of vaults and plans.
const OPERATIONS: [&str; 11] = [
    "rds:DescribeDBInstances",
    "rds:DescribeDBClusters",
    "dynamodb:ListTables",
    "timestream:ListTables",
    "timestream:DescribeEndpoints",
    "dsql:ListClusters",
    "backup:ListBackupVaults",
    "backup:ListRecoveryPointsByBackupVault",
    "backup:GetBackupVaultAccessPolicy",
    "backup:ListBackupPlans",
    "backup:GetBackupPlan",
];

/// A region with an instance and a table, whose vaults these are; there are no plans.
fn region(vaults: &Value) -> Replay {
    let instance = format!(
        "<DBInstance><DBInstanceIdentifier>orders</DBInstanceIdentifier><DBInstanceArn>{DB}</DBInstanceArn><Engine>postgres</Engine></DBInstance>"
    );
    let answer = format!(
        "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances>{instance}</DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>"
    );
    let clusters = "<DescribeDBClustersResponse><DescribeDBClustersResult><DBClusters/></DescribeDBClustersResult></DescribeDBClustersResponse>";
    let no_timestream =
        r#"{"__type":"AccessDeniedException","message":"Only existing Timestream for LiveAnalytics customers can access the service."}"#;
    Replay::default()
        .on(&["Action=DescribeDBInstances"], answer)
        .on(&["Action=DescribeDBClusters"], clusters)
        .fail(&[".DescribeEndpoints"], 400, no_timestream)
        .on(&["GET", "/cluster"], json!({"clusters": []}).to_string())
        .on(&["ListTables"], json!({"TableNames": ["carts"]}).to_string())
        .on(&["GET", "/backup-vaults"], json!({"BackupVaultList": vaults}).to_string())
        .on(&["/recovery-points"], json!({"RecoveryPoints": []}).to_string())
        .on(&["GET", "/backup/plans"], json!({"BackupPlansList": []}).to_string())
}

fn listed(name: &str) -> Value {
    json!({"BackupVaultName": name, "BackupVaultArn": format!("arn:aws:backup:us-east-1:111122223333:backup-vault:{name}"), "VaultType": "BACKUP_VAULT",
        "EncryptionKeyArn": KEY, "NumberOfRecoveryPoints": 3, "Locked": true, "LockDate": 1_700_000_000, "MinRetentionDays": 7})
}

fn point(arn: &str, resource: &str, created: i64, encrypted: bool) -> Value {
    json!({"RecoveryPointArn": arn, "ResourceArn": resource, "ResourceType": "RDS", "CreationDate": created, "IsEncrypted": encrypted, "Status": "COMPLETED"})
}

fn of_kind<T: serde::de::DeserializeOwned>(scope: &Scope, kind: Kind) -> Vec<T> {
    scope.resources.iter().filter(|resource| resource.kind == kind).map(|resource| resource.data().unwrap()).collect()
}

fn gaps(scope: &Scope) -> Vec<String> {
    let of_resources = scope.resources.iter().flat_map(|resource| resource.gaps.iter().map(|gap| format!("{}: {}", gap.fields.join(" "), gap.gap)));
    scope.gaps.iter().map(ToString::to_string).chain(of_resources).filter(|gap| gap.contains("backup:")).collect()
}

#[tokio::test]
async fn of_a_vault_the_newest_points_of_each_database_are_kept() {
    let first = json!({"NextToken": "two", "RecoveryPoints": [point("a", DB, 10, true), point("b", DB, 30, true), point("c", "other", 5, true)]});
    let second = json!({"RecoveryPoints": [point("d", DB, 20, true), point("e", DB, 1, false), point("f", DB, 2, false)]});
    let wire = region(&json!([listed("daily")]))
        .on(&["/backup-vaults/daily/recovery-points", "resourceType=RDS"], first.to_string())
        .on(&["/backup-vaults/daily/recovery-points", "resourceType=RDS", "nextToken=two"], second.to_string())
        .on(&["/backup-vaults/daily/access-policy"], json!({"BackupVaultName": "daily", "Policy": "{}"}).to_string());
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(gaps(&scope), [""; 0]);
    let vaults: Vec<BackupVault> = of_kind(&scope, kinds::BACKUP_VAULT);
    let [vault] = vaults.as_slice() else { panic!("{vaults:?}") };
    let points = vault.RecoveryPoints.iter().flatten();
    let seen: Vec<_> = points.map(|point| (point.RecoveryPointArn.as_deref().unwrap(), point.IsEncrypted.unwrap())).collect();
    assert_eq!(seen, [("f", false), ("b", true), ("c", true)]);
    assert_eq!((vault.Locked, vault.LockDate.map(|date| date.timestamp()), vault.Policy.as_deref()), (Some(true), Some(1_700_000_000), Some("{}")));
}

#[tokio::test]
async fn a_vault_without_a_policy_or_a_lock_says_so() {
    let bare = json!({"BackupVaultName": "bare", "BackupVaultArn": "arn:aws:backup:us-east-1:111122223333:backup-vault:bare", "Locked": false, "NumberOfRecoveryPoints": 0});
    let wire =
        region(&json!([bare])).fail(&["/backup-vaults/bare/access-policy"], 400, r#"{"__type":"ResourceNotFoundException","Message":"no policy"}"#);
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(gaps(&scope), [""; 0]);
    let vaults: Vec<BackupVault> = of_kind(&scope, kinds::BACKUP_VAULT);
    assert_eq!((vaults[0].Locked, vaults[0].LockDate, vaults[0].Policy.as_ref()), (Some(false), None, None));
    assert_eq!(vaults[0].RecoveryPoints.as_deref(), Some(&[][..]));
}

#[tokio::test]
async fn what_a_vault_refuses_is_a_gap_in_it_alone() {
    let wire = region(&json!([listed("open"), listed("shut")]))
        .on(&["/backup-vaults/open/access-policy"], json!({"Policy": "{}"}).to_string())
        .fail(&["/backup-vaults/shut/recovery-points", "resourceType=RDS"], 403, DENIED)
        .fail(&["/backup-vaults/shut/access-policy"], 403, DENIED);
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(
        gaps(&scope),
        [
            "RecoveryPoints: backup:ListRecoveryPointsByBackupVault: access-denied: AccessDeniedException: no",
            "Policy: backup:GetBackupVaultAccessPolicy: access-denied: AccessDeniedException: no",
        ]
    );
}

#[tokio::test]
async fn a_type_that_the_service_does_not_know_has_nothing() {
    let wire = region(&json!([listed("daily")]))
        .on(&["/backup-vaults/daily/recovery-points", "resourceType=RDS"], json!({"RecoveryPoints": [point("a", DB, 10, true)]}).to_string())
        .fail(&["/backup-vaults/daily/recovery-points", "resourceType=DynamoDB"], 400, REFUSED)
        .on(&["/backup-vaults/daily/access-policy"], json!({"Policy": "{}"}).to_string())
        .on(&["/copy-jobs", "resourceType=RDS"], json!({"CopyJobs": []}).to_string())
        .fail(&["/copy-jobs", "resourceType=DynamoDB"], 400, REFUSED);
    let scope = wire.collect(&[&OPERATIONS[..], &["backup:ListCopyJobs"]].concat()).await;
    assert_eq!(gaps(&scope), [""; 0]);
    let vaults: Vec<BackupVault> = of_kind(&scope, kinds::BACKUP_VAULT);
    assert_eq!(vaults[0].RecoveryPoints.as_ref().map(Vec::len), Some(1));
}

#[tokio::test]
async fn copies_of_databases_are_found_where_there_is_none_of_their_type() {
    let mut empty = listed("empty");
    empty["NumberOfRecoveryPoints"] = json!(0);
    let wire = region(&json!([listed("daily"), empty]))
        .on(&["/backup-vaults/empty/access-policy"], json!({"Policy": "{}"}).to_string())
        .on(
            &["/backup-vaults/daily/recovery-points", "resourceType=Neptune"],
            json!({"RecoveryPoints": [point("a", "graph", 10, false)]}).to_string(),
        )
        .on(&["/backup-vaults/daily/access-policy"], json!({"Policy": "{}"}).to_string());
    let scope = wire.collect(&OPERATIONS).await;
    let vaults: Vec<BackupVault> = of_kind(&scope, kinds::BACKUP_VAULT);
    let held = |name: &str| vaults.iter().find(|vault| vault.BackupVaultName.as_deref() == Some(name)).unwrap().RecoveryPoints.as_ref().map(Vec::len);
    assert_eq!((held("daily"), held("empty")), (Some(1), Some(0)));
    // Of the one every type, of the one that says it is empty all at once.
    assert_eq!((wire.count(&["daily/recovery-points"]), wire.count(&["empty/recovery-points"])), (7, 1));
}

#[tokio::test]
async fn where_every_type_is_refused_it_is_not_for_the_type() {
    let wire = region(&json!([listed("daily")]))
        .fail(&["/backup-vaults/daily/recovery-points"], 400, REFUSED)
        .on(&["/backup-vaults/daily/access-policy"], json!({"Policy": "{}"}).to_string())
        .fail(&["/copy-jobs"], 400, REFUSED);
    let scope = wire.collect(&[&OPERATIONS[..], &["backup:ListCopyJobs"]].concat()).await;
    assert_eq!(
        gaps(&scope),
        [
            "backup:ListCopyJobs: failed: InvalidParameterValueException: invalid resource type",
            "RecoveryPoints: backup:ListRecoveryPointsByBackupVault: failed: InvalidParameterValueException: invalid resource type",
        ]
    );
}

#[tokio::test]
async fn only_the_keys_of_vaults_that_hold_databases_are_described() {
    let other = KEY.replace("key/1", "key/2");
    let mut empty = listed("empty");
    empty["EncryptionKeyArn"] = json!(other);
    let key = |arn: &str| json!({"KeyMetadata": {"KeyId": arn, "Arn": arn, "KeyManager": "AWS"}}).to_string();
    let wire = region(&json!([listed("daily"), empty]))
        .on(&["/backup-vaults/daily/recovery-points"], json!({"RecoveryPoints": [point("a", DB, 10, true)]}).to_string())
        .on(&["/access-policy"], json!({"Policy": "{}"}).to_string())
        .on(&["DescribeKey", "key/1"], key(KEY));
    let scope = wire.collect(&[&OPERATIONS[..], &["kms:DescribeKey"]].concat()).await;
    let keys: Vec<_> = scope.resources.iter().filter(|resource| resource.kind == kinds::KMS_KEY).map(|key| key.arn.as_str()).collect();
    assert_eq!(keys, [KEY]);
    assert_eq!(wire.count(&["DescribeKey"]), 1);
}

#[tokio::test]
async fn a_plan_has_its_rules_or_a_gap() {
    let plans = json!([{"BackupPlanId": "p1", "BackupPlanArn": "arn:p1", "BackupPlanName": "daily"}, {"BackupPlanId": "p2", "BackupPlanArn": "arn:p2", "BackupPlanName": "shut"}]);
    let plan = json!({"BackupPlanId": "p1", "BackupPlan": {"BackupPlanName": "daily", "Rules": [
        {"RuleName": "daily", "TargetBackupVaultName": "daily", "ScheduleExpression": "cron(0 5 ? * * *)", "Lifecycle": {"DeleteAfterDays": 35},
            "CopyActions": [{"DestinationBackupVaultArn": "arn:vault", "Lifecycle": {"DeleteAfterDays": 90}}]},
        {"RuleName": "weekly", "TargetBackupVaultName": "daily"}]}});
    let wire = region(&json!([]))
        .on(&["GET", "/backup/plans"], json!({"BackupPlansList": plans}).to_string())
        .on(&["GET", "/backup/plans/p1"], plan.to_string())
        .fail(&["GET", "/backup/plans/p2"], 403, DENIED);
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(gaps(&scope), ["Rules: backup:GetBackupPlan: access-denied: AccessDeniedException: no"]);
    let plans: Vec<BackupPlan> = of_kind(&scope, kinds::BACKUP_PLAN);
    let rules = plans[0].Rules.as_ref().unwrap();
    let kept = |lifecycle: &Option<crate::inventory::backup::Lifecycle>| lifecycle.as_ref().and_then(|lifecycle| lifecycle.DeleteAfterDays);
    assert_eq!((kept(&rules[0].Lifecycle), kept(&rules[0].CopyActions.as_ref().unwrap()[0].Lifecycle)), (Some(35), Some(90)));
    assert_eq!((rules[1].ScheduleExpression.as_deref(), kept(&rules[1].Lifecycle)), (None, None));
    assert_eq!((plans[1].BackupPlanName.as_deref(), plans[1].Rules.as_ref()), (Some("shut"), None));
}
