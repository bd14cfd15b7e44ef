//! The kinds of resource, by their CloudFormation type names (AWS Config's where CloudFormation has
//! none), and what is known of each before any is seen: its shape, and the operations it comes from.

use std::fmt;

use schemars::Schema;
use wildmatch::WildMatch;

use super::{
    account, autoscaling, backup, cloudtrail, cloudwatch, dax, docdb_elastic, dsql, dynamodb, ec2, elasticache, events, iam, keyspaces, kms, logs,
    memorydb, neptune_graph, ram, rds, rds_proxy, timestream,
};

/// One kind of resource.
#[derive(Debug)]
pub struct KindInfo {
    /// Such as `AWS::RDS::DBInstance`.
    pub name: &'static str,
    /// In a sentence, singular and plural.
    pub noun: (&'static str, &'static str),
    /// The service of the kind's ARNs and of `--service`.
    pub service: &'static str,
    /// The field that names a resource.
    pub name_field: &'static str,
    /// The operations that list resources of the kind: when one did not answer, there may be more.
    pub operations: &'static [&'static str],
    /// Other operations that lead to resources of the kind: when one did not answer, there may be more.
    pub found_by: &'static [&'static str],
    /// Fields that come from an operation of their own, asked once a resource.
    pub field_operations: &'static [(&'static str, &'static str)],
    /// The operation that names a resource's tags, where the listing does not.
    pub tags_operation: Option<&'static str>,
    /// How clients reach it from a VPC, where it has no place in one.
    pub endpoints: Option<Endpoints>,
    /// Whether it holds data, or is a setting around what does.
    pub role: Role,
    /// The JSON schema of `data`.
    pub schema: fn() -> Schema,
    /// Whether a text is `data` of the kind's shape.
    pub check: fn(&str) -> serde_json::Result<()>,
}

/// The VPC endpoints that lead to a database which is in no VPC itself.
#[derive(Debug)]
pub struct Endpoints {
    /// Patterns for what follows the region in the service's name: `dynamodb` of
    /// `com.amazonaws.us-east-1.dynamodb`.
    pub services: &'static [&'static str],
    /// The actions that carry data through them.
    pub data_actions: &'static [&'static str],
}

impl Endpoints {
    /// Whether an endpoint to the service of that name is one of them.
    pub fn lead_through(&self, service_name: &str, region: &str) -> bool {
        let end = service_name.split_once(&format!(".{region}.")).map(|(_, end)| end);
        end.is_some_and(|end| self.services.iter().any(|pattern| WildMatch::new(pattern).matches(end)))
    }
}

/// What a kind is to an audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A database, or a copy of its data: rules judge it and it counts as a resource.
    Judged,
    /// What surrounds the databases: rules judge it, but it is none of the resources that are counted.
    Surrounding,
    /// Needed to judge others.
    Supporting,
}

/// A kind of resource, one of [`Kind::all`].
#[derive(Clone, Copy)]
pub struct Kind(&'static KindInfo);

impl Kind {
    /// Finds a kind by its name.
    pub fn named(name: &str) -> Option<Self> {
        KINDS.iter().copied().find(|kind| kind.name == name)
    }

    /// All kinds, in the order of their names.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().copied()
    }

    /// The kinds that rules judge.
    pub fn judged() -> impl Iterator<Item = Self> {
        Self::all().filter(|kind| kind.role != Role::Supporting)
    }

    /// Whether an account has resources of the kind once, not in each region.
    pub fn is_global(self) -> bool {
        self.0.operations.first().is_some_and(|operation| super::is_global(operation))
    }

    /// The operations that name a resource's tags.
    pub fn tag_operations(self) -> &'static [&'static str] {
        self.0.tags_operation.as_ref().map_or(self.0.operations, std::slice::from_ref)
    }

    /// The operations that tell about single resources, rather than list them.
    pub fn detail_operations(self) -> impl Iterator<Item = &'static str> {
        self.0.field_operations.iter().map(|(_, operation)| *operation).chain(self.0.tags_operation)
    }

    /// The VPC endpoints that lead to it, where it has no place in a VPC.
    pub fn endpoints(self) -> Option<&'static Endpoints> {
        self.0.endpoints.as_ref()
    }

    /// The top-level fields of the kind's data that an operation fills.
    pub fn fields_of(self, operation: &str) -> Vec<&'static str> {
        self.0.field_operations.iter().filter(|(_, of)| *of == operation).map(|(field, _)| *field).collect()
    }

    /// The operation that fills a top-level field of the kind's data.
    pub fn operations_of(self, field: &str) -> &'static [&'static str] {
        self.0.field_operations.iter().find(|(name, _)| *name == field).map_or(self.0.operations, |(_, operation)| std::slice::from_ref(operation))
    }
}

impl std::ops::Deref for Kind {
    type Target = KindInfo;
    fn deref(&self) -> &KindInfo {
        self.0
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}
impl Eq for Kind {}
impl std::hash::Hash for Kind {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.name.hash(state);
    }
}
impl PartialOrd for Kind {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Kind {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.name.cmp(other.0.name)
    }
}
impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}
impl serde::Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name)
    }
}
impl<'de> serde::Deserialize<'de> for Kind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::named(&name).ok_or_else(|| serde::de::Error::custom(unknown(&name)))
    }
}

/// The sentence for a name that is no kind, with the nearest that is.
pub fn unknown(name: &str) -> String {
    let nearest = crate::suggest::nearest(name, Kind::all().map(|kind| kind.0.name));
    format!("unknown resource kind {name:?}{nearest}")
}

/// What a kind may have; a constant cannot call `Option::or`.
macro_rules! optional {
    () => {
        None
    };
    ($value:literal) => {
        Some($value)
    };
}

macro_rules! kinds {
    (@endpoints) => { None };
    (@endpoints [$($service:literal),*] [$($action:literal),*]) => {
        Some(Endpoints { services: &[$($service),*], data_actions: &[$($action),*] })
    };
    ($( $constant:ident = $name:literal as $shape:ty {
        noun: $singular:literal / $plural:literal,
        service: $service:literal,
        name: $name_field:literal,
        role: $role:ident,
        operations: [$($operation:literal),*]
        $(, found_by: [$($finder:literal),* $(,)?])?
        $(, tags: $tags_operation:literal)?
        $(, fields: { $($field:literal: $field_operation:literal),* $(,)? })?
        $(, endpoints: [$($endpoint_service:literal),*] for [$($data_action:literal),*])? $(,)?
    } )*) => {
        $(
            #[doc = concat!("`", $name, "`.")]
            pub const $constant: Kind = {
                static INFO: KindInfo = KindInfo {
                    name: $name,
                    noun: ($singular, $plural),
                    service: $service,
                    name_field: $name_field,
                    operations: &[$($operation),*],
                    found_by: &[$($($finder),*)?],
                    field_operations: &[$($(($field, $field_operation)),*)?],
                    tags_operation: optional!($($tags_operation)?),
                    endpoints: kinds!(@endpoints $([$($endpoint_service),*] [$($data_action),*])?),
                    role: Role::$role,
                    schema: || schemars::schema_for!($shape),
                    check: |text| serde_json::from_str::<$shape>(text).map(drop),
                };
                Kind(&INFO)
            };
        )*

        /// Every kind.
        static KINDS: &[Kind] = &[$($constant),*];
    };
}

kinds! {
    ACCOUNT = "AWS::::Account" as account::AccountRegion {
        noun: "account" / "accounts", service: "account", name: "AccountId", role: Surrounding,
        operations: [],
    }
    DB_INSTANCE = "AWS::RDS::DBInstance" as rds::DBInstance {
        noun: "DB instance" / "DB instances", service: "rds", name: "DBInstanceIdentifier", role: Judged,
        operations: ["rds:DescribeDBInstances"],
    }
    DB_CLUSTER = "AWS::RDS::DBCluster" as rds::DBCluster {
        noun: "DB cluster" / "DB clusters", service: "rds", name: "DBClusterIdentifier", role: Judged,
        operations: ["rds:DescribeDBClusters"],
    }
    GLOBAL_CLUSTER = "AWS::RDS::GlobalCluster" as rds::GlobalCluster {
        noun: "global cluster" / "global clusters", service: "rds", name: "GlobalClusterIdentifier", role: Judged,
        operations: ["rds:DescribeGlobalClusters"],
    }
    DB_SNAPSHOT = "AWS::RDS::DBSnapshot" as rds::DBSnapshot {
        noun: "DB snapshot" / "DB snapshots", service: "rds", name: "DBSnapshotIdentifier", role: Judged,
        operations: ["rds:DescribeDBSnapshots"],
        fields: { "RestoreAccounts": "rds:DescribeDBSnapshotAttributes" },
    }
    DB_CLUSTER_SNAPSHOT = "AWS::RDS::DBClusterSnapshot" as rds::DBClusterSnapshot {
        noun: "DB cluster snapshot" / "DB cluster snapshots", service: "rds", name: "DBClusterSnapshotIdentifier", role: Judged,
        operations: ["rds:DescribeDBClusterSnapshots"],
        fields: { "RestoreAccounts": "rds:DescribeDBClusterSnapshotAttributes" },
    }
    DB_INSTANCE_AUTOMATED_BACKUP = "AWS::RDS::DBInstanceAutomatedBackup" as rds::DBInstanceAutomatedBackup {
        noun: "automated backup" / "automated backups", service: "rds", name: "DBInstanceIdentifier", role: Judged,
        operations: ["rds:DescribeDBInstanceAutomatedBackups"],
    }
    DB_CLUSTER_AUTOMATED_BACKUP = "AWS::RDS::DBClusterAutomatedBackup" as rds::DBClusterAutomatedBackup {
        noun: "automated backup of a cluster" / "automated backups of clusters", service: "rds", name: "DBClusterIdentifier", role: Judged,
        operations: ["rds:DescribeDBClusterAutomatedBackups"],
    }
    EXPORT_TASK = "AWS::RDS::ExportTask" as rds::ExportTask {
        noun: "export task" / "export tasks", service: "rds", name: "ExportTaskIdentifier", role: Judged,
        operations: ["rds:DescribeExportTasks"],
        fields: { "PublicAccessBlockConfiguration": "s3:GetBucketPublicAccessBlock" },
    }
    DB_SHARD_GROUP = "AWS::RDS::DBShardGroup" as rds::DBShardGroup {
        noun: "DB shard group" / "DB shard groups", service: "rds", name: "DBShardGroupIdentifier", role: Judged,
        operations: ["rds:DescribeDBShardGroups"],
        found_by: ["rds:DescribeDBClusters"],
    }
    DB_PROXY = "AWS::RDS::DBProxy" as rds_proxy::DBProxy {
        noun: "proxy" / "proxies", service: "rds", name: "DBProxyName", role: Judged,
        operations: ["rds:DescribeDBProxies"],
        tags: "rds:ListTagsForResource",
    }
    DB_PROXY_ENDPOINT = "AWS::RDS::DBProxyEndpoint" as rds_proxy::DBProxyEndpoint {
        noun: "proxy endpoint" / "proxy endpoints", service: "rds", name: "DBProxyEndpointName", role: Judged,
        operations: ["rds:DescribeDBProxyEndpoints"],
        found_by: ["rds:DescribeDBProxies"],
    }
    EVENT_SUBSCRIPTION = "AWS::RDS::EventSubscription" as events::EventSubscription {
        noun: "event subscription" / "event subscriptions", service: "rds", name: "CustSubscriptionId", role: Surrounding,
        operations: ["rds:DescribeEventSubscriptions"],
        tags: "rds:ListTagsForResource",
    }
    TOPIC = "AWS::SNS::Topic" as events::Topic {
        noun: "SNS topic" / "SNS topics", service: "sns", name: "TopicArn", role: Supporting,
        operations: ["sns:GetTopicAttributes"],
    }
    DB_SUBNET_GROUP = "AWS::RDS::DBSubnetGroup" as rds::DBSubnetGroup {
        noun: "DB subnet group" / "DB subnet groups", service: "rds", name: "DBSubnetGroupName", role: Surrounding,
        operations: ["rds:DescribeDBSubnetGroups"],
        tags: "rds:ListTagsForResource",
    }
    DB_PARAMETER_GROUP = "AWS::RDS::DBParameterGroup" as rds::ParameterGroup {
        noun: "DB parameter group" / "DB parameter groups", service: "rds", name: "Name", role: Supporting,
        operations: ["rds:DescribeDBParameterGroups"],
        fields: { "Parameters": "rds:DescribeDBParameters" },
    }
    DB_CLUSTER_PARAMETER_GROUP = "AWS::RDS::DBClusterParameterGroup" as rds::ParameterGroup {
        noun: "DB cluster parameter group" / "DB cluster parameter groups", service: "rds", name: "Name", role: Supporting,
        operations: ["rds:DescribeDBClusterParameterGroups"],
        fields: { "Parameters": "rds:DescribeDBClusterParameters" },
    }
    DB_PARAMETER_FAMILY = "AWS::RDS::DBParameterGroupFamily" as rds::ParameterFamily {
        noun: "parameter group family" / "parameter group families", service: "rds", name: "DBParameterGroupFamily", role: Supporting,
        operations: ["rds:DescribeEngineDefaultParameters"],
    }
    DB_CLUSTER_PARAMETER_FAMILY = "AWS::RDS::DBClusterParameterGroupFamily" as rds::ParameterFamily {
        noun: "cluster parameter group family" / "cluster parameter group families", service: "rds", name: "DBParameterGroupFamily", role: Supporting,
        operations: ["rds:DescribeEngineDefaultClusterParameters"],
    }
    OPTION_GROUP = "AWS::RDS::OptionGroup" as rds::OptionGroup {
        noun: "option group" / "option groups", service: "rds", name: "OptionGroupName", role: Surrounding,
        operations: ["rds:DescribeOptionGroups"],
        tags: "rds:ListTagsForResource",
    }
    DB_SECURITY_GROUP = "AWS::RDS::DBSecurityGroup" as rds::DBSecurityGroup {
        noun: "DB security group" / "DB security groups", service: "rds", name: "DBSecurityGroupName", role: Surrounding,
        operations: ["rds:DescribeDBSecurityGroups"],
        tags: "rds:ListTagsForResource",
    }
    CERTIFICATE = "AWS::RDS::Certificate" as rds::Certificate {
        noun: "certificate authority" / "certificate authorities", service: "rds", name: "CertificateIdentifier", role: Supporting,
        operations: ["rds:DescribeCertificates"],
    }
    DB_ENGINE = "AWS::RDS::DBEngine" as rds::DBEngine {
        noun: "database engine" / "database engines", service: "rds", name: "Engine", role: Supporting,
        operations: ["rds:DescribeDBEngineVersions"],
    }
    DB_MAJOR_ENGINE_VERSION = "AWS::RDS::DBMajorEngineVersion" as rds::DBMajorEngineVersion {
        noun: "major engine version" / "major engine versions", service: "rds", name: "MajorEngineVersion", role: Supporting,
        operations: ["rds:DescribeDBMajorEngineVersions"],
    }
    PENDING_MAINTENANCE = "AWS::RDS::PendingMaintenanceActions" as rds::PendingMaintenance {
        noun: "pending maintenance action" / "pending maintenance actions", service: "rds", name: "ResourceIdentifier", role: Supporting,
        operations: ["rds:DescribePendingMaintenanceActions"],
    }
    DOCDB_INSTANCE = "AWS::DocDB::DBInstance" as rds::DBInstance {
        noun: "DocumentDB instance" / "DocumentDB instances", service: "docdb", name: "DBInstanceIdentifier", role: Judged,
        operations: ["rds:DescribeDBInstances"],
    }
    DOCDB_CLUSTER = "AWS::DocDB::DBCluster" as rds::DBCluster {
        noun: "DocumentDB cluster" / "DocumentDB clusters", service: "docdb", name: "DBClusterIdentifier", role: Judged,
        operations: ["rds:DescribeDBClusters"],
    }
    DOCDB_CLUSTER_SNAPSHOT = "AWS::DocDB::DBClusterSnapshot" as rds::DBClusterSnapshot {
        noun: "DocumentDB cluster snapshot" / "DocumentDB cluster snapshots", service: "docdb", name: "DBClusterSnapshotIdentifier", role: Judged,
        operations: ["rds:DescribeDBClusterSnapshots"],
        fields: { "RestoreAccounts": "rds:DescribeDBClusterSnapshotAttributes" },
    }
    DOCDB_GLOBAL_CLUSTER = "AWS::DocDB::GlobalCluster" as rds::GlobalCluster {
        noun: "DocumentDB global cluster" / "DocumentDB global clusters", service: "docdb", name: "GlobalClusterIdentifier", role: Judged,
        operations: ["rds:DescribeGlobalClusters"],
    }
    NEPTUNE_INSTANCE = "AWS::Neptune::DBInstance" as rds::DBInstance {
        noun: "Neptune instance" / "Neptune instances", service: "neptune", name: "DBInstanceIdentifier", role: Judged,
        operations: ["rds:DescribeDBInstances"],
    }
    NEPTUNE_CLUSTER = "AWS::Neptune::DBCluster" as rds::DBCluster {
        noun: "Neptune cluster" / "Neptune clusters", service: "neptune", name: "DBClusterIdentifier", role: Judged,
        operations: ["rds:DescribeDBClusters"],
    }
    NEPTUNE_CLUSTER_SNAPSHOT = "AWS::Neptune::DBClusterSnapshot" as rds::DBClusterSnapshot {
        noun: "Neptune cluster snapshot" / "Neptune cluster snapshots", service: "neptune", name: "DBClusterSnapshotIdentifier", role: Judged,
        operations: ["rds:DescribeDBClusterSnapshots"],
        fields: { "RestoreAccounts": "rds:DescribeDBClusterSnapshotAttributes" },
    }
    NEPTUNE_GLOBAL_CLUSTER = "AWS::Neptune::GlobalCluster" as rds::GlobalCluster {
        noun: "Neptune global cluster" / "Neptune global clusters", service: "neptune", name: "GlobalClusterIdentifier", role: Judged,
        operations: ["rds:DescribeGlobalClusters"],
    }
    KEYSPACE = "AWS::Cassandra::Keyspace" as keyspaces::Keyspace {
        noun: "keyspace" / "keyspaces", service: "cassandra", name: "keyspaceName", role: Judged,
        operations: ["cassandra:ListKeyspaces"],
        tags: "cassandra:ListTagsForResource",
    }
    KEYSPACES_TABLE = "AWS::Cassandra::Table" as keyspaces::Table {
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
    MEMORYDB_CLUSTER = "AWS::MemoryDB::Cluster" as memorydb::Cluster {
        noun: "MemoryDB cluster" / "MemoryDB clusters", service: "memorydb", name: "Name", role: Judged,
        operations: ["memorydb:DescribeClusters"],
        tags: "memorydb:ListTags",
        fields: { "ServiceUpdates": "memorydb:DescribeServiceUpdates" },
    }
    MEMORYDB_MULTI_REGION_CLUSTER = "AWS::MemoryDB::MultiRegionCluster" as memorydb::MultiRegionCluster {
        noun: "MemoryDB multi-Region cluster" / "MemoryDB multi-Region clusters", service: "memorydb", name: "MultiRegionClusterName", role: Judged,
        operations: ["memorydb:DescribeMultiRegionClusters"],
        found_by: ["memorydb:DescribeClusters"],
        tags: "memorydb:ListTags",
    }
    MEMORYDB_SNAPSHOT = "AWS::MemoryDB::Snapshot" as memorydb::Snapshot {
        noun: "MemoryDB snapshot" / "MemoryDB snapshots", service: "memorydb", name: "Name", role: Judged,
        operations: ["memorydb:DescribeSnapshots"],
        tags: "memorydb:ListTags",
    }
    MEMORYDB_ACL = "AWS::MemoryDB::ACL" as memorydb::Acl {
        noun: "MemoryDB access control list" / "MemoryDB access control lists", service: "memorydb", name: "Name", role: Supporting,
        operations: ["memorydb:DescribeACLs"],
    }
    MEMORYDB_USER = "AWS::MemoryDB::User" as memorydb::User {
        noun: "MemoryDB user" / "MemoryDB users", service: "memorydb", name: "Name", role: Supporting,
        operations: ["memorydb:DescribeUsers"],
    }
    MEMORYDB_SUBNET_GROUP = "AWS::MemoryDB::SubnetGroup" as memorydb::SubnetGroup {
        noun: "MemoryDB subnet group" / "MemoryDB subnet groups", service: "memorydb", name: "Name", role: Supporting,
        operations: ["memorydb:DescribeSubnetGroups"],
    }
    REPLICATION_GROUP = "AWS::ElastiCache::ReplicationGroup" as elasticache::ReplicationGroup {
        noun: "replication group" / "replication groups", service: "elasticache", name: "ReplicationGroupId", role: Judged,
        operations: ["elasticache:DescribeReplicationGroups"],
        tags: "elasticache:ListTagsForResource",
        fields: { "UpdateActions": "elasticache:DescribeUpdateActions" },
    }
    CACHE_CLUSTER = "AWS::ElastiCache::CacheCluster" as elasticache::CacheCluster {
        noun: "cache cluster" / "cache clusters", service: "elasticache", name: "CacheClusterId", role: Judged,
        operations: ["elasticache:DescribeCacheClusters"],
        tags: "elasticache:ListTagsForResource",
        fields: { "UpdateActions": "elasticache:DescribeUpdateActions" },
    }
    SERVERLESS_CACHE = "AWS::ElastiCache::ServerlessCache" as elasticache::ServerlessCache {
        noun: "serverless cache" / "serverless caches", service: "elasticache", name: "ServerlessCacheName", role: Judged,
        operations: ["elasticache:DescribeServerlessCaches"],
        tags: "elasticache:ListTagsForResource",
    }
    GLOBAL_REPLICATION_GROUP = "AWS::ElastiCache::GlobalReplicationGroup" as elasticache::GlobalReplicationGroup {
        noun: "global datastore" / "global datastores", service: "elasticache", name: "GlobalReplicationGroupId", role: Judged,
        operations: ["elasticache:DescribeGlobalReplicationGroups"],
    }
    CACHE_SNAPSHOT = "AWS::ElastiCache::Snapshot" as elasticache::Snapshot {
        noun: "cache snapshot" / "cache snapshots", service: "elasticache", name: "SnapshotName", role: Judged,
        operations: ["elasticache:DescribeSnapshots"],
    }
    SERVERLESS_CACHE_SNAPSHOT = "AWS::ElastiCache::ServerlessCacheSnapshot" as elasticache::ServerlessCacheSnapshot {
        noun: "serverless cache snapshot" / "serverless cache snapshots", service: "elasticache", name: "ServerlessCacheSnapshotName", role: Judged,
        operations: ["elasticache:DescribeServerlessCacheSnapshots"],
    }
    RESERVED_CACHE_NODE = "AWS::ElastiCache::ReservedCacheNode" as elasticache::ReservedCacheNode {
        noun: "reserved cache node" / "reserved cache nodes", service: "elasticache", name: "ReservedCacheNodeId", role: Surrounding,
        operations: ["elasticache:DescribeReservedCacheNodes"],
    }
    CACHE_SUBNET_GROUP = "AWS::ElastiCache::SubnetGroup" as elasticache::CacheSubnetGroup {
        noun: "cache subnet group" / "cache subnet groups", service: "elasticache", name: "CacheSubnetGroupName", role: Supporting,
        operations: ["elasticache:DescribeCacheSubnetGroups"],
    }
    CACHE_USER_GROUP = "AWS::ElastiCache::UserGroup" as elasticache::UserGroup {
        noun: "user group" / "user groups", service: "elasticache", name: "UserGroupId", role: Supporting,
        operations: ["elasticache:DescribeUserGroups"],
    }
    CACHE_USER = "AWS::ElastiCache::User" as elasticache::User {
        noun: "cache user" / "cache users", service: "elasticache", name: "UserId", role: Supporting,
        operations: ["elasticache:DescribeUsers"],
    }
    CACHE_ENGINE_VERSION = "AWS::ElastiCache::CacheEngineVersion" as elasticache::CacheEngineVersion {
        noun: "cache engine version" / "cache engine versions", service: "elasticache", name: "EngineVersion", role: Supporting,
        operations: ["elasticache:DescribeCacheEngineVersions"],
    }
    DOCDB_ELASTIC_CLUSTER = "AWS::DocDBElastic::Cluster" as docdb_elastic::Cluster {
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
    NEPTUNE_GRAPH = "AWS::NeptuneGraph::Graph" as neptune_graph::Graph {
        noun: "Neptune Analytics graph" / "Neptune Analytics graphs", service: "neptune-graph", name: "name", role: Judged,
        operations: ["neptune-graph:ListGraphs"],
        tags: "neptune-graph:ListTagsForResource",
        fields: {
            "privateGraphEndpoints": "neptune-graph:ListPrivateGraphEndpoints",
            "graphSnapshots": "neptune-graph:ListGraphSnapshots",
        },
    }
    NEPTUNE_GRAPH_SNAPSHOT = "AWS::NeptuneGraph::GraphSnapshot" as neptune_graph::GraphSnapshot {
        noun: "Neptune Analytics snapshot" / "Neptune Analytics snapshots", service: "neptune-graph", name: "name", role: Judged,
        operations: ["neptune-graph:ListGraphSnapshots"],
    }
    TIMESTREAM_DATABASE = "AWS::Timestream::Database" as timestream::Database {
        noun: "Timestream database" / "Timestream databases", service: "timestream", name: "DatabaseName", role: Judged,
        operations: ["timestream:ListDatabases", "timestream:DescribeEndpoints"],
        tags: "timestream:ListTagsForResource",
    }
    TIMESTREAM_TABLE = "AWS::Timestream::Table" as timestream::Table {
        noun: "Timestream table" / "Timestream tables", service: "timestream", name: "TableName", role: Judged,
        operations: ["timestream:ListTables", "timestream:DescribeEndpoints"],
        tags: "timestream:ListTagsForResource",
        endpoints: ["timestream.ingest-*", "timestream.query-*"] for ["timestream:Select", "timestream:WriteRecords"],
    }
    INFLUXDB_INSTANCE = "AWS::Timestream::InfluxDBInstance" as timestream::DbInstance {
        noun: "InfluxDB instance" / "InfluxDB instances", service: "timestream-influxdb", name: "name", role: Judged,
        operations: ["timestream-influxdb:ListDbInstances"],
        tags: "timestream-influxdb:ListTagsForResource",
        fields: {
            "status": "timestream-influxdb:GetDbInstance",
            "endpoint": "timestream-influxdb:GetDbInstance",
            "port": "timestream-influxdb:GetDbInstance",
            "networkType": "timestream-influxdb:GetDbInstance",
            "deploymentType": "timestream-influxdb:GetDbInstance",
            "publiclyAccessible": "timestream-influxdb:GetDbInstance",
            "vpcSubnetIds": "timestream-influxdb:GetDbInstance",
            "vpcSecurityGroupIds": "timestream-influxdb:GetDbInstance",
            "availabilityZone": "timestream-influxdb:GetDbInstance",
            "secondaryAvailabilityZone": "timestream-influxdb:GetDbInstance",
            "logDeliveryConfiguration": "timestream-influxdb:GetDbInstance",
            "influxAuthParametersSecretArn": "timestream-influxdb:GetDbInstance",
            "dbClusterId": "timestream-influxdb:GetDbInstance",
            "dbBackupConfigurations": "timestream-influxdb:GetDbInstance",
            "kmsKeyId": "timestream-influxdb:GetDbInstance",
        },
    }
    INFLUXDB_CLUSTER = "AWS::Timestream::InfluxDBCluster" as timestream::DbCluster {
        noun: "InfluxDB cluster" / "InfluxDB clusters", service: "timestream-influxdb", name: "name", role: Judged,
        operations: ["timestream-influxdb:ListDbClusters"],
        tags: "timestream-influxdb:ListTagsForResource",
        fields: {
            "status": "timestream-influxdb:GetDbCluster",
            "endpoint": "timestream-influxdb:GetDbCluster",
            "readerEndpoint": "timestream-influxdb:GetDbCluster",
            "port": "timestream-influxdb:GetDbCluster",
            "networkType": "timestream-influxdb:GetDbCluster",
            "deploymentType": "timestream-influxdb:GetDbCluster",
            "engineType": "timestream-influxdb:GetDbCluster",
            "failoverMode": "timestream-influxdb:GetDbCluster",
            "publiclyAccessible": "timestream-influxdb:GetDbCluster",
            "vpcSubnetIds": "timestream-influxdb:GetDbCluster",
            "vpcSecurityGroupIds": "timestream-influxdb:GetDbCluster",
            "logDeliveryConfiguration": "timestream-influxdb:GetDbCluster",
            "influxAuthParametersSecretArn": "timestream-influxdb:GetDbCluster",
            "dbBackupConfigurations": "timestream-influxdb:GetDbCluster",
            "kmsKeyId": "timestream-influxdb:GetDbCluster",
        },
    }
    DSQL_CLUSTER = "AWS::DSQL::Cluster" as dsql::Cluster {
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
    SCALABLE_TARGET = "AWS::ApplicationAutoScaling::ScalableTarget" as autoscaling::ScalableTarget {
        noun: "scalable target" / "scalable targets", service: "application-autoscaling", name: "ResourceId", role: Supporting,
        operations: ["application-autoscaling:DescribeScalableTargets"],
    }
    DAX_CLUSTER = "AWS::DAX::Cluster" as dax::Cluster {
        noun: "DAX cluster" / "DAX clusters", service: "dax", name: "ClusterName", role: Judged,
        operations: ["dax:DescribeClusters"],
        tags: "dax:ListTags",
        fields: { "Parameters": "dax:DescribeParameters" },
    }
    DAX_SUBNET_GROUP = "AWS::DAX::SubnetGroup" as dax::SubnetGroup {
        noun: "DAX subnet group" / "DAX subnet groups", service: "dax", name: "SubnetGroupName", role: Supporting,
        operations: ["dax:DescribeSubnetGroups"],
    }
    DYNAMODB_TABLE = "AWS::DynamoDB::Table" as dynamodb::Table {
        noun: "DynamoDB table" / "DynamoDB tables", service: "dynamodb", name: "TableName", role: Judged,
        operations: ["dynamodb:ListTables"],
        tags: "tag:GetResources",
        fields: {
            "TableId": "dynamodb:DescribeTable",
            "TableStatus": "dynamodb:DescribeTable",
            "BillingModeSummary": "dynamodb:DescribeTable",
            "ProvisionedThroughput": "dynamodb:DescribeTable",
            "GlobalSecondaryIndexes": "dynamodb:DescribeTable",
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
        },
        endpoints: ["dynamodb", "dynamodb-fips"] for ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem"],
    }
    BACKUP_PROTECTED_RESOURCE = "AWS::Backup::ProtectedResource" as backup::ProtectedResource {
        noun: "protected resource" / "protected resources", service: "backup", name: "ResourceArn", role: Supporting,
        operations: ["backup:ListProtectedResources"],
        fields: {
            "LatestRestoreExecutionTimeMinutes": "backup:DescribeProtectedResource",
            "LatestRestoreJobCreationDate": "backup:DescribeProtectedResource",
            "RecoveryPoints": "backup:ListRecoveryPointsByResource",
        },
    }
    BACKUP_SELECTION = "AWS::Backup::BackupSelection" as backup::BackupSelection {
        noun: "backup selection" / "backup selections", service: "backup", name: "SelectionName", role: Supporting,
        operations: ["backup:ListBackupPlans", "backup:ListBackupSelections"],
        fields: {
            "SelectionName": "backup:GetBackupSelection",
            "Resources": "backup:GetBackupSelection",
            "NotResources": "backup:GetBackupSelection",
            "ListOfTags": "backup:GetBackupSelection",
            "Conditions": "backup:GetBackupSelection",
        },
    }
    BACKUP_REGION_SETTINGS = "AWS::Backup::RegionSettings" as backup::RegionSettings {
        noun: "AWS Backup setting" / "AWS Backup settings", service: "backup", name: "ResourceTypeOptInPreference", role: Supporting,
        operations: ["backup:DescribeRegionSettings"],
    }
    BACKUP_VAULT = "AWS::Backup::BackupVault" as backup::BackupVault {
        noun: "backup vault" / "backup vaults", service: "backup", name: "BackupVaultName", role: Supporting,
        operations: ["backup:ListBackupVaults"],
    }
    BACKUP_COPIES = "AWS::Backup::ResourceCopies" as backup::ResourceCopies {
        noun: "copied resource" / "copied resources", service: "backup", name: "ResourceArn", role: Supporting,
        operations: ["backup:ListCopyJobs"],
    }
    VPC = "AWS::EC2::VPC" as ec2::Vpc {
        noun: "VPC" / "VPCs", service: "ec2", name: "VpcId", role: Supporting,
        operations: ["ec2:DescribeVpcs"],
    }
    SUBNET = "AWS::EC2::Subnet" as ec2::Subnet {
        noun: "subnet" / "subnets", service: "ec2", name: "SubnetId", role: Supporting,
        operations: ["ec2:DescribeSubnets"],
    }
    ROUTE_TABLE = "AWS::EC2::RouteTable" as ec2::RouteTable {
        noun: "route table" / "route tables", service: "ec2", name: "RouteTableId", role: Supporting,
        operations: ["ec2:DescribeRouteTables"],
    }
    INTERNET_GATEWAY = "AWS::EC2::InternetGateway" as ec2::InternetGateway {
        noun: "internet gateway" / "internet gateways", service: "ec2", name: "InternetGatewayId", role: Supporting,
        operations: ["ec2:DescribeInternetGateways"],
    }
    NETWORK_ACL = "AWS::EC2::NetworkAcl" as ec2::NetworkAcl {
        noun: "network ACL" / "network ACLs", service: "ec2", name: "NetworkAclId", role: Supporting,
        operations: ["ec2:DescribeNetworkAcls"],
    }
    SECURITY_GROUP = "AWS::EC2::SecurityGroup" as ec2::SecurityGroup {
        noun: "security group" / "security groups", service: "ec2", name: "GroupId", role: Supporting,
        operations: ["ec2:DescribeSecurityGroups"],
    }
    PREFIX_LIST = "AWS::EC2::PrefixList" as ec2::PrefixList {
        noun: "prefix list" / "prefix lists", service: "ec2", name: "PrefixListId", role: Supporting,
        operations: ["ec2:DescribeManagedPrefixLists"],
        fields: { "Entries": "ec2:GetManagedPrefixListEntries" },
    }
    VPC_BLOCK_PUBLIC_ACCESS_OPTIONS = "AWS::EC2::VPCBlockPublicAccessOptions" as ec2::VpcBlockPublicAccessOptions {
        noun: "VPC Block Public Access setting" / "VPC Block Public Access settings", service: "ec2", name: "InternetGatewayBlockMode", role: Supporting,
        operations: ["ec2:DescribeVpcBlockPublicAccessOptions"],
    }
    VPC_BLOCK_PUBLIC_ACCESS_EXCLUSION = "AWS::EC2::VPCBlockPublicAccessExclusion" as ec2::VpcBlockPublicAccessExclusion {
        noun: "VPC Block Public Access exclusion" / "VPC Block Public Access exclusions", service: "ec2", name: "ExclusionId", role: Supporting,
        operations: ["ec2:DescribeVpcBlockPublicAccessExclusions"],
    }
    TRAIL = "AWS::CloudTrail::Trail" as cloudtrail::Trail {
        noun: "CloudTrail trail" / "CloudTrail trails", service: "cloudtrail", name: "Name", role: Surrounding,
        operations: ["cloudtrail:DescribeTrails"],
        fields: {
            "IsLogging": "cloudtrail:GetTrailStatus",
            "EventSelectors": "cloudtrail:GetEventSelectors",
            "AdvancedEventSelectors": "cloudtrail:GetEventSelectors",
        },
    }
    EVENT_DATA_STORE = "AWS::CloudTrail::EventDataStore" as cloudtrail::EventDataStore {
        noun: "event data store" / "event data stores", service: "cloudtrail", name: "Name", role: Supporting,
        operations: ["cloudtrail:ListEventDataStores"],
        fields: { "Status": "cloudtrail:GetEventDataStore", "AdvancedEventSelectors": "cloudtrail:GetEventDataStore" },
    }
    IAM_GROUP = "AWS::IAM::Group" as iam::Group {
        noun: "IAM group" / "IAM groups", service: "iam", name: "GroupName", role: Supporting,
        operations: ["iam:GetAccountAuthorizationDetails"],
    }
    IAM_MANAGED_POLICY = "AWS::IAM::ManagedPolicy" as iam::ManagedPolicy {
        noun: "IAM managed policy" / "IAM managed policies", service: "iam", name: "PolicyName", role: Supporting,
        operations: ["iam:GetAccountAuthorizationDetails"],
    }
    IAM_ROLE = "AWS::IAM::Role" as iam::Role {
        noun: "IAM role" / "IAM roles", service: "iam", name: "RoleName", role: Surrounding,
        operations: ["iam:GetAccountAuthorizationDetails"],
    }
    IAM_USER = "AWS::IAM::User" as iam::User {
        noun: "IAM user" / "IAM users", service: "iam", name: "UserName", role: Surrounding,
        operations: ["iam:GetAccountAuthorizationDetails"],
    }
    // CloudFormation and Config have no type for what a metric says.
    METRIC = "AWS::CloudWatch::Metric" as cloudwatch::Metric {
        noun: "metric" / "metrics", service: "cloudwatch", name: "MetricName", role: Supporting,
        operations: ["cloudwatch:GetMetricData"],
    }
    LOG_GROUP = "AWS::Logs::LogGroup" as logs::LogGroup {
        noun: "log group" / "log groups", service: "logs", name: "logGroupName", role: Supporting,
        operations: ["logs:DescribeLogGroups"],
    }
    RESOURCE_SHARE = "AWS::RAM::ResourceShare" as ram::ResourceShare {
        noun: "resource share" / "resource shares", service: "ram", name: "resourceShareArn", role: Supporting,
        operations: ["ram:ListResources"],
        fields: { "principals": "ram:ListPrincipals" },
    }
    VPC_ENDPOINT = "AWS::EC2::VPCEndpoint" as ec2::VpcEndpoint {
        noun: "VPC endpoint" / "VPC endpoints", service: "ec2", name: "VpcEndpointId", role: Supporting,
        operations: ["ec2:DescribeVpcEndpoints"],
    }
    KMS_KEY = "AWS::KMS::Key" as kms::Key {
        noun: "KMS key" / "KMS keys", service: "kms", name: "KeyId", role: Judged,
        operations: ["kms:DescribeKey"],
        found_by: [
            "rds:DescribeDBInstances",
            "rds:DescribeDBClusters",
            "rds:DescribeDBSnapshots",
            "rds:DescribeDBClusterSnapshots",
            "rds:DescribeDBInstanceAutomatedBackups",
            "rds:DescribeDBClusterAutomatedBackups",
            "rds:DescribeExportTasks",
            "cassandra:ListKeyspaces",
            "cassandra:ListTables",
            "cassandra:GetTable",
            "memorydb:DescribeClusters",
            "memorydb:DescribeSnapshots",
            "elasticache:DescribeReplicationGroups",
            "elasticache:DescribeServerlessCaches",
            "elasticache:DescribeSnapshots",
            "elasticache:DescribeServerlessCacheSnapshots",
            "docdb-elastic:ListClusters",
            "docdb-elastic:GetCluster",
            "neptune-graph:ListGraphs",
            "neptune-graph:ListGraphSnapshots",
            "timestream:ListDatabases",
            "timestream:DescribeEndpoints",
            "timestream-influxdb:ListDbInstances",
            "timestream-influxdb:GetDbInstance",
            "timestream-influxdb:ListDbClusters",
            "timestream-influxdb:GetDbCluster",
            "dsql:ListClusters",
            "dsql:GetCluster",
            "dynamodb:ListTables",
            "dynamodb:DescribeTable",
        ],
        fields: {
            "KeyRotationEnabled": "kms:GetKeyRotationStatus",
            "RotationPeriodInDays": "kms:GetKeyRotationStatus",
            "Policy": "kms:GetKeyPolicy",
        },
    }
}
