//! The resources of one scope, by kind and id, typed: what facts look things up in.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use serde::de::DeserializeOwned;

use super::global::Global;
use super::identity::Identities;
use crate::inventory::{
    Gap, Kind, Reason, Resource, Scope, ScopeId, autoscaling, backup, cloudtrail, cloudwatch, dax, ec2, elasticache, events, kinds, kms, logs,
    memorydb, ram, rds, rds_proxy,
};
use crate::value::{self, Node};

/// The resources of one scope, and what its account has once.
pub struct Index<'s> {
    pub scope: &'s Scope,
    global: Option<&'s Global>,
    by_kind: HashMap<Kind, Vec<&'s Resource>>,
    by_name: HashMap<(Kind, Cow<'s, str>), &'s Resource>,
    copied: OnceLock<super::copies::Copied>,
    dependents: OnceLock<HashMap<String, Vec<usize>>>,
    pub backup_copies: Table<'s, backup::ResourceCopies>,
    pub backup_region_settings: Table<'s, backup::RegionSettings>,
    pub backup_selections: Table<'s, backup::BackupSelection>,
    pub backup_vaults: Table<'s, backup::BackupVault>,
    pub protected_resources: Table<'s, backup::ProtectedResource>,
    pub vpcs: Table<'s, ec2::Vpc>,
    pub subnets: Table<'s, ec2::Subnet>,
    pub route_tables: Table<'s, ec2::RouteTable>,
    pub internet_gateways: Table<'s, ec2::InternetGateway>,
    pub network_acls: Table<'s, ec2::NetworkAcl>,
    pub security_groups: Table<'s, ec2::SecurityGroup>,
    pub prefix_lists: Table<'s, ec2::PrefixList>,
    pub block_public_access: Table<'s, ec2::VpcBlockPublicAccessOptions>,
    pub block_public_access_exclusions: Table<'s, ec2::VpcBlockPublicAccessExclusion>,
    pub dax_subnet_groups: Table<'s, dax::SubnetGroup>,
    pub vpc_endpoints: Table<'s, ec2::VpcEndpoint>,
    pub db_subnet_groups: Table<'s, rds::DBSubnetGroup>,
    pub db_parameter_groups: Table<'s, rds::ParameterGroup>,
    pub db_cluster_parameter_groups: Table<'s, rds::ParameterGroup>,
    pub db_parameter_families: Table<'s, rds::ParameterFamily>,
    pub db_cluster_parameter_families: Table<'s, rds::ParameterFamily>,
    pub option_groups: Table<'s, rds::OptionGroup>,
    pub db_engines: Table<'s, rds::DBEngine>,
    pub db_major_engine_versions: Table<'s, rds::DBMajorEngineVersion>,
    pub pending_maintenance: Table<'s, rds::PendingMaintenance>,
    pub db_shard_groups: Table<'s, rds::DBShardGroup>,
    pub db_proxies: Table<'s, rds_proxy::DBProxy>,
    pub event_subscriptions: Table<'s, events::EventSubscription>,
    pub topics: Table<'s, events::Topic>,
    pub metrics: Table<'s, cloudwatch::Metric>,
    pub log_groups: Table<'s, logs::LogGroup>,
    pub resource_shares: Table<'s, ram::ResourceShare>,
    pub memorydb_acls: Table<'s, memorydb::Acl>,
    pub memorydb_users: Table<'s, memorydb::User>,
    pub memorydb_subnet_groups: Table<'s, memorydb::SubnetGroup>,
    pub cache_subnet_groups: Table<'s, elasticache::CacheSubnetGroup>,
    pub cache_user_groups: Table<'s, elasticache::UserGroup>,
    pub cache_users: Table<'s, elasticache::User>,
    pub cache_engine_versions: Table<'s, elasticache::CacheEngineVersion>,
    pub scalable_targets: Table<'s, autoscaling::ScalableTarget>,
    pub keys: Table<'s, kms::Key>,
    pub trails: Table<'s, cloudtrail::Trail>,
    pub event_data_stores: Table<'s, cloudtrail::EventDataStore>,
}

impl<'s> Index<'s> {
    /// Indexes a scope of a region, with the account's scope `aws-global` where there is one, or that
    /// scope itself. A supporting resource whose data has not its kind's shape becomes a gap where
    /// it is looked up.
    pub fn new(scope: &'s Scope, global: Option<&'s Global>) -> Self {
        let mut by_kind: HashMap<Kind, Vec<&'s Resource>> = HashMap::new();
        for resource in &scope.resources {
            by_kind.entry(resource.kind).or_default().push(resource);
        }
        Self {
            scope,
            global,
            by_name: super::cluster::by_name(scope),
            copied: OnceLock::new(),
            dependents: OnceLock::new(),
            backup_copies: Table::new(scope, &by_kind, kinds::BACKUP_COPIES, |copies| copies.ResourceArn.clone()),
            backup_region_settings: Table::new(scope, &by_kind, kinds::BACKUP_REGION_SETTINGS, |_| Some(String::new())),
            backup_selections: Table::new(scope, &by_kind, kinds::BACKUP_SELECTION, |selection| selection.SelectionId.clone()),
            backup_vaults: Table::new(scope, &by_kind, kinds::BACKUP_VAULT, |vault| vault.BackupVaultName.clone()),
            protected_resources: Table::new(scope, &by_kind, kinds::BACKUP_PROTECTED_RESOURCE, |resource| resource.ResourceArn.clone()),
            vpcs: Table::new(scope, &by_kind, kinds::VPC, |vpc| vpc.VpcId.clone()),
            subnets: Table::new(scope, &by_kind, kinds::SUBNET, |subnet| subnet.SubnetId.clone()),
            route_tables: Table::new(scope, &by_kind, kinds::ROUTE_TABLE, |table| table.RouteTableId.clone()),
            internet_gateways: Table::new(scope, &by_kind, kinds::INTERNET_GATEWAY, |gateway| gateway.InternetGatewayId.clone()),
            network_acls: Table::new(scope, &by_kind, kinds::NETWORK_ACL, |acl| acl.NetworkAclId.clone()),
            security_groups: Table::new(scope, &by_kind, kinds::SECURITY_GROUP, |group| group.GroupId.clone()),
            prefix_lists: Table::new(scope, &by_kind, kinds::PREFIX_LIST, |list| list.PrefixListId.clone()),
            block_public_access: Table::new(scope, &by_kind, kinds::VPC_BLOCK_PUBLIC_ACCESS_OPTIONS, |_| Some(String::new())),
            block_public_access_exclusions: Table::new(scope, &by_kind, kinds::VPC_BLOCK_PUBLIC_ACCESS_EXCLUSION, |exclusion| {
                exclusion.ExclusionId.clone()
            }),
            dax_subnet_groups: Table::new(scope, &by_kind, kinds::DAX_SUBNET_GROUP, |group| group.SubnetGroupName.clone()),
            vpc_endpoints: Table::new(scope, &by_kind, kinds::VPC_ENDPOINT, |endpoint| endpoint.VpcEndpointId.clone()),
            db_subnet_groups: Table::new(scope, &by_kind, kinds::DB_SUBNET_GROUP, |group| group.DBSubnetGroupName.clone()),
            db_parameter_groups: Table::new(scope, &by_kind, kinds::DB_PARAMETER_GROUP, |group| group.Name.clone()),
            db_cluster_parameter_groups: Table::new(scope, &by_kind, kinds::DB_CLUSTER_PARAMETER_GROUP, |group| group.Name.clone()),
            db_parameter_families: Table::new(scope, &by_kind, kinds::DB_PARAMETER_FAMILY, |family| family.DBParameterGroupFamily.clone()),
            db_cluster_parameter_families: Table::new(scope, &by_kind, kinds::DB_CLUSTER_PARAMETER_FAMILY, |family| {
                family.DBParameterGroupFamily.clone()
            }),
            option_groups: Table::new(scope, &by_kind, kinds::OPTION_GROUP, |group| group.OptionGroupName.clone()),
            db_engines: Table::new(scope, &by_kind, kinds::DB_ENGINE, |engine| engine.Engine.clone()),
            db_major_engine_versions: Table::new(scope, &by_kind, kinds::DB_MAJOR_ENGINE_VERSION, |version| {
                Some(format!("{} {}", version.Engine.as_deref()?, version.MajorEngineVersion.as_deref()?))
            }),
            pending_maintenance: Table::new(scope, &by_kind, kinds::PENDING_MAINTENANCE, |pending| pending.ResourceIdentifier.clone()),
            db_shard_groups: Table::new(scope, &by_kind, kinds::DB_SHARD_GROUP, |group| group.DBShardGroupIdentifier.clone()),
            db_proxies: Table::new(scope, &by_kind, kinds::DB_PROXY, |proxy| proxy.DBProxyName.clone()),
            event_subscriptions: Table::new(scope, &by_kind, kinds::EVENT_SUBSCRIPTION, |subscription| subscription.CustSubscriptionId.clone()),
            topics: Table::new(scope, &by_kind, kinds::TOPIC, |topic| topic.TopicArn.clone()),
            metrics: Table::new(scope, &by_kind, kinds::METRIC, |metric| {
                Some(format!("{} {}", metric.Database.as_ref()?, metric.MetricName.as_ref()?))
            }),
            log_groups: Table::new(scope, &by_kind, kinds::LOG_GROUP, |group| group.logGroupName.clone()),
            resource_shares: Table::new(scope, &by_kind, kinds::RESOURCE_SHARE, |share| share.resourceShareArn.clone()),
            memorydb_acls: Table::new(scope, &by_kind, kinds::MEMORYDB_ACL, |list| list.Name.clone()),
            memorydb_users: Table::new(scope, &by_kind, kinds::MEMORYDB_USER, |user| user.Name.clone()),
            memorydb_subnet_groups: Table::new(scope, &by_kind, kinds::MEMORYDB_SUBNET_GROUP, |group| group.Name.clone()),
            cache_subnet_groups: Table::new(scope, &by_kind, kinds::CACHE_SUBNET_GROUP, |group| group.CacheSubnetGroupName.clone()),
            cache_user_groups: Table::new(scope, &by_kind, kinds::CACHE_USER_GROUP, |group| group.UserGroupId.clone()),
            cache_users: Table::new(scope, &by_kind, kinds::CACHE_USER, |user| user.UserId.clone()),
            cache_engine_versions: Table::new(scope, &by_kind, kinds::CACHE_ENGINE_VERSION, |version| {
                Some(format!("{} {}", version.Engine.as_deref()?, version.EngineVersion.as_deref()?))
            }),
            scalable_targets: Table::new(scope, &by_kind, kinds::SCALABLE_TARGET, super::scaling::id),
            keys: Table::new(scope, &by_kind, kinds::KMS_KEY, |key| key.Arn.clone()),
            trails: Table::new(scope, &by_kind, kinds::TRAIL, |trail| trail.TrailARN.clone()),
            event_data_stores: Table::new(scope, &by_kind, kinds::EVENT_DATA_STORE, |store| store.EventDataStoreArn.clone()),
            by_kind,
        }
    }

    /// A resource as a value. A field whose own operation failed or was not called is a gap.
    pub fn node<'r>(&self, resource: &'r Resource) -> Node<'r> {
        let mut node = value::of_resource(resource);
        for (field, operation) in resource.kind.field_operations {
            if node.get(field).is_none()
                && let Some(gap) = self.scope.gap_of(operation)
            {
                node.mark_gap(field, gap);
            }
        }
        node
    }

    /// The account's users and roles; a gap where the inventory has no scope `aws-global` of it.
    pub fn identities(&self) -> Result<&'s Identities, Gap> {
        self.global.map(Global::identities).ok_or_else(|| {
            let missing = ScopeId::global(self.scope.id.account.as_str());
            Gap::new(kinds::IAM_ROLE.operations[0], Reason::NotCollected, format!("the inventory has no scope {missing}"))
        })
    }

    /// The scope's resources of a kind.
    pub fn of_kind(&self, kind: Kind) -> &[&'s Resource] {
        self.by_kind.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// The instance or cluster of that kind and identifier.
    pub fn named(&self, kind: Kind, name: &str) -> Option<&'s Resource> {
        self.by_name.get(&(kind, Cow::Borrowed(name))).copied()
    }

    /// The DB instances that have copies.
    pub fn copied(&self) -> &super::copies::Copied {
        self.copied.get_or_init(|| super::copies::copied(self))
    }

    /// The databases and snapshots that use a KMS key.
    pub fn dependents(&self, key: &str) -> impl Iterator<Item = &'s Resource> {
        let dependents = self.dependents.get_or_init(|| super::key::dependents(self.scope));
        let positions = dependents.get(key).map_or(&[][..], Vec::as_slice);
        positions.iter().map(|position| &self.scope.resources[*position])
    }
}

/// The supporting resources of one kind, by their ids.
pub struct Table<'s, T> {
    scope: &'s Scope,
    kind: Kind,
    rows: HashMap<String, Row<'s, T>>,
    /// Why some resource of the kind is in no row.
    unreadable: Option<Gap>,
}

/// One supporting resource.
pub struct Row<'s, T> {
    pub resource: &'s Resource,
    pub data: T,
}

impl<T> Row<'_, T> {
    /// The gap in one of its fields, if there is one.
    pub fn gap_of(&self, field: &str) -> Option<Gap> {
        self.resource.gap_of(field)
    }
}

impl<'s, T: DeserializeOwned> Table<'s, T> {
    fn new(scope: &'s Scope, by_kind: &HashMap<Kind, Vec<&'s Resource>>, kind: Kind, id: fn(&T) -> Option<String>) -> Self {
        let (mut rows, mut unreadable) = (HashMap::new(), None);
        for resource in by_kind.get(&kind).into_iter().flatten() {
            match row(resource, id) {
                Ok((id, row)) => drop(rows.insert(id, row)),
                Err(gap) => unreadable = Some(gap),
            }
        }
        Self { scope, kind, rows, unreadable }
    }
}

fn row<'s, T: DeserializeOwned>(resource: &'s Resource, id: fn(&T) -> Option<String>) -> Result<(String, Row<'s, T>), Gap> {
    let operation = resource.kind.operations.first().copied().unwrap_or_default();
    let unreadable = |why: String| Gap::new(operation, Reason::Failed, format!("{} cannot be read: {why}", resource.arn));
    let data: T = resource.data().map_err(|error| unreadable(error.to_string()))?;
    let id = id(&data).ok_or_else(|| unreadable("it has no id".to_owned()))?;
    Ok((id, Row { resource, data }))
}

impl<'s, T> Table<'s, T> {
    /// The resource of that id, or the gap in its place: what was not listed may belong to another
    /// account, so its absence proves nothing.
    pub fn get(&self, id: &str) -> Result<&Row<'s, T>, Gap> {
        self.rows.get(id).ok_or_else(|| self.gap().unwrap_or_else(|| self.not_visible(id)))
    }

    /// The resource of that id if there is one, of a kind whose listing names all that there are.
    pub fn find(&self, id: &str) -> Result<Option<&Row<'s, T>>, Gap> {
        match self.rows.get(id) {
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
        (self.rows.values(), self.gap())
    }

    /// All resources of the kind, if the listing is complete.
    pub fn all(&self) -> Result<impl Iterator<Item = &Row<'s, T>> + Clone, Gap> {
        match self.gap() {
            Some(gap) => Err(gap),
            None => Ok(self.rows.values()),
        }
    }

    /// The gap for a resource that the listing did not name.
    pub fn not_visible(&self, id: &str) -> Gap {
        let operation = self.kind.operations.first().copied().unwrap_or_default();
        Gap::new(operation, Reason::NotVisible, format!("did not return {} {id}", self.kind.noun.0))
    }
}
