//! The cluster of an instance and the members of a cluster.

use serde_json::json;

use crate::facts::testing::World;
use crate::inventory::kinds;

fn world() -> World {
    World::complete()
        .with(
            kinds::DB_CLUSTER,
            "shop",
            json!({"DBClusterIdentifier": "shop", "DBClusterMembers": [{"DBInstanceIdentifier": "b"}, {"DBInstanceIdentifier": "a"}]}),
        )
        .with(kinds::DB_INSTANCE, "a", json!({"DBInstanceIdentifier": "a", "DBClusterIdentifier": "shop"}))
        .with(kinds::DB_INSTANCE, "b", json!({"DBInstanceIdentifier": "b", "DBClusterIdentifier": "shop"}))
        .with(kinds::DB_INSTANCE, "alone", json!({"DBInstanceIdentifier": "alone"}))
        // Another product may use the same names.
        .with(kinds::NEPTUNE_CLUSTER, "graph", json!({"DBClusterIdentifier": "shop", "DBClusterMembers": [], "Engine": "neptune"}))
}

#[test]
fn an_instance_finds_its_cluster_and_one_alone_has_none() {
    assert_eq!(world().fact("cluster", "a")["DBClusterIdentifier"], "shop");
    assert_eq!(world().fact("cluster", "a").get("Engine"), None);
    assert_eq!(world().fact("cluster", "alone"), json!({}));
}

#[test]
fn a_cluster_that_was_not_listed_is_a_gap() {
    let gap = json!({"gap": "rds:DescribeDBClusters"});
    assert_eq!(world().without("shop").fact("cluster", "a"), gap);
    assert_eq!(world().denied("rds:DescribeDBClusters").fact("cluster", "a"), gap);
    // That it has none is known without any listing.
    assert_eq!(world().denied("rds:DescribeDBClusters").fact("cluster", "alone"), json!({}));
    assert_eq!(
        world().unread("alone", "DBClusterIdentifier", "rds:DescribeDBInstances").fact("cluster", "alone"),
        json!({"gap": "rds:DescribeDBInstances"})
    );
}

#[test]
fn members_come_in_the_order_of_the_cluster() {
    let members = world().fact("members", "shop");
    assert_eq!((&members[0]["DBInstanceIdentifier"], &members[1]["DBInstanceIdentifier"]), (&json!("b"), &json!("a")));
    assert_eq!(world().fact("members", "graph"), json!([]));
}

#[test]
fn a_member_that_is_missing_or_malformed_leaves_no_shorter_list() {
    let gap = json!({"gap": "rds:DescribeDBInstances"});
    assert_eq!(world().without("a").fact("members", "shop"), gap);
    assert_eq!(world().denied("rds:DescribeDBInstances").fact("members", "shop"), gap);
    assert_eq!(world().with(kinds::DB_INSTANCE, "a", json!({"DBInstanceIdentifier": "a", "DBClusterIdentifier": 1})).fact("members", "shop"), gap);
}

#[test]
fn a_cluster_that_does_not_list_its_members_is_not_empty() {
    let gap = json!({"gap": "rds:DescribeDBClusters"});
    assert_eq!(world().patch("shop", json!({"DBClusterMembers": null})).fact("members", "shop"), gap);
    assert_eq!(world().unread("shop", "DBClusterMembers", "rds:DescribeDBClusters").fact("members", "shop"), gap);
}
