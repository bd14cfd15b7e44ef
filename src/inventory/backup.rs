//! The shapes of AWS Backup: what it has backed up, what its plans select, and where copies went.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::kinds::kinds;
use super::shape::{Timestamp, shape};
use super::{Kind, Resource};

shape! {
    /// `backup:ListProtectedResources` → `Results[]`, of databases only; the latest restore is the answer of
    /// `backup:DescribeProtectedResource`.
    ProtectedResource from aws_sdk_backup::types::ProtectedResource {
        ResourceArn: String = resource_arn;
        ResourceType: String = resource_type;
        LastBackupTime: Timestamp = last_backup_time;
        LatestRestoreExecutionTimeMinutes: i64;
        LatestRestoreJobCreationDate: Timestamp;
        /// `backup:ListRecoveryPointsByResource`: the newest of each vault, status and sort.
        RecoveryPoints: Vec<RecoveryPoint>;
    }

    /// `RecoveryPoints[]`.
    RecoveryPoint from aws_sdk_backup::types::RecoveryPointByResource {
        RecoveryPointArn: String = recovery_point_arn;
        CreationDate: Timestamp = creation_date;
        /// `COMPLETED` or `AVAILABLE` when it can be restored.
        Status: String = status;
        BackupVaultName: String = backup_vault_name;
        VaultType: String = vault_type;
    }

    /// `backup:GetBackupSelection` → `BackupSelection`, with the plan that `backup:ListBackupPlans` names.
    BackupSelection from aws_sdk_backup::types::BackupSelection {
        BackupPlanId: String;
        BackupPlanName: String;
        SelectionId: String;
        SelectionName: String = selection_name;
        Resources: Vec<String> = resources;
        NotResources: Vec<String> = not_resources;
        ListOfTags: Vec<Condition> = list_of_tags;
        Conditions: Conditions = conditions;
    }

    /// `backup:GetBackupPlan` → `BackupPlan`, with what `backup:ListBackupPlans` names.
    BackupPlan from aws_sdk_backup::types::BackupPlan {
        BackupPlanId: String;
        BackupPlanArn: String;
        BackupPlanName: String = backup_plan_name;
        Rules: Vec<BackupRule> = rules;
    }

    /// `Rules[]` of a plan.
    BackupRule from aws_sdk_backup::types::BackupRule {
        RuleName: String = rule_name;
        /// Such as `cron(0 5 ? * * *)`, which is the default.
        ScheduleExpression: String = schedule_expression;
        Lifecycle: Lifecycle = lifecycle;
        CopyActions: Vec<CopyAction> = copy_actions;
    }

    /// How long recovery points are kept: for ever where it says nothing.
    Lifecycle from aws_sdk_backup::types::Lifecycle {
        DeleteAfterDays: i64 = delete_after_days;
        /// `DELETE_AFTER_COPY`.
        DeleteAfterEvent: String = delete_after_event;
    }

    /// `CopyActions[]` of a rule.
    CopyAction from aws_sdk_backup::types::CopyAction {
        Lifecycle: Lifecycle = lifecycle;
    }

    /// `ListOfTags[]`, which compare by `STRINGEQUALS` alone.
    Condition from aws_sdk_backup::types::Condition {
        ConditionKey: String = condition_key;
        ConditionValue: String = condition_value;
    }

    /// `Conditions`.
    Conditions from aws_sdk_backup::types::Conditions {
        StringEquals: Vec<ConditionParameter> = string_equals;
        StringNotEquals: Vec<ConditionParameter> = string_not_equals;
        StringLike: Vec<ConditionParameter> = string_like;
        StringNotLike: Vec<ConditionParameter> = string_not_like;
    }

    /// `Conditions.StringEquals[]` and its like.
    ConditionParameter from aws_sdk_backup::types::ConditionParameter {
        ConditionKey: String = condition_key;
        ConditionValue: String = condition_value;
    }

    /// `backup:DescribeRegionSettings`, one a region.
    RegionSettings {
        /// Whether AWS Backup serves each resource type.
        ResourceTypeOptInPreference: BTreeMap<String, bool>;
    }

    /// `backup:ListBackupVaults` → `BackupVaultList[]`, with the answers of two other operations.
    BackupVault from aws_sdk_backup::types::BackupVaultListMember {
        BackupVaultName: String = backup_vault_name;
        BackupVaultArn: String = backup_vault_arn;
        /// `BACKUP_VAULT`, `LOGICALLY_AIR_GAPPED_BACKUP_VAULT` or `RESTORE_ACCESS_BACKUP_VAULT`.
        VaultType: String = vault_type;
        EncryptionKeyArn: String = encryption_key_arn;
        Locked: bool = locked;
        /// From when on the lock cannot be taken away; absent where it always can.
        LockDate: Timestamp = lock_date;
        MinRetentionDays: i64 = min_retention_days;
        MaxRetentionDays: i64 = max_retention_days;
        NumberOfRecoveryPoints: i64 = number_of_recovery_points;
        /// The policy document, as JSON text; absent where there is none.
        Policy: String;
        /// Those of databases: of each the newest that is encrypted and the newest that is not.
        RecoveryPoints: Vec<VaultRecoveryPoint>;
    }

    /// `backup:ListRecoveryPointsByBackupVault` → `RecoveryPoints[]`.
    VaultRecoveryPoint from aws_sdk_backup::types::RecoveryPointByBackupVault {
        RecoveryPointArn: String = recovery_point_arn;
        ResourceArn: String = resource_arn;
        CreationDate: Timestamp = creation_date;
        IsEncrypted: bool = is_encrypted;
    }

    /// The completed `CopyJobs[]` of `backup:ListCopyJobs` of one resource: the newest to each vault.
    ResourceCopies {
        ResourceArn: String;
        CopyJobs: Vec<CopyJob>;
    }

    /// `CopyJobs[]`.
    CopyJob from aws_sdk_backup::types::CopyJob {
        CompletionDate: Timestamp = completion_date;
        DestinationBackupVaultArn: String = destination_backup_vault_arn;
        DestinationVaultType: String = destination_vault_type;
    }
}

kinds! {
    BACKUP_PROTECTED_RESOURCE = "AWS::Backup::ProtectedResource" as ProtectedResource {
        noun: "protected resource" / "protected resources", service: "backup", name: "ResourceArn", role: Supporting,
        operations: ["backup:ListProtectedResources"],
        fields: {
            "LatestRestoreExecutionTimeMinutes": "backup:DescribeProtectedResource",
            "LatestRestoreJobCreationDate": "backup:DescribeProtectedResource",
            "RecoveryPoints": "backup:ListRecoveryPointsByResource",
        },
    }
    BACKUP_PLAN = "AWS::Backup::BackupPlan" as BackupPlan {
        noun: "backup plan" / "backup plans", service: "backup", name: "BackupPlanName", role: Surrounding,
        operations: ["backup:ListBackupPlans"],
        found_by: [
            "rds:DescribeDBInstances",
            "rds:DescribeDBClusters",
            "dynamodb:ListTables",
            "timestream:ListTables",
            "timestream:DescribeEndpoints",
            "dsql:ListClusters",
        ],
        fields: {"Rules": "backup:GetBackupPlan"},
    }
    BACKUP_SELECTION = "AWS::Backup::BackupSelection" as BackupSelection {
        noun: "backup selection" / "backup selections", service: "backup", name: "SelectionName", role: Supporting,
        operations: ["backup:ListBackupPlans", "backup:ListBackupSelections"],
        fields: {
            "SelectionName": "backup:GetBackupSelection",
            "Resources": "backup:GetBackupSelection",
            "NotResources": "backup:GetBackupSelection",
            "ListOfTags": "backup:GetBackupSelection",
            "Conditions": "backup:GetBackupSelection",
        },
    }
    BACKUP_REGION_SETTINGS = "AWS::Backup::RegionSettings" as RegionSettings {
        noun: "AWS Backup setting" / "AWS Backup settings", service: "backup", name: "ResourceTypeOptInPreference", role: Supporting,
        operations: ["backup:DescribeRegionSettings"],
    }
    BACKUP_VAULT = "AWS::Backup::BackupVault" as BackupVault {
        noun: "backup vault" / "backup vaults", service: "backup", name: "BackupVaultName", role: Surrounding,
        operations: ["backup:ListBackupVaults"],
        fields: {
            "Policy": "backup:GetBackupVaultAccessPolicy",
            "RecoveryPoints": "backup:ListRecoveryPointsByBackupVault",
        },
    }
    BACKUP_COPIES = "AWS::Backup::ResourceCopies" as ResourceCopies {
        noun: "copied resource" / "copied resources", service: "backup", name: "ResourceArn", role: Supporting,
        operations: ["backup:ListCopyJobs"],
    }
}

impl RecoveryPoint {
    /// Whether it goes on from its creation, so that its age says nothing: such as
    /// `arn:aws:backup:…:recovery-point:continuous:db-…`.
    pub fn is_continuous(&self) -> bool {
        self.RecoveryPointArn.as_deref().is_some_and(|arn| arn.contains(":continuous:"))
    }
}

/// The vault type whose recovery points nobody in the account can delete.
pub const AIR_GAPPED: &str = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT";

/// What AWS Backup calls the resources of a kind: several where the engine decides, none for what it
/// does not back up.
pub fn resource_types(kind: Kind) -> &'static [&'static str] {
    match kind.name {
        "AWS::RDS::DBInstance" => &["RDS"],
        "AWS::RDS::DBCluster" => &["Aurora", "RDS"],
        "AWS::DocDB::DBCluster" => &["DocumentDB"],
        "AWS::Neptune::DBCluster" => &["Neptune"],
        "AWS::DynamoDB::Table" => &["DynamoDB"],
        "AWS::Timestream::Table" => &["Timestream"],
        "AWS::DSQL::Cluster" => &["DSQL"],
        _ => &[],
    }
}

/// What AWS Backup calls one resource.
pub fn resource_type(resource: &Resource) -> Option<&'static str> {
    #[derive(Deserialize)]
    #[expect(non_snake_case, reason = "fields keep the names that the AWS API gives them")]
    struct Engined {
        Engine: Option<String>,
    }
    let types = resource_types(resource.kind);
    if resource.kind != super::rds::kinds::DB_CLUSTER {
        return types.first().copied();
    }
    // A Multi-AZ DB cluster counts as RDS.
    let engine = resource.read::<Engined>().ok()?.Engine.as_deref()?;
    Some(if engine.starts_with("aurora") { types[0] } else { types[1] })
}

/// The ARNs under which AWS Backup may know a resource: its own, and that of the id that it keeps when it
/// is renamed.
pub fn arns(resource: &Resource) -> Vec<String> {
    #[derive(Deserialize)]
    #[expect(non_snake_case, reason = "fields keep the names that the AWS API gives them")]
    struct Identified {
        #[serde(alias = "DbiResourceId")]
        DbClusterResourceId: Option<String>,
    }
    let id = resource.read::<Identified>().ok().and_then(|data| data.DbClusterResourceId.as_ref());
    let by_id = id.zip(resource.arn.rsplit_once(':')).map(|(id, (prefix, _))| format!("{prefix}:{id}"));
    std::iter::once(resource.arn.clone()).chain(by_id).collect()
}
