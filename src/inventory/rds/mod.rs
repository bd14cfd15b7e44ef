//! The shapes and kinds of the RDS API, which answers for RDS, Aurora, DocumentDB and Neptune alike.

pub mod advice;
pub mod engines;
pub mod groups;
pub mod snapshots;

pub use engines::{
    Certificate, DBEngine, DBEngineVersion, DBMajorEngineVersion, PendingMaintenance, PendingMaintenanceAction, SupportedEngineLifecycle,
};
#[cfg(feature = "live")]
pub(crate) use groups::public_settings;
pub use groups::{
    AvailabilityZone, DBSecurityGroup, DBSubnetGroup, GroupSubnet, IPRange, OptionConfiguration, OptionGroup, OptionSetting, Parameter,
    ParameterFamily, ParameterGroup,
};
pub use snapshots::{DBClusterAutomatedBackup, DBClusterSnapshot, DBInstanceAutomatedBackup, DBSnapshot, ExportTask, RestoreWindow};

use super::kinds::kinds;
use super::shape::{Timestamp, shape};

shape! {
    /// `rds:DescribeDBInstances` → `DBInstances[]`.
    DBInstance from aws_sdk_rds::types::DbInstance {
        DBInstanceIdentifier: String = db_instance_identifier;
        DBInstanceArn: String = db_instance_arn;
        DbiResourceId: String = dbi_resource_id;
        DBInstanceClass: String = db_instance_class;
        DBInstanceStatus: String = db_instance_status;
        DBClusterIdentifier: String = db_cluster_identifier;
        Engine: String = engine;
        EngineVersion: String = engine_version;
        EngineLifecycleSupport: String = engine_lifecycle_support;
        LicenseModel: String = license_model;
        InstanceCreateTime: Timestamp = instance_create_time;
        MasterUsername: String = master_username;
        MasterUserSecret: MasterUserSecret = master_user_secret;
        Endpoint: Endpoint = endpoint;
        ListenerEndpoint: Endpoint = listener_endpoint;
        DbInstancePort: i64 = db_instance_port;
        PubliclyAccessible: bool = publicly_accessible;
        NetworkType: String = network_type;
        AvailabilityZone: String = availability_zone;
        SecondaryAvailabilityZone: String = secondary_availability_zone;
        MultiAZ: bool = multi_az;
        DBSubnetGroup: DBSubnetGroup = db_subnet_group;
        VpcSecurityGroups: Vec<VpcSecurityGroupMembership> = vpc_security_groups;
        DBSecurityGroups: Vec<DBSecurityGroupMembership> = db_security_groups;
        DBParameterGroups: Vec<DBParameterGroupStatus> = db_parameter_groups;
        OptionGroupMemberships: Vec<OptionGroupMembership> = option_group_memberships;
        StorageType: String = storage_type;
        AllocatedStorage: i64 = allocated_storage;
        MaxAllocatedStorage: i64 = max_allocated_storage;
        StorageEncrypted: bool = storage_encrypted;
        /// `none`, `sse-rds` (a key that AWS owns) or `sse-kms`; newer than `StorageEncrypted`.
        StorageEncryptionType: String = storage_encryption_type;
        KmsKeyId: String = kms_key_id;
        CACertificateIdentifier: String = ca_certificate_identifier;
        CertificateDetails: CertificateDetails = certificate_details;
        BackupRetentionPeriod: i64 = backup_retention_period;
        PreferredBackupWindow: String = preferred_backup_window;
        PreferredMaintenanceWindow: String = preferred_maintenance_window;
        BackupTarget: String = backup_target;
        LatestRestorableTime: Timestamp = latest_restorable_time;
        AwsBackupRecoveryPointArn: String = aws_backup_recovery_point_arn;
        DBInstanceAutomatedBackupsReplications: Vec<AutomatedBackupsReplication> = db_instance_automated_backups_replications;
        ReadReplicaSourceDBInstanceIdentifier: String = read_replica_source_db_instance_identifier;
        ReadReplicaSourceDBClusterIdentifier: String = read_replica_source_db_cluster_identifier;
        ReadReplicaDBInstanceIdentifiers: Vec<String> = read_replica_db_instance_identifiers;
        ReplicaMode: String = replica_mode;
        AutoMinorVersionUpgrade: bool = auto_minor_version_upgrade;
        IAMDatabaseAuthenticationEnabled: bool = iam_database_authentication_enabled;
        DomainMemberships: Vec<DomainMembership> = domain_memberships;
        AssociatedRoles: Vec<AssociatedRole> = associated_roles;
        CustomIamInstanceProfile: String = custom_iam_instance_profile;
        MonitoringInterval: i64 = monitoring_interval;
        MonitoringRoleArn: String = monitoring_role_arn;
        PerformanceInsightsEnabled: bool = performance_insights_enabled;
        PerformanceInsightsKMSKeyId: String = performance_insights_kms_key_id;
        PerformanceInsightsRetentionPeriod: i64 = performance_insights_retention_period;
        DatabaseInsightsMode: String = database_insights_mode;
        EnabledCloudwatchLogsExports: Vec<String> = enabled_cloudwatch_logs_exports;
        ActivityStreamStatus: String = activity_stream_status;
        ActivityStreamKmsKeyId: String = activity_stream_kms_key_id;
        CopyTagsToSnapshot: bool = copy_tags_to_snapshot;
        DeletionProtection: bool = deletion_protection;
        DedicatedLogVolume: bool = dedicated_log_volume;
    }

    /// `rds:DescribeDBClusters` → `DBClusters[]`.
    DBCluster from aws_sdk_rds::types::DbCluster {
        DBClusterIdentifier: String = db_cluster_identifier;
        DBClusterArn: String = db_cluster_arn;
        DbClusterResourceId: String = db_cluster_resource_id;
        Status: String = status;
        Engine: String = engine;
        EngineVersion: String = engine_version;
        EngineMode: String = engine_mode;
        /// `standard` or `limitless`: the latter's nodes are of a shard group, not members.
        ClusterScalabilityType: String = cluster_scalability_type;
        EngineLifecycleSupport: String = engine_lifecycle_support;
        DBClusterInstanceClass: String = db_cluster_instance_class;
        ClusterCreateTime: Timestamp = cluster_create_time;
        MasterUsername: String = master_username;
        MasterUserSecret: MasterUserSecret = master_user_secret;
        Endpoint: String = endpoint;
        ReaderEndpoint: String = reader_endpoint;
        Port: i64 = port;
        PubliclyAccessible: bool = publicly_accessible;
        InternetAccessGatewayEnabled: bool = internet_access_gateway_enabled;
        VPCNetworkingEnabled: bool = vpc_networking_enabled;
        NetworkType: String = network_type;
        MultiAZ: bool = multi_az;
        AvailabilityZones: Vec<String> = availability_zones;
        DBClusterMembers: Vec<DBClusterMember> = db_cluster_members;
        DBSubnetGroup: String = db_subnet_group;
        VpcSecurityGroups: Vec<VpcSecurityGroupMembership> = vpc_security_groups;
        DBClusterParameterGroup: String = db_cluster_parameter_group;
        DBClusterOptionGroupMemberships: Vec<DBClusterOptionGroupStatus> = db_cluster_option_group_memberships;
        StorageType: String = storage_type;
        AllocatedStorage: i64 = allocated_storage;
        StorageEncrypted: bool = storage_encrypted;
        /// `none`, `sse-rds` (a key that AWS owns) or `sse-kms`; newer than `StorageEncrypted`.
        StorageEncryptionType: String = storage_encryption_type;
        KmsKeyId: String = kms_key_id;
        CertificateDetails: CertificateDetails = certificate_details;
        BackupRetentionPeriod: i64 = backup_retention_period;
        PreferredBackupWindow: String = preferred_backup_window;
        PreferredMaintenanceWindow: String = preferred_maintenance_window;
        EarliestRestorableTime: Timestamp = earliest_restorable_time;
        LatestRestorableTime: Timestamp = latest_restorable_time;
        BacktrackWindow: i64 = backtrack_window;
        AwsBackupRecoveryPointArn: String = aws_backup_recovery_point_arn;
        ReplicationSourceIdentifier: String = replication_source_identifier;
        GlobalClusterIdentifier: String = global_cluster_identifier;
        GlobalWriteForwardingStatus: String = global_write_forwarding_status;
        CloneGroupId: String = clone_group_id;
        CrossAccountClone: bool = cross_account_clone;
        HttpEndpointEnabled: bool = http_endpoint_enabled;
        IAMDatabaseAuthenticationEnabled: bool = iam_database_authentication_enabled;
        DomainMemberships: Vec<DomainMembership> = domain_memberships;
        AssociatedRoles: Vec<AssociatedRole> = associated_roles;
        AutoMinorVersionUpgrade: bool = auto_minor_version_upgrade;
        MonitoringInterval: i64 = monitoring_interval;
        MonitoringRoleArn: String = monitoring_role_arn;
        PerformanceInsightsEnabled: bool = performance_insights_enabled;
        PerformanceInsightsKMSKeyId: String = performance_insights_kms_key_id;
        PerformanceInsightsRetentionPeriod: i64 = performance_insights_retention_period;
        DatabaseInsightsMode: String = database_insights_mode;
        EnabledCloudwatchLogsExports: Vec<String> = enabled_cloudwatch_logs_exports;
        ActivityStreamStatus: String = activity_stream_status;
        ActivityStreamKmsKeyId: String = activity_stream_kms_key_id;
        CopyTagsToSnapshot: bool = copy_tags_to_snapshot;
        DeletionProtection: bool = deletion_protection;
        ServerlessV2ScalingConfiguration: ServerlessV2Scaling = serverless_v2_scaling_configuration;
    }

    /// `MasterUserSecret` of an instance or cluster: where the password is kept, never the password.
    MasterUserSecret from aws_sdk_rds::types::MasterUserSecret {
        SecretArn: String = secret_arn;
        SecretStatus: String = secret_status;
        KmsKeyId: String = kms_key_id;
    }

    /// The address and port that a DB instance listens on.
    Endpoint from aws_sdk_rds::types::Endpoint {
        Address: String = address;
        Port: i64 = port;
        HostedZoneId: String = hosted_zone_id;
    }

    /// `VpcSecurityGroups[]`.
    VpcSecurityGroupMembership from aws_sdk_rds::types::VpcSecurityGroupMembership {
        VpcSecurityGroupId: String = vpc_security_group_id;
        Status: String = status;
    }

    /// `DBSecurityGroups[]`: groups of EC2-Classic.
    DBSecurityGroupMembership from aws_sdk_rds::types::DbSecurityGroupMembership {
        DBSecurityGroupName: String = db_security_group_name;
        Status: String = status;
    }

    /// `DBParameterGroups[]` of an instance: the group, and whether its values run.
    DBParameterGroupStatus from aws_sdk_rds::types::DbParameterGroupStatus {
        DBParameterGroupName: String = db_parameter_group_name;
        ParameterApplyStatus: String = parameter_apply_status;
    }

    /// `OptionGroupMemberships[]` of an instance.
    OptionGroupMembership from aws_sdk_rds::types::OptionGroupMembership {
        OptionGroupName: String = option_group_name;
        Status: String = status;
    }

    /// `DBClusterOptionGroupMemberships[]` of a cluster.
    DBClusterOptionGroupStatus from aws_sdk_rds::types::DbClusterOptionGroupStatus {
        DBClusterOptionGroupName: String = db_cluster_option_group_name;
        Status: String = status;
    }

    /// `CertificateDetails`: the server certificate, not its authority.
    CertificateDetails from aws_sdk_rds::types::CertificateDetails {
        CAIdentifier: String = ca_identifier;
        ValidTill: Timestamp = valid_till;
    }

    /// `DBInstanceAutomatedBackupsReplications[]`.
    AutomatedBackupsReplication from aws_sdk_rds::types::DbInstanceAutomatedBackupsReplication {
        DBInstanceAutomatedBackupsArn: String = db_instance_automated_backups_arn;
    }

    /// `DomainMemberships[]`.
    DomainMembership from aws_sdk_rds::types::DomainMembership {
        Domain: String = domain;
        Status: String = status;
    }

    /// `AssociatedRoles[]` of an instance or a cluster.
    AssociatedRole {
        RoleArn: String;
        FeatureName: String;
        Status: String;
    }

    /// `DBClusterMembers[]`.
    DBClusterMember from aws_sdk_rds::types::DbClusterMember {
        DBInstanceIdentifier: String = db_instance_identifier;
        IsClusterWriter: bool = is_cluster_writer;
        DBClusterParameterGroupStatus: String = db_cluster_parameter_group_status;
        PromotionTier: i64 = promotion_tier;
    }

    /// `ServerlessV2ScalingConfiguration`, in Aurora capacity units.
    ServerlessV2Scaling from aws_sdk_rds::types::ServerlessV2ScalingConfigurationInfo {
        MinCapacity: f64 = min_capacity;
        MaxCapacity: f64 = max_capacity;
    }

    /// `rds:DescribeDBShardGroups` → `DBShardGroups[]`: where Aurora Limitless listens.
    DBShardGroup from aws_sdk_rds::types::DbShardGroup {
        DBShardGroupIdentifier: String = db_shard_group_identifier;
        DBShardGroupArn: String = db_shard_group_arn;
        DBClusterIdentifier: String = db_cluster_identifier;
        Status: String = status;
        PubliclyAccessible: bool = publicly_accessible;
    }

    /// `rds:DescribeGlobalClusters` → `GlobalClusters[]`.
    GlobalCluster from aws_sdk_rds::types::GlobalCluster {
        GlobalClusterIdentifier: String = global_cluster_identifier;
        GlobalClusterArn: String = global_cluster_arn;
        Status: String = status;
        Engine: String = engine;
        EngineVersion: String = engine_version;
        EngineLifecycleSupport: String = engine_lifecycle_support;
        StorageEncrypted: bool = storage_encrypted;
        StorageEncryptionType: String = storage_encryption_type;
        DeletionProtection: bool = deletion_protection;
        GlobalClusterMembers: Vec<GlobalClusterMember> = global_cluster_members;
    }

    /// `GlobalClusterMembers[]`.
    GlobalClusterMember from aws_sdk_rds::types::GlobalClusterMember {
        DBClusterArn: String = db_cluster_arn;
        Readers: Vec<String> = readers;
        IsWriter: bool = is_writer;
        SynchronizationStatus: String = synchronization_status;
    }
}

impl DBCluster {
    /// Whether it is of Aurora Limitless, which listens in shard groups.
    pub fn is_limitless(&self) -> bool {
        self.ClusterScalabilityType.as_deref() == Some("limitless")
    }
}

kinds! {
    DB_INSTANCE = "AWS::RDS::DBInstance" as DBInstance {
        noun: "DB instance" / "DB instances", service: "rds", name: "DBInstanceIdentifier", role: Judged,
        operations: ["rds:DescribeDBInstances"],
    }
    DB_CLUSTER = "AWS::RDS::DBCluster" as DBCluster {
        noun: "DB cluster" / "DB clusters", service: "rds", name: "DBClusterIdentifier", role: Judged,
        operations: ["rds:DescribeDBClusters"],
    }
    GLOBAL_CLUSTER = "AWS::RDS::GlobalCluster" as GlobalCluster {
        noun: "global cluster" / "global clusters", service: "rds", name: "GlobalClusterIdentifier", role: Judged,
        operations: ["rds:DescribeGlobalClusters"],
    }
    DB_SHARD_GROUP = "AWS::RDS::DBShardGroup" as DBShardGroup {
        noun: "DB shard group" / "DB shard groups", service: "rds", name: "DBShardGroupIdentifier", role: Judged,
        operations: ["rds:DescribeDBShardGroups"],
        found_by: ["rds:DescribeDBClusters"],
    }
    DOCDB_INSTANCE = "AWS::DocDB::DBInstance" as DBInstance {
        noun: "DocumentDB instance" / "DocumentDB instances", service: "docdb", name: "DBInstanceIdentifier", role: Judged,
        operations: ["rds:DescribeDBInstances"],
    }
    DOCDB_CLUSTER = "AWS::DocDB::DBCluster" as DBCluster {
        noun: "DocumentDB cluster" / "DocumentDB clusters", service: "docdb", name: "DBClusterIdentifier", role: Judged,
        operations: ["rds:DescribeDBClusters"],
    }
    DOCDB_GLOBAL_CLUSTER = "AWS::DocDB::GlobalCluster" as GlobalCluster {
        noun: "DocumentDB global cluster" / "DocumentDB global clusters", service: "docdb", name: "GlobalClusterIdentifier", role: Judged,
        operations: ["rds:DescribeGlobalClusters"],
    }
    NEPTUNE_INSTANCE = "AWS::Neptune::DBInstance" as DBInstance {
        noun: "Neptune instance" / "Neptune instances", service: "neptune", name: "DBInstanceIdentifier", role: Judged,
        operations: ["rds:DescribeDBInstances"],
    }
    NEPTUNE_CLUSTER = "AWS::Neptune::DBCluster" as DBCluster {
        noun: "Neptune cluster" / "Neptune clusters", service: "neptune", name: "DBClusterIdentifier", role: Judged,
        operations: ["rds:DescribeDBClusters"],
    }
    NEPTUNE_GLOBAL_CLUSTER = "AWS::Neptune::GlobalCluster" as GlobalCluster {
        noun: "Neptune global cluster" / "Neptune global clusters", service: "neptune", name: "GlobalClusterIdentifier", role: Judged,
        operations: ["rds:DescribeGlobalClusters"],
    }
}

#[cfg(feature = "live")]
mod conversions {
    use super::AssociatedRole;
    use crate::inventory::shape::FromSdk;

    impl FromSdk<aws_sdk_rds::types::DbInstanceRole> for AssociatedRole {
        fn from_sdk(sdk: aws_sdk_rds::types::DbInstanceRole) -> Self {
            Self { RoleArn: sdk.role_arn, FeatureName: sdk.feature_name, Status: sdk.status }
        }
    }

    impl FromSdk<aws_sdk_rds::types::DbClusterRole> for AssociatedRole {
        fn from_sdk(sdk: aws_sdk_rds::types::DbClusterRole) -> Self {
            Self { RoleArn: sdk.role_arn, FeatureName: sdk.feature_name, Status: sdk.status }
        }
    }
}
