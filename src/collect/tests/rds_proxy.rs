//! RDS Proxy on the wire.

use super::replay::Replay;
use crate::inventory::{Resource, Scope, kinds};

const DENIED: &str = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
const OPERATIONS: [&str; 3] = ["rds:DescribeDBProxies", "rds:DescribeDBProxyEndpoints", "tag:GetResources"];

fn answer(operation: &str, result: &str) -> String {
    format!("<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>")
}

fn proxy(name: &str, fields: &str) -> String {
    format!(
        "<member><DBProxyName>{name}</DBProxyName><DBProxyArn>arn:aws:rds:us-east-1:111122223333:db-proxy:prx-{name}</DBProxyArn>\
         <EngineFamily>POSTGRESQL</EngineFamily>{fields}</member>"
    )
}

fn proxies(marker: &str, proxies: &str) -> String {
    answer("DescribeDBProxies", &format!("<DBProxies>{proxies}</DBProxies>{marker}"))
}

fn endpoint(name: &str) -> String {
    format!(
        "<member><DBProxyEndpointName>{name}</DBProxyEndpointName><DBProxyName>orders</DBProxyName><VpcId>vpc-2</VpcId>\
         <DBProxyEndpointArn>arn:aws:rds:us-east-1:111122223333:db-proxy-endpoint:prx-endpoint-{name}</DBProxyEndpointArn>\
         <VpcSecurityGroupIds><member>sg-2</member></VpcSecurityGroupIds><VpcSubnetIds><member>subnet-3</member></VpcSubnetIds>\
         <IsDefault>false</IsDefault></member>"
    )
}

fn wire() -> Replay {
    let whole = "<VpcId>vpc-1</VpcId><VpcSecurityGroupIds><member>sg-1</member></VpcSecurityGroupIds><VpcSubnetIds><member>subnet-1</member>\
        <member>subnet-2</member></VpcSubnetIds><RequireTLS>true</RequireTLS><DebugLogging>false</DebugLogging><Auth><member><AuthScheme>SECRETS</AuthScheme>\
        <SecretArn>arn:aws:secretsmanager:us-east-1:111122223333:secret:a</SecretArn><IAMAuth>REQUIRED</IAMAuth>\
        <ClientPasswordAuthType>POSTGRES_SCRAM_SHA_256</ClientPasswordAuthType></member></Auth><DefaultAuthScheme>NONE</DefaultAuthScheme>\
        <EndpointNetworkType>DUAL</EndpointNetworkType><RoleArn>arn:aws:iam::111122223333:role/proxy</RoleArn>";
    Replay::default()
        .on(&["Action=DescribeDBProxies"], proxies("<Marker>second</Marker>", &proxy("orders", whole)))
        .on(&["Action=DescribeDBProxies", "Marker=second"], proxies("", &proxy("bare", "<Auth/>")))
        .on(
            &["Action=DescribeDBProxyEndpoints"],
            answer("DescribeDBProxyEndpoints", &format!("<DBProxyEndpoints>{}</DBProxyEndpoints>", endpoint("reports"))),
        )
        .tagged(&["arn:aws:rds:us-east-1:111122223333:db-proxy:prx-bare"])
}

fn of<'s>(scope: &'s Scope, name: &str) -> &'s Resource {
    scope.resources.iter().find(|resource| resource.arn.ends_with(name)).unwrap()
}

fn data(scope: &Scope, name: &str) -> serde_json::Value {
    of(scope, name).data().unwrap()
}

#[tokio::test]
async fn proxies_of_all_pages_come_with_endpoints_and_tags() {
    let (wire, expected) = (
        wire(),
        serde_json::json!({
        "DBProxyName": "orders", "DBProxyArn": "arn:aws:rds:us-east-1:111122223333:db-proxy:prx-orders", "EngineFamily": "POSTGRESQL", "VpcId": "vpc-1",
        "VpcSubnetIds": ["subnet-1", "subnet-2"], "VpcSecurityGroupIds": ["sg-1"], "EndpointNetworkType": "DUAL", "DefaultAuthScheme": "NONE",
        "Auth": [{"SecretArn": "arn:aws:secretsmanager:us-east-1:111122223333:secret:a", "IAMAuth": "REQUIRED", "ClientPasswordAuthType": "POSTGRES_SCRAM_SHA_256"}],
        "RoleArn": "arn:aws:iam::111122223333:role/proxy", "RequireTLS": true, "DebugLogging": false}),
    );
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(data(&scope, "prx-orders"), expected);
    assert_eq!(data(&scope, "prx-bare")["Auth"], serde_json::json!([]));
    assert_eq!(data(&scope, "prx-endpoint-reports")["VpcSubnetIds"], serde_json::json!(["subnet-3"]));
    assert_eq!(of(&scope, "prx-endpoint-reports").kind, kinds::DB_PROXY_ENDPOINT);
    assert_eq!(of(&scope, "prx-bare").tags["team"], "shop");
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    assert_eq!(["Action=DescribeDBProxies", "Action=DescribeDBProxyEndpoints", ".GetResources"].map(|asked| wire.count(&[asked])), [2, 1, 1]);
}

#[tokio::test]
async fn their_networks_are_asked_for() {
    let wire = wire();
    let needs = ["rds:DescribeDBProxies", "rds:DescribeDBProxyEndpoints", "ec2:DescribeSecurityGroups", "ec2:DescribeVpcs"];
    wire.collect(&needs).await;
    assert_eq!(wire.count(&["Action=DescribeSecurityGroups", "sg-1", "sg-2"]), 1);
    assert_eq!(wire.count(&["Action=DescribeVpcs", "vpc-1", "vpc-2"]), 1);
}

#[tokio::test]
async fn a_region_without_proxies_costs_one_call_and_all_was_asked() {
    let wire = Replay::default().on(&["Action=DescribeDBProxies"], proxies("", ""));
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(wire.count(&[]), 1);
    assert!(scope.is_complete() && OPERATIONS.iter().all(|operation| scope.gap_of(operation).is_none()));
}

#[tokio::test]
async fn only_what_some_rule_reads_is_asked() {
    let wire = wire();
    wire.collect(&["rds:DescribeDBProxies"]).await;
    assert_eq!(wire.count(&[]), 2);
}

#[tokio::test]
async fn denials_are_gaps() {
    let untold = wire().fail(&[".GetResources", "prx-bare"], 400, r#"{"__type":"AccessDeniedException","message":"no"}"#);
    let wire = untold.fail(&["Action=DescribeDBProxyEndpoints", "Version"], 403, DENIED);
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(scope.gaps.iter().map(ToString::to_string).collect::<Vec<_>>(), ["rds:DescribeDBProxyEndpoints: access-denied: AccessDenied: no"]);
    let gaps: Vec<_> =
        scope.resources.iter().flat_map(|resource| &resource.gaps).map(|gap| format!("{} by {}", gap.fields.join(","), gap.gap.operation)).collect();
    assert_eq!(gaps, ["tags by tag:GetResources"; 2]);

    let wire = Replay::default().fail(&["Action=DescribeDBProxies"], 403, DENIED);
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(scope.gaps.iter().map(ToString::to_string).collect::<Vec<_>>(), ["rds:DescribeDBProxies: access-denied: AccessDenied: no"]);
    assert_eq!(wire.count(&[]), 1);
}
