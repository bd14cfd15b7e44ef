//! DAX clusters, with the subnet and parameter groups that they name.

use serde_json::{Value, json};

use super::replay::Replay;
use crate::inventory::{Resource, Scope, kinds};

const EVERYTHING: [&str; 5] =
    ["dax:DescribeClusters", "dax:DescribeSubnetGroups", "dax:DescribeParameters", "tag:GetResources", "ec2:DescribeSecurityGroups"];

const DENIED: &str = r#"{"__type":"AccessDeniedException","message":"no"}"#;

fn cluster(name: &str) -> Value {
    json!({"ClusterName": name, "ClusterArn": format!("arn:aws:dax:us-east-1:111122223333:cache/{name}"), "Status": "available",
        "ClusterDiscoveryEndpoint": {"Address": "a", "Port": 9111, "URL": "daxs://a"},
        "Nodes": [{"NodeId": "a", "AvailabilityZone": "us-east-1a", "NodeStatus": "available", "ParameterGroupStatus": "in-sync"}],
        "SubnetGroup": "private", "SecurityGroups": [{"SecurityGroupIdentifier": "sg-1", "Status": "active"}],
        "ParameterGroup": {"ParameterGroupName": "default.dax1.0", "ParameterApplyStatus": "in-sync", "NodeIdsToReboot": []},
        "SSEDescription": {"Status": "ENABLED"}, "ClusterEndpointEncryptionType": "TLS", "NetworkType": "ipv4"})
}

fn wire() -> Replay {
    Replay::default()
        .on(&[".DescribeClusters"], json!({"Clusters": [cluster("orders")]}).to_string())
        .on(
            &[".DescribeSubnetGroups"],
            json!({"SubnetGroups": [
                {"SubnetGroupName": "private", "VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "subnet-1", "SubnetAvailabilityZone": "us-east-1a"}]},
                {"SubnetGroupName": "unused", "VpcId": "vpc-2", "Subnets": []}]})
            .to_string(),
        )
        .on(
            &[".DescribeParameters"],
            json!({"NextToken": "more", "Parameters": [{"ParameterName": "query-ttl-millis", "ParameterValue": "300000", "Source": "user"}]}).to_string(),
        )
        .on(
            &[".DescribeParameters", r#""more""#],
            json!({"Parameters": [{"ParameterName": "record-ttl-millis", "ParameterValue": "0"}, {"ParameterName": "other", "ParameterValue": "1"}]}).to_string(),
        )
        .tagged(&["arn:aws:dax:us-east-1:111122223333:cache/orders"])
        .on(&["Action=DescribeSecurityGroups"], "<DescribeSecurityGroupsResponse><securityGroupInfo/></DescribeSecurityGroupsResponse>")
}

fn clusters(scope: &Scope) -> Vec<&Resource> {
    scope.resources.iter().filter(|resource| resource.kind == kinds::DAX_CLUSTER).collect()
}

#[tokio::test]
async fn clusters_come_from_all_pages_with_what_they_name() {
    let wire = wire()
        .on(&[".DescribeClusters"], json!({"Clusters": [cluster("orders")], "NextToken": "two"}).to_string())
        .on(&[".DescribeClusters", r#""two""#], json!({"Clusters": [cluster("shop")]}).to_string());
    let scope = wire.collect(&EVERYTHING).await;
    let found = clusters(&scope);
    let expected = json!({"ClusterName": "orders", "ClusterArn": "arn:aws:dax:us-east-1:111122223333:cache/orders", "Status": "available",
        "ClusterDiscoveryEndpoint": {"Address": "a", "Port": 9111}, "Nodes": [{"NodeId": "a", "AvailabilityZone": "us-east-1a", "ParameterGroupStatus": "in-sync"}],
        "SubnetGroup": "private", "SecurityGroups": [{"SecurityGroupIdentifier": "sg-1", "Status": "active"}],
        "ParameterGroup": {"ParameterGroupName": "default.dax1.0", "ParameterApplyStatus": "in-sync"}, "SSEDescription": {"Status": "ENABLED"},
        "ClusterEndpointEncryptionType": "TLS", "NetworkType": "ipv4",
        "Parameters": [{"ParameterName": "query-ttl-millis", "ParameterValue": "300000"}, {"ParameterName": "record-ttl-millis", "ParameterValue": "0"}]});
    assert_eq!((found.len(), found[0].data::<Value>().unwrap()), (2, expected));
    assert_eq!((found[0].tags["team"].as_str(), found[1].tags.len()), ("shop", 0));
    let groups: Vec<_> = scope.resources.iter().filter(|resource| resource.kind == kinds::DAX_SUBNET_GROUP).map(|group| &group.arn).collect();
    assert_eq!(groups, ["arn:aws:dax:us-east-1:111122223333:subnet-group/private"]);
    assert_eq!(scope.gaps, []);
    // The two clusters share their groups, and a call for their tags.
    assert_eq!([".DescribeParameters", ".DescribeSubnetGroups", ".GetResources"].map(|operation| wire.count(&[operation])), [2, 1, 1]);
    assert_eq!(wire.count(&["Action=DescribeSecurityGroups", "sg-1"]), 1);
}

#[tokio::test]
async fn what_is_denied_is_open() {
    let wire = wire().fail(&[".DescribeParameters"], 400, DENIED).fail(&[".GetResources", "cache"], 400, DENIED).fail(
        &[".DescribeSubnetGroups"],
        400,
        DENIED,
    );
    let scope = wire.collect(&EVERYTHING).await;
    let gaps: Vec<_> = clusters(&scope)[0].gaps.iter().map(|gap| format!("{} by {}", gap.fields.join(" "), gap.gap.operation)).collect();
    assert_eq!(gaps, ["Parameters by dax:DescribeParameters", "tags by tag:GetResources"]);
    assert_eq!(
        scope.gaps.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["dax:DescribeSubnetGroups: access-denied: AccessDeniedException: no"]
    );
    let unlisted = Replay::default().fail(&[".DescribeClusters"], 400, DENIED).collect(&["dax:DescribeClusters"]).await;
    assert_eq!(unlisted.gaps.iter().map(ToString::to_string).collect::<Vec<_>>(), ["dax:DescribeClusters: access-denied: AccessDeniedException: no"]);
}

#[tokio::test]
async fn a_region_without_clusters_costs_one_call() {
    let wire = Replay::default().on(&[".DescribeClusters"], r#"{"Clusters": []}"#);
    let scope = wire.collect(&EVERYTHING).await;
    assert_eq!((wire.count(&[]), scope.gaps.len()), (1, 0));
    assert!(EVERYTHING.iter().all(|operation| scope.operations.contains(*operation)), "{:?}", scope.operations);
}
