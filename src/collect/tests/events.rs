//! Event subscriptions and their topics on the wire.

use super::replay::Replay;
use crate::inventory::{Scope, kinds};

const OPERATIONS: [&str; 2] = ["rds:DescribeEventSubscriptions", "sns:GetTopicAttributes"];
const DENIED: &str = "<ErrorResponse><Error><Code>AuthorizationError</Code><Message>no</Message></Error></ErrorResponse>";
const NOT_FOUND: &str = "<ErrorResponse><Error><Code>NotFound</Code><Message>Topic does not exist</Message></Error></ErrorResponse>";

fn subscription(name: &str, topic: &str, fields: &str) -> String {
    format!(
        "<EventSubscription><CustSubscriptionId>{name}</CustSubscriptionId><SnsTopicArn>{topic}</SnsTopicArn><Status>active</Status><Enabled>true</Enabled>\
         <EventSubscriptionArn>arn:aws:rds:us-east-1:111122223333:es:{name}</EventSubscriptionArn>{fields}</EventSubscription>"
    )
}

fn page(marker: &str, subscriptions: &str) -> String {
    format!(
        "<DescribeEventSubscriptionsResponse><DescribeEventSubscriptionsResult>{marker}<EventSubscriptionsList>{subscriptions}</EventSubscriptionsList>\
         </DescribeEventSubscriptionsResult></DescribeEventSubscriptionsResponse>"
    )
}

fn attributes(confirmed: &str) -> String {
    format!(
        "<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes><entry><key>Owner</key><value>111122223333</value></entry>{confirmed}\
         <entry><key>Policy</key><value>{{}}</value></entry></Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>"
    )
}

const CONFIRMED: &str = "<entry><key>SubscriptionsConfirmed</key><value>3</value></entry>";
const ALERTS: &str = "arn:aws:sns:us-east-1:111122223333:alerts";

fn data(scope: &Scope, arn: &str) -> serde_json::Value {
    scope.resources.iter().find(|resource| resource.arn == arn).unwrap().data().unwrap()
}

#[tokio::test]
async fn subscriptions_of_all_pages_come_with_each_topic_once() {
    let narrow = "<SourceType>db-instance</SourceType><SourceIdsList><SourceId>orders</SourceId></SourceIdsList>\
        <EventCategoriesList><EventCategory>configuration change</EventCategory></EventCategoriesList>";
    let wire = Replay::default()
        .on(&["Action=DescribeEventSubscriptions"], page("<Marker>second</Marker>", &subscription("narrow", ALERTS, narrow)))
        .on(&["Action=DescribeEventSubscriptions", "Marker=second"], page("", &subscription("wide", ALERTS, "")))
        .on(&["Action=GetTopicAttributes"], attributes(CONFIRMED));
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(
        data(&scope, "arn:aws:rds:us-east-1:111122223333:es:narrow"),
        serde_json::json!({"CustSubscriptionId": "narrow", "EventSubscriptionArn": "arn:aws:rds:us-east-1:111122223333:es:narrow", "SnsTopicArn": ALERTS,
            "Status": "active", "Enabled": true, "SourceType": "db-instance", "SourceIdsList": ["orders"], "EventCategoriesList": ["configuration change"]})
    );
    let wide = data(&scope, "arn:aws:rds:us-east-1:111122223333:es:wide");
    assert!(["SourceType", "SourceIdsList", "EventCategoriesList"].iter().all(|field| wide.get(field).is_none()), "{wide}");
    assert_eq!(data(&scope, ALERTS), serde_json::json!({"TopicArn": ALERTS, "SubscriptionsConfirmed": 3, "Policy": "{}"}));
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    assert_eq!((wire.count(&["Action=GetTopicAttributes"]), wire.count(&[".GetResources"])), (1, 0));
}

#[tokio::test]
async fn a_topic_is_asked_for_in_its_own_region() {
    let elsewhere = "arn:aws:sns:eu-west-1:444455556666:alerts";
    let wire = Replay::default()
        .on(&["Action=DescribeEventSubscriptions"], page("", &subscription("far", elsewhere, "")))
        .on(&["Action=GetTopicAttributes", "sns.eu-west-1"], attributes(""));
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(data(&scope, elsewhere), serde_json::json!({"TopicArn": elsewhere, "Policy": "{}"}));
}

#[tokio::test]
async fn a_topic_that_does_not_exist_is_left_out_and_one_that_is_not_ours_to_see_is_a_gap() {
    let foreign = "arn:aws:sns:us-east-1:444455556666:alerts";
    let both = subscription("gone", ALERTS, "") + &subscription("foreign", foreign, "");
    let wire = Replay::default()
        .on(&["Action=DescribeEventSubscriptions"], page("", &both))
        .fail(&["Action=GetTopicAttributes", "111122223333"], 404, NOT_FOUND)
        .fail(&["Action=GetTopicAttributes", "444455556666"], 403, DENIED);
    let scope = wire.collect(&OPERATIONS).await;
    let topics: Vec<_> = scope.resources.iter().filter(|resource| resource.kind == kinds::TOPIC).collect();
    assert_eq!(topics.iter().map(|topic| topic.arn.as_str()).collect::<Vec<_>>(), [foreign]);
    assert_eq!(topics[0].gap_of("Policy").unwrap().to_string(), "sns:GetTopicAttributes: access-denied: AuthorizationError: no");
    assert_eq!(topics[0].gap_of("Policy"), topics[0].gap_of("SubscriptionsConfirmed"));
    assert!(scope.gap_of("sns:GetTopicAttributes").is_none() && scope.gaps.is_empty());
}

#[tokio::test]
async fn without_subscriptions_one_call_and_without_permission_a_gap() {
    let wire = Replay::default().on(&["Action=DescribeEventSubscriptions"], page("", ""));
    let scope = wire.collect(&OPERATIONS).await;
    assert!(scope.is_complete() && scope.gap_of("sns:GetTopicAttributes").is_none());
    assert_eq!(wire.count(&[]), 1);

    let wire = Replay::default().fail(&["Action=DescribeEventSubscriptions"], 403, DENIED);
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(
        scope.gaps.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["rds:DescribeEventSubscriptions: access-denied: AuthorizationError: no"]
    );
}

#[tokio::test]
async fn a_page_of_what_stands_before_the_service_is_told_by_its_status() {
    for page in ["<html><body>busy", "<html><body>busy</body></html>", "busy"] {
        let wire = Replay::default().fail(&["Action=DescribeEventSubscriptions"], 503, page);
        let gap = wire.collect(&OPERATIONS[..1]).await.gaps[0].to_string();
        assert!(gap.starts_with("rds:DescribeEventSubscriptions: failed: HTTP status 503: "), "{gap}");
    }
}
