//! The shapes of the RDS API, which answers for RDS, Aurora, DocumentDB and Neptune alike.

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

    /// `rds:DescribeDBSubnetGroups` → `DBSubnetGroups[]`; instances embed theirs.
    DBSubnetGroup from aws_sdk_rds::types::DbSubnetGroup {
        DBSubnetGroupName: String = db_subnet_group_name;
        DBSubnetGroupArn: String = db_subnet_group_arn;
        DBSubnetGroupDescription: String = db_subnet_group_description;
        VpcId: String = vpc_id;
        SubnetGroupStatus: String = subnet_group_status;
        Subnets: Vec<GroupSubnet> = subnets;
        SupportedNetworkTypes: Vec<String> = supported_network_types;
    }

    /// `DBSubnetGroup.Subnets[]`.
    GroupSubnet from aws_sdk_rds::types::Subnet {
        SubnetIdentifier: String = subnet_identifier;
        SubnetAvailabilityZone: AvailabilityZone = subnet_availability_zone;
        SubnetStatus: String = subnet_status;
    }

    /// An availability zone by name.
    AvailabilityZone from aws_sdk_rds::types::AvailabilityZone {
        Name: String = name;
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

    /// `rds:DescribeDBParameterGroups` and `rds:DescribeDBClusterParameterGroups`, with those of the
    /// group's parameters that somebody changed and some rule reads.
    ParameterGroup {
        Name: String;
        Arn: String;
        DBParameterGroupFamily: String;
        /// The parameters that were asked for: one that is listed here and not in `Parameters` has not
        /// been changed; of others nothing is known.
        Requested: Vec<String>;
        Parameters: Vec<Parameter>;
    }

    /// `rds:DescribeEngineDefaultParameters` and `rds:DescribeEngineDefaultClusterParameters` of one
    /// parameter group family.
    ParameterFamily {
        DBParameterGroupFamily: String;
        /// `instance` or `cluster`.
        Level: String;
        Requested: Vec<String>;
        Parameters: Vec<Parameter>;
    }

    /// `Parameters[]`.
    Parameter from aws_sdk_rds::types::Parameter {
        ParameterName: String = parameter_name;
        ParameterValue: String = parameter_value;
        Source: String = source;
        ApplyType: String = apply_type;
        ApplyMethod: String = apply_method;
    }

    /// `rds:DescribeOptionGroups` → `OptionGroupsList[]`.
    OptionGroup from aws_sdk_rds::types::OptionGroup {
        OptionGroupName: String = option_group_name;
        OptionGroupArn: String = option_group_arn;
        EngineName: String = engine_name;
        MajorEngineVersion: String = major_engine_version;
        VpcId: String = vpc_id;
        Options: Vec<OptionConfiguration> = options;
    }

    /// `OptionGroupsList[].Options[]`.
    OptionConfiguration from aws_sdk_rds::types::Option {
        OptionName: String = option_name;
        OptionVersion: String = option_version;
        Port: i64 = port;
        VpcSecurityGroupMemberships: Vec<VpcSecurityGroupMembership> = vpc_security_group_memberships;
        OptionSettings: Vec<OptionSetting>;
    }

    /// `OptionSettings[]`; values of settings that may hold a secret are never kept.
    OptionSetting from aws_sdk_rds::types::OptionSetting {
        Name: String = name;
        Value: String = value;
    }

    /// `rds:DescribeDBSecurityGroups` → `DBSecurityGroups[]`: groups of EC2-Classic.
    DBSecurityGroup from aws_sdk_rds::types::DbSecurityGroup {
        DBSecurityGroupName: String = db_security_group_name;
        DBSecurityGroupArn: String = db_security_group_arn;
        IPRanges: Vec<IPRange> = ip_ranges;
    }

    /// `IPRanges[]`.
    IPRange from aws_sdk_rds::types::IpRange {
        CIDRIP: String = cidrip;
        Status: String = status;
    }

    /// `rds:DescribeCertificates` → `Certificates[]`: the certificate authorities of a region.
    Certificate from aws_sdk_rds::types::Certificate {
        CertificateIdentifier: String = certificate_identifier;
        CertificateArn: String = certificate_arn;
        CertificateType: String = certificate_type;
        ValidFrom: Timestamp = valid_from;
        ValidTill: Timestamp = valid_till;
        CustomerOverride: bool = customer_override;
        CustomerOverrideValidTill: Timestamp = customer_override_valid_till;
    }

    /// `rds:DescribeDBEngineVersions` of one engine.
    DBEngine {
        Engine: String;
        Versions: Vec<DBEngineVersion>;
    }

    /// `DBEngineVersions[]`.
    DBEngineVersion from aws_sdk_rds::types::DbEngineVersion {
        EngineVersion: String = engine_version;
        /// `available` or `deprecated`; of versions that the customer made also `inactive` and others.
        Status: String = status;
    }

    /// `rds:DescribeDBMajorEngineVersions` → `DBMajorEngineVersions[]`.
    DBMajorEngineVersion from aws_sdk_rds::types::DbMajorEngineVersion {
        Engine: String = engine;
        MajorEngineVersion: String = major_engine_version;
        SupportedEngineLifecycles: Vec<SupportedEngineLifecycle> = supported_engine_lifecycles;
    }

    /// `SupportedEngineLifecycles[]`: from when to when AWS gives which support.
    SupportedEngineLifecycle from aws_sdk_rds::types::SupportedEngineLifecycle {
        /// `open-source-rds-standard-support` or `open-source-rds-extended-support`.
        LifecycleSupportName: String = lifecycle_support_name;
        LifecycleSupportEndDate: Timestamp = lifecycle_support_end_date;
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

    /// `rds:DescribeExportTasks` → `ExportTasks[]`, with `s3:GetPublicAccessBlock` of the bucket.
    ExportTask from aws_sdk_rds::types::ExportTask {
        ExportTaskIdentifier: String = export_task_identifier;
        /// The snapshot or the cluster that is exported.
        SourceArn: String = source_arn;
        /// `STARTING`, `IN_PROGRESS`, `COMPLETE`, `CANCELING`, `CANCELED` or `FAILED`.
        Status: String = status;
        PercentProgress: i64 = percent_progress;
        S3Bucket: String = s3_bucket;
        KmsKeyId: String = kms_key_id;
        /// The bucket's own settings, read as its owner; all false where it has none.
        PublicAccessBlockConfiguration: PublicAccessBlock;
    }

    /// `PublicAccessBlockConfiguration` of a bucket.
    PublicAccessBlock from aws_sdk_s3::types::PublicAccessBlockConfiguration {
        BlockPublicAcls: bool = block_public_acls;
        IgnorePublicAcls: bool = ignore_public_acls;
        BlockPublicPolicy: bool = block_public_policy;
        RestrictPublicBuckets: bool = restrict_public_buckets;
    }

    /// `rds:DescribePendingMaintenanceActions` → `PendingMaintenanceActions[]`.
    PendingMaintenance from aws_sdk_rds::types::ResourcePendingMaintenanceActions {
        ResourceIdentifier: String = resource_identifier;
        PendingMaintenanceActionDetails: Vec<PendingMaintenanceAction> = pending_maintenance_action_details;
    }

    /// `PendingMaintenanceActionDetails[]`.
    PendingMaintenanceAction from aws_sdk_rds::types::PendingMaintenanceAction {
        Action: String = action;
        AutoAppliedAfterDate: Timestamp = auto_applied_after_date;
        ForcedApplyDate: Timestamp = forced_apply_date;
        CurrentApplyDate: Timestamp = current_apply_date;
        OptInStatus: String = opt_in_status;
        Description: String = description;
    }
}

impl DBCluster {
    /// Whether it is of Aurora Limitless, which listens in shard groups.
    pub fn is_limitless(&self) -> bool {
        self.ClusterScalabilityType.as_deref() == Some("limitless")
    }
}

#[cfg(feature = "live")]
impl PublicAccessBlock {
    /// The settings of a bucket that has none.
    pub fn none() -> Self {
        Self { BlockPublicAcls: Some(false), IgnorePublicAcls: Some(false), BlockPublicPolicy: Some(false), RestrictPublicBuckets: Some(false) }
    }
}

#[cfg(feature = "live")]
mod conversions {
    use super::{AssociatedRole, OptionSetting};
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

    /// Settings of Oracle's and SQL Server's options that rules read; others may hold passwords.
    pub(crate) fn public_settings(sdk: Vec<aws_sdk_rds::types::OptionSetting>) -> Vec<OptionSetting> {
        sdk.into_iter()
            .filter(|setting| setting.name.as_deref().is_some_and(|name| name.starts_with("SQLNET.") || name.starts_with("SERVER_AUDIT")))
            .map(OptionSetting::from_sdk)
            .collect()
    }
}
#[cfg(feature = "live")]
pub(crate) use conversions::public_settings;
