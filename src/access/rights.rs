//! What actions mean for each kind of database. IAM authorises the APIs of DocumentDB and Neptune as
//! those of RDS.

use serde_json::{Map, Value};

use crate::inventory::{Kind, kinds};

/// What somebody may do to a database, in the words of an audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ability {
    Connect,
    ReadData,
    ChangeExposure,
    ShareSnapshots,
}

impl Ability {
    /// In a table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::ReadData => "read data",
            Self::ChangeExposure => "change exposure",
            Self::ShareSnapshots => "share snapshots",
        }
    }
}

/// Actions on a kind of database that come to the same.
#[derive(Debug)]
pub struct Right {
    pub kind: Kind,
    pub ability: Ability,
    pub actions: &'static [&'static str],
    pub on: Target,
    pub only_if: Option<Need>,
}

/// What a database must have, or the actions lead nowhere.
#[derive(Debug, Clone, Copy)]
pub struct Need {
    /// The fields that tell.
    pub fields: &'static [&'static str],
    /// Whether it is known to lack it, by its fields.
    pub lacks: fn(&Map<String, Value>) -> bool,
}

/// The resource that IAM asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The database itself.
    Itself,
    /// What the field of that name holds, where it holds something.
    Field(&'static str),
    /// A resource of the account with a name that no policy knows: the service and the last part of an
    /// ARN, `~` for the name.
    Any(&'static str),
    /// One of the things in the database, such as its users: the service and what the last part of an
    /// ARN begins with, then the id in that field and a slash.
    Within(&'static str, &'static str),
    /// The same, with the last part of the database's own ARN for the id.
    WithinId(&'static str),
    /// One of the things whose ARNs begin with that of the database and this.
    Part(&'static str),
}

const fn right(kind: Kind, ability: Ability, actions: &'static [&'static str], on: Target) -> Right {
    Right { kind, ability, actions, on, only_if: None }
}

const fn only_if(need: Need, right: Right) -> Right {
    Right { only_if: Some(need), ..right }
}

use Ability::{ChangeExposure, Connect, ReadData, ShareSnapshots};
use Target::{Any, Field, Itself, Part, Within, WithinId};

const IAM_AUTHENTICATION: Need =
    Need { fields: &["IAMDatabaseAuthenticationEnabled"], lacks: |data| data.get("IAMDatabaseAuthenticationEnabled") == Some(&Value::Bool(false)) };
const HTTP_ENDPOINT: Need = Need { fields: &["HttpEndpointEnabled"], lacks: |data| data.get("HttpEndpointEnabled") == Some(&Value::Bool(false)) };
/// Somebody logs in to the proxy with IAM: by the secret that stands for the user, or whoever has none.
const IAM_OF_PROXY: Need = Need {
    fields: &["Auth", "DefaultAuthScheme"],
    lacks: |data| {
        let by_secret = data.get("Auth").and_then(Value::as_array).into_iter().flatten();
        data.get("DefaultAuthScheme").is_none_or(|scheme| scheme != "IAM_AUTH") && by_secret.into_iter().all(|auth| auth["IAMAuth"] == "DISABLED")
    },
};
const INDEXES: Need = Need {
    fields: &["GlobalSecondaryIndexes", "LocalSecondaryIndexes"],
    lacks: |data| INDEXES.fields.iter().all(|field| data.get(*field).and_then(Value::as_array).is_none_or(Vec::is_empty)),
};
const MODIFY_CLUSTER: &[&str] = &["rds:ModifyDBCluster"];
const SHARE_CLUSTER_SNAPSHOT: &[&str] = &["rds:CopyDBClusterSnapshot", "rds:ModifyDBClusterSnapshotAttribute"];
const SHARE_SERVERLESS_CACHE_SNAPSHOT: &[&str] = &["elasticache:CopyServerlessCacheSnapshot", "elasticache:ExportServerlessCacheSnapshot"];
const ANY_CLUSTER_SNAPSHOT: Target = Any("rds cluster-snapshot:~");

/// What is asked in the region that a copy goes to: any.
pub const FROM_ANY_REGION: [&str; 2] = ["rds:CopyDBClusterSnapshot", "rds:CopyDBSnapshot"];

/// Every right. A kind without one is not listed.
pub static RIGHTS: &[Right] = &[
    only_if(IAM_AUTHENTICATION, right(kinds::DB_INSTANCE, Connect, &["rds-db:connect"], Within("rds-db dbuser:", "DbiResourceId"))),
    right(kinds::DB_INSTANCE, ChangeExposure, &["rds:ModifyDBInstance"], Itself),
    right(kinds::DB_INSTANCE, ShareSnapshots, &["rds:CopyDBSnapshot", "rds:ModifyDBSnapshotAttribute"], Any("rds snapshot:~")),
    only_if(IAM_AUTHENTICATION, right(kinds::DB_CLUSTER, Connect, &["rds-db:connect"], Within("rds-db dbuser:", "DbClusterResourceId"))),
    only_if(HTTP_ENDPOINT, right(kinds::DB_CLUSTER, ReadData, &["rds-data:BatchExecuteStatement", "rds-data:ExecuteStatement"], Itself)),
    right(kinds::DB_CLUSTER, ChangeExposure, MODIFY_CLUSTER, Itself),
    right(kinds::DB_CLUSTER, ShareSnapshots, SHARE_CLUSTER_SNAPSHOT, ANY_CLUSTER_SNAPSHOT),
    right(kinds::DB_CLUSTER, ShareSnapshots, &["rds:StartExportTask"], Itself),
    right(kinds::DB_SNAPSHOT, ShareSnapshots, &["rds:CopyDBSnapshot", "rds:ModifyDBSnapshotAttribute", "rds:StartExportTask"], Itself),
    right(kinds::DB_CLUSTER_SNAPSHOT, ShareSnapshots, SHARE_CLUSTER_SNAPSHOT, Itself),
    right(kinds::DB_CLUSTER_SNAPSHOT, ShareSnapshots, &["rds:StartExportTask"], Itself),
    only_if(IAM_OF_PROXY, right(kinds::DB_PROXY, Connect, &["rds-db:connect"], WithinId("rds-db dbuser:"))),
    right(kinds::DB_PROXY, ChangeExposure, &["rds:ModifyDBProxy"], Itself),
    right(kinds::DOCDB_CLUSTER, ChangeExposure, MODIFY_CLUSTER, Itself),
    right(kinds::DOCDB_CLUSTER, ShareSnapshots, SHARE_CLUSTER_SNAPSHOT, ANY_CLUSTER_SNAPSHOT),
    right(kinds::DOCDB_CLUSTER_SNAPSHOT, ShareSnapshots, SHARE_CLUSTER_SNAPSHOT, Itself),
    right(kinds::DOCDB_ELASTIC_CLUSTER, ChangeExposure, &["docdb-elastic:UpdateCluster"], Itself),
    right(kinds::DOCDB_ELASTIC_CLUSTER, ShareSnapshots, &["docdb-elastic:CopyClusterSnapshot"], Any("docdb-elastic cluster-snapshot/~")),
    only_if(IAM_AUTHENTICATION, right(kinds::NEPTUNE_CLUSTER, Connect, &["neptune-db:connect"], Within("neptune-db ", "DbClusterResourceId"))),
    only_if(
        IAM_AUTHENTICATION,
        right(kinds::NEPTUNE_CLUSTER, ReadData, &["neptune-db:ReadDataViaQuery"], Within("neptune-db ", "DbClusterResourceId")),
    ),
    right(kinds::NEPTUNE_CLUSTER, ChangeExposure, MODIFY_CLUSTER, Itself),
    right(kinds::NEPTUNE_CLUSTER, ShareSnapshots, SHARE_CLUSTER_SNAPSHOT, ANY_CLUSTER_SNAPSHOT),
    right(kinds::NEPTUNE_CLUSTER_SNAPSHOT, ShareSnapshots, SHARE_CLUSTER_SNAPSHOT, Itself),
    right(kinds::NEPTUNE_GRAPH, ReadData, &["neptune-graph:ReadDataViaQuery"], Itself),
    right(kinds::NEPTUNE_GRAPH, ChangeExposure, &["neptune-graph:UpdateGraph"], Itself),
    right(kinds::NEPTUNE_GRAPH, ShareSnapshots, &["neptune-graph:StartExportTask"], Itself),
    right(
        kinds::DYNAMODB_TABLE,
        ReadData,
        &["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PartiQLSelect", "dynamodb:Query", "dynamodb:Scan"],
        Itself,
    ),
    only_if(INDEXES, right(kinds::DYNAMODB_TABLE, ReadData, &["dynamodb:PartiQLSelect", "dynamodb:Query", "dynamodb:Scan"], Part("/index/"))),
    right(kinds::DYNAMODB_TABLE, ReadData, &["dynamodb:GetRecords"], Field("LatestStreamArn")),
    right(kinds::DYNAMODB_TABLE, ChangeExposure, &["dynamodb:DeleteResourcePolicy", "dynamodb:PutResourcePolicy"], Itself),
    right(kinds::DYNAMODB_TABLE, ShareSnapshots, &["dynamodb:ExportTableToPointInTime"], Itself),
    right(kinds::DAX_CLUSTER, ReadData, &["dax:BatchGetItem", "dax:GetItem", "dax:Query", "dax:Scan"], Itself),
    right(kinds::DAX_CLUSTER, ChangeExposure, &["dax:UpdateCluster"], Itself),
    right(kinds::REPLICATION_GROUP, Connect, &["elasticache:Connect"], Itself),
    right(kinds::REPLICATION_GROUP, ChangeExposure, &["elasticache:ModifyReplicationGroup"], Itself),
    right(kinds::REPLICATION_GROUP, ShareSnapshots, &["elasticache:CopySnapshot"], Any("elasticache snapshot:~")),
    right(kinds::CACHE_CLUSTER, ChangeExposure, &["elasticache:ModifyCacheCluster"], Itself),
    right(kinds::CACHE_SNAPSHOT, ShareSnapshots, &["elasticache:CopySnapshot"], Itself),
    right(kinds::SERVERLESS_CACHE, Connect, &["elasticache:Connect"], Itself),
    right(kinds::SERVERLESS_CACHE, ChangeExposure, &["elasticache:ModifyServerlessCache"], Itself),
    right(kinds::SERVERLESS_CACHE, ShareSnapshots, SHARE_SERVERLESS_CACHE_SNAPSHOT, Any("elasticache serverlesscachesnapshot:~")),
    right(kinds::SERVERLESS_CACHE_SNAPSHOT, ShareSnapshots, SHARE_SERVERLESS_CACHE_SNAPSHOT, Itself),
    right(kinds::MEMORYDB_CLUSTER, Connect, &["memorydb:connect"], Itself),
    right(kinds::MEMORYDB_CLUSTER, ChangeExposure, &["memorydb:UpdateCluster"], Itself),
    right(kinds::MEMORYDB_CLUSTER, ShareSnapshots, &["memorydb:CopySnapshot"], Any("memorydb snapshot/~")),
    right(kinds::MEMORYDB_SNAPSHOT, ShareSnapshots, &["memorydb:CopySnapshot"], Itself),
    right(kinds::KEYSPACES_TABLE, ReadData, &["cassandra:Select"], Itself),
    right(kinds::TIMESTREAM_TABLE, ReadData, &["timestream:Select"], Itself),
    right(kinds::INFLUXDB_INSTANCE, ChangeExposure, &["timestream-influxdb:UpdateDbInstance"], Itself),
    right(kinds::INFLUXDB_CLUSTER, ChangeExposure, &["timestream-influxdb:UpdateDbCluster"], Itself),
    right(kinds::DSQL_CLUSTER, Connect, &["dsql:DbConnect", "dsql:DbConnectAdmin"], Itself),
    right(kinds::DSQL_CLUSTER, ChangeExposure, &["dsql:DeleteClusterPolicy", "dsql:PutClusterPolicy"], Itself),
];

/// The rights to databases of a kind.
pub fn of(kind: Kind) -> impl Iterator<Item = &'static Right> {
    RIGHTS.iter().filter(move |right| right.kind == kind)
}

/// The kinds that are listed.
pub fn kinds() -> impl Iterator<Item = Kind> {
    Kind::all().filter(|kind| of(*kind).next().is_some())
}
