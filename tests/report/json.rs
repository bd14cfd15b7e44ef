use dbmoat::report::{Format, json};
use serde_json::{Value, json};

use crate::{support, written};

#[test]
fn the_document_has_exactly_this_shape() {
    let rule = support::rule("b-encrypted", dbmoat::engine::Severity::High);
    let report = support::report(
        vec![support::failure(&rule, support::instance("orders"))],
        vec![support::scope(support::ACCOUNT, support::REGION, 1, vec![support::denied("rds:DescribeDBProxies")])],
        vec![rule],
    );
    let expected = r#"{
  "schema": 1,
  "tool": {
    "name": "dbmoat",
    "version": "0.1.0"
  },
  "collected_at": "2026-11-22T09:00:00Z",
  "verdict": {
    "exit_code": 1,
    "reason": "1 finding at or over high",
    "fail_on": "high"
  },
  "summary": {
    "resources": 1,
    "rules": 1,
    "fail": {
      "critical": 0,
      "high": 1,
      "medium": 0,
      "low": 0
    },
    "pass": 5,
    "not_assessed": 0,
    "carried_over": 0,
    "waived": 0
  },
  "coverage": [
    {
      "account": "111111111111",
      "region": "us-east-1",
      "reached": true,
      "complete": false,
      "resources": 1,
      "gaps": [
        {
          "operation": "rds:DescribeDBProxies",
          "reason": "access-denied",
          "message": "not authorized to perform this operation"
        }
      ]
    }
  ],
  "rules": [
    "b-encrypted"
  ],
  "findings": [
    {
      "rule": "b-encrypted",
      "title": "DB instance obeys b-encrypted",
      "severity": "high",
      "topic": "backup",
      "outcome": "fail",
      "resource": {
        "arn": "arn:aws:rds:us-east-1:111111111111:db:orders",
        "kind": "AWS::RDS::DBInstance",
        "name": "orders",
        "account": "111111111111",
        "region": "us-east-1",
        "tags": {}
      },
      "message": "orders breaks b-encrypted",
      "evidence": {
        "params.min_days": 7,
        "resource.BackupRetentionPeriod": 3
      },
      "gaps": [],
      "fingerprint": "FINGERPRINT",
      "controls": {
        "aws-fsbp": [
          "RDS.11"
        ],
        "nist-800-53-r5": [
          "AU-1",
          "AU-2",
          "AU-3",
          "AU-4",
          "AU-5",
          "AU-6",
          "AU-7",
          "AU-8",
          "AU-9",
          "AU-10"
        ]
      },
      "remediation": {
        "text": "Raise the retention period to 7 days.",
        "cli": "aws rds modify-db-instance --db-instance-identifier orders --apply-immediately",
        "terraform": "backup_retention_period = 7"
      },
      "references": [
        "https://docs.aws.amazon.com/rds"
      ]
    }
  ]
}
"#;
    assert_eq!(written(Format::Json, &report), expected.replace("FINGERPRINT", &report.findings.iter().next().unwrap().unwrap().fingerprint));
}

#[test]
fn the_document_obeys_its_schema_and_the_schema_refuses_others() {
    let schema = json::schema().to_value();
    for report in [support::small(), support::clean(), support::empty()] {
        let document = serde_json::from_str(&written(Format::Json, &report)).unwrap();
        assert_eq!(support::schema::errors(&schema, &document), Vec::<String>::new());
    }
    let mut document: Value = serde_json::from_str(&written(Format::Json, &support::small())).unwrap();
    document["findings"][0]["severity"] = json!("bad");
    assert!(!support::schema::errors(&schema, &document).is_empty());
    document["findings"][0].as_object_mut().unwrap().remove("severity");
    assert!(!support::schema::errors(&schema, &document).is_empty());
}

#[test]
fn json_lines_are_the_head_and_then_the_findings_of_the_document() {
    let report = support::small();
    let mut document: Value = serde_json::from_str(&written(Format::Json, &report)).unwrap();
    let findings = document.as_object_mut().unwrap().remove("findings").unwrap();
    let lines: Vec<Value> = written(Format::Jsonl, &report).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0], document);
    assert_eq!(Value::from(lines[1..].to_vec()), findings);
}
