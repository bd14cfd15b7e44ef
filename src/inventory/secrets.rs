//! The shape of a secret that a database or a proxy names.

use super::kinds::kinds;
use super::shape::{Timestamp, shape};

shape! {
    /// `secretsmanager:DescribeSecret`, or of `secretsmanager:ListSecrets` → `SecretList[]` where RDS made it, with
    /// the answer of `secretsmanager:GetResourcePolicy`; never its value.
    Secret from aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput, aws_sdk_secretsmanager::types::SecretListEntry {
        ARN: String = arn;
        Name: String = name;
        /// A key by ARN, id or alias; absent for the one that AWS manages.
        KmsKeyId: String = kms_key_id;
        /// Absent where it never was set up.
        RotationEnabled: bool = rotation_enabled;
        LastRotatedDate: Timestamp = last_rotated_date;
        LastChangedDate: Timestamp = last_changed_date;
        CreatedDate: Timestamp = created_date;
        /// When its deletion was asked for; absent where it was not.
        DeletedDate: Timestamp = deleted_date;
        /// The service that made and rotates it, such as `rds`.
        OwningService: String = owning_service;
        /// The policy document, as JSON text; absent where there is none.
        ResourcePolicy: String;
    }
}

kinds! {
    SECRET = "AWS::SecretsManager::Secret" as Secret {
        noun: "secret" / "secrets", service: "secretsmanager", name: "Name", role: Surrounding,
        operations: ["secretsmanager:DescribeSecret", "secretsmanager:ListSecrets"],
        found_by: [
            "rds:DescribeDBInstances",
            "rds:DescribeDBClusters",
            "rds:DescribeDBProxies",
            "timestream-influxdb:ListDbInstances",
            "timestream-influxdb:GetDbInstance",
            "timestream-influxdb:ListDbClusters",
            "timestream-influxdb:GetDbCluster",
        ],
        fields: {"ResourcePolicy": "secretsmanager:GetResourcePolicy"},
    }
}
