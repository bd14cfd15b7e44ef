//! Recorders of AWS Config.

use serde_json::{Value, json};

use super::replay::Replay;
use crate::inventory::{Scope, kinds};

const STATUS: &str = "config:DescribeConfigurationRecorderStatus";
const OPERATIONS: [&str; 3] = ["config:DescribeConfigurationRecorders", STATUS, "dynamodb:ListTables"];
const DENIED: &str = r#"{"__type":"AccessDeniedException","message":"no"}"#;

fn wire(tables: &str) -> Replay {
    let group = r#"{"allSupported":false,"resourceTypes":[],"exclusionByResourceTypes":{"resourceTypes":["AWS::DynamoDB::Table"]},
        "recordingStrategy":{"useOnly":"EXCLUSION_BY_RESOURCE_TYPES"}}"#;
    Replay::default()
        .on(&[".ListTables"], format!(r#"{{"TableNames":{tables}}}"#))
        .on(
            &[".DescribeConfigurationRecorders"],
            format!(r#"{{"ConfigurationRecorders":[{{"name":"default","roleARN":"r","recordingGroup":{group}}}]}}"#),
        )
        .on(&[".DescribeConfigurationRecorderStatus"], r#"{"ConfigurationRecordersStatus":[{"name":"default","recording":true}]}"#)
}

fn recorder(scope: &Scope) -> &crate::inventory::Resource {
    scope.resources.iter().find(|resource| resource.kind == kinds::CONFIGURATION_RECORDER).unwrap()
}

#[tokio::test]
async fn a_recorder_has_its_group_and_its_status() {
    let wire = wire(r#"["carts"]"#);
    let scope = wire.collect(&OPERATIONS).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    let data = recorder(&scope).data::<Value>().unwrap();
    assert_eq!(
        (&data["recording"], &data["recordingGroup"]["recordingStrategy"]),
        (&json!(true), &json!({"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"}))
    );
    assert_eq!(data["recordingGroup"]["exclusionByResourceTypes"], json!({"resourceTypes": ["AWS::DynamoDB::Table"]}));
    assert_eq!(wire.count(&["StarlingDoveService"]), 2);
}

#[tokio::test]
async fn a_denied_status_is_a_gap_and_without_databases_nothing_is_asked() {
    let scope = wire(r#"["carts"]"#).fail(&[".DescribeConfigurationRecorderStatus"], 400, DENIED).collect(&OPERATIONS).await;
    assert_eq!(recorder(&scope).gap_of("recording").unwrap().operation, STATUS);
    let unlisted = wire(r#"["carts"]"#).fail(&[".DescribeConfigurationRecorders"], 400, DENIED).collect(&OPERATIONS).await;
    assert!(unlisted.gap_of("config:DescribeConfigurationRecorders").is_some());
    let empty = wire("[]");
    let scope = empty.collect(&OPERATIONS).await;
    assert_eq!(empty.count(&["StarlingDoveService"]), 0);
    assert!(scope.gap_of(STATUS).is_none());
}
