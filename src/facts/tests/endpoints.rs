//! The VPC endpoints to the services of databases that are in no VPC.

use serde_json::{Value, json};

use crate::facts::testing::World;
use crate::inventory::kinds;

const OPERATION: &str = "ec2:DescribeVpcEndpoints";
const TABLE: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
const FULL_ACCESS: &str = r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#;

fn world() -> World {
    World::complete().with(kinds::DYNAMODB_TABLE, TABLE, json!({"TableName": "orders"})).with(
        kinds::VPC_ENDPOINT,
        "vpce-1",
        json!({"VpcEndpointId": "vpce-1", "VpcEndpointType": "Gateway", "VpcId": "vpc-1", "ServiceName": "com.amazonaws.us-east-1.dynamodb",
            "State": "available", "PolicyDocument": FULL_ACCESS, "RouteTableIds": ["rtb-1"], "PrivateDnsEnabled": false}),
    )
}

fn endpoint(world: &World) -> Value {
    world.fact("vpc_endpoints", TABLE)[0].clone()
}

#[test]
fn an_endpoint_says_what_it_is() {
    let expected = json!({"id": "vpce-1", "service_name": "com.amazonaws.us-east-1.dynamodb", "vpc_id": "vpc-1", "endpoint_type": "Gateway",
        "in_use": true, "policy_restricted": false});
    assert_eq!(endpoint(&world()), expected);
}

#[test]
fn only_available_endpoints_of_the_service_count() {
    for change in [
        json!({"ServiceName": "com.amazonaws.us-east-1.s3"}),
        json!({"ServiceName": "com.amazonaws.us-east-1.dynamodb-streams"}),
        json!({"ServiceName": "com.amazonaws.eu-west-1.dynamodb"}),
        json!({"State": "pendingAcceptance"}),
    ] {
        assert_eq!(world().patch("vpce-1", change.clone()).fact("vpc_endpoints", TABLE), json!([]), "{change}");
    }
    for name in ["com.amazonaws.us-east-1.dynamodb-fips", "cn.com.amazonaws.us-east-1.dynamodb"] {
        assert_eq!(endpoint(&world().patch("vpce-1", json!({"ServiceName": name})))["service_name"], name);
    }
    assert_eq!(endpoint(&world().patch("vpce-1", json!({"State": "Available"})))["id"], "vpce-1");
}

#[test]
fn a_gateway_is_used_by_route_tables_and_an_interface_by_name() {
    let interface = json!({"VpcEndpointType": "Interface", "RouteTableIds": []});
    assert_eq!(endpoint(&world().patch("vpce-1", json!({"RouteTableIds": []})))["in_use"], false);
    assert_eq!(endpoint(&world().patch("vpce-1", interface.clone()))["in_use"], false);
    assert_eq!(endpoint(&world().patch("vpce-1", interface).patch("vpce-1", json!({"PrivateDnsEnabled": true})))["in_use"], true);
    assert_eq!(endpoint(&world().patch("vpce-1", json!({"RouteTableIds": null})))["in_use"], json!({"gap": OPERATION}));
}

/// What is said of an endpoint with these statements.
fn restricted(statements: Value) -> Value {
    let document = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    endpoint(&world().patch("vpce-1", json!({"PolicyDocument": document})))["policy_restricted"].clone()
}

fn allow(more: Value) -> Value {
    merged(json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}), more)
}

fn deny(condition: Value) -> Value {
    merged(json!({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}), json!({"Condition": condition}))
}

fn merged(mut statement: Value, more: Value) -> Value {
    statement.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    statement
}

#[test]
fn what_lets_strangers_to_their_own_tables_does_not_restrict() {
    for statements in [
        allow(json!({})),
        allow(json!({"Principal": {"AWS": "*"}, "Action": "dynamodb:Put*"})),
        allow(json!({"Resource": "arn:aws:dynamodb:us-east-1:*:table/*"})),
        allow(json!({"Resource": ["arn:aws:dynamodb:us-east-1:111122223333:table/orders", "*"]})),
        allow(json!({"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}})),
        allow(json!({"Condition": {"StringEqualsIfExists": {"aws:ResourceOrgID": "o-abc"}}})),
        allow(json!({"Condition": {"Null": {"aws:PrincipalOrgID": "false"}}})),
        allow(json!({"Condition": {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}})),
        json!([allow(json!({"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-abc"}}})), allow(json!({}))]),
        json!([allow(json!({})), deny(json!({"Bool": {"aws:SecureTransport": "false"}}))]),
        json!([allow(json!({})), {"Effect": "Deny", "Principal": "*", "Action": "dynamodb:PutItem", "Resource": "*"}]),
        json!([allow(json!({})), {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "arn:aws:dynamodb:us-east-1:111122223333:table/orders"}]),
    ] {
        assert_eq!(restricted(statements.clone()), false, "{statements}");
    }
}

#[test]
fn what_keeps_to_known_accounts_restricts() {
    for statements in [
        allow(json!({"Resource": "arn:aws:dynamodb:*:111122223333:table/*"})),
        allow(json!({"Principal": {"AWS": "arn:aws:iam::111122223333:root"}})),
        allow(json!({"Action": "dynamodb:DescribeTable"})),
        allow(json!({"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-abc"}}})),
        allow(json!({"Condition": {"StringEquals": {"aws:ResourceAccount": ["111122223333", "444455556666"]}}})),
        allow(json!({"Condition": {"StringEquals": {"AWS:ResourceOrgId": "o-abc"}, "Bool": {"aws:SecureTransport": "true"}}})),
        json!([allow(json!({})), deny(json!({"StringNotEquals": {"aws:PrincipalOrgID": "o-abc"}}))]),
        json!([allow(json!({})), deny(json!({"StringNotEqualsIfExists": {"aws:ResourceAccount": "111122223333"}}))]),
        json!([
            allow(json!({})),
            deny(json!({"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-abc"}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}))
        ]),
        json!([allow(json!({})), {"Effect": "Deny", "Principal": "*", "Action": "dynamodb:*", "NotResource": "arn:aws:dynamodb:*:111122223333:*"}]),
    ] {
        assert_eq!(restricted(statements.clone()), true, "{statements}");
    }
}

#[test]
fn a_policy_that_depends_on_the_request_or_is_unread_is_a_gap() {
    assert_eq!(restricted(allow(json!({"Condition": {"StringEquals": {"aws:PrincipalTag/team": "orders"}}}))), json!({"gap": OPERATION}));
    assert_eq!(
        restricted(json!([allow(json!({})), deny(json!({"StringNotEquals": {"aws:PrincipalTag/team": "orders"}}))])),
        json!({"gap": OPERATION})
    );
    for unreadable in [json!(null), json!("{")] {
        assert_eq!(endpoint(&world().patch("vpce-1", json!({"PolicyDocument": unreadable})))["policy_restricted"], json!({"gap": OPERATION}));
    }
}

#[test]
fn that_there_is_none_takes_the_listing() {
    let gap = json!({"gap": OPERATION});
    assert_eq!(world().without("vpce-1").fact("vpc_endpoints", TABLE), json!([]));
    assert_eq!(world().denied(OPERATION).fact("vpc_endpoints", TABLE), gap);
    assert_eq!(world().not_called(OPERATION).fact("vpc_endpoints", TABLE), gap);
    assert_eq!(world().patch("vpce-1", json!({"ServiceName": null})).fact("vpc_endpoints", TABLE), gap);
}

#[test]
fn services_of_several_names_count() {
    let cases = [
        (
            kinds::KEYSPACES_TABLE,
            "arn:aws:cassandra:us-east-1:111122223333:/keyspace/shop/table/orders",
            ["cassandra", "cassandra-fips"],
            "cassandra.other",
        ),
        (
            kinds::TIMESTREAM_TABLE,
            "arn:aws:timestream:us-east-1:111122223333:database/metrics/table/hosts",
            ["timestream.ingest-cell1", "timestream.query-cell2"],
            "timestream-influxdb",
        ),
        (kinds::DSQL_CLUSTER, "arn:aws:dsql:us-east-1:111122223333:cluster/wallet", ["dsql-fnh4", "dsql-abcd"], "dsql"),
    ];
    for (kind, arn, services, other) in cases {
        let world = world().with(kind, arn, json!({}));
        let serving = |service: &str, policy: &str| {
            let change = json!({"ServiceName": format!("com.amazonaws.us-east-1.{service}"), "PolicyDocument": policy});
            world.clone().patch("vpce-1", change).fact("vpc_endpoints", arn)
        };
        for service in services {
            assert_eq!(serving(service, FULL_ACCESS)[0]["policy_restricted"], false, "{service}");
            let own = r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}}]}"#;
            assert_eq!(serving(service, own)[0]["policy_restricted"], true, "{service}");
        }
        assert_eq!(serving(other, FULL_ACCESS), json!([]), "{other}");
    }
}
