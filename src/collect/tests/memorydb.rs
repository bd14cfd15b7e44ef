//! MemoryDB.

use serde_json::{Value, json};

use super::replay::{ACCOUNT, REGION, Replay};
use crate::inventory::{Resource, Scope, kinds};

const ALL: [&str; 9] = [
    "memorydb:DescribeACLs",
    "memorydb:DescribeClusters",
    "memorydb:DescribeMultiRegionClusters",
    "memorydb:DescribeServiceUpdates",
    "memorydb:DescribeSnapshots",
    "memorydb:DescribeSubnetGroups",
    "memorydb:DescribeUsers",
    "memorydb:ListTags",
    "tag:GetResources",
];

fn arn(rest: &str) -> String {
    format!("arn:aws:memorydb:{REGION}:{ACCOUNT}:{rest}")
}

/// A cluster with every field, and one of which AWS says next to nothing.
fn full() -> Value {
    json!({
        "Name": "carts", "ARN": arn("cluster/carts"), "Status": "available", "NodeType": "db.r7g.large", "Engine": "valkey",
        "EngineVersion": "7.3", "MultiRegionClusterName": "ldgnf-carts", "AvailabilityMode": "multiaz", "NumberOfShards": 1,
        "Shards": [{"Name": "0001", "Status": "available", "NumberOfNodes": 2, "Nodes": []}],
        "ClusterEndpoint": {"Address": "clustercfg.carts.abc.memorydb.us-east-1.amazonaws.com", "Port": 6380},
        "SecurityGroups": [{"SecurityGroupId": "sg-1", "Status": "active"}], "SubnetGroupName": "private", "TLSEnabled": true,
        "KmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/1", "ACLName": "carts", "SnapshotRetentionLimit": 7,
        "SnsTopicArn": "arn:aws:sns:us-east-1:111122223333:databases", "SnsTopicStatus": "active", "AutoMinorVersionUpgrade": true,
        "NetworkType": "ipv4",
    })
}

fn bare() -> Value {
    json!({"Name": "cache", "ARN": arn("cluster/cache"), "ACLName": "open-access"})
}

fn wire() -> Replay {
    let answer = |wire: Replay, operation: &str, needles: &[&str], body: Value| {
        let target = format!("AmazonMemoryDB.{operation}");
        wire.on(&[&[target.as_str()], needles].concat(), body.to_string())
    };
    let update = |name: &str| json!({"ClusterName": "carts", "ServiceUpdateName": name, "Status": "available", "AutoUpdateStartDate": 1_767_225_600});
    let user = |name: &str, method: &str| json!({"Name": name, "ARN": arn(&format!("user/{name}")), "AccessString": "on ~* +@all", "Authentication": {"Type": method, "PasswordCount": 1}});
    let group = |name: &str| json!({"Name": name, "ARN": arn(&format!("subnetgroup/{name}")), "VpcId": "vpc-1", "Subnets": [{"Identifier": "subnet-1", "AvailabilityZone": {"Name": "us-east-1a"}}]});
    let list = |name: &str, users: &[&str]| json!({"Name": name, "ARN": arn(&format!("acl/{name}")), "UserNames": users, "Clusters": []});
    let global = |name: &str| json!({"MultiRegionClusterName": name, "ARN": format!("arn:aws:memorydb::{ACCOUNT}:multiregioncluster/{name}"), "TLSEnabled": true});
    let wire = answer(Replay::default(), "DescribeClusters", &[], json!({"Clusters": [full()], "NextToken": "more"}));
    let wire = answer(wire, "DescribeClusters", &["more"], json!({"Clusters": [bare()]}));
    let wire = answer(wire, "DescribeServiceUpdates", &[], json!({"ServiceUpdates": [update("first")], "NextToken": "more"}));
    let wire = answer(wire, "DescribeServiceUpdates", &["more"], json!({"ServiceUpdates": [update("second")]}));
    let wire = answer(wire, "DescribeACLs", &[], json!({"ACLs": [list("open-access", &["default"]), list("carts", &["shop"])], "NextToken": "more"}));
    let wire = answer(wire, "DescribeACLs", &["more"], json!({"ACLs": [list("unused", &["stranger"])]}));
    let wire =
        answer(wire, "DescribeUsers", &[], json!({"Users": [user("default", "no-password"), user("stranger", "password")], "NextToken": "more"}));
    let wire = answer(wire, "DescribeUsers", &["more"], json!({"Users": [user("shop", "iam")]}));
    let wire = answer(wire, "DescribeSubnetGroups", &[], json!({"SubnetGroups": [group("private"), group("unused")]}));
    let wire = answer(wire, "DescribeMultiRegionClusters", &[], json!({"MultiRegionClusters": [global("ldgnf-carts"), global("ldgnf-other")]}));
    let snapshot = json!({"Name": "before-sale", "ARN": arn("snapshot/before-sale"), "Source": "manual", "KmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/2"});
    let wire = answer(wire, "DescribeSnapshots", &[], json!({"Snapshots": [snapshot]}));
    answer(wire, "ListTags", &[], json!({"TagList": [{"Key": "team", "Value": "shop"}, {"Key": "bare"}]})).tagged(&[&arn("cluster/carts")])
}

fn find<'s>(scope: &'s Scope, arn: &str) -> &'s Resource {
    scope.resources.iter().find(|resource| resource.arn == arn).unwrap_or_else(|| panic!("there is no {arn}"))
}

fn arns(scope: &Scope) -> Vec<&str> {
    scope.resources.iter().filter(|resource| resource.kind != kinds::ACCOUNT).map(|resource| resource.arn.as_str()).collect()
}

fn denied(operation: &str) -> Replay {
    let body = r#"{"__type":"AccessDeniedException","message":"no"}"#;
    // The longest needles win, so what is answered to narrower questions is replaced too.
    let target = format!("AmazonMemoryDB.{operation}");
    let needles: [&[&str]; 2] = [&[], &["more"]];
    needles.iter().fold(wire(), |wire, needles| wire.fail(&[&[target.as_str(), "{"], *needles].concat(), 400, body))
}

#[tokio::test]
async fn clusters_come_with_what_they_are_attached_to_and_no_more() {
    let wire = wire();
    let scope = wire.collect(&ALL).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    let global = format!("arn:aws:memorydb::{ACCOUNT}:multiregioncluster/ldgnf-carts");
    assert_eq!(
        arns(&scope),
        [
            &arn("acl/carts"),
            &arn("cluster/cache"),
            &arn("cluster/carts"),
            &global,
            &arn("snapshot/before-sale"),
            &arn("subnetgroup/private"),
            &arn("user/shop")
        ]
    );
    let mut expected = full();
    for (field, value) in [
        ("NumberOfShards", Value::Null),
        ("Shards", json!([{"Name": "0001", "NumberOfNodes": 2}])),
        (
            "ServiceUpdates",
            json!(
                ["first", "second"]
                    .map(|name| json!({"ServiceUpdateName": name, "Status": "available", "AutoUpdateStartDate": "2026-01-01T00:00:00Z"}))
            ),
        ),
    ] {
        expected[field] = value;
    }
    expected.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    let carts = find(&scope, &arn("cluster/carts"));
    assert_eq!(carts.data::<Value>().unwrap(), expected);
    for tagged in [carts, find(&scope, &arn("snapshot/before-sale"))] {
        assert_eq!(tagged.tags, [("bare", ""), ("team", "shop")].map(|(key, value)| (key.to_owned(), value.to_owned())).into());
    }
    assert!(find(&scope, &arn("cluster/cache")).tags.is_empty());
    // What AWS leaves out is absent; that there are no updates was answered.
    let mut expected = bare();
    expected["ServiceUpdates"] = json!([]);
    assert_eq!(find(&scope, &arn("cluster/cache")).data::<Value>().unwrap(), expected);
    assert_eq!(
        find(&scope, &arn("user/shop")).data::<Value>().unwrap(),
        json!({"Name": "shop", "ARN": arn("user/shop"), "AccessString": "on ~* +@all", "Authentication": {"Type": "iam"}})
    );
    for (operation, calls) in [
        ("DescribeClusters", 2),
        ("DescribeServiceUpdates", 2),
        ("DescribeACLs", 2),
        ("DescribeUsers", 2),
        ("DescribeSubnetGroups", 1),
        ("DescribeMultiRegionClusters", 1),
        ("DescribeSnapshots", 1),
        // The snapshot and the multi-Region cluster.
        ("ListTags", 2),
        ("DescribeParameterGroups", 0),
    ] {
        assert_eq!(wire.count(&[&format!("AmazonMemoryDB.{operation}\n")]), calls, "{operation}");
    }
    assert_eq!(wire.count(&[".GetResources", "cluster/carts", "cluster/cache"]), 1);
    assert_eq!(wire.count(&["DescribeClusters", r#""ShowShardDetails":true"#]), 2);
    assert_eq!(wire.count(&["DescribeSnapshots", r#""Source":"user""#]), 1);
    assert_eq!(wire.count(&["DescribeServiceUpdates", r#""ClusterNames":["carts","cache"]"#, r#""Status":["available"]"#]), 2);
}

#[tokio::test]
async fn keys_and_networks_of_clusters_and_snapshots_are_asked_for() {
    let wire = wire();
    wire.collect(&[&ALL[..], &["kms:DescribeKey", "ec2:DescribeVpcs", "ec2:DescribeSecurityGroups"]].concat()).await;
    assert_eq!(wire.count(&["TrentService.DescribeKey"]), 2);
    assert_eq!(wire.count(&["Action=DescribeVpcs", "vpc-1"]), 1);
    assert_eq!(wire.count(&["Action=DescribeSecurityGroups", "sg-1"]), 1);
}

#[tokio::test]
async fn a_region_without_clusters_costs_two_calls() {
    let wire = Replay::default()
        .on(&["AmazonMemoryDB.DescribeClusters"], r#"{"Clusters":[]}"#)
        .on(&["AmazonMemoryDB.DescribeSnapshots"], r#"{"Snapshots":[]}"#);
    let scope = wire.collect(&ALL).await;
    assert!(scope.is_complete() && arns(&scope).is_empty());
    assert_eq!(wire.count(&["AmazonMemoryDB."]), 2);
    // What turned out not to be needed is known not to be there.
    assert_eq!(scope.operations.iter().map(String::as_str).collect::<Vec<_>>(), ALL);
}

#[tokio::test]
async fn without_lists_of_their_own_users_are_not_asked_for() {
    let wire = wire().on(&["AmazonMemoryDB.DescribeClusters", "{"], json!({"Clusters": [bare()]}).to_string());
    wire.collect(&ALL).await;
    for operation in ["DescribeACLs", "DescribeUsers", "DescribeSubnetGroups", "DescribeMultiRegionClusters"] {
        assert_eq!(wire.count(&[&format!("AmazonMemoryDB.{operation}\n")]), 0, "{operation}");
    }
}

#[tokio::test]
async fn a_denied_listing_is_a_gap_of_the_region() {
    for operation in ["DescribeACLs", "DescribeClusters", "DescribeMultiRegionClusters", "DescribeSnapshots", "DescribeSubnetGroups", "DescribeUsers"]
    {
        let scope = denied(operation).collect(&ALL).await;
        let expected = format!("memorydb:{operation}: access-denied: AccessDeniedException: no");
        assert_eq!(scope.gaps.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
    }
}

#[tokio::test]
async fn a_denied_detail_is_a_gap_of_each_resource() {
    let untold = wire().fail(&[".GetResources", "cluster"], 400, r#"{"__type":"AccessDeniedException","message":"no"}"#);
    let clusters = ["cluster/carts", "cluster/cache"];
    for (wire, operation, field, resources) in [
        (denied("DescribeServiceUpdates"), "memorydb:DescribeServiceUpdates", "ServiceUpdates", &clusters[..]),
        (untold, "tag:GetResources", "tags", &clusters[..]),
        (denied("ListTags"), "memorydb:ListTags", "tags", &["snapshot/before-sale"]),
    ] {
        let scope = wire.collect(&ALL).await;
        assert!(scope.gaps.is_empty() && !scope.is_complete());
        for resource in resources {
            let gap = find(&scope, &arn(resource)).gap_of(field).unwrap();
            assert_eq!(gap.to_string(), format!("{operation}: access-denied: AccessDeniedException: no"));
        }
    }
}
