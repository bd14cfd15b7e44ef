//! What becomes of the services' answers, replayed on the wire.

mod account;
mod advice;
mod alarms;
mod backup;
mod cbor;
mod cloudtrail;
mod cloudwatch;
mod config;
mod dax;
mod docdb_elastic;
mod dsql;
mod dynamodb;
mod dynamodb_around;
mod dynamodb_copies;
mod elasticache;
mod events;
mod exports;
mod guardduty;
mod iam;
mod influxdb;
mod keyspaces;
mod kms;
mod last_change;
mod lifecycle;
mod memorydb;
mod neptune_graph;
mod organizations;
mod rds;
mod rds_proxy;
pub(super) mod replay;
mod secrets;
mod snapshots;
mod timestream;
mod vaults;
mod vpc;

use replay::Replay;

use crate::inventory::kinds;

#[tokio::test]
async fn answers_are_parsed_by_the_sdk_and_requests_told_apart() {
    let page = |marker: &str, name: &str| {
        format!(
            "<DescribeDBClustersResponse><DescribeDBClustersResult>{marker}<DBClusters><DBCluster><Engine>docdb</Engine>\
             <DBClusterArn>arn:aws:rds:us-east-1:111122223333:cluster:{name}</DBClusterArn><DBClusterIdentifier>{name}</DBClusterIdentifier>\
             </DBCluster></DBClusters></DescribeDBClustersResult></DescribeDBClustersResponse>"
        )
    };
    let wire = Replay::default()
        .on(&["Action=DescribeDBClusters"], page("<Marker>second</Marker>", "one"))
        .on(&["Action=DescribeDBClusters", "Marker=second"], page("", "two"))
        .fail(&["Action=DescribeDBInstances"], 403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>");
    let scope = wire.collect(&["rds:DescribeDBClusters", "rds:DescribeDBInstances"]).await;
    let clusters: Vec<_> = scope.resources.iter().filter(|resource| resource.kind == kinds::DOCDB_CLUSTER).map(|cluster| &cluster.arn).collect();
    assert_eq!(clusters, ["arn:aws:rds:us-east-1:111122223333:cluster:one", "arn:aws:rds:us-east-1:111122223333:cluster:two"]);
    assert_eq!(scope.gaps.iter().map(ToString::to_string).collect::<Vec<_>>(), ["rds:DescribeDBInstances: access-denied: AccessDenied: no"]);
    assert_eq!(wire.count(&["Action=DescribeDBClusters"]), 2);
    assert_eq!(wire.count(&["Action=DescribeDBSnapshots"]), 0);
}
