//! The shapes of the Keyspaces API.

use super::kinds::kinds;
use super::shape::shape;

shape! {
    /// `cassandra:ListKeyspaces` → `keyspaces[]`.
    Keyspace from aws_sdk_keyspaces::types::KeyspaceSummary {
        keyspaceName: String = keyspace_name;
        resourceArn: String = resource_arn;
        /// `SINGLE_REGION` or `MULTI_REGION`.
        replicationStrategy: String = replication_strategy;
        replicationRegions: Vec<String> = replication_regions;
    }

    /// `cassandra:GetTable`.
    Table from aws_sdk_keyspaces::operation::get_table::GetTableOutput {
        keyspaceName: String = keyspace_name;
        tableName: String = table_name;
        resourceArn: String = resource_arn;
        /// `ACTIVE`, `INACCESSIBLE_ENCRYPTION_CREDENTIALS` and others.
        status: String = status;
        encryptionSpecification: EncryptionSpecification = encryption_specification;
        pointInTimeRecovery: PointInTimeRecovery = point_in_time_recovery;
    }

    /// The key of a table.
    EncryptionSpecification from aws_sdk_keyspaces::types::EncryptionSpecification {
        /// `AWS_OWNED_KMS_KEY` or `CUSTOMER_MANAGED_KMS_KEY`.
        r#type: String = r#type;
        kmsKeyIdentifier: String = kms_key_identifier;
    }

    /// Whether a table can be restored to a point in time.
    PointInTimeRecovery from aws_sdk_keyspaces::types::PointInTimeRecoverySummary {
        status: String = status;
    }
}

kinds! {
    KEYSPACE = "AWS::Cassandra::Keyspace" as Keyspace {
        noun: "keyspace" / "keyspaces", service: "cassandra", name: "keyspaceName", role: Judged,
        operations: ["cassandra:ListKeyspaces"],
        tags: "cassandra:ListTagsForResource",
    }
    KEYSPACES_TABLE = "AWS::Cassandra::Table" as Table {
        noun: "Keyspaces table" / "Keyspaces tables", service: "cassandra", name: "tableName", role: Judged,
        operations: ["cassandra:ListTables"],
        found_by: ["cassandra:ListKeyspaces"],
        tags: "cassandra:ListTagsForResource",
        fields: {
            "status": "cassandra:GetTable",
            "encryptionSpecification": "cassandra:GetTable",
            "pointInTimeRecovery": "cassandra:GetTable",
        },
        endpoints: ["cassandra", "cassandra-fips"] for ["cassandra:Select", "cassandra:Modify"],
    }
}
