//! Event subscriptions of the RDS API, and the SNS topics that they write to.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_sns::operation::get_topic_attributes::{GetTopicAttributesError, GetTopicAttributesOutput};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;

use super::Session;
use super::ask::{Ask, each, field_gap};
use super::failure::gap;
use super::tags;
use crate::inventory::events::{EventSubscription, Topic};
use crate::inventory::kinds;
use crate::inventory::shape::FromSdk;

/// Collects the subscriptions of a region and their topics.
pub async fn collect(ask: &Ask<'_>, session: &Session) {
    let client = &session.rds(ask.region());
    let pages = || client.describe_event_subscriptions().into_paginator().items().send();
    let found = ask.list("rds:DescribeEventSubscriptions", pages).await;
    let subscriptions: Vec<_> = found.into_iter().map(EventSubscription::from_sdk).collect();
    let topics: BTreeSet<_> = subscriptions.iter().filter_map(|subscription| subscription.SnsTopicArn.as_deref()).collect();
    let tagged = subscriptions.iter().map(|subscription| &subscription.EventSubscriptionArn);
    let (mut tags, ()) = tokio::join!(tags::of(ask, session, tagged), collect_topics(ask, session, topics));
    for subscription in &subscriptions {
        tags.add(ask, kinds::EVENT_SUBSCRIPTION, subscription.EventSubscriptionArn.as_deref(), subscription, Vec::new());
    }
}

/// Each topic is asked for in its own region. One that does not exist is left out.
async fn collect_topics(ask: &Ask<'_>, session: &Session, arns: BTreeSet<&str>) {
    if !ask.wants("sns:GetTopicAttributes") {
        return;
    }
    each(arns, async |arn: &str| {
        let region = arn.split(':').nth(3).filter(|region| !region.is_empty()).unwrap_or(ask.region());
        let answer = session.sns(region).get_topic_attributes().topic_arn(arn).send().await;
        add_topic(ask, arn, answer);
    })
    .await;
}

fn add_topic(ask: &Ask<'_>, arn: &str, answer: Result<GetTopicAttributesOutput, SdkError<GetTopicAttributesError, HttpResponse>>) {
    let mut topic = Topic { TopicArn: Some(arn.to_owned()), ..Topic::default() };
    let mut gaps = Vec::new();
    match answer {
        Ok(answer) => {
            let mut attributes = answer.attributes.unwrap_or_default();
            topic.SubscriptionsConfirmed = attributes.get("SubscriptionsConfirmed").and_then(|count| count.parse().ok());
            topic.Policy = attributes.remove("Policy");
        }
        Err(error) if error.as_service_error().is_some_and(GetTopicAttributesError::is_not_found_exception) => return,
        Err(error) => gaps.push(field_gap(&["SubscriptionsConfirmed", "Policy"], gap("sns:GetTopicAttributes", &error))),
    }
    ask.add(kinds::TOPIC, Some(arn), BTreeMap::new(), &topic, gaps);
}
