//! The supporting resources of a scope by their ids, each kind parsed when it is first looked up.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::OnceLock;

use serde::de::DeserializeOwned;

use super::index::Index;
use crate::inventory::{Gap, Kind, Reason, Resource, Scope};
use crate::inventory::{
    alarms, autoscaling, backup, cloudtrail, cloudwatch, config, dax, dynamodb, ec2, elasticache, events, guardduty, kinds, kms, logs, memorydb, ram,
    rds, rds_proxy, s3, secrets, streams, vpc,
};
use crate::value::Node;

/// Declares tables: the name, the shape of a row, its kind, its id, a field or a function, and what
/// else rows are found by.
macro_rules! tables {
    (@id ($id:expr)) => { $id };
    (@id $field:ident) => { |data| data.$field.clone() };
    ($($name:ident: $shape:ty = $kind:ident by $id:tt $(and $keys:path)?,)*) => {
        /// The tables of a scope that were looked up so far.
        #[derive(Default)]
        pub struct Tables<'s> {
            $($name: OnceLock<Table<'s, $shape>>,)*
        }

        impl<'s> Index<'s> {
            $(
                pub fn $name(&self) -> &Table<'s, $shape> {
                    self.tables().$name.get_or_init(|| Table::<$shape>::new(self, kinds::$kind, tables!(@id $id))$(.found_by($keys))?)
                }
            )*
        }
    };
}

tables! {
    backup_copies: backup::ResourceCopies = BACKUP_COPIES by ResourceArn,
    backup_region_settings: backup::RegionSettings = BACKUP_REGION_SETTINGS by (|_| Some(String::new())),
    backup_selections: backup::BackupSelection = BACKUP_SELECTION by SelectionId,
    backup_vaults: backup::BackupVault = BACKUP_VAULT by BackupVaultName,
    protected_resources: backup::ProtectedResource = BACKUP_PROTECTED_RESOURCE by ResourceArn,
    vpcs: ec2::Vpc = VPC by VpcId,
    subnets: ec2::Subnet = SUBNET by SubnetId,
    route_tables: ec2::RouteTable = ROUTE_TABLE by RouteTableId and super::network::keys_of_route_table,
    internet_gateways: ec2::InternetGateway = INTERNET_GATEWAY by InternetGatewayId,
    network_acls: ec2::NetworkAcl = NETWORK_ACL by NetworkAclId and super::network::keys_of_network_acl,
    security_groups: ec2::SecurityGroup = SECURITY_GROUP by GroupId,
    prefix_lists: ec2::PrefixList = PREFIX_LIST by PrefixListId,
    block_public_access: ec2::VpcBlockPublicAccessOptions = VPC_BLOCK_PUBLIC_ACCESS_OPTIONS by (|_| Some(String::new())),
    block_public_access_exclusions: ec2::VpcBlockPublicAccessExclusion = VPC_BLOCK_PUBLIC_ACCESS_EXCLUSION by ExclusionId,
    dax_subnet_groups: dax::SubnetGroup = DAX_SUBNET_GROUP by SubnetGroupName,
    peering_connections: vpc::VpcPeeringConnection = VPC_PEERING_CONNECTION by VpcPeeringConnectionId,
    transit_gateway_attachments: vpc::TransitGatewayAttachment = TRANSIT_GATEWAY_ATTACHMENT by TransitGatewayAttachmentId,
    flow_logs: vpc::FlowLog = FLOW_LOG by FlowLogId,
    vpc_endpoints: ec2::VpcEndpoint = VPC_ENDPOINT by VpcEndpointId,
    dynamodb_limits: dynamodb::Limits = DYNAMODB_LIMITS by (|_| Some(String::new())),
    event_source_mappings: streams::EventSourceMapping = EVENT_SOURCE_MAPPING by UUID,
    pipes: streams::Pipe = PIPE by Arn,
    s3_buckets: s3::Bucket = S3_BUCKET by Name,
    db_subnet_groups: rds::DBSubnetGroup = DB_SUBNET_GROUP by DBSubnetGroupName,
    db_parameter_groups: rds::ParameterGroup = DB_PARAMETER_GROUP by Name,
    db_cluster_parameter_groups: rds::ParameterGroup = DB_CLUSTER_PARAMETER_GROUP by Name,
    db_parameter_families: rds::ParameterFamily = DB_PARAMETER_FAMILY by DBParameterGroupFamily,
    db_cluster_parameter_families: rds::ParameterFamily = DB_CLUSTER_PARAMETER_FAMILY by DBParameterGroupFamily,
    option_groups: rds::OptionGroup = OPTION_GROUP by OptionGroupName,
    db_engines: rds::DBEngine = DB_ENGINE by Engine,
    db_major_engine_versions: rds::DBMajorEngineVersion = DB_MAJOR_ENGINE_VERSION by (|version| Some(format!("{} {}", version.Engine.as_deref()?, version.MajorEngineVersion.as_deref()?))),
    pending_maintenance: rds::PendingMaintenance = PENDING_MAINTENANCE by ResourceIdentifier,
    db_shard_groups: rds::DBShardGroup = DB_SHARD_GROUP by DBShardGroupIdentifier,
    db_proxies: rds_proxy::DBProxy = DB_PROXY by DBProxyName,
    event_subscriptions: events::EventSubscription = EVENT_SUBSCRIPTION by CustSubscriptionId,
    topics: events::Topic = TOPIC by TopicArn,
    metric_alarms: alarms::MetricAlarm = METRIC_ALARM by AlarmArn,
    composite_alarms: alarms::CompositeAlarm = COMPOSITE_ALARM by AlarmArn,
    secrets: secrets::Secret = SECRET by ARN,
    metrics: cloudwatch::Metric = METRIC by (|metric| Some(format!("{} {}", metric.Database.as_ref()?, metric.MetricName.as_ref()?))),
    log_groups: logs::LogGroup = LOG_GROUP by logGroupName,
    resource_shares: ram::ResourceShare = RESOURCE_SHARE by resourceShareArn,
    memorydb_acls: memorydb::Acl = MEMORYDB_ACL by Name,
    memorydb_users: memorydb::User = MEMORYDB_USER by Name,
    memorydb_subnet_groups: memorydb::SubnetGroup = MEMORYDB_SUBNET_GROUP by Name,
    cache_subnet_groups: elasticache::CacheSubnetGroup = CACHE_SUBNET_GROUP by CacheSubnetGroupName,
    cache_user_groups: elasticache::UserGroup = CACHE_USER_GROUP by UserGroupId,
    cache_users: elasticache::User = CACHE_USER by UserId,
    cache_engine_versions: elasticache::CacheEngineVersion = CACHE_ENGINE_VERSION by (|version| Some(format!("{} {}", version.Engine.as_deref()?, version.EngineVersion.as_deref()?))),
    scalable_targets: autoscaling::ScalableTarget = SCALABLE_TARGET by (super::scaling::id),
    configuration_recorders: config::ConfigurationRecorder = CONFIGURATION_RECORDER by name,
    detectors: guardduty::Detector = DETECTOR by DetectorId,
    keys: kms::Key = KMS_KEY by Arn,
    trails: cloudtrail::Trail = TRAIL by TrailARN,
    event_data_stores: cloudtrail::EventDataStore = EVENT_DATA_STORE by EventDataStoreArn,
}

/// The supporting resources of one kind, by their ids.
pub struct Table<'s, T> {
    scope: &'s Scope,
    kind: Kind,
    rows: Vec<Row<'s, T>>,
    by_id: HashMap<String, usize>,
    by_key: HashMap<String, Vec<usize>>,
    /// Why some resource of the kind is in no row.
    unreadable: Option<Gap>,
}

/// One supporting resource.
pub struct Row<'s, T> {
    pub resource: &'s Resource,
    pub data: T,
    node: OnceLock<Node<'s>>,
}

impl<T> Row<'_, T> {
    /// The gap in one of its fields, if there is one.
    pub fn gap_of(&self, field: &str) -> Option<Gap> {
        self.resource.gap_of(field)
    }
}

impl<'s, T> Row<'s, T> {
    /// The resource as a value, made once: many databases may show it.
    pub fn node(&self, index: &Index<'s>) -> Node<'s> {
        self.node.get_or_init(|| index.node(self.resource)).clone()
    }
}

impl<'s, T: DeserializeOwned> Table<'s, T> {
    /// A resource whose data has not its kind's shape becomes a gap where it is looked up.
    fn new(index: &Index<'s>, kind: Kind, id: fn(&T) -> Option<String>) -> Self {
        let mut table = Self { scope: index.scope, kind, rows: Vec::new(), by_id: HashMap::new(), by_key: HashMap::new(), unreadable: None };
        for resource in index.of_kind(kind) {
            match row(resource, id) {
                Ok((id, row)) => table.insert(id, row),
                Err(gap) => table.unreadable = Some(gap),
            }
        }
        table
    }

    /// Of two with the same id the later counts.
    fn insert(&mut self, id: String, row: Row<'s, T>) {
        match self.by_id.entry(id) {
            Entry::Occupied(position) => self.rows[*position.get()] = row,
            Entry::Vacant(position) => {
                position.insert(self.rows.len());
                self.rows.push(row);
            }
        }
    }

    fn found_by(mut self, keys: fn(&T) -> Vec<&str>) -> Self {
        for (position, row) in self.rows.iter().enumerate() {
            for key in keys(&row.data) {
                self.by_key.entry(key.to_owned()).or_default().push(position);
            }
        }
        self
    }
}

fn row<'s, T: DeserializeOwned>(resource: &'s Resource, id: fn(&T) -> Option<String>) -> Result<(String, Row<'s, T>), Gap> {
    let data: T = resource.parse()?;
    let id = id(&data).ok_or_else(|| resource.unreadable(&"it has no id"))?;
    Ok((id, Row { resource, data, node: OnceLock::new() }))
}

impl<'s, T> Table<'s, T> {
    /// The resource of that id, or the gap in its place: what was not listed may belong to another
    /// account, so its absence proves nothing.
    pub fn get(&self, id: &str) -> Result<&Row<'s, T>, Gap> {
        self.row(id).ok_or_else(|| self.gap().unwrap_or_else(|| self.not_visible(id)))
    }

    /// The resource of that id if there is one, of a kind whose listing names all that there are.
    pub fn find(&self, id: &str) -> Result<Option<&Row<'s, T>>, Gap> {
        match self.row(id) {
            Some(row) => Ok(Some(row)),
            None => self.gap().map_or(Ok(None), Err),
        }
    }

    /// Why there may be more than the rows.
    pub fn gap(&self) -> Option<Gap> {
        self.scope.gap_in_listing(self.kind).or_else(|| self.unreadable.clone())
    }

    /// Those that were seen, and why there may be more.
    pub fn seen(&self) -> (impl Iterator<Item = &Row<'s, T>>, Option<Gap>) {
        (self.rows.iter(), self.gap())
    }

    /// All resources of the kind, if the listing is complete.
    pub fn all(&self) -> Result<impl Iterator<Item = &Row<'s, T>> + Clone, Gap> {
        match self.gap() {
            Some(gap) => Err(gap),
            None => Ok(self.rows.iter()),
        }
    }

    /// Those that one of their further keys names, if the listing is complete.
    pub fn all_of(&self, key: &str) -> Result<impl Iterator<Item = &Row<'s, T>> + Clone, Gap> {
        match self.gap() {
            Some(gap) => Err(gap),
            None => Ok(self.by_key.get(key).into_iter().flatten().map(|position| &self.rows[*position])),
        }
    }

    fn row(&self, id: &str) -> Option<&Row<'s, T>> {
        self.by_id.get(id).map(|position| &self.rows[*position])
    }

    /// The gap for a resource that the listing did not name.
    pub fn not_visible(&self, id: &str) -> Gap {
        let operation = self.kind.operations.first().copied().unwrap_or_default();
        Gap::new(operation, Reason::NotVisible, format!("did not return {} {id}", self.kind.noun.0))
    }
}
