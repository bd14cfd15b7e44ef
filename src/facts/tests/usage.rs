use serde_json::{Value, json};

use crate::facts::testing::World;
use crate::inventory::kinds;

fn metric(name: &str, values: Value) -> Value {
    json!({"Database": "db", "MetricName": name, "Namespace": "AWS/RDS", "Stat": "Average", "Period": 3600, "Values": values})
}

fn world() -> World {
    World::complete()
        .with(kinds::DB_INSTANCE, "db", json!({"DBInstanceIdentifier": "db"}))
        .with(kinds::METRIC, "cpu", metric("CPUUtilization", json!([20.0, 60.5, 3.0])))
        .with(kinds::METRIC, "reads", metric("ReadIOPS", json!([1.0, 400.0])))
        .with(kinds::METRIC, "writes", metric("WriteIOPS", json!([12.5, 2.0])))
}

#[test]
fn the_busiest_hour_and_the_last_one() {
    assert_eq!(world().fact("usage", "db"), json!({"hours": 3, "cpu_highest": 60.5, "cpu_latest": 20.0, "operations_highest": 412.5}));
}

#[test]
fn an_instance_that_did_not_run_has_no_usage() {
    let gap = json!({"gap": "cloudwatch:GetMetricData"});
    let usage = world().with(kinds::METRIC, "cpu", metric("CPUUtilization", json!([]))).fact("usage", "db");
    assert_eq!((&usage["hours"], &usage["cpu_highest"], &usage["cpu_latest"]), (&json!(0), &gap, &gap));
}

#[test]
fn what_was_not_read_is_not_idle() {
    let gap = json!({"gap": "cloudwatch:GetMetricData"});
    assert_eq!(world().without("writes").fact("usage", "db")["operations_highest"], gap);
    assert_eq!(world().unread("cpu", "Values", "cloudwatch:GetMetricData").fact("usage", "db")["cpu_highest"], gap);
    let denied = world().denied("cloudwatch:GetMetricData").fact("usage", "db");
    assert!(["hours", "cpu_highest", "cpu_latest", "operations_highest"].iter().all(|field| denied[field] == gap), "{denied}");
}
