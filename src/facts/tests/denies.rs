//! What the policies of resources deny everyone.

use serde_json::{Value, json};

use crate::facts::testing::World;
use crate::inventory::kinds;

const TABLE: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
const CLUSTER: &str = "arn:aws:dsql:us-east-1:111122223333:cluster/wallet";
const TABLE_POLICY: &str = "dynamodb:GetResourcePolicy";

fn world() -> World {
    let table =
        json!({"TableName": "orders", "GlobalSecondaryIndexes": [{"IndexName": "by-date"}], "LocalSecondaryIndexes": [{"IndexName": "by-size"}]});
    World::complete().with(kinds::DYNAMODB_TABLE, TABLE, table).with(kinds::DSQL_CLUSTER, CLUSTER, json!({"identifier": "wallet"}))
}

/// A policy that denies everyone all under a condition, but for the fields given.
fn deny(condition: Value, more: Value) -> Value {
    let mut statement = json!({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": condition});
    statement.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

/// `plain_http`, `outside_vpcs` and `other_endpoints` of the table under the policy.
fn of_table(policy: &Value) -> [Value; 3] {
    fields(&world().patch(TABLE, json!({"ResourcePolicy": policy.to_string()})), TABLE)
}

fn fields(world: &World, arn: &str) -> [Value; 3] {
    let denies = world.fact("denies", arn);
    ["plain_http", "outside_vpcs", "other_endpoints"].map(|field| denies[field].clone())
}

fn known(values: [bool; 3]) -> [Value; 3] {
    values.map(Value::Bool)
}

#[test]
fn each_condition_denies_where_it_holds() {
    for (condition, denied) in [
        (json!({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}), [true, true]),
        (json!({"StringNotEquals": {"aws:SourceVpc": ["vpc-1"]}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}), [true, true]),
        (json!({"StringNotEqualsIfExists": {"aws:VpceAccount": "111122223333"}}), [true, true]),
        (json!({"Null": {"aws:SourceVpce": "true"}}), [true, false]),
        (json!({"StringNotLike": {"aws:SourceVpce": "vpce-*"}}), [true, false]),
        (json!({"ForAnyValue:StringNotEquals": {"aws:SourceVpce": "vpce-1"}}), [false, true]),
        (json!({"Bool": {"aws:SecureTransport": "false"}}), [false, false]),
        (json!({}), [true, true]),
    ] {
        let [_, outside_vpcs, other_endpoints] = of_table(&deny(condition.clone(), json!({})));
        assert_eq!([outside_vpcs, other_endpoints], denied.map(Value::Bool), "{condition}");
    }
}

#[test]
fn plain_http_is_denied_whoever_speaks_it() {
    let plain_http = |condition: Value| of_table(&deny(condition, json!({})))[0].clone();
    assert_eq!(plain_http(json!({"Bool": {"aws:SecureTransport": "false"}})), true);
    assert_eq!(plain_http(json!({"BoolIfExists": {"aws:SecureTransport": false}})), true);
    assert_eq!(plain_http(json!({"Bool": {"aws:SecureTransport": "true"}})), false);
    assert_eq!(plain_http(json!({"NumericLessThan": {"s3:TlsVersion": "1.2"}})), json!({"gap": TABLE_POLICY}));
}

#[test]
fn an_allow_denies_nothing() {
    let allow = deny(json!({"StringEquals": {"aws:SourceVpce": "vpce-1"}}), json!({"Effect": "Allow"}));
    assert_eq!(of_table(&allow), known([false; 3]));
}

#[test]
fn every_action_on_the_table_and_its_indexes_has_to_be_denied() {
    let outside = |more: Value| of_table(&deny(json!({"Null": {"aws:SourceVpc": "true"}}), more))[1].clone();
    assert_eq!(outside(json!({"Action": "dynamodb:*", "Resource": [TABLE, format!("{TABLE}/index/*")]})), true);
    assert_eq!(outside(json!({"Resource": TABLE})), false);
    assert_eq!(outside(json!({"Resource": [TABLE, format!("{TABLE}/index/by-date")]})), false);
    assert_eq!(outside(json!({"Resource": format!("{TABLE}/*")})), false);
    assert_eq!(outside(json!({"Action": ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:PutItem"]})), false);
    assert_eq!(outside(json!({"Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}})), false);
    assert_eq!(outside(json!({"Principal": {"AWS": "111122223333"}})), json!({"gap": TABLE_POLICY}));
}

#[test]
fn both_ways_to_connect_have_to_be_denied() {
    let outside = |action: Value| {
        let policy = deny(json!({"Null": {"aws:SourceVpc": "true"}}), json!({"Action": action, "Resource": "*"}));
        fields(&world().patch(CLUSTER, json!({"policy": policy.to_string()})), CLUSTER)[1].clone()
    };
    assert_eq!(outside(json!(["dsql:DbConnect", "dsql:DbConnectAdmin"])), true);
    assert_eq!(outside(json!("dsql:DbConnect*")), true);
    assert_eq!(outside(json!("dsql:DbConnect")), false);
}

#[test]
fn no_policy_denies_nothing_where_that_is_known() {
    let unread = |operation: &str| vec![json!({"gap": operation}); 3];
    assert_eq!(fields(&world(), TABLE), known([false; 3]));
    assert_eq!(fields(&world(), CLUSTER), known([false; 3]));
    assert_eq!(fields(&world().denied(TABLE_POLICY), TABLE).to_vec(), unread(TABLE_POLICY));
    assert_eq!(fields(&world().not_called("dsql:GetClusterPolicy"), CLUSTER).to_vec(), unread("dsql:GetClusterPolicy"));
    assert_eq!(of_table(&json!("no policy")).to_vec(), unread(TABLE_POLICY));
}

#[test]
fn indexes_that_could_not_be_read_leave_open_what_is_denied() {
    let of = |policy: Value| fields(&world().patch(TABLE, json!({"ResourcePolicy": policy.to_string()})).denied("dynamodb:DescribeTable"), TABLE);
    let everything = of(deny(json!({"Null": {"aws:SourceVpc": "true"}}), json!({})));
    assert_eq!(everything[1], json!({"gap": "dynamodb:DescribeTable"}));
    // What is not denied on the table needs no look at the indexes.
    assert_eq!(everything[2], false);
}
