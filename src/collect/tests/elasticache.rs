//! ElastiCache.

use super::replay::{ACCOUNT, REGION, Replay};
use crate::inventory::elasticache::{CacheCluster, ReplicationGroup, ServerlessCache};
use crate::inventory::{Kind, Resource, Scope, kinds};

const ALL: [&str; 14] = [
    "elasticache:DescribeCacheClusters",
    "elasticache:DescribeCacheEngineVersions",
    "elasticache:DescribeCacheSubnetGroups",
    "elasticache:DescribeGlobalReplicationGroups",
    "elasticache:DescribeReplicationGroups",
    "elasticache:DescribeReservedCacheNodes",
    "elasticache:DescribeServerlessCaches",
    "elasticache:DescribeServerlessCacheSnapshots",
    "elasticache:DescribeSnapshots",
    "elasticache:DescribeUpdateActions",
    "elasticache:DescribeUserGroups",
    "elasticache:DescribeUsers",
    "kms:DescribeKey",
    "tag:GetResources",
];

/// The operations that a region without caches costs, each of them one call.
const LISTINGS: [&str; 7] = [
    "DescribeCacheClusters",
    "DescribeGlobalReplicationGroups",
    "DescribeReplicationGroups",
    "DescribeReservedCacheNodes",
    "DescribeServerlessCacheSnapshots",
    "DescribeServerlessCaches",
    "DescribeSnapshots",
];

const KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/1";

fn arn(rest: &str) -> String {
    format!("arn:aws:elasticache:{REGION}:{ACCOUNT}:{rest}")
}

/// An answer of the query protocol.
fn xml(operation: &str, body: &str) -> String {
    format!(
        "<{operation}Response xmlns=\"http://elasticache.amazonaws.com/doc/2015-02-02/\"><{operation}Result>{body}</{operation}Result></{operation}Response>"
    )
}

fn error(code: &str) -> String {
    format!("<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>")
}

trait Answers: Sized {
    /// The only or first page of an operation.
    fn page(self, operation: &str, body: &str) -> Self;
    /// The page behind a marker or token.
    fn next(self, operation: &str, marker: &str, body: &str) -> Self;
    /// The service refuses the operation.
    fn refuse(self, operation: &str) -> Self;
}

impl Answers for Replay {
    fn page(self, operation: &str, body: &str) -> Self {
        self.on(&[&format!("Action={operation}&")], xml(operation, body))
    }

    fn next(self, operation: &str, marker: &str, body: &str) -> Self {
        self.on(&[&format!("Action={operation}&"), marker], xml(operation, body))
    }

    fn refuse(self, operation: &str) -> Self {
        self.fail(&[&format!("Action={operation}&")], 403, error("AccessDenied"))
    }
}

fn group() -> String {
    format!(
        "<ReplicationGroup><ReplicationGroupId>sessions</ReplicationGroupId><ARN>{}</ARN><Status>available</Status><Engine>valkey</Engine>\
         <MemberClusters><ClusterId>sessions-001</ClusterId><ClusterId>sessions-002</ClusterId></MemberClusters>\
         <NodeGroups><NodeGroup><NodeGroupId>0001</NodeGroupId><PrimaryEndpoint><Address>master</Address><Port>6390</Port></PrimaryEndpoint></NodeGroup></NodeGroups>\
         <AutomaticFailover>enabled</AutomaticFailover><MultiAZ>enabled</MultiAZ><ClusterEnabled>false</ClusterEnabled>\
         <SnapshotRetentionLimit>7</SnapshotRetentionLimit><AuthTokenEnabled>false</AuthTokenEnabled><TransitEncryptionEnabled>true</TransitEncryptionEnabled>\
         <TransitEncryptionMode>preferred</TransitEncryptionMode><AtRestEncryptionEnabled>false</AtRestEncryptionEnabled>\
         <StorageEncryptionType>sse-kms</StorageEncryptionType><KmsKeyId>{KEY}</KmsKeyId>\
         <UserGroupIds><member>shop</member></UserGroupIds><AutoMinorVersionUpgrade>true</AutoMinorVersionUpgrade>\
         <LogDeliveryConfigurations><LogDeliveryConfiguration><LogType>slow-log</LogType><Status>active</Status></LogDeliveryConfiguration></LogDeliveryConfigurations>\
         </ReplicationGroup>",
        arn("replicationgroup:sessions")
    )
}

fn cluster(name: &str, more: &str) -> String {
    format!(
        "<CacheCluster><CacheClusterId>{name}</CacheClusterId><ARN>{}</ARN><EngineVersion>8.0.1</EngineVersion>\
         <CacheSubnetGroupName>private</CacheSubnetGroupName><SecurityGroups><member><SecurityGroupId>sg-1</SecurityGroupId><Status>active</Status></member></SecurityGroups>\
         {more}</CacheCluster>",
        arn(&format!("cluster:{name}"))
    )
}

fn update(of: &str, name: &str) -> String {
    format!(
        "<UpdateAction>{of}<ServiceUpdateName>{name}</ServiceUpdateName><ServiceUpdateType>security-update</ServiceUpdateType>\
         <ServiceUpdateRecommendedApplyByDate>2026-10-01T00:00:00Z</ServiceUpdateRecommendedApplyByDate><UpdateActionStatus>not-applied</UpdateActionStatus></UpdateAction>"
    )
}

/// A group of two nodes, a Memcached cluster, a single Redis node and a serverless cache: whatever has
/// pages comes in two.
fn wire() -> Replay {
    let member = "<Engine>valkey</Engine><ReplicationGroupId>sessions</ReplicationGroupId>";
    let memcached = "<Engine>memcached</Engine><ConfigurationEndpoint><Port>11300</Port></ConfigurationEndpoint>\
        <CacheNodes><CacheNode><CacheNodeId>0001</CacheNodeId><CustomerAvailabilityZone>us-east-1a</CustomerAvailabilityZone></CacheNode></CacheNodes>\
        <NotificationConfiguration><TopicStatus>active</TopicStatus></NotificationConfiguration>";
    let serverless = format!(
        "<member><ServerlessCacheName>carts</ServerlessCacheName><ARN>{}</ARN><Engine>valkey</Engine><KmsKeyId>{KEY}</KmsKeyId>\
         <SubnetIds><SubnetId>subnet-1</SubnetId></SubnetIds><SecurityGroupIds><SecurityGroupId>sg-2</SecurityGroupId></SecurityGroupIds>\
         <Endpoint><Port>6379</Port></Endpoint><ReaderEndpoint><Port>6380</Port></ReaderEndpoint><UserGroupId>shop</UserGroupId>\
         <SnapshotRetentionLimit>1</SnapshotRetentionLimit></member>",
        arn("serverlesscache:carts")
    );
    let bare = format!("<member><ServerlessCacheName>bare</ServerlessCacheName><ARN>{}</ARN></member>", arn("serverlesscache:bare"));
    let user = |id: &str| {
        format!(
            "<member><UserId>{id}</UserId><UserName>{id}</UserName><ARN>{}</ARN><AccessString>on ~* +@all</AccessString>\
             <Authentication><Type>iam</Type></Authentication></member>",
            arn(&format!("user:{id}"))
        )
    };
    let users = |id: &str, members: &str| {
        format!("<member><UserGroupId>{id}</UserGroupId><ARN>{}</ARN><UserIds>{members}</UserIds></member>", arn(&format!("usergroup:{id}")))
    };
    let subnets = |name: &str| {
        format!(
            "<CacheSubnetGroup><CacheSubnetGroupName>{name}</CacheSubnetGroupName><ARN>{}</ARN><VpcId>vpc-1</VpcId>\
             <Subnets><Subnet><SubnetIdentifier>subnet-1</SubnetIdentifier></Subnet></Subnets></CacheSubnetGroup>",
            arn(&format!("subnetgroup:{name}"))
        )
    };
    let snapshot = format!(
        "<Snapshot><SnapshotName>before-sale</SnapshotName><ARN>{}</ARN><SnapshotSource>manual</SnapshotSource>\
         <KmsKeyId>arn:aws:kms:us-east-1:111122223333:key/2</KmsKeyId></Snapshot>",
        arn("snapshot:before-sale")
    );
    let of_serverless = format!(
        "<ServerlessCacheSnapshot><ServerlessCacheSnapshotName>carts-1</ServerlessCacheSnapshotName><ARN>{}</ARN></ServerlessCacheSnapshot>",
        arn("serverlesscachesnapshot:carts-1")
    );
    let global = format!(
        "<GlobalReplicationGroup><GlobalReplicationGroupId>ldgnf-sessions</GlobalReplicationGroupId>\
         <ARN>arn:aws:elasticache::{ACCOUNT}:globalreplicationgroup:ldgnf-sessions</ARN><TransitEncryptionEnabled>true</TransitEncryptionEnabled>\
         <AtRestEncryptionEnabled>false</AtRestEncryptionEnabled></GlobalReplicationGroup>"
    );
    let reserved = format!(
        "<ReservedCacheNode><ReservedCacheNodeId>nodes</ReservedCacheNodeId><ReservationARN>{}</ReservationARN><State>active</State>\
         <Duration>31536000</Duration></ReservedCacheNode>",
        arn("reserved-instance:nodes")
    );
    let version = |engine: &str, version: &str| {
        format!("<CacheEngineVersion><Engine>{engine}</Engine><EngineVersion>{version}</EngineVersion></CacheEngineVersion>")
    };
    let key = |number: u8| format!(r#"{{"KeyMetadata":{{"KeyId":"{number}","Arn":"{KEY}","KeyManager":"CUSTOMER","KeyState":"Enabled"}}}}"#);
    Replay::default()
        .page("DescribeReplicationGroups", &format!("<ReplicationGroups>{}</ReplicationGroups>", group()))
        .page(
            "DescribeCacheClusters",
            &format!("<Marker>second</Marker><CacheClusters>{}{}</CacheClusters>", cluster("sessions-001", member), cluster("pages", memcached)),
        )
        .next(
            "DescribeCacheClusters",
            "Marker=second",
            &format!("<CacheClusters>{}{}</CacheClusters>", cluster("sessions-002", member), cluster("single", "<Engine>redis</Engine>")),
        )
        .page("DescribeServerlessCaches", &format!("<NextToken>second</NextToken><ServerlessCaches>{serverless}</ServerlessCaches>"))
        .next("DescribeServerlessCaches", "NextToken=second", &format!("<ServerlessCaches>{bare}</ServerlessCaches>"))
        .page("DescribeSnapshots", &format!("<Snapshots>{snapshot}</Snapshots>"))
        .page("DescribeServerlessCacheSnapshots", &format!("<ServerlessCacheSnapshots>{of_serverless}</ServerlessCacheSnapshots>"))
        .page("DescribeGlobalReplicationGroups", &format!("<GlobalReplicationGroups>{global}</GlobalReplicationGroups>"))
        .page("DescribeReservedCacheNodes", &format!("<ReservedCacheNodes>{reserved}</ReservedCacheNodes>"))
        .page("DescribeCacheSubnetGroups", &format!("<CacheSubnetGroups>{}{}</CacheSubnetGroups>", subnets("private"), subnets("unused")))
        .page(
            "DescribeUserGroups",
            &format!(
                "<UserGroups>{}{}</UserGroups>",
                users("shop", "<member>app</member><member>default</member>"),
                users("unused", "<member>stranger</member>")
            ),
        )
        .page("DescribeUsers", &format!("<Marker>second</Marker><Users>{}{}</Users>", user("default"), user("stranger")))
        .next("DescribeUsers", "Marker=second", &format!("<Users>{}</Users>", user("app")))
        .page(
            "DescribeUpdateActions",
            &format!(
                "<Marker>second</Marker><UpdateActions>{}</UpdateActions>",
                update("<ReplicationGroupId>sessions</ReplicationGroupId>", "first")
            ),
        )
        .next(
            "DescribeUpdateActions",
            "Marker=second",
            &format!("<UpdateActions>{}</UpdateActions>", update("<CacheClusterId>single</CacheClusterId>", "second")),
        )
        .page(
            "DescribeCacheEngineVersions",
            &format!("<CacheEngineVersions>{}{}</CacheEngineVersions>", version("valkey", "8.0"), version("redis", "7.1")),
        )
        .tagged(&[&arn("replicationgroup:sessions")])
        .on(&[".DescribeKey"], key(1))
}

fn find<'s>(scope: &'s Scope, arn: &str) -> &'s Resource {
    scope.resources.iter().find(|resource| resource.arn == arn).unwrap_or_else(|| panic!("there is no {arn}"))
}

fn names(scope: &Scope, kind: Kind) -> Vec<&str> {
    let of_kind = scope.resources.iter().filter(|resource| resource.kind == kind);
    of_kind.map(|resource| resource.arn.rsplit(':').next().unwrap()).collect()
}

fn gaps(scope: &Scope) -> Vec<String> {
    scope.gaps.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn every_page_is_read_and_only_what_caches_use_is_kept() {
    let scope = wire().collect(&ALL).await;
    assert_eq!(gaps(&scope), Vec::<String>::new());
    assert!(scope.is_complete());
    assert_eq!(names(&scope, kinds::REPLICATION_GROUP), ["sessions"]);
    assert_eq!(names(&scope, kinds::CACHE_CLUSTER), ["pages", "sessions-001", "sessions-002", "single"]);
    assert_eq!(names(&scope, kinds::SERVERLESS_CACHE), ["bare", "carts"]);
    assert_eq!(names(&scope, kinds::CACHE_SNAPSHOT), ["before-sale"]);
    assert_eq!(names(&scope, kinds::SERVERLESS_CACHE_SNAPSHOT), ["carts-1"]);
    assert_eq!(names(&scope, kinds::GLOBAL_REPLICATION_GROUP), ["ldgnf-sessions"]);
    assert_eq!(names(&scope, kinds::RESERVED_CACHE_NODE), ["nodes"]);
    assert_eq!(names(&scope, kinds::CACHE_SUBNET_GROUP), ["private"]);
    assert_eq!(names(&scope, kinds::CACHE_USER_GROUP), ["shop"]);
    assert_eq!(names(&scope, kinds::CACHE_USER), ["app", "default"]);
    assert_eq!(names(&scope, kinds::CACHE_ENGINE_VERSION), ["7.1", "8.0"]);
    // The keys of the group, the serverless cache and the snapshot, each once.
    assert_eq!(names(&scope, kinds::KMS_KEY), ["key/1", "key/2"]);
}

#[tokio::test]
async fn fields_come_under_the_names_of_the_api() {
    let scope = wire().collect(&ALL).await;
    let group = find(&scope, &arn("replicationgroup:sessions"));
    let data: ReplicationGroup = group.data().unwrap();
    assert_eq!((data.AtRestEncryptionEnabled, data.StorageEncryptionType.as_deref()), (Some(false), Some("sse-kms")));
    assert_eq!(data.TransitEncryptionMode.as_deref(), Some("preferred"));
    assert_eq!(data.NodeGroups.unwrap()[0].PrimaryEndpoint.as_ref().unwrap().Port, Some(6390));
    assert_eq!(data.LogDeliveryConfigurations.unwrap()[0].LogType.as_deref(), Some("slow-log"));
    assert_eq!(data.UpdateActions.unwrap()[0].ServiceUpdateName.as_deref(), Some("first"));
    assert_eq!(group.tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect::<Vec<_>>(), [("bare", ""), ("team", "shop")]);

    let pages: CacheCluster = find(&scope, &arn("cluster:pages")).data().unwrap();
    assert_eq!(pages.CacheNodes.unwrap()[0].CustomerAvailabilityZone.as_deref(), Some("us-east-1a"));
    assert_eq!(pages.NotificationConfiguration.unwrap().TopicStatus.as_deref(), Some("active"));
    assert_eq!(pages.UpdateActions.unwrap(), []);
    let single: CacheCluster = find(&scope, &arn("cluster:single")).data().unwrap();
    assert_eq!(single.UpdateActions.unwrap()[0].ServiceUpdateName.as_deref(), Some("second"));
    assert_eq!((single.TransitEncryptionEnabled, single.CacheNodes), (None, None), "what AWS leaves out is absent");
    let carts: ServerlessCache = find(&scope, &arn("serverlesscache:carts")).data().unwrap();
    assert_eq!((carts.ReaderEndpoint.unwrap().Port, carts.ConnectionType), (Some(6380), None));
    assert_eq!((carts.SubnetIds, carts.SecurityGroupIds), (Some(vec!["subnet-1".to_owned()]), Some(vec!["sg-2".to_owned()])));
}

#[tokio::test]
async fn nothing_is_asked_twice() {
    let wire = wire();
    wire.collect(&ALL).await;
    for (operation, pages) in [
        ("DescribeCacheClusters", 2),
        ("DescribeCacheEngineVersions", 1),
        ("DescribeCacheSubnetGroups", 1),
        ("DescribeReplicationGroups", 1),
        ("DescribeServerlessCaches", 2),
        ("DescribeUpdateActions", 2),
        ("DescribeUserGroups", 1),
        ("DescribeUsers", 2),
    ] {
        assert_eq!(wire.count(&[&format!("Action={operation}&")]), pages, "{operation}");
    }
    assert_eq!(wire.count(&["Action=DescribeCacheClusters&", "ShowCacheNodeInfo=true"]), 2);
    assert_eq!(wire.count(&["Action=DescribeSnapshots&", "SnapshotSource=user"]), 1);
    assert_eq!(wire.count(&["Action=DescribeServerlessCacheSnapshots&", "SnapshotType=manual"]), 1);
    assert_eq!(wire.count(&["Action=DescribeUpdateActions&", "not-applied"]), 2);
    // Not of the group's members.
    assert_eq!(wire.count(&[".GetResources", "replicationgroup:sessions", "cluster:pages", "cluster:single", "serverlesscache:carts"]), 1);
    assert_eq!((wire.count(&[".GetResources"]), wire.count(&[".GetResources", "sessions-001"])), (1, 0));
}

#[tokio::test]
async fn a_region_without_caches_costs_one_call_a_listing() {
    let wire = LISTINGS.iter().fold(Replay::default(), |wire, operation| wire.page(operation, ""));
    let scope = wire.collect(&ALL).await;
    assert_eq!(gaps(&scope), Vec::<String>::new());
    assert_eq!(wire.count(&["Version=2015-02-02"]), LISTINGS.len());
    assert_eq!(wire.count(&[""]), LISTINGS.len());
    for operation in ["DescribeUsers", "DescribeUpdateActions", "DescribeCacheSubnetGroups"] {
        assert!(scope.operations.contains(&format!("elasticache:{operation}")), "that there is no {operation} is known");
    }
}

#[tokio::test]
async fn only_what_rules_need_is_asked() {
    let wire = wire();
    let scope = wire.collect(&["elasticache:DescribeReplicationGroups"]).await;
    assert_eq!(wire.count(&[""]), 1);
    let group = find(&scope, &arn("replicationgroup:sessions"));
    assert_eq!((group.data::<ReplicationGroup>().unwrap().UpdateActions, &group.tags.len()), (None, &0));
    assert!(scope.is_complete());
}

#[tokio::test]
async fn a_listing_that_is_refused_is_a_gap_of_the_region() {
    for operation in LISTINGS.into_iter().chain(["DescribeCacheSubnetGroups", "DescribeUserGroups", "DescribeUsers", "DescribeCacheEngineVersions"]) {
        let scope = wire().refuse(operation).collect(&ALL).await;
        assert_eq!(gaps(&scope), [format!("elasticache:{operation}: access-denied: AccessDenied: no")]);
    }
}

#[tokio::test]
async fn what_was_listed_before_a_failure_stays() {
    let scope = wire().fail(&["Action=DescribeCacheClusters&", "Marker=second"], 400, error("Throttling")).collect(&ALL).await;
    assert_eq!(names(&scope, kinds::CACHE_CLUSTER), ["pages", "sessions-001"]);
    assert_eq!(gaps(&scope), ["elasticache:DescribeCacheClusters: throttled: Throttling: no"]);
}

#[tokio::test]
async fn updates_and_tags_that_are_refused_are_gaps_of_the_caches() {
    let denied = r#"{"__type":"AccessDeniedException","message":"no"}"#;
    let scope = wire().refuse("DescribeUpdateActions").fail(&[".GetResources", "elasticache"], 400, denied).collect(&ALL).await;
    assert_eq!(gaps(&scope), Vec::<String>::new());
    let fields = |arn: &str| find(&scope, arn).gaps.iter().flat_map(|gap| gap.fields.clone()).collect::<Vec<_>>();
    assert_eq!(fields(&arn("cluster:pages")), ["UpdateActions", "tags"]);
    assert_eq!(fields(&arn("cluster:sessions-001")), ["UpdateActions"]);
    assert_eq!(fields(&arn("serverlesscache:carts")), ["tags"]);
    assert!(!scope.is_complete());
}
