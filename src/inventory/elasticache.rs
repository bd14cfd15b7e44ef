//! The shapes of the ElastiCache API: Redis OSS, Valkey and Memcached, on nodes and serverless.

use super::kinds::kinds;
use super::shape::{Timestamp, shape};

shape! {
    /// `elasticache:DescribeReplicationGroups` → `ReplicationGroups[]`. What the group's nodes share,
    /// such as their subnets and security groups, is in its member clusters.
    ReplicationGroup from aws_sdk_elasticache::types::ReplicationGroup {
        ReplicationGroupId: String = replication_group_id;
        ARN: String = arn;
        Status: String = status;
        /// `redis` or `valkey`.
        Engine: String = engine;
        CacheNodeType: String = cache_node_type;
        MemberClusters: Vec<String> = member_clusters;
        NodeGroups: Vec<NodeGroup> = node_groups;
        ClusterEnabled: bool = cluster_enabled;
        ConfigurationEndpoint: Endpoint = configuration_endpoint;
        GlobalReplicationGroupInfo: GlobalReplicationGroupInfo = global_replication_group_info;
        AutomaticFailover: String = automatic_failover;
        MultiAZ: String = multi_az;
        SnapshotRetentionLimit: i64 = snapshot_retention_limit;
        SnapshotWindow: String = snapshot_window;
        AuthTokenEnabled: bool = auth_token_enabled;
        UserGroupIds: Vec<String> = user_group_ids;
        TransitEncryptionEnabled: bool = transit_encryption_enabled;
        /// `preferred` takes plain text too; left out where it was never changed.
        TransitEncryptionMode: String = transit_encryption_mode;
        /// May be false although the group is encrypted; see `StorageEncryptionType`.
        AtRestEncryptionEnabled: bool = at_rest_encryption_enabled;
        /// `none`, `sse-elasticache` (a key that AWS owns) or `sse-kms`.
        StorageEncryptionType: String = storage_encryption_type;
        KmsKeyId: String = kms_key_id;
        AutoMinorVersionUpgrade: bool = auto_minor_version_upgrade;
        LogDeliveryConfigurations: Vec<LogDeliveryConfiguration> = log_delivery_configurations;
        NetworkType: String = network_type;
        IpDiscovery: String = ip_discovery;
        ReplicationGroupCreateTime: Timestamp = replication_group_create_time;
        /// The group's part of `elasticache:DescribeUpdateActions`.
        UpdateActions: Vec<UpdateAction>;
    }

    /// `elasticache:DescribeCacheClusters` → `CacheClusters[]`: a Memcached cluster, a single Redis
    /// node, or a member of a replication group.
    CacheCluster from aws_sdk_elasticache::types::CacheCluster {
        CacheClusterId: String = cache_cluster_id;
        ARN: String = arn;
        CacheClusterStatus: String = cache_cluster_status;
        CacheClusterCreateTime: Timestamp = cache_cluster_create_time;
        /// Only for a member.
        ReplicationGroupId: String = replication_group_id;
        Engine: String = engine;
        EngineVersion: String = engine_version;
        CacheNodeType: String = cache_node_type;
        NumCacheNodes: i64 = num_cache_nodes;
        CacheNodes: Vec<CacheNode> = cache_nodes;
        PreferredAvailabilityZone: String = preferred_availability_zone;
        /// Memcached only.
        ConfigurationEndpoint: Endpoint = configuration_endpoint;
        CacheSubnetGroupName: String = cache_subnet_group_name;
        SecurityGroups: Vec<SecurityGroupMembership> = security_groups;
        /// Of EC2-Classic.
        CacheSecurityGroups: Vec<CacheSecurityGroupMembership> = cache_security_groups;
        NetworkType: String = network_type;
        IpDiscovery: String = ip_discovery;
        AuthTokenEnabled: bool = auth_token_enabled;
        TransitEncryptionEnabled: bool = transit_encryption_enabled;
        TransitEncryptionMode: String = transit_encryption_mode;
        AtRestEncryptionEnabled: bool = at_rest_encryption_enabled;
        AutoMinorVersionUpgrade: bool = auto_minor_version_upgrade;
        SnapshotRetentionLimit: i64 = snapshot_retention_limit;
        SnapshotWindow: String = snapshot_window;
        NotificationConfiguration: NotificationConfiguration = notification_configuration;
        LogDeliveryConfigurations: Vec<LogDeliveryConfiguration> = log_delivery_configurations;
        /// The cluster's part of `elasticache:DescribeUpdateActions`.
        UpdateActions: Vec<UpdateAction>;
    }

    /// `elasticache:DescribeServerlessCaches` → `ServerlessCaches[]`: always encrypted, at rest and in
    /// transit.
    ServerlessCache from aws_sdk_elasticache::types::ServerlessCache {
        ServerlessCacheName: String = serverless_cache_name;
        ARN: String = arn;
        Status: String = status;
        CreateTime: Timestamp = create_time;
        Engine: String = engine;
        MajorEngineVersion: String = major_engine_version;
        FullEngineVersion: String = full_engine_version;
        StorageEncryptionType: String = storage_encryption_type;
        KmsKeyId: String = kms_key_id;
        /// `vpc`, or `public`: an endpoint on the internet, in no VPC.
        ConnectionType: String = connection_type;
        SubnetIds: Vec<String> = subnet_ids;
        SecurityGroupIds: Vec<String> = security_group_ids;
        NetworkType: String = network_type;
        Endpoint: Endpoint = endpoint;
        ReaderEndpoint: Endpoint = reader_endpoint;
        UserGroupId: String = user_group_id;
        SnapshotRetentionLimit: i64 = snapshot_retention_limit;
        DailySnapshotTime: String = daily_snapshot_time;
    }

    /// `elasticache:DescribeGlobalReplicationGroups` → `GlobalReplicationGroups[]`: a global datastore.
    GlobalReplicationGroup from aws_sdk_elasticache::types::GlobalReplicationGroup {
        GlobalReplicationGroupId: String = global_replication_group_id;
        ARN: String = arn;
        Status: String = status;
        Engine: String = engine;
        EngineVersion: String = engine_version;
        Members: Vec<GlobalReplicationGroupMember> = members;
        AuthTokenEnabled: bool = auth_token_enabled;
        TransitEncryptionEnabled: bool = transit_encryption_enabled;
        AtRestEncryptionEnabled: bool = at_rest_encryption_enabled;
    }

    /// `elasticache:DescribeSnapshots` → `Snapshots[]`, those that users made.
    Snapshot from aws_sdk_elasticache::types::Snapshot {
        SnapshotName: String = snapshot_name;
        ARN: String = arn;
        SnapshotSource: String = snapshot_source;
        SnapshotStatus: String = snapshot_status;
        ReplicationGroupId: String = replication_group_id;
        CacheClusterId: String = cache_cluster_id;
        Engine: String = engine;
        EngineVersion: String = engine_version;
        KmsKeyId: String = kms_key_id;
    }

    /// `elasticache:DescribeServerlessCacheSnapshots` → `ServerlessCacheSnapshots[]`, those that users
    /// made.
    ServerlessCacheSnapshot from aws_sdk_elasticache::types::ServerlessCacheSnapshot {
        ServerlessCacheSnapshotName: String = serverless_cache_snapshot_name;
        ARN: String = arn;
        SnapshotType: String = snapshot_type;
        Status: String = status;
        CreateTime: Timestamp = create_time;
        KmsKeyId: String = kms_key_id;
    }

    /// `elasticache:DescribeCacheSubnetGroups` → `CacheSubnetGroups[]`.
    CacheSubnetGroup from aws_sdk_elasticache::types::CacheSubnetGroup {
        CacheSubnetGroupName: String = cache_subnet_group_name;
        ARN: String = arn;
        VpcId: String = vpc_id;
        Subnets: Vec<Subnet> = subnets;
    }

    /// `elasticache:DescribeUserGroups` → `UserGroups[]`.
    UserGroup from aws_sdk_elasticache::types::UserGroup {
        UserGroupId: String = user_group_id;
        ARN: String = arn;
        Status: String = status;
        Engine: String = engine;
        UserIds: Vec<String> = user_ids;
    }

    /// `elasticache:DescribeUsers` → `Users[]`; the API never returns passwords.
    User from aws_sdk_elasticache::types::User {
        UserId: String = user_id;
        UserName: String = user_name;
        ARN: String = arn;
        Status: String = status;
        Engine: String = engine;
        /// The user's rights in the notation of `ACL SETUSER`.
        AccessString: String = access_string;
        Authentication: Authentication = authentication;
    }

    /// How a user signs in.
    Authentication from aws_sdk_elasticache::types::Authentication {
        /// `password`, `iam` or `no-password`.
        Type: String = r#type;
        PasswordCount: i64 = password_count;
    }

    /// `elasticache:DescribeCacheEngineVersions` → `CacheEngineVersions[]`: a version that AWS offers.
    CacheEngineVersion from aws_sdk_elasticache::types::CacheEngineVersion {
        Engine: String = engine;
        EngineVersion: String = engine_version;
    }

    /// `elasticache:DescribeReservedCacheNodes` → `ReservedCacheNodes[]`.
    ReservedCacheNode from aws_sdk_elasticache::types::ReservedCacheNode {
        ReservedCacheNodeId: String = reserved_cache_node_id;
        ReservationARN: String = reservation_arn;
        CacheNodeType: String = cache_node_type;
        CacheNodeCount: i64 = cache_node_count;
        StartTime: Timestamp = start_time;
        /// In seconds.
        Duration: i64 = duration;
        /// `payment-pending`, `active`, `payment-failed`, `retired` and others.
        State: String = state;
    }

    /// A service update that a group or cluster has, or could have, applied.
    UpdateAction from aws_sdk_elasticache::types::UpdateAction {
        ServiceUpdateName: String = service_update_name;
        ServiceUpdateType: String = service_update_type;
        ServiceUpdateSeverity: String = service_update_severity;
        /// `available`, `cancelled` or `expired`.
        ServiceUpdateStatus: String = service_update_status;
        ServiceUpdateRecommendedApplyByDate: Timestamp = service_update_recommended_apply_by_date;
        UpdateActionStatus: String = update_action_status;
    }

    /// A shard of a replication group.
    NodeGroup from aws_sdk_elasticache::types::NodeGroup {
        NodeGroupId: String = node_group_id;
        PrimaryEndpoint: Endpoint = primary_endpoint;
    }

    /// A node of a cluster.
    CacheNode from aws_sdk_elasticache::types::CacheNode {
        CacheNodeId: String = cache_node_id;
        CacheNodeStatus: String = cache_node_status;
        Endpoint: Endpoint = endpoint;
        CustomerAvailabilityZone: String = customer_availability_zone;
    }

    /// Where clients connect.
    Endpoint from aws_sdk_elasticache::types::Endpoint {
        Address: String = address;
        Port: i64 = port;
    }

    /// The global datastore that a replication group belongs to.
    GlobalReplicationGroupInfo from aws_sdk_elasticache::types::GlobalReplicationGroupInfo {
        GlobalReplicationGroupId: String = global_replication_group_id;
        GlobalReplicationGroupMemberRole: String = global_replication_group_member_role;
    }

    /// A replication group of a global datastore.
    GlobalReplicationGroupMember from aws_sdk_elasticache::types::GlobalReplicationGroupMember {
        ReplicationGroupId: String = replication_group_id;
        ReplicationGroupRegion: String = replication_group_region;
        Role: String = role;
    }

    /// A log and where it goes.
    LogDeliveryConfiguration from aws_sdk_elasticache::types::LogDeliveryConfiguration {
        /// `slow-log` or `engine-log`.
        LogType: String = log_type;
        DestinationType: String = destination_type;
        Status: String = status;
    }

    /// The topic that hears of a cluster's events.
    NotificationConfiguration from aws_sdk_elasticache::types::NotificationConfiguration {
        TopicArn: String = topic_arn;
        TopicStatus: String = topic_status;
    }

    /// An attached security group.
    SecurityGroupMembership from aws_sdk_elasticache::types::SecurityGroupMembership {
        SecurityGroupId: String = security_group_id;
        Status: String = status;
    }

    /// An attached security group of EC2-Classic.
    CacheSecurityGroupMembership from aws_sdk_elasticache::types::CacheSecurityGroupMembership {
        CacheSecurityGroupName: String = cache_security_group_name;
        Status: String = status;
    }

    /// A subnet of a subnet group.
    Subnet from aws_sdk_elasticache::types::Subnet {
        SubnetIdentifier: String = subnet_identifier;
    }
}

kinds! {
    REPLICATION_GROUP = "AWS::ElastiCache::ReplicationGroup" as ReplicationGroup {
        noun: "replication group" / "replication groups", service: "elasticache", name: "ReplicationGroupId", role: Judged,
        operations: ["elasticache:DescribeReplicationGroups"],
        tags: "tag:GetResources",
        fields: { "UpdateActions": "elasticache:DescribeUpdateActions" },
    }
    CACHE_CLUSTER = "AWS::ElastiCache::CacheCluster" as CacheCluster {
        noun: "cache cluster" / "cache clusters", service: "elasticache", name: "CacheClusterId", role: Judged,
        operations: ["elasticache:DescribeCacheClusters"],
        tags: "tag:GetResources",
        fields: { "UpdateActions": "elasticache:DescribeUpdateActions" },
    }
    SERVERLESS_CACHE = "AWS::ElastiCache::ServerlessCache" as ServerlessCache {
        noun: "serverless cache" / "serverless caches", service: "elasticache", name: "ServerlessCacheName", role: Judged,
        operations: ["elasticache:DescribeServerlessCaches"],
        tags: "tag:GetResources",
    }
    GLOBAL_REPLICATION_GROUP = "AWS::ElastiCache::GlobalReplicationGroup" as GlobalReplicationGroup {
        noun: "global datastore" / "global datastores", service: "elasticache", name: "GlobalReplicationGroupId", role: Judged,
        operations: ["elasticache:DescribeGlobalReplicationGroups"],
    }
    CACHE_SNAPSHOT = "AWS::ElastiCache::Snapshot" as Snapshot {
        noun: "cache snapshot" / "cache snapshots", service: "elasticache", name: "SnapshotName", role: Judged,
        operations: ["elasticache:DescribeSnapshots"],
    }
    SERVERLESS_CACHE_SNAPSHOT = "AWS::ElastiCache::ServerlessCacheSnapshot" as ServerlessCacheSnapshot {
        noun: "serverless cache snapshot" / "serverless cache snapshots", service: "elasticache", name: "ServerlessCacheSnapshotName", role: Judged,
        operations: ["elasticache:DescribeServerlessCacheSnapshots"],
    }
    RESERVED_CACHE_NODE = "AWS::ElastiCache::ReservedCacheNode" as ReservedCacheNode {
        noun: "reserved cache node" / "reserved cache nodes", service: "elasticache", name: "ReservedCacheNodeId", role: Surrounding,
        operations: ["elasticache:DescribeReservedCacheNodes"],
    }
    CACHE_SUBNET_GROUP = "AWS::ElastiCache::SubnetGroup" as CacheSubnetGroup {
        noun: "cache subnet group" / "cache subnet groups", service: "elasticache", name: "CacheSubnetGroupName", role: Supporting,
        operations: ["elasticache:DescribeCacheSubnetGroups"],
    }
    CACHE_USER_GROUP = "AWS::ElastiCache::UserGroup" as UserGroup {
        noun: "user group" / "user groups", service: "elasticache", name: "UserGroupId", role: Supporting,
        operations: ["elasticache:DescribeUserGroups"],
    }
    CACHE_USER = "AWS::ElastiCache::User" as User {
        noun: "cache user" / "cache users", service: "elasticache", name: "UserId", role: Supporting,
        operations: ["elasticache:DescribeUsers"],
    }
    CACHE_ENGINE_VERSION = "AWS::ElastiCache::CacheEngineVersion" as CacheEngineVersion {
        noun: "cache engine version" / "cache engine versions", service: "elasticache", name: "EngineVersion", role: Supporting,
        operations: ["elasticache:DescribeCacheEngineVersions"],
    }
}
