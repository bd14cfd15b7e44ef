//! The shapes of the DocumentDB Elastic Clusters API.

use super::kinds::kinds;
use super::shape::shape;

shape! {
    /// `docdb-elastic:GetCluster` → `cluster`, with the answers of two other operations.
    Cluster from aws_sdk_docdbelastic::types::Cluster {
        clusterName: String = cluster_name;
        clusterArn: String = cluster_arn;
        status: String = status;
        clusterEndpoint: String = cluster_endpoint;
        adminUserName: String = admin_user_name;
        /// `PLAIN_TEXT` or `SECRET_ARN`.
        authType: String = auth_type;
        shardCapacity: i64 = shard_capacity;
        shardCount: i64 = shard_count;
        /// How many instances a shard has: its writer and the replicas.
        shardInstanceCount: i64 = shard_instance_count;
        subnetIds: Vec<String> = subnet_ids;
        vpcSecurityGroupIds: Vec<String> = vpc_security_group_ids;
        /// The ARN of a key, or `AWS_OWNED_KMS_KEY`.
        kmsKeyId: String = kms_key_id;
        backupRetentionPeriod: i64 = backup_retention_period;
        preferredBackupWindow: String = preferred_backup_window;
        preferredMaintenanceWindow: String = preferred_maintenance_window;
        /// What `docdb-elastic:ListPendingMaintenanceActions` says of the cluster; empty where it says nothing.
        pendingMaintenanceActionDetails: Vec<PendingMaintenanceAction>;
    }

    /// `pendingMaintenanceActionDetails[]`; the service gives its dates as text.
    PendingMaintenanceAction from aws_sdk_docdbelastic::types::PendingMaintenanceActionDetails {
        action: String = action;
        autoAppliedAfterDate: String = auto_applied_after_date;
        forcedApplyDate: String = forced_apply_date;
        currentApplyDate: String = current_apply_date;
        optInStatus: String = opt_in_status;
    }
}

kinds! {
    DOCDB_ELASTIC_CLUSTER = "AWS::DocDBElastic::Cluster" as Cluster {
        noun: "DocumentDB elastic cluster" / "DocumentDB elastic clusters", service: "docdb-elastic", name: "clusterName", role: Judged,
        operations: ["docdb-elastic:ListClusters"],
        tags: "docdb-elastic:ListTagsForResource",
        fields: {
            "status": "docdb-elastic:GetCluster",
            "clusterEndpoint": "docdb-elastic:GetCluster",
            "adminUserName": "docdb-elastic:GetCluster",
            "authType": "docdb-elastic:GetCluster",
            "shardCapacity": "docdb-elastic:GetCluster",
            "shardCount": "docdb-elastic:GetCluster",
            "shardInstanceCount": "docdb-elastic:GetCluster",
            "subnetIds": "docdb-elastic:GetCluster",
            "vpcSecurityGroupIds": "docdb-elastic:GetCluster",
            "kmsKeyId": "docdb-elastic:GetCluster",
            "backupRetentionPeriod": "docdb-elastic:GetCluster",
            "preferredBackupWindow": "docdb-elastic:GetCluster",
            "preferredMaintenanceWindow": "docdb-elastic:GetCluster",
            "pendingMaintenanceActionDetails": "docdb-elastic:ListPendingMaintenanceActions",
        },
    }
}

#[cfg(feature = "live")]
super::shape::required_text!(aws_sdk_docdbelastic::types::Status, aws_sdk_docdbelastic::types::Auth);
