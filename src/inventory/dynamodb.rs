//! The shapes of the DynamoDB API.

use super::kinds::kinds;
use super::shape::{Timestamp, shape};

shape! {
    /// `dynamodb:DescribeTable` → `Table`, with the answers of the other operations that speak of one table.
    Table from aws_sdk_dynamodb::types::TableDescription {
        TableName: String = table_name;
        TableArn: String = table_arn;
        /// Tells a table from an earlier one of its name.
        TableId: String = table_id;
        /// `ACTIVE`, `INACCESSIBLE_ENCRYPTION_CREDENTIALS`, `ARCHIVED` and others.
        TableStatus: String = table_status;
        /// Absent for a table that has never been on demand: it is provisioned.
        BillingModeSummary: BillingModeSummary = billing_mode_summary;
        ProvisionedThroughput: ProvisionedThroughput = provisioned_throughput;
        GlobalSecondaryIndexes: Vec<GlobalSecondaryIndex> = global_secondary_indexes;
        LocalSecondaryIndexes: Vec<LocalSecondaryIndex> = local_secondary_indexes;
        /// Counted by DynamoDB every six hours or so.
        ItemCount: i64 = item_count;
        /// Absent for a table whose key is DynamoDB's own: it is encrypted all the same.
        SSEDescription: SSEDescription = sse_description;
        DeletionProtectionEnabled: bool = deletion_protection_enabled;
        StreamSpecification: StreamSpecification = stream_specification;
        LatestStreamArn: String = latest_stream_arn;
        /// The other regions of a global table.
        Replicas: Vec<Replica> = replicas;
        /// `dynamodb:DescribeContinuousBackups` → `ContinuousBackupsDescription`.
        PointInTimeRecoveryDescription: PointInTimeRecovery;
        /// `dynamodb:DescribeContinuousBackups` in the region of each replica.
        ReplicaPointInTimeRecovery: Vec<ReplicaRecovery>;
        /// `dynamodb:DescribeKinesisStreamingDestination`.
        KinesisDataStreamDestinations: Vec<KinesisDestination>;
        /// `dynamodb:GetResourcePolicy` → `Policy`, as JSON text; absent where there is none.
        ResourcePolicy: String;
        /// The same of the table's stream.
        StreamResourcePolicy: String;
        /// `dynamodb:ListBackups` → `BackupSummaries[]`: one that is available for each table that has had
        /// the name. Backups that AWS Backup made are not among them.
        BackupSummaries: Vec<BackupSummary>;
        /// `kms:DescribeKey` in the region of each replica that names a key.
        ReplicaKeys: Vec<ReplicaKey>;
    }

    /// `BackupSummaries[]`.
    BackupSummary from aws_sdk_dynamodb::types::BackupSummary {
        TableId: String = table_id;
        BackupArn: String = backup_arn;
        /// `CREATING`, `AVAILABLE` or `DELETED`.
        BackupStatus: String = backup_status;
    }

    /// The key of one replica.
    ReplicaKey {
        RegionName: String;
        /// `CUSTOMER` or `AWS`.
        KeyManager: String;
    }

    /// `dynamodb:DescribeLimits`: of the account in the region.
    Limits from aws_sdk_dynamodb::operation::describe_limits::DescribeLimitsOutput {
        AccountMaxReadCapacityUnits: i64 = account_max_read_capacity_units;
        AccountMaxWriteCapacityUnits: i64 = account_max_write_capacity_units;
    }

    /// `dynamodb:ListExports` → `ExportSummaries[]`, with `dynamodb:DescribeExport` → `ExportDescription`.
    Export from aws_sdk_dynamodb::types::ExportDescription {
        ExportArn: String = export_arn;
        /// `IN_PROGRESS`, `COMPLETED` or `FAILED`.
        ExportStatus: String = export_status;
        TableArn: String = table_arn;
        S3Bucket: String = s3_bucket;
        /// Absent where the bucket is the account's own.
        S3BucketOwner: String = s3_bucket_owner;
        /// `AES256` or `KMS`.
        S3SseAlgorithm: String = s3_sse_algorithm;
        S3SseKmsKeyId: String = s3_sse_kms_key_id;
    }

    /// Point-in-time recovery of one replica: `ENABLED` or `DISABLED`.
    ReplicaRecovery {
        RegionName: String;
        PointInTimeRecoveryStatus: String;
    }

    /// `KinesisDataStreamDestinations[]`.
    KinesisDestination from aws_sdk_dynamodb::types::KinesisDataStreamDestination {
        StreamArn: String = stream_arn;
        /// `ENABLING`, `ACTIVE`, `DISABLING`, `DISABLED`, `ENABLE_FAILED` or `UPDATING`.
        DestinationStatus: String = destination_status;
    }

    /// `BillingModeSummary`: `PROVISIONED` or `PAY_PER_REQUEST`.
    BillingModeSummary from aws_sdk_dynamodb::types::BillingModeSummary {
        BillingMode: String = billing_mode;
    }

    /// `ProvisionedThroughput`: 0 of both where the table is on demand.
    ProvisionedThroughput from aws_sdk_dynamodb::types::ProvisionedThroughputDescription {
        ReadCapacityUnits: i64 = read_capacity_units;
        WriteCapacityUnits: i64 = write_capacity_units;
    }

    /// `GlobalSecondaryIndexes[]`.
    GlobalSecondaryIndex from aws_sdk_dynamodb::types::GlobalSecondaryIndexDescription {
        IndexName: String = index_name;
        ProvisionedThroughput: ProvisionedThroughput = provisioned_throughput;
    }

    /// `LocalSecondaryIndexes[]`.
    LocalSecondaryIndex from aws_sdk_dynamodb::types::LocalSecondaryIndexDescription {
        IndexName: String = index_name;
    }

    /// `SSEDescription`.
    SSEDescription from aws_sdk_dynamodb::types::SseDescription {
        /// `ENABLED`, `UPDATING`, `ENABLING`, `DISABLING` or `DISABLED`.
        Status: String = status;
        /// `KMS`.
        SSEType: String = sse_type;
        KMSMasterKeyArn: String = kms_master_key_arn;
        /// Since when DynamoDB cannot use the key; after seven days it archives the table.
        InaccessibleEncryptionDateTime: Timestamp = inaccessible_encryption_date_time;
    }

    /// `StreamSpecification`.
    StreamSpecification from aws_sdk_dynamodb::types::StreamSpecification {
        StreamEnabled: bool = stream_enabled;
    }

    /// `Replicas[]`.
    Replica from aws_sdk_dynamodb::types::ReplicaDescription {
        RegionName: String = region_name;
        ReplicaStatus: String = replica_status;
        ReplicaInaccessibleDateTime: Timestamp = replica_inaccessible_date_time;
        /// Absent where DynamoDB or AWS owns the key.
        KMSMasterKeyId: String = kms_master_key_id;
    }

    /// `ContinuousBackupsDescription.PointInTimeRecoveryDescription`.
    PointInTimeRecovery from aws_sdk_dynamodb::types::PointInTimeRecoveryDescription {
        /// `ENABLED` or `DISABLED`.
        PointInTimeRecoveryStatus: String = point_in_time_recovery_status;
        RecoveryPeriodInDays: i64 = recovery_period_in_days;
        EarliestRestorableDateTime: Timestamp = earliest_restorable_date_time;
        LatestRestorableDateTime: Timestamp = latest_restorable_date_time;
    }
}

kinds! {
    DYNAMODB_EXPORT = "AWS::DynamoDB::Export" as Export {
        noun: "DynamoDB export" / "DynamoDB exports", service: "dynamodb", name: "ExportArn", role: Judged,
        operations: ["dynamodb:ListExports"],
        found_by: ["dynamodb:ListTables"],
        fields: {
            "TableArn": "dynamodb:DescribeExport",
            "S3Bucket": "dynamodb:DescribeExport",
            "S3BucketOwner": "dynamodb:DescribeExport",
            "S3SseAlgorithm": "dynamodb:DescribeExport",
            "S3SseKmsKeyId": "dynamodb:DescribeExport",
        },
    }
    DYNAMODB_LIMITS = "AWS::DynamoDB::Limits" as Limits {
        noun: "limits of DynamoDB" / "limits of DynamoDB", service: "dynamodb", name: "AccountMaxReadCapacityUnits", role: Supporting,
        operations: ["dynamodb:DescribeLimits"],
    }
    DYNAMODB_TABLE = "AWS::DynamoDB::Table" as Table {
        noun: "DynamoDB table" / "DynamoDB tables", service: "dynamodb", name: "TableName", role: Judged,
        operations: ["dynamodb:ListTables"],
        tags: "tag:GetResources",
        fields: {
            "TableId": "dynamodb:DescribeTable",
            "TableStatus": "dynamodb:DescribeTable",
            "BillingModeSummary": "dynamodb:DescribeTable",
            "ProvisionedThroughput": "dynamodb:DescribeTable",
            "GlobalSecondaryIndexes": "dynamodb:DescribeTable",
            "LocalSecondaryIndexes": "dynamodb:DescribeTable",
            "ItemCount": "dynamodb:DescribeTable",
            "SSEDescription": "dynamodb:DescribeTable",
            "DeletionProtectionEnabled": "dynamodb:DescribeTable",
            "StreamSpecification": "dynamodb:DescribeTable",
            "LatestStreamArn": "dynamodb:DescribeTable",
            "Replicas": "dynamodb:DescribeTable",
            "PointInTimeRecoveryDescription": "dynamodb:DescribeContinuousBackups",
            "ReplicaPointInTimeRecovery": "dynamodb:DescribeContinuousBackups",
            "KinesisDataStreamDestinations": "dynamodb:DescribeKinesisStreamingDestination",
            "ResourcePolicy": "dynamodb:GetResourcePolicy",
            "StreamResourcePolicy": "dynamodb:GetResourcePolicy",
            "BackupSummaries": "dynamodb:ListBackups",
            "ReplicaKeys": "kms:DescribeKey",
        },
        endpoints: ["dynamodb", "dynamodb-fips"] for [
            "dynamodb:BatchGetItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:ConditionCheckItem",
            "dynamodb:DeleteItem",
            "dynamodb:GetItem",
            "dynamodb:PartiQLDelete",
            "dynamodb:PartiQLInsert",
            "dynamodb:PartiQLSelect",
            "dynamodb:PartiQLUpdate",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:UpdateItem"
        ],
    }
}
