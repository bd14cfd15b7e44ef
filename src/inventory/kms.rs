//! The shape of a KMS key that a database depends on.

use super::kinds::kinds;
use super::shape::{Timestamp, shape};

shape! {
    /// `kms:DescribeKey` → `KeyMetadata`, with the answers of `kms:GetKeyRotationStatus`,
    /// `kms:GetKeyPolicy` and `kms:ListGrants` for keys that the customer manages.
    Key from aws_sdk_kms::types::KeyMetadata {
        KeyId: String = key_id;
        Arn: String = arn;
        AWSAccountId: String = aws_account_id;
        CreationDate: Timestamp = creation_date;
        /// `Enabled`, `Disabled`, `PendingDeletion`, `PendingImport`, `Unavailable` and others.
        KeyState: String = key_state;
        DeletionDate: Timestamp = deletion_date;
        /// `CUSTOMER` or `AWS`.
        KeyManager: String = key_manager;
        /// `AWS_KMS`, `EXTERNAL`, `AWS_CLOUDHSM` or `EXTERNAL_KEY_STORE`.
        Origin: String = origin;
        KeySpec: String = key_spec;
        KeyUsage: String = key_usage;
        MultiRegion: bool = multi_region;
        ExpirationModel: String = expiration_model;
        ValidTo: Timestamp = valid_to;
        KeyRotationEnabled: bool;
        RotationPeriodInDays: i64;
        /// The policy document, as JSON text.
        Policy: String;
        /// Those to principals of accounts. Grants to services of AWS are left out: there is one or more for each
        /// resource that they encrypt with the key.
        Grants: Vec<Grant>;
    }

    /// `kms:ListGrants` → `Grants`.
    Grant from aws_sdk_kms::types::GrantListEntry {
        GrantId: String = grant_id;
        GranteePrincipal: String = grantee_principal;
        Operations: Vec<String> = operations;
    }
}

kinds! {
    KMS_KEY = "AWS::KMS::Key" as Key {
        noun: "KMS key" / "KMS keys", service: "kms", name: "KeyId", role: Judged,
        operations: ["kms:DescribeKey"],
        found_by: [
            "rds:DescribeDBInstances",
            "rds:DescribeDBClusters",
            "rds:DescribeDBSnapshots",
            "rds:DescribeDBClusterSnapshots",
            "rds:DescribeDBInstanceAutomatedBackups",
            "rds:DescribeDBClusterAutomatedBackups",
            "rds:DescribeExportTasks",
            "cassandra:ListKeyspaces",
            "cassandra:ListTables",
            "cassandra:GetTable",
            "memorydb:DescribeClusters",
            "memorydb:DescribeSnapshots",
            "elasticache:DescribeReplicationGroups",
            "elasticache:DescribeServerlessCaches",
            "elasticache:DescribeSnapshots",
            "elasticache:DescribeServerlessCacheSnapshots",
            "docdb-elastic:ListClusters",
            "docdb-elastic:GetCluster",
            "neptune-graph:ListGraphs",
            "neptune-graph:ListGraphSnapshots",
            "timestream:ListDatabases",
            "timestream:DescribeEndpoints",
            "timestream-influxdb:ListDbInstances",
            "timestream-influxdb:GetDbInstance",
            "timestream-influxdb:ListDbClusters",
            "timestream-influxdb:GetDbCluster",
            "dsql:ListClusters",
            "dsql:GetCluster",
            "dynamodb:ListTables",
            "dynamodb:DescribeTable",
            "backup:ListBackupVaults",
            "backup:ListRecoveryPointsByBackupVault",
            "rds:DescribeDBProxies",
            "secretsmanager:DescribeSecret",
        ],
        tags: "kms:ListResourceTags",
        fields: {
            "KeyRotationEnabled": "kms:GetKeyRotationStatus",
            "RotationPeriodInDays": "kms:GetKeyRotationStatus",
            "Policy": "kms:GetKeyPolicy",
            "Grants": "kms:ListGrants",
        },
    }
}

/// The ARN of a key that a database names: most fields hold ARNs, activity streams a bare id, secrets an
/// id or an alias.
pub fn arn(name: &str, account: &str, region: &str) -> String {
    if name.contains(':') {
        return name.to_owned();
    }
    let resource = if name.contains('/') { name.to_owned() } else { format!("key/{name}") };
    format!("arn:{}:kms:{region}:{account}:{resource}", super::partition(region))
}

/// Whether a field that names a key names one of the account: services write `AWS_OWNED_KMS_KEY` and
/// the like where they use a key that nobody else sees.
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with("AWS_OWNED")
}
