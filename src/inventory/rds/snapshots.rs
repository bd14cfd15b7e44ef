//! Copies of data: snapshots, automated backups and exports.

use crate::inventory::kinds::kinds;
use crate::inventory::shape::{Timestamp, shape};

shape! {
    /// `rds:DescribeDBSnapshots` → `DBSnapshots[]`; `RestoreAccounts` is the attribute `restore`
    /// of `rds:DescribeDBSnapshotAttributes`.
    DBSnapshot from aws_sdk_rds::types::DbSnapshot {
        DBSnapshotIdentifier: String = db_snapshot_identifier;
        DBSnapshotArn: String = db_snapshot_arn;
        DBInstanceIdentifier: String = db_instance_identifier;
        SnapshotType: String = snapshot_type;
        SnapshotCreateTime: Timestamp = snapshot_create_time;
        OriginalSnapshotCreateTime: Timestamp = original_snapshot_create_time;
        Status: String = status;
        Engine: String = engine;
        EngineVersion: String = engine_version;
        VpcId: String = vpc_id;
        SourceRegion: String = source_region;
        Encrypted: bool = encrypted;
        StorageEncryptionType: String = storage_encryption_type;
        KmsKeyId: String = kms_key_id;
        /// Account ids that may restore the snapshot; `all` is everyone.
        RestoreAccounts: Vec<String>;
    }

    /// `rds:DescribeDBClusterSnapshots` → `DBClusterSnapshots[]`; `RestoreAccounts` is the attribute
    /// `restore` of `rds:DescribeDBClusterSnapshotAttributes`.
    DBClusterSnapshot from aws_sdk_rds::types::DbClusterSnapshot {
        DBClusterSnapshotIdentifier: String = db_cluster_snapshot_identifier;
        DBClusterSnapshotArn: String = db_cluster_snapshot_arn;
        DBClusterIdentifier: String = db_cluster_identifier;
        SnapshotType: String = snapshot_type;
        SnapshotCreateTime: Timestamp = snapshot_create_time;
        Status: String = status;
        Engine: String = engine;
        EngineVersion: String = engine_version;
        VpcId: String = vpc_id;
        StorageEncrypted: bool = storage_encrypted;
        StorageEncryptionType: String = storage_encryption_type;
        KmsKeyId: String = kms_key_id;
        /// Account ids that may restore the snapshot; `all` is everyone.
        RestoreAccounts: Vec<String>;
    }

    /// `rds:DescribeDBInstanceAutomatedBackups` → `DBInstanceAutomatedBackups[]`.
    DBInstanceAutomatedBackup from aws_sdk_rds::types::DbInstanceAutomatedBackup {
        DBInstanceAutomatedBackupsArn: String = db_instance_automated_backups_arn;
        DBInstanceArn: String = db_instance_arn;
        DBInstanceIdentifier: String = db_instance_identifier;
        DbiResourceId: String = dbi_resource_id;
        Region: String = region;
        Status: String = status;
        Engine: String = engine;
        Encrypted: bool = encrypted;
        KmsKeyId: String = kms_key_id;
        BackupRetentionPeriod: i64 = backup_retention_period;
        InstanceCreateTime: Timestamp = instance_create_time;
        RestoreWindow: RestoreWindow = restore_window;
    }

    /// `rds:DescribeDBClusterAutomatedBackups` → `DBClusterAutomatedBackups[]`.
    DBClusterAutomatedBackup from aws_sdk_rds::types::DbClusterAutomatedBackup {
        DBClusterAutomatedBackupsArn: String = db_cluster_automated_backups_arn;
        DBClusterArn: String = db_cluster_arn;
        DBClusterIdentifier: String = db_cluster_identifier;
        DbClusterResourceId: String = db_cluster_resource_id;
        Region: String = region;
        Status: String = status;
        Engine: String = engine;
        StorageEncrypted: bool = storage_encrypted;
        StorageEncryptionType: String = storage_encryption_type;
        KmsKeyId: String = kms_key_id;
        BackupRetentionPeriod: i64 = backup_retention_period;
        RestoreWindow: RestoreWindow = restore_window;
    }

    /// The times that an automated backup can be restored to.
    RestoreWindow from aws_sdk_rds::types::RestoreWindow {
        EarliestTime: Timestamp = earliest_time;
        LatestTime: Timestamp = latest_time;
    }

    /// `rds:DescribeExportTasks` → `ExportTasks[]`.
    ExportTask from aws_sdk_rds::types::ExportTask {
        ExportTaskIdentifier: String = export_task_identifier;
        /// The snapshot or the cluster that is exported.
        SourceArn: String = source_arn;
        /// `STARTING`, `IN_PROGRESS`, `COMPLETE`, `CANCELING`, `CANCELED` or `FAILED`.
        Status: String = status;
        PercentProgress: i64 = percent_progress;
        S3Bucket: String = s3_bucket;
        KmsKeyId: String = kms_key_id;
    }
}

kinds! {
    DB_SNAPSHOT = "AWS::RDS::DBSnapshot" as DBSnapshot {
        noun: "DB snapshot" / "DB snapshots", service: "rds", name: "DBSnapshotIdentifier", role: Judged,
        operations: ["rds:DescribeDBSnapshots"],
        fields: { "RestoreAccounts": "rds:DescribeDBSnapshotAttributes" },
    }
    DB_CLUSTER_SNAPSHOT = "AWS::RDS::DBClusterSnapshot" as DBClusterSnapshot {
        noun: "DB cluster snapshot" / "DB cluster snapshots", service: "rds", name: "DBClusterSnapshotIdentifier", role: Judged,
        operations: ["rds:DescribeDBClusterSnapshots"],
        fields: { "RestoreAccounts": "rds:DescribeDBClusterSnapshotAttributes" },
    }
    DB_INSTANCE_AUTOMATED_BACKUP = "AWS::RDS::DBInstanceAutomatedBackup" as DBInstanceAutomatedBackup {
        noun: "automated backup" / "automated backups", service: "rds", name: "DBInstanceIdentifier", role: Judged,
        operations: ["rds:DescribeDBInstanceAutomatedBackups"],
    }
    DB_CLUSTER_AUTOMATED_BACKUP = "AWS::RDS::DBClusterAutomatedBackup" as DBClusterAutomatedBackup {
        noun: "automated backup of a cluster" / "automated backups of clusters", service: "rds", name: "DBClusterIdentifier", role: Judged,
        operations: ["rds:DescribeDBClusterAutomatedBackups"],
    }
    EXPORT_TASK = "AWS::RDS::ExportTask" as ExportTask {
        noun: "export task" / "export tasks", service: "rds", name: "ExportTaskIdentifier", role: Judged,
        operations: ["rds:DescribeExportTasks"],
    }
    DOCDB_CLUSTER_SNAPSHOT = "AWS::DocDB::DBClusterSnapshot" as DBClusterSnapshot {
        noun: "DocumentDB cluster snapshot" / "DocumentDB cluster snapshots", service: "docdb", name: "DBClusterSnapshotIdentifier", role: Judged,
        operations: ["rds:DescribeDBClusterSnapshots"],
        fields: { "RestoreAccounts": "rds:DescribeDBClusterSnapshotAttributes" },
    }
    NEPTUNE_CLUSTER_SNAPSHOT = "AWS::Neptune::DBClusterSnapshot" as DBClusterSnapshot {
        noun: "Neptune cluster snapshot" / "Neptune cluster snapshots", service: "neptune", name: "DBClusterSnapshotIdentifier", role: Judged,
        operations: ["rds:DescribeDBClusterSnapshots"],
        fields: { "RestoreAccounts": "rds:DescribeDBClusterSnapshotAttributes" },
    }
}
