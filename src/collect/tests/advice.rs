//! Zero-ETL integrations and recommendations on the wire.

use super::replay::Replay;
use crate::inventory::{Kind, Resource, Scope, kinds};

const OPERATIONS: [&str; 3] = ["rds:DescribeDBInstances", "rds:DescribeIntegrations", "rds:DescribeDBRecommendations"];
const DENIED: &str = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
const INSTANCE: &str = "<DBInstance><DBInstanceIdentifier>orders</DBInstanceIdentifier><Engine>postgres</Engine>\
    <DBInstanceArn>arn:aws:rds:us-east-1:111122223333:db:orders</DBInstanceArn></DBInstance>";

fn answer(operation: &str, body: &str) -> String {
    format!("<{operation}Response><{operation}Result>{body}</{operation}Result></{operation}Response>")
}

fn region(instances: &str) -> Replay {
    Replay::default().on(&["Action=DescribeDBInstances"], answer("DescribeDBInstances", &format!("<DBInstances>{instances}</DBInstances>")))
}

fn integration(name: &str, fields: &str) -> String {
    format!(
        "<Integration><IntegrationName>{name}</IntegrationName><IntegrationArn>arn:aws:rds:us-east-1:111122223333:integration:{name}</IntegrationArn>\
         <TargetArn>arn:aws:redshift:us-east-1:444455556666:namespace:n-1</TargetArn><Status>active</Status>{fields}</Integration>"
    )
}

fn recommendation(id: &str, severity: &str) -> String {
    format!("<member><RecommendationId>{id}</RecommendationId><Severity>{severity}</Severity><Status>active</Status></member>")
}

fn of_kind(scope: &Scope, kind: Kind) -> Vec<&Resource> {
    scope.resources.iter().filter(|resource| resource.kind == kind).collect()
}

#[tokio::test]
async fn both_come_in_pages() {
    let page = |marker: &str, integrations: &str| answer("DescribeIntegrations", &format!("{marker}<Integrations>{integrations}</Integrations>"));
    let with_key = "<KMSKeyId>key</KMSKeyId><Tags><Tag><Key>team</Key><Value>shop</Value></Tag></Tags>";
    let advice = |marker: &str, items: &str| answer("DescribeDBRecommendations", &format!("{marker}<DBRecommendations>{items}</DBRecommendations>"));
    let wire = region(INSTANCE)
        .on(&["Action=DescribeIntegrations"], page("<Marker>two</Marker>", &integration("a", with_key)))
        .on(&["Action=DescribeIntegrations", "Marker=two"], page("", &integration("b", "")))
        .on(&["Action=DescribeDBRecommendations", "status", "active"], advice("<Marker>two</Marker>", &recommendation("r1", "high")))
        .on(&["Action=DescribeDBRecommendations", "status", "active", "Marker=two"], advice("", &recommendation("r2", "low")));
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(scope.gaps, []);
    let integrations = of_kind(&scope, kinds::INTEGRATION);
    assert_eq!(integrations.iter().map(|found| found.tags.len()).collect::<Vec<_>>(), [1, 0]);
    let keys: Vec<_> = integrations.iter().map(|found| found.data::<serde_json::Value>().unwrap().get("KMSKeyId").is_some()).collect();
    assert_eq!(keys, [true, false]);
    let recommendations: Vec<_> = of_kind(&scope, kinds::DB_RECOMMENDATION).iter().map(|found| found.arn.clone()).collect();
    assert_eq!(recommendations, ["arn:aws:rds:us-east-1:111122223333:recommendation:r1", "arn:aws:rds:us-east-1:111122223333:recommendation:r2"]);
}

#[tokio::test]
async fn a_denied_listing_is_a_gap() {
    let wire = region(INSTANCE).fail(&["Action=DescribeIntegrations"], 403, DENIED).fail(&["Action=DescribeDBRecommendations"], 403, DENIED);
    let scope = wire.collect(&OPERATIONS).await;
    let gaps: Vec<_> = scope.gaps.iter().map(|gap| gap.operation.as_str()).collect();
    assert_eq!(gaps, ["rds:DescribeDBRecommendations", "rds:DescribeIntegrations"]);
}

#[tokio::test]
async fn without_databases_nothing_is_asked() {
    let wire = region("");
    let scope = wire.collect(&OPERATIONS).await;
    assert!(scope.is_complete() && scope.gap_of("rds:DescribeIntegrations").is_none());
    assert_eq!(wire.count(&["Action=DescribeIntegrations"]) + wire.count(&["Action=DescribeDBRecommendations"]), 0);
}
