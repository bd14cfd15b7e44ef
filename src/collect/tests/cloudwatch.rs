//! CloudWatch answers in CBOR, in pages.

use serde_json::{Value, json};

use super::cbor::cbor;
use super::replay::Replay;
use crate::inventory::{Scope, kinds};

const NEEDS: [&str; 2] = ["rds:DescribeDBInstances", "cloudwatch:GetMetricData"];
const METRICS: [&str; 1] = ["/operation/GetMetricData"];

fn instances() -> Replay {
    let instance = |name: &str, engine: &str| {
        format!(
            "<DBInstance><DBInstanceIdentifier>{name}</DBInstanceIdentifier><Engine>{engine}</Engine>\
             <DBInstanceArn>arn:aws:rds:us-east-1:111122223333:db:{name}</DBInstanceArn></DBInstance>"
        )
    };
    let listed = instance("orders", "postgres") + &instance("sessions", "docdb");
    let body = format!(
        "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances>{listed}</DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>"
    );
    Replay::default().on(&["Action=DescribeDBInstances"], body)
}

fn result(id: &str, status: &str, values: &[f64]) -> Value {
    let times: Vec<_> = (0..values.len()).map(|hour| json!({"@time": 1_795_334_400 - 3_600 * hour})).collect();
    json!({"Id": id, "Label": "l", "StatusCode": status, "Timestamps": times, "Values": values})
}

fn metric<'s>(scope: &'s Scope, name: &str) -> (Value, &'s [crate::inventory::FieldGap]) {
    let named = |data: &Value| data["MetricName"] == name;
    let found = scope.resources.iter().filter(|resource| resource.kind == kinds::METRIC);
    let found: Vec<_> = found.map(|resource| (resource.data::<Value>().unwrap(), resource.gaps.as_slice())).filter(|(data, _)| named(data)).collect();
    let [one] = <[_; 1]>::try_from(found).unwrap();
    one
}

#[tokio::test]
async fn values_of_several_pages_are_joined_and_documentdb_is_not_asked_for() {
    let first = json!({"NextToken": "second", "MetricDataResults": [
        result("m0", "PartialData", &[20.5, 3.25]), result("m1", "Complete", &[400.5]), result("m2", "InternalError", &[])]});
    let second = json!({"MetricDataResults": [result("m0", "Complete", &[1.5])]});
    let wire = instances().on(&METRICS, cbor(&first)).on(&["/operation/GetMetricData", "second"], cbor(&second));
    let scope = wire.collect(&NEEDS).await;
    assert_eq!(scope.gaps, []);
    let (cpu, gaps) = metric(&scope, "CPUUtilization");
    assert_eq!(cpu["Values"], json!([20.5, 3.25, 1.5]));
    assert_eq!(
        (&cpu["Database"], &cpu["Stat"], &cpu["Period"]),
        (&json!("arn:aws:rds:us-east-1:111122223333:db:orders"), &json!("Average"), &json!(3600))
    );
    assert_eq!(gaps, []);
    assert_eq!(metric(&scope, "ReadIOPS").0["Timestamps"], json!(["2026-11-22T08:00:00Z"]));
    // CloudWatch failed to read this one.
    assert_eq!(metric(&scope, "WriteIOPS").1[0].fields, ["Values", "Timestamps"]);
    assert_eq!(wire.count(&METRICS), 2);
    assert_eq!(wire.count(&["/operation/GetMetricData", "sessions"]), 0);
}

#[tokio::test]
async fn a_denial_is_a_gap_and_nothing_is_asked_where_no_rule_wants_it() {
    let denied = cbor(&json!({"__type": "com.amazonaws.cloudwatch#AccessDeniedException", "message": "no"}));
    let wire = instances().fail(&METRICS, 403, denied);
    let scope = wire.collect(&NEEDS).await;
    assert_eq!(
        scope.gaps.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["cloudwatch:GetMetricData: access-denied: AccessDeniedException: no"]
    );
    wire.collect(&NEEDS[..1]).await;
    assert_eq!(wire.count(&METRICS), 1);
}
