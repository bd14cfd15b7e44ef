//! The shapes of Aurora DSQL.

use super::kinds::kinds;
use super::shape::{Timestamp, shape};

shape! {
    /// `dsql:GetCluster`, with the answers of two other operations.
    Cluster from aws_sdk_dsql::operation::get_cluster::GetClusterOutput {
        identifier: String = identifier;
        arn: String = arn;
        status: String = status;
        creationTime: Timestamp = creation_time;
        deletionProtectionEnabled: bool = deletion_protection_enabled;
        encryptionDetails: EncryptionDetails = encryption_details;
        multiRegionProperties: MultiRegionProperties = multi_region_properties;
        endpoint: String = endpoint;
        /// `dsql:GetClusterPolicy`: the policy document, as JSON text; absent where the cluster has none.
        policy: String;
        /// `dsql:GetVpcEndpointServiceName`.
        serviceName: String;
    }

    /// `encryptionDetails`.
    EncryptionDetails from aws_sdk_dsql::types::EncryptionDetails {
        /// `AWS_OWNED_KMS_KEY` or `CUSTOMER_MANAGED_KMS_KEY`.
        encryptionType: String = encryption_type;
        kmsKeyArn: String = kms_key_arn;
        /// `ENABLED`, `UPDATING`, `KMS_KEY_INACCESSIBLE` or `ENABLING`.
        encryptionStatus: String = encryption_status;
    }

    /// `multiRegionProperties`.
    MultiRegionProperties from aws_sdk_dsql::types::MultiRegionProperties {
        witnessRegion: String = witness_region;
        /// The ARNs of the peered clusters.
        clusters: Vec<String> = clusters;
    }
}

kinds! {
    DSQL_CLUSTER = "AWS::DSQL::Cluster" as Cluster {
        noun: "Aurora DSQL cluster" / "Aurora DSQL clusters", service: "dsql", name: "identifier", role: Judged,
        operations: ["dsql:ListClusters"],
        tags: "dsql:GetCluster",
        fields: {
            "status": "dsql:GetCluster",
            "creationTime": "dsql:GetCluster",
            "deletionProtectionEnabled": "dsql:GetCluster",
            "encryptionDetails": "dsql:GetCluster",
            "multiRegionProperties": "dsql:GetCluster",
            "endpoint": "dsql:GetCluster",
            "policy": "dsql:GetClusterPolicy",
            "serviceName": "dsql:GetVpcEndpointServiceName",
        },
        endpoints: ["dsql-*"] for ["dsql:DbConnect", "dsql:DbConnectAdmin"],
    }
}

#[cfg(feature = "live")]
super::shape::required_text!(aws_sdk_dsql::types::ClusterStatus, aws_sdk_dsql::types::EncryptionType, aws_sdk_dsql::types::EncryptionStatus);
