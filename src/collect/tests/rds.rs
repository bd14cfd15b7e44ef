//! What the RDS API answers for Aurora Limitless and global clusters, on the wire.

use super::replay::Replay;
use crate::inventory::kinds;

fn answer(operation: &str, result: &str) -> String {
    format!("<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>")
}

fn clusters(scalability: &str) -> String {
    let cluster = "<Engine>aurora-postgresql</Engine><DBClusterIdentifier>shop</DBClusterIdentifier>\
        <DBClusterArn>arn:aws:rds:us-east-1:111122223333:cluster:shop</DBClusterArn>";
    let scalability = format!("<ClusterScalabilityType>{scalability}</ClusterScalabilityType>");
    answer("DescribeDBClusters", &format!("<DBClusters><DBCluster>{cluster}{scalability}</DBCluster></DBClusters>"))
}

fn shard_groups(marker: &str, name: &str) -> String {
    let group = format!(
        "<DBShardGroup><DBShardGroupIdentifier>{name}</DBShardGroupIdentifier><DBClusterIdentifier>shop</DBClusterIdentifier>\
         <DBShardGroupArn>arn:aws:rds:us-east-1:111122223333:shard-group:{name}</DBShardGroupArn><PubliclyAccessible>true</PubliclyAccessible>\
         <TagList><Tag><Key>team</Key><Value>shop</Value></Tag></TagList></DBShardGroup>"
    );
    answer("DescribeDBShardGroups", &format!("<DBShardGroups>{group}</DBShardGroups>{marker}"))
}

const OPERATIONS: [&str; 2] = ["rds:DescribeDBClusters", "rds:DescribeDBShardGroups"];

#[tokio::test]
async fn shard_groups_of_all_pages_are_asked_for_where_a_cluster_is_limitless() {
    let wire = Replay::default()
        .on(&["Action=DescribeDBClusters"], clusters("limitless"))
        .on(&["Action=DescribeDBShardGroups"], shard_groups("<Marker>second</Marker>", "one"))
        .on(&["Action=DescribeDBShardGroups", "Marker=second"], shard_groups("", "two"));
    let scope = wire.collect(&OPERATIONS).await;
    let groups: Vec<_> = scope.resources.iter().filter(|resource| resource.kind == kinds::DB_SHARD_GROUP).collect();
    assert_eq!(groups.iter().map(|group| group.arn.rsplit(':').next().unwrap()).collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!((groups[0].tags["team"].as_str(), &groups[0].data::<serde_json::Value>().unwrap()["PubliclyAccessible"]), ("shop", &true.into()));
    assert_eq!(wire.count(&["Action=DescribeDBShardGroups"]), 2);
    assert!(scope.is_complete());
}

#[tokio::test]
async fn without_a_limitless_cluster_they_are_not_and_a_denial_is_a_gap() {
    let wire = Replay::default().on(&["Action=DescribeDBClusters"], clusters("standard"));
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(wire.count(&["Action=DescribeDBShardGroups"]), 0);
    assert!(scope.is_complete() && scope.gap_of("rds:DescribeDBShardGroups").is_none());

    let denied = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
    let wire = Replay::default().on(&["Action=DescribeDBClusters"], clusters("limitless")).fail(&["Action=DescribeDBShardGroups"], 403, denied);
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(scope.gap_of("rds:DescribeDBShardGroups").unwrap().to_string(), "rds:DescribeDBShardGroups: access-denied: AccessDenied: no");
}

#[tokio::test]
async fn neptune_clusters_come_from_the_second_page_too() {
    let page = |engine: &str, marker: &str| {
        let cluster = format!(
            "<DBCluster><Engine>{engine}</Engine><DBClusterIdentifier>{engine}</DBClusterIdentifier>\
             <DBClusterArn>arn:aws:rds:us-east-1:111122223333:cluster:{engine}</DBClusterArn></DBCluster>"
        );
        answer("DescribeDBClusters", &format!("<DBClusters>{cluster}</DBClusters>{marker}"))
    };
    let wire = Replay::default()
        .on(&["Action=DescribeDBClusters"], page("aurora-mysql", "<Marker>second</Marker>"))
        .on(&["Action=DescribeDBClusters", "Marker=second"], page("neptune", ""));
    let scope = wire.collect(&["rds:DescribeDBClusters"]).await;
    let of_kind = |kind| scope.resources.iter().filter(|resource| resource.kind == kind).count();
    assert_eq!((of_kind(kinds::DB_CLUSTER), of_kind(kinds::NEPTUNE_CLUSTER)), (1, 1));
    assert_eq!(wire.count(&["Action=DescribeDBClusters"]), 2);
    assert!(scope.is_complete());
}

#[tokio::test]
async fn global_clusters_go_to_the_product_of_their_engine() {
    let member = |engine: &str| {
        format!(
            "<GlobalClusterMember><Engine>{engine}</Engine><GlobalClusterIdentifier>{engine}</GlobalClusterIdentifier><StorageEncrypted>true</StorageEncrypted>\
             <GlobalClusterArn>arn:aws:rds::111122223333:global-cluster:{engine}</GlobalClusterArn></GlobalClusterMember>"
        )
    };
    let all = ["aurora-mysql", "docdb", "neptune"].map(member).concat();
    let wire = Replay::default()
        .on(&["Action=DescribeGlobalClusters"], answer("DescribeGlobalClusters", &format!("<GlobalClusters>{all}</GlobalClusters>")));
    let scope = wire.collect(&["rds:DescribeGlobalClusters"]).await;
    let found: Vec<_> = scope
        .resources
        .iter()
        .map(|resource| (resource.kind.name, resource.arn.rsplit(':').next().unwrap()))
        .filter(|(kind, _)| *kind != "AWS::::Account")
        .collect();
    let expected = [("AWS::DocDB::GlobalCluster", "docdb"), ("AWS::Neptune::GlobalCluster", "neptune"), ("AWS::RDS::GlobalCluster", "aurora-mysql")];
    assert_eq!(found, expected);
}
