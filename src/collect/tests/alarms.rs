//! CloudWatch alarms on the wire.

use serde_json::{Value, json};

use super::cbor::cbor;
use super::replay::Replay;
use crate::inventory::kinds;

const OPERATIONS: [&str; 2] = ["dynamodb:ListTables", "cloudwatch:DescribeAlarms"];
const ALARMS: &str = "/operation/DescribeAlarms";

fn region(tables: &[&str]) -> Replay {
    Replay::default().on(&["ListTables"], json!({"TableNames": tables}).to_string())
}

fn alarm(name: &str, fields: &Value) -> Value {
    let mut alarm = json!({"AlarmName": name, "AlarmArn": format!("arn:aws:cloudwatch:us-east-1:111122223333:alarm:{name}"), "ActionsEnabled": true, "AlarmActions": ["arn:topic"]});
    alarm.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    alarm
}

#[tokio::test]
async fn alarms_on_databases_are_kept_of_all_pages_and_those_on_others_are_not() {
    let metric = |namespace: &str| json!([{"Id": "m1", "MetricStat": {"Metric": {"Namespace": namespace, "MetricName": "Reads"}, "Period": 60, "Stat": "Sum"}}, {"Id": "e1", "Expression": "m1 * 2"}]);
    let first = json!({"NextToken": "two", "MetricAlarms": [
        alarm("plain", &json!({"Namespace": "AWS/DynamoDB"})), alarm("servers", &json!({"Namespace": "AWS/EC2"})),
        alarm("mathematics", &json!({"Metrics": metric("AWS/DynamoDB")})), alarm("of servers", &json!({"Metrics": metric("AWS/EC2")}))]});
    let insights = json!({"Metrics": [{"Id": "q1", "Expression": "SELECT MAX(CPUUtilization) FROM SCHEMA(\"AWS/RDS\", DBInstanceIdentifier)"}]});
    let second = json!({"MetricAlarms": [alarm("query", &insights)], "CompositeAlarms": [alarm("all", &json!({"AlarmRule": "ALARM(plain)"}))]});
    let wire = region(&["carts"]).on(&[ALARMS], cbor(&first)).on(&[ALARMS, "two"], cbor(&second));
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(scope.gaps, []);
    let named: Vec<_> = scope.resources.iter().filter(|resource| resource.arn.contains(":alarm:")).collect();
    let names: Vec<_> = named.iter().map(|alarm| (alarm.kind, alarm.arn.rsplit(':').next().unwrap())).collect();
    let [metric, composite] = [kinds::METRIC_ALARM, kinds::COMPOSITE_ALARM];
    assert_eq!(names, [(metric, "mathematics"), (metric, "plain"), (metric, "query"), (composite, "all")]);
    assert_eq!(wire.count(&[ALARMS, "MetricAlarm", "CompositeAlarm"]), 2);
}

#[tokio::test]
async fn what_came_before_a_failure_stays() {
    let first = json!({"NextToken": "two", "MetricAlarms": [alarm("plain", &json!({"Namespace": "AWS/DynamoDB"}))]});
    let denied = cbor(&json!({"__type": "com.amazonaws.cloudwatch#AccessDeniedException", "message": "no"}));
    let wire = region(&["carts"]).on(&[ALARMS], cbor(&first)).fail(&[ALARMS, "two"], 403, denied);
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(scope.gaps.iter().map(|gap| gap.operation.as_str()).collect::<Vec<_>>(), ["cloudwatch:DescribeAlarms"]);
    assert_eq!(scope.resources.iter().filter(|resource| resource.kind == kinds::METRIC_ALARM).count(), 1);
}

#[tokio::test]
async fn without_databases_nothing_is_asked() {
    let wire = region(&[]);
    let scope = wire.collect(&OPERATIONS).await;
    assert!(scope.is_complete() && scope.gap_of("cloudwatch:DescribeAlarms").is_none());
    assert_eq!(wire.count(&[ALARMS]), 0);
}
