//! The shapes of the MemoryDB API.

use super::kinds::kinds;
use super::shape::{Timestamp, shape};

shape! {
    /// `memorydb:DescribeClusters` → `Clusters[]`, with shard details.
    Cluster from aws_sdk_memorydb::types::Cluster {
        Name: String = name;
        ARN: String = arn;
        Status: String = status;
        NodeType: String = node_type;
        Engine: String = engine;
        EngineVersion: String = engine_version;
        MultiRegionClusterName: String = multi_region_cluster_name;
        Shards: Vec<Shard> = shards;
        /// `multiaz` or `singleaz`, in lower case.
        AvailabilityMode: String = availability_mode;
        ClusterEndpoint: Endpoint = cluster_endpoint;
        NetworkType: String = network_type;
        SecurityGroups: Vec<SecurityGroupMembership> = security_groups;
        SubnetGroupName: String = subnet_group_name;
        TLSEnabled: bool = tls_enabled;
        KmsKeyId: String = kms_key_id;
        /// `open-access` lets anyone in without a password.
        ACLName: String = acl_name;
        SnsTopicArn: String = sns_topic_arn;
        SnsTopicStatus: String = sns_topic_status;
        SnapshotRetentionLimit: i64 = snapshot_retention_limit;
        AutoMinorVersionUpgrade: bool = auto_minor_version_upgrade;
        /// Never filled: the API (2021-01-01) has no member that tells of logs. It is named as ElastiCache
        /// names its own, so that the rule on it is not assessed today and judges once AWS tells.
        LogDeliveryConfigurations: Vec<LogDelivery>;
        /// Those of `memorydb:DescribeServiceUpdates` that are not applied yet.
        ServiceUpdates: Vec<ServiceUpdate>;
    }

    /// A log that a cluster would deliver.
    LogDelivery {
        LogType: String;
        Status: String;
    }

    /// A shard of a cluster.
    Shard from aws_sdk_memorydb::types::Shard {
        Name: String = name;
        NumberOfNodes: i64 = number_of_nodes;
    }

    /// The address and port that a cluster listens on.
    Endpoint from aws_sdk_memorydb::types::Endpoint {
        Address: String = address;
        Port: i64 = port;
    }

    /// A security group of a cluster.
    SecurityGroupMembership from aws_sdk_memorydb::types::SecurityGroupMembership {
        SecurityGroupId: String = security_group_id;
        Status: String = status;
    }

    /// `memorydb:DescribeServiceUpdates` → `ServiceUpdates[]`.
    ServiceUpdate from aws_sdk_memorydb::types::ServiceUpdate {
        ServiceUpdateName: String = service_update_name;
        /// `available`, `scheduled`, `in-progress` or `complete`.
        Status: String = status;
        Type: String = r#type;
        AutoUpdateStartDate: Timestamp = auto_update_start_date;
    }

    /// `memorydb:DescribeSnapshots` → `Snapshots[]`.
    Snapshot from aws_sdk_memorydb::types::Snapshot {
        Name: String = name;
        ARN: String = arn;
        Status: String = status;
        /// `manual` or `automated`.
        Source: String = source;
        KmsKeyId: String = kms_key_id;
    }

    /// `memorydb:DescribeMultiRegionClusters` → `MultiRegionClusters[]`.
    MultiRegionCluster from aws_sdk_memorydb::types::MultiRegionCluster {
        MultiRegionClusterName: String = multi_region_cluster_name;
        ARN: String = arn;
        Status: String = status;
        TLSEnabled: bool = tls_enabled;
    }

    /// `memorydb:DescribeACLs` → `ACLs[]`.
    Acl from aws_sdk_memorydb::types::Acl {
        Name: String = name;
        ARN: String = arn;
        UserNames: Vec<String> = user_names;
    }

    /// `memorydb:DescribeUsers` → `Users[]`: how it authenticates, never a password.
    User from aws_sdk_memorydb::types::User {
        Name: String = name;
        ARN: String = arn;
        AccessString: String = access_string;
        Authentication: Authentication = authentication;
    }

    /// How a user authenticates.
    Authentication from aws_sdk_memorydb::types::Authentication {
        /// `password`, `no-password` or `iam`.
        Type: String = r#type;
    }

    /// `memorydb:DescribeSubnetGroups` → `SubnetGroups[]`.
    SubnetGroup from aws_sdk_memorydb::types::SubnetGroup {
        Name: String = name;
        ARN: String = arn;
        VpcId: String = vpc_id;
        Subnets: Vec<Subnet> = subnets;
    }

    /// A subnet of a subnet group.
    Subnet from aws_sdk_memorydb::types::Subnet {
        Identifier: String = identifier;
    }
}

kinds! {
    MEMORYDB_CLUSTER = "AWS::MemoryDB::Cluster" as Cluster {
        noun: "MemoryDB cluster" / "MemoryDB clusters", service: "memorydb", name: "Name", role: Judged,
        operations: ["memorydb:DescribeClusters"],
        tags: "tag:GetResources",
        fields: { "ServiceUpdates": "memorydb:DescribeServiceUpdates" },
    }
    MEMORYDB_MULTI_REGION_CLUSTER = "AWS::MemoryDB::MultiRegionCluster" as MultiRegionCluster {
        noun: "MemoryDB multi-Region cluster" / "MemoryDB multi-Region clusters", service: "memorydb", name: "MultiRegionClusterName", role: Judged,
        operations: ["memorydb:DescribeMultiRegionClusters"],
        found_by: ["memorydb:DescribeClusters"],
        tags: "memorydb:ListTags",
    }
    MEMORYDB_SNAPSHOT = "AWS::MemoryDB::Snapshot" as Snapshot {
        noun: "MemoryDB snapshot" / "MemoryDB snapshots", service: "memorydb", name: "Name", role: Judged,
        operations: ["memorydb:DescribeSnapshots"],
        tags: "memorydb:ListTags",
    }
    MEMORYDB_ACL = "AWS::MemoryDB::ACL" as Acl {
        noun: "MemoryDB access control list" / "MemoryDB access control lists", service: "memorydb", name: "Name", role: Supporting,
        operations: ["memorydb:DescribeACLs"],
    }
    MEMORYDB_USER = "AWS::MemoryDB::User" as User {
        noun: "MemoryDB user" / "MemoryDB users", service: "memorydb", name: "Name", role: Supporting,
        operations: ["memorydb:DescribeUsers"],
    }
    MEMORYDB_SUBNET_GROUP = "AWS::MemoryDB::SubnetGroup" as SubnetGroup {
        noun: "MemoryDB subnet group" / "MemoryDB subnet groups", service: "memorydb", name: "Name", role: Supporting,
        operations: ["memorydb:DescribeSubnetGroups"],
    }
}
