//! Whom a cluster is shared with.

use serde_json::json;

use crate::facts::testing::World;
use crate::inventory::kinds;

const RESOURCES: &str = "ram:ListResources";
const PRINCIPALS: &str = "ram:ListPrincipals";

fn world() -> World {
    let cluster = |name: &str| json!({"DBClusterIdentifier": name, "Engine": "aurora-mysql"});
    World::complete()
        .with(kinds::DB_CLUSTER, "shop", cluster("shop"))
        .with(kinds::DB_CLUSTER, "stock", cluster("stock"))
        .with(kinds::RESOURCE_SHARE, "share-1", json!({"resourceShareArn": "share-1", "resourceArns": ["other", "shop"], "principals": [{"id": "444455556666", "external": true}]}))
        .with(
            kinds::RESOURCE_SHARE,
            "share-2",
            json!({"resourceShareArn": "share-2", "resourceArns": ["shop"], "principals": [
                {"id": "arn:aws:organizations::111122223333:ou/o-a1/ou-b2"}, {"id": "arn:aws:iam::777788889999:role/clone"}, {"id": "backup.amazonaws.com"}]}),
        )
}

#[test]
fn the_principals_are_those_of_every_share_that_holds_the_cluster() {
    let expected = json!({"shares": ["share-1", "share-2"], "principals": [
        {"id": "444455556666", "account": "444455556666"},
        {"id": "arn:aws:organizations::111122223333:ou/o-a1/ou-b2", "organization": "o-a1"},
        {"id": "arn:aws:iam::777788889999:role/clone", "account": "777788889999"},
        {"id": "backup.amazonaws.com"}]});
    assert_eq!(world().fact("sharing", "shop"), expected);
    assert_eq!(world().fact("sharing", "stock"), json!({"shares": [], "principals": []}));
}

#[test]
fn what_was_not_listed_is_a_gap() {
    let gap = json!({"gap": RESOURCES});
    assert_eq!(world().denied(RESOURCES).fact("sharing", "stock"), json!({"shares": gap, "principals": gap}));
    assert_eq!(world().not_called(RESOURCES).fact("sharing", "shop"), json!({"shares": gap, "principals": gap}));
    let unread = json!({"shares": ["share-1", "share-2"], "principals": {"gap": PRINCIPALS}});
    assert_eq!(world().denied(PRINCIPALS).fact("sharing", "shop"), unread);
    assert_eq!(world().denied(PRINCIPALS).fact("sharing", "stock"), json!({"shares": [], "principals": []}));
    assert_eq!(world().unread("share-2", "principals", PRINCIPALS).fact("sharing", "shop"), unread);
}
