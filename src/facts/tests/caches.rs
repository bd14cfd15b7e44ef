//! Caches of ElastiCache: the members of replication groups, engines and users.

use serde_json::{Value, json};

use crate::facts::testing::World;
use crate::inventory::kinds;

const GROUPS: &str = "elasticache:DescribeReplicationGroups";
const CLUSTERS: &str = "elasticache:DescribeCacheClusters";
const USERS: &str = "elasticache:DescribeUsers";
const USER_GROUPS: &str = "elasticache:DescribeUserGroups";
const VERSIONS: &str = "elasticache:DescribeCacheEngineVersions";

fn gap(operation: &str) -> Value {
    json!({"gap": operation})
}

fn user(id: &str, name: &str, access: &str, method: &str) -> Value {
    json!({"UserId": id, "UserName": name, "AccessString": access, "Authentication": {"Type": method}})
}

/// A replication group in the middle of an upgrade, a Memcached cluster, a serverless cache, and a user
/// group of two.
fn world() -> World {
    let version = |engine: &str, version: &str| json!({"Engine": engine, "EngineVersion": version});
    World::complete()
        .with(
            kinds::REPLICATION_GROUP,
            "cache",
            json!({"ReplicationGroupId": "cache", "Engine": "valkey", "MemberClusters": ["cache-001", "cache-002"], "UserGroupIds": ["shop"]}),
        )
        .with(
            kinds::CACHE_CLUSTER,
            "first",
            json!({"CacheClusterId": "cache-001", "ReplicationGroupId": "cache", "Engine": "valkey", "EngineVersion": "10.0.1"}),
        )
        .with(
            kinds::CACHE_CLUSTER,
            "second",
            json!({"CacheClusterId": "cache-002", "ReplicationGroupId": "cache", "Engine": "valkey", "EngineVersion": "8.1.2"}),
        )
        .with(kinds::CACHE_CLUSTER, "pages", json!({"CacheClusterId": "pages", "Engine": "memcached", "EngineVersion": "1.6.22"}))
        .with(kinds::SERVERLESS_CACHE, "carts", json!({"ServerlessCacheName": "carts", "Engine": "redis", "UserGroupId": "shop"}))
        .with(kinds::CACHE_USER_GROUP, "group", json!({"UserGroupId": "shop", "UserIds": ["app", "shop-default"]}))
        .with(kinds::CACHE_USER, "app", user("app", "app", "on ~app:* +@read", "iam"))
        .with(kinds::CACHE_USER, "default", user("shop-default", "default", "on ~* +@all", "no-password"))
        .with(kinds::CACHE_ENGINE_VERSION, "valkey-8.1", version("valkey", "8.1"))
        .with(kinds::CACHE_ENGINE_VERSION, "valkey-10.0", version("valkey", "10.0"))
        .with(kinds::CACHE_ENGINE_VERSION, "memcached", version("memcached", "1.6.22"))
}

#[test]
fn a_group_has_its_clusters_as_members_and_they_have_their_group() {
    let members = world().fact("members", "cache");
    let names: Vec<_> = members.as_array().unwrap().iter().map(|member| &member["CacheClusterId"]).collect();
    assert_eq!(names, ["cache-001", "cache-002"]);
    assert_eq!(world().fact("cluster", "second")["ReplicationGroupId"], "cache");
    assert_eq!(world().fact("cluster", "pages"), json!({}));
}

#[test]
fn members_that_were_not_read_are_a_gap() {
    assert_eq!(world().denied(CLUSTERS).fact("members", "cache"), gap(CLUSTERS));
    assert_eq!(world().without("second").fact("members", "cache"), gap(CLUSTERS));
    assert_eq!(world().patch("cache", json!({"MemberClusters": null})).fact("members", "cache"), gap(GROUPS));
    assert_eq!(world().patch("cache", json!({"MemberClusters": []})).fact("members", "cache"), gap(GROUPS));
    assert_eq!(world().denied(GROUPS).fact("cluster", "second"), gap(GROUPS));
}

#[test]
fn the_version_of_a_group_is_the_lowest_by_number() {
    let engine = json!({"name": "valkey", "version": "8.1.2", "major": 8, "minor": 1, "offered": true});
    assert_eq!(world().fact("cache_engine", "cache"), engine);
    let memcached = json!({"name": "memcached", "version": "1.6.22", "major": 1, "minor": 6, "offered": true});
    assert_eq!(world().fact("cache_engine", "pages"), memcached);
}

#[test]
fn a_version_is_offered_by_its_first_numbers_and_no_others() {
    let offered = |version: &str| {
        world().patch("pages", json!({"Engine": "valkey", "EngineVersion": version})).fact("cache_engine", "pages")["offered"].clone()
    };
    assert_eq!((offered("8.1"), offered("8.1.9"), offered("8.10.1"), offered("8")), (json!(true), json!(true), json!(false), json!(false)));
    // Versions that belong to another engine say nothing.
    let redis = world().patch("pages", json!({"Engine": "redis", "EngineVersion": "8.1.0"}));
    assert_eq!(redis.fact("cache_engine", "pages")["offered"], gap(VERSIONS));
    assert_eq!(world().denied(VERSIONS).fact("cache_engine", "cache")["offered"], gap(VERSIONS));
}

#[test]
fn an_engine_that_was_not_read_is_a_gap() {
    let unread = json!({"name": "valkey", "version": gap(CLUSTERS), "major": gap(CLUSTERS), "minor": gap(CLUSTERS), "offered": gap(CLUSTERS)});
    assert_eq!(world().without("first").fact("cache_engine", "cache"), unread);
    let silent = world().patch("first", json!({"EngineVersion": null}));
    assert_eq!(silent.fact("cache_engine", "cache"), unread);
    let old = world().patch("cache", json!({"Engine": null}));
    assert_eq!(old.fact("cache_engine", "cache")["name"], "valkey");
    let vague = world().patch("pages", json!({"EngineVersion": "6.x"})).fact("cache_engine", "pages");
    assert_eq!((&vague["major"], &vague["minor"]), (&json!(6), &gap(CLUSTERS)));
}

#[test]
fn the_users_are_those_of_the_user_groups() {
    let app = json!({"name": "app", "access_string": "on ~app:* +@read", "enabled": true, "authenticated": true, "unrestricted": false});
    let default = json!({"name": "default", "access_string": "on ~* +@all", "enabled": true, "authenticated": false, "unrestricted": true});
    assert_eq!(world().fact("users", "cache"), json!([app, default]));
    assert_eq!(world().fact("users", "carts"), json!([app, default]));
    assert_eq!(world().patch("cache", json!({"UserGroupIds": null})).fact("users", "cache"), json!([]));
    assert_eq!(world().patch("carts", json!({"UserGroupId": null})).fact("users", "carts"), json!([]));
}

#[test]
fn a_user_that_was_not_read_does_not_hide_the_others() {
    let users = world().without("app").fact("users", "cache");
    assert_eq!(
        users[0],
        json!({"name": "app", "access_string": gap(USERS), "enabled": gap(USERS), "authenticated": gap(USERS), "unrestricted": gap(USERS)})
    );
    assert_eq!(users[1]["authenticated"], false);
    let silent = world().patch("app", json!({"Authentication": null})).fact("users", "cache");
    assert_eq!((&silent[0]["enabled"], &silent[0]["authenticated"]), (&json!(true), &gap(USERS)));
}

#[test]
fn user_groups_that_were_not_read_are_a_gap() {
    assert_eq!(world().denied(USER_GROUPS).fact("users", "cache"), gap(USER_GROUPS));
    assert_eq!(world().not_called(USER_GROUPS).fact("users", "carts"), gap(USER_GROUPS));
    assert_eq!(world().without("group").fact("users", "cache"), gap(USER_GROUPS));
    assert_eq!(world().patch("group", json!({"UserIds": null})).fact("users", "cache"), gap(USER_GROUPS));
    assert_eq!(world().unread("cache", "UserGroupIds", GROUPS).fact("users", "cache"), gap(GROUPS));
}
