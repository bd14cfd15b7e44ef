//! Who is told of events, and whether the topic that tells them is in order.

use serde_json::{Value, json};

use crate::facts::testing::World;
use crate::inventory::kinds;

const LISTING: &str = "rds:DescribeEventSubscriptions";
const TOPIC: &str = "arn:aws:sns:us-east-1:111122223333:alerts";

/// A region of two clusters and one subscription to all clusters that differs in these fields.
fn world(fields: Value) -> World {
    let subscription = json!({"CustSubscriptionId": "alerts", "SnsTopicArn": TOPIC, "Status": "active", "Enabled": true, "SourceType": "db-cluster"});
    World::complete()
        .with(kinds::ACCOUNT, "account", json!({"AccountId": "111122223333", "Region": "us-east-1"}))
        .with(kinds::DOCDB_CLUSTER, "catalog", json!({"DBClusterIdentifier": "catalog"}))
        .with(kinds::NEPTUNE_CLUSTER, "fraud", json!({"DBClusterIdentifier": "fraud"}))
        .with(kinds::EVENT_SUBSCRIPTION, "alerts", subscription)
        .patch("alerts", fields)
}

fn of_clusters(world: &World) -> Value {
    world.fact("event_subscriptions", "account")["db_cluster"].clone()
}

fn gap() -> Value {
    json!({"gap": LISTING})
}

#[test]
fn without_categories_all_are_meant() {
    let all = json!({"any": true, "every_category": true, "categories": [], "names": ["alerts"]});
    assert_eq!(of_clusters(&world(json!({}))), all);
    assert_eq!(of_clusters(&world(json!({"EventCategoriesList": []}))), all);
    let some = json!({"any": true, "every_category": false, "categories": ["configuration change", "failure"], "names": ["alerts"]});
    assert_eq!(of_clusters(&world(json!({"EventCategoriesList": ["failure", "Configuration Change"]}))), some);
}

#[test]
fn several_subscriptions_share_the_work() {
    let second = json!({"CustSubscriptionId": "more", "Status": "active", "Enabled": true, "EventCategoriesList": ["maintenance"]});
    let both = world(json!({"EventCategoriesList": ["failure"]})).with(kinds::EVENT_SUBSCRIPTION, "more", second);
    assert_eq!(of_clusters(&both)["categories"], json!(["failure", "maintenance"]));
    assert_eq!(of_clusters(&both)["names"], json!(["alerts", "more"]));
}

#[test]
fn without_a_type_all_types_are_meant() {
    let every = world(json!({"SourceType": null})).fact("event_subscriptions", "account");
    for source_type in ["db_instance", "db_cluster", "db_parameter_group", "db_security_group"] {
        assert_eq!(every[source_type]["every_category"], true, "{source_type}");
    }
    let of_clusters = world(json!({})).fact("event_subscriptions", "account");
    assert_eq!(of_clusters["db_instance"], json!({"any": false, "every_category": false, "categories": [], "names": []}));
}

#[test]
fn what_is_off_pending_or_of_some_sources_serves_no_region() {
    for fields in
        [json!({"Enabled": false}), json!({"Status": "no-permission"}), json!({"Status": "creating"}), json!({"SourceIdsList": ["catalog"]})]
    {
        assert_eq!(of_clusters(&world(fields.clone()))["any"], false, "{fields}");
    }
    assert_eq!(of_clusters(&world(json!({"SourceIdsList": []})))["any"], true);
}

#[test]
fn a_cluster_is_served_by_name_or_with_all_others() {
    let any = |fields: Value, cluster: &str| world(fields).fact("event_subscriptions", cluster)["any"].clone();
    assert_eq!((any(json!({}), "catalog"), any(json!({}), "fraud")), (json!(true), json!(true)));
    let named = || json!({"SourceIdsList": ["Catalog"]});
    assert_eq!((any(named(), "catalog"), any(named(), "fraud")), (json!(true), json!(false)));
    assert_eq!(any(json!({"SourceType": "db-instance"}), "catalog"), false);
    assert_eq!(any(json!({"Enabled": false}), "catalog"), false);
}

#[test]
fn what_was_seen_decides_before_what_was_not() {
    let broken_off = |fields| {
        let mut world = world(fields);
        world.0.gaps.push(crate::inventory::Gap::new(LISTING, crate::inventory::Reason::Throttled, ""));
        world
    };
    let every = of_clusters(&broken_off(json!({})));
    assert_eq!((&every["any"], &every["every_category"], &every["categories"]), (&json!(true), &json!(true), &gap()));
    let some = of_clusters(&broken_off(json!({"EventCategoriesList": ["failure"]})));
    assert_eq!((&some["any"], &some["every_category"]), (&json!(true), &gap()));
    assert_eq!(of_clusters(&broken_off(json!({"Enabled": false})))["any"], gap());
    assert_eq!(of_clusters(&world(json!({})).denied(LISTING))["any"], gap());
    assert_eq!(of_clusters(&world(json!({})).not_called(LISTING))["any"], gap());
}

#[test]
fn a_subscription_that_does_not_say_whether_it_is_on_is_no_silence() {
    assert_eq!(of_clusters(&world(json!({"Enabled": null})))["any"], gap());
    assert_eq!(of_clusters(&world(json!({"Status": null})))["any"], gap());
    assert_eq!(of_clusters(&world(json!({"Enabled": false, "Status": null})))["any"], false);
}

#[test]
fn a_region_has_databases_once_one_is_seen() {
    let instances = |world: &World| world.fact("databases", "account")["rds_instances"].clone();
    let instance = |world: World| world.with(kinds::DB_INSTANCE, "db", json!({"DBInstanceIdentifier": "db"}));
    let of_documentdb = world(json!({})).with(kinds::DOCDB_INSTANCE, "catalog-1", json!({"DBInstanceIdentifier": "catalog-1"}));
    assert_eq!(instances(&of_documentdb), false);
    assert_eq!(instances(&instance(of_documentdb)), true);
    let denied = world(json!({})).denied("rds:DescribeDBInstances");
    assert_eq!(instances(&denied), json!({"gap": "rds:DescribeDBInstances"}));
    assert_eq!(instances(&instance(denied)), true);
}

/// The world with its topic, whose policy has this statement.
fn with_topic(statement: &Value) -> World {
    let policy = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
    world(json!({})).with(kinds::TOPIC, TOPIC, json!({"TopicArn": TOPIC, "SubscriptionsConfirmed": 2, "Policy": policy}))
}

#[test]
fn the_policy_that_sns_gives_a_topic_is_not_public() {
    let own = json!({"Sid": "__default_statement_ID", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["SNS:Publish", "SNS:Subscribe"],
        "Resource": TOPIC, "Condition": {"StringEquals": {"AWS:SourceOwner": "111122223333"}}});
    assert_eq!(with_topic(&own).fact("topic", "alerts"), json!({"exists": true, "confirmed_subscriptions": 2, "public_statements": []}));
}

#[test]
fn a_statement_for_anyone_is_public_whatever_it_lets_them_do() {
    for action in ["SNS:Publish", "sns:Subscribe", "SNS:ListSubscriptionsByTopic", "SNS:Set*", "*"] {
        let anyone = json!({"Sid": "Anyone", "Effect": "Allow", "Principal": "*", "Action": action, "Resource": TOPIC});
        assert_eq!(with_topic(&anyone).fact("topic", "alerts")["public_statements"], json!(["Anyone"]), "{action}");
    }
    let by_protocol = json!({"Effect": "Allow", "Principal": "*", "Action": "SNS:Subscribe", "Resource": TOPIC,
        "Condition": {"StringEquals": {"SNS:Protocol": "https"}}});
    assert_eq!(with_topic(&by_protocol).fact("topic", "alerts")["public_statements"], json!({"gap": "sns:GetTopicAttributes"}));
}

#[test]
fn a_topic_that_was_asked_for_and_not_found_does_not_exist() {
    assert_eq!(world(json!({})).fact("topic", "alerts"), json!({"exists": false}));
    let unread = json!({"gap": "sns:GetTopicAttributes"});
    let all_unread = json!({"exists": unread, "confirmed_subscriptions": unread, "public_statements": unread});
    assert_eq!(world(json!({})).not_called("sns:GetTopicAttributes").fact("topic", "alerts"), all_unread);
    let refused = with_topic(&json!({})).patch(TOPIC, json!({"Policy": null})).unread(TOPIC, "SubscriptionsConfirmed", "sns:GetTopicAttributes");
    assert_eq!(refused.fact("topic", "alerts"), all_unread);
}
