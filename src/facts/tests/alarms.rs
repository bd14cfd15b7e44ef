//! Which database services an alarm watches.

use serde_json::{Value, json};

use crate::facts::testing::World;
use crate::inventory::{Gap, Reason, kinds};

const LISTING: &str = "cloudwatch:DescribeAlarms";

/// A region with a table and an instance.
fn world() -> World {
    World::complete()
        .with(kinds::ACCOUNT, "account", json!({"AccountId": "111122223333", "Region": "us-east-1"}))
        .with(kinds::DYNAMODB_TABLE, "carts", json!({"TableName": "carts"}))
        .with(kinds::DB_INSTANCE, "orders", json!({"DBInstanceIdentifier": "orders"}))
}

/// The region with an alarm on the tables that differs in these fields.
fn alarmed(fields: Value) -> World {
    let alarm = json!({"AlarmName": "busy", "AlarmArn": "arn:busy", "ActionsEnabled": true, "AlarmActions": ["topic"], "Namespace": "AWS/DynamoDB"});
    world().with(kinds::METRIC_ALARM, "busy", alarm).patch("busy", fields)
}

fn composite(world: World, name: &str, rule: &str, actions: Value) -> World {
    world.with(
        kinds::COMPOSITE_ALARM,
        name,
        json!({"AlarmName": name, "AlarmArn": format!("arn:{name}"), "ActionsEnabled": true, "AlarmActions": actions, "AlarmRule": rule}),
    )
}

fn missing(world: &World) -> Value {
    world.fact("alarms", "account")["missing"].clone()
}

#[test]
fn each_service_with_databases_needs_an_alarm() {
    assert_eq!(world().fact("alarms", "account"), json!({"used": true, "missing": ["AWS/DynamoDB", "AWS/RDS"]}));
    assert_eq!(missing(&alarmed(json!({}))), json!(["AWS/RDS"]));
    assert_eq!(missing(&alarmed(json!({})).without("orders")), json!([]));
    assert_eq!(world().without("orders").without("carts").fact("alarms", "account"), json!({"used": false, "missing": []}));
}

#[test]
fn an_alarm_that_does_nothing_does_not_count() {
    let both = json!(["AWS/DynamoDB", "AWS/RDS"]);
    for fields in [json!({"ActionsEnabled": false}), json!({"AlarmActions": []}), json!({"AlarmActions": null})] {
        assert_eq!(missing(&alarmed(fields.clone())), both, "{fields}");
    }
}

#[test]
fn mathematics_and_queries_have_no_namespace_of_their_own() {
    let stat = json!({"Namespace": null, "Metrics": [{"MetricStat": {"Metric": {"Namespace": "AWS/RDS"}}}, {"Expression": "m1 / 2"}]});
    assert_eq!(missing(&alarmed(stat)), json!(["AWS/DynamoDB"]));
    for (query, expected) in [
        ("SELECT MAX(CPUUtilization) FROM SCHEMA(\"AWS/RDS\", DBInstanceIdentifier)", json!(["AWS/DynamoDB"])),
        ("SELECT SUM(Errors) FROM \"AWS/DynamoDB\"", json!(["AWS/RDS"])),
        ("SELECT SUM(Errors) FROM \"AWS/RDSProxy\"", json!(["AWS/DynamoDB", "AWS/RDS"])),
    ] {
        assert_eq!(missing(&alarmed(json!({"Namespace": null, "Metrics": [{"Expression": query}]}))), expected, "{query}");
    }
}

#[test]
fn a_composite_alarm_counts_for_its_children() {
    let silent = || alarmed(json!({"AlarmActions": []}));
    for rule in ["ALARM(busy)", "ALARM(\"busy\")", "ALARM( \"arn:busy\" ) AND NOT ALARM(deploying)", "(OK(x) OR ALARM(busy))"] {
        assert_eq!(missing(&composite(silent(), "all", rule, json!(["topic"]))), json!(["AWS/RDS"]), "{rule}");
    }
    let both = json!(["AWS/DynamoDB", "AWS/RDS"]);
    for rule in ["OK(busy)", "ALARM(\"busy (old)\")", "TRUE", "ALARM("] {
        assert_eq!(missing(&composite(silent(), "all", rule, json!(["topic"]))), both, "{rule}");
    }
    assert_eq!(missing(&composite(silent(), "all", "ALARM(busy)", json!([]))), both);
}

#[test]
fn composite_alarms_nest_and_may_go_round() {
    let world = composite(alarmed(json!({"ActionsEnabled": false})), "inner", "ALARM(busy) OR ALARM(outer)", json!([]));
    assert_eq!(missing(&composite(world, "outer", "ALARM(inner)", json!(["topic"]))), json!(["AWS/RDS"]));
}

#[test]
fn that_no_alarm_watches_takes_the_whole_listing() {
    let gap = || json!({"gap": LISTING});
    assert_eq!(missing(&world().denied(LISTING)), gap());
    assert_eq!(missing(&world().not_called(LISTING)), gap());
    let mut broken_off = alarmed(json!({}));
    broken_off.0.gaps.push(Gap::new(LISTING, Reason::Throttled, ""));
    assert_eq!(missing(&broken_off), gap());
    // Of tables it is known that they have one.
    assert_eq!(missing(&broken_off.without("orders")), json!([]));
    assert_eq!(missing(&alarmed(json!({"ActionsEnabled": null}))), gap());
}

#[test]
fn a_service_that_lacks_one_decides_before_a_listing_of_databases() {
    let unlisted = "memorydb:DescribeClusters";
    assert_eq!(missing(&world().denied(unlisted)), json!(["AWS/DynamoDB", "AWS/RDS"]));
    let alarmed = alarmed(json!({})).without("orders").denied(unlisted);
    assert_eq!(alarmed.fact("alarms", "account"), json!({"used": true, "missing": {"gap": unlisted}}));
    assert_eq!(world().without("orders").without("carts").denied(unlisted).fact("alarms", "account")["used"], json!({"gap": unlisted}));
}
