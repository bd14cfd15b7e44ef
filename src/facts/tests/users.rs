//! The fact `users`: the list of a MemoryDB cluster, and its users.

use serde_json::json;

use crate::facts::testing::World;
use crate::inventory::kinds;

fn world() -> World {
    let user = |name: &str, access: &str, method: &str| json!({"Name": name, "AccessString": access, "Authentication": {"Type": method}});
    World::complete()
        .with(kinds::MEMORYDB_CLUSTER, "carts", json!({"Name": "carts", "ACLName": "shop"}))
        .with(kinds::MEMORYDB_ACL, "shop", json!({"Name": "shop", "UserNames": ["app", "admin", "old"]}))
        .with(kinds::MEMORYDB_USER, "app", user("app", "on ~app:* +@read", "iam"))
        .with(kinds::MEMORYDB_USER, "admin", user("admin", "on ~* &* +@all", "password"))
        .with(kinds::MEMORYDB_USER, "old", user("old", "off ~* +@all", "no-password"))
        .with(kinds::MEMORYDB_USER, "stranger", user("stranger", "on ~* +@all", "no-password"))
}

#[test]
fn those_whom_the_list_names_are_told() {
    let expected = json!([
        {"name": "app", "access_string": "on ~app:* +@read", "enabled": true, "authenticated": true, "unrestricted": false},
        {"name": "admin", "access_string": "on ~* &* +@all", "enabled": true, "authenticated": true, "unrestricted": true},
        {"name": "old", "access_string": "off ~* +@all", "enabled": false, "authenticated": false, "unrestricted": true},
    ]);
    assert_eq!(world().fact("users", "carts"), expected);
    assert_eq!(world().patch("shop", json!({"UserNames": []})).fact("users", "carts"), json!([]));
}

#[test]
fn what_cannot_be_read_is_a_gap() {
    for operation in ["memorydb:DescribeACLs", "memorydb:DescribeUsers"] {
        assert_eq!(world().denied(operation).fact("users", "carts"), json!({"gap": operation}));
        assert_eq!(world().not_called(operation).fact("users", "carts"), json!({"gap": operation}));
    }
    assert_eq!(world().without("old").fact("users", "carts"), json!({"gap": "memorydb:DescribeUsers"}));
    assert_eq!(world().without("shop").fact("users", "carts"), json!({"gap": "memorydb:DescribeACLs"}));
    assert_eq!(world().patch("carts", json!({"ACLName": null})).fact("users", "carts"), json!({"gap": "memorydb:DescribeClusters"}));
}

#[test]
fn a_field_that_aws_left_out_is_a_gap_of_that_user_alone() {
    let users = world().patch("app", json!({"AccessString": null})).patch("admin", json!({"Authentication": {}})).fact("users", "carts");
    let gap = json!({"gap": "memorydb:DescribeUsers"});
    assert_eq!(users[0], json!({"name": "app", "access_string": gap, "enabled": gap, "authenticated": true, "unrestricted": gap}));
    assert_eq!(users[1]["authenticated"], gap);
    assert_eq!(users[2]["authenticated"], false);
}
