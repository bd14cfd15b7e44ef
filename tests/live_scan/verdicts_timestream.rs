//! What each rule says of the databases, tables and InfluxDB instances that `tests/live/timestream.py` seeds.

use crate::emulator::Emulator;
use crate::program::names;
use crate::scan;

/// The resources that fail each rule; every other one that the rule applies to passes.
const FAILURES: &[(&str, &[&str])] = &[
    ("timestream-database-cmk", &["metrics-aws-key"]),
    ("timestream-table-retention", &["hosts-short"]),
    ("timestream-table-rejected-data-bucket-secure", &["hosts-rejected-open", "hosts-rejected-sse-s3"]),
    ("timestream-tagged", &["hosts-untagged", "metrics-untagged"]),
    ("timestream-influxdb-not-internet-reachable", &["influx-public"]),
    ("timestream-influxdb-not-public", &["influx-public", "influx-public-closed"]),
    ("timestream-influxdb-subnets-private", &["influx-public", "influx-public-closed"]),
    ("timestream-influxdb-security-group-restricted", &["influx-open-group", "influx-public"]),
    ("timestream-influxdb-multi-az", &["influx-single-zone"]),
    ("timestream-influxdb-log-delivery", &["influx-logs-off", "influx-no-logs"]),
    ("timestream-influxdb-tagged", &["influx-untagged"]),
];

#[test]
fn databases_tables_and_instances_fail_and_pass_as_they_were_seeded() {
    let emulator = Emulator::take();
    let report = scan(&emulator, &["--service", "timestream,timestream-influxdb"]).json();
    for (rule, expected) in FAILURES {
        assert_eq!(names(&report, rule, "fail"), *expected, "{rule}");
        assert_eq!(names(&report, rule, "not-assessed"), [""; 0], "{rule}");
        assert!(!names(&report, rule, "pass").is_empty(), "{rule} passes nowhere");
    }
    let rejecting = "timestream-table-rejected-data-bucket-secure";
    assert!(!names(&report, rejecting, "pass").contains(&"hosts-no-magnetic-writes"), "it rejects to no bucket");
}

#[test]
fn a_bucket_that_is_denied_leaves_open_what_it_lets_in() {
    let emulator = Emulator::take();
    emulator.order("deny", &serde_json::json!(["s3:GetBucketPublicAccessBlock"]));
    let rule = "timestream-table-rejected-data-bucket-secure";
    let report = scan(&emulator, &["--rule", rule]).json();
    // What is not encrypted with KMS fails whatever the bucket says.
    assert_eq!(names(&report, rule, "fail"), ["hosts-rejected-sse-s3"]);
    assert_eq!(names(&report, rule, "pass"), [""; 0]);
}
