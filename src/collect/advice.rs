//! Zero-ETL integrations and recommendations of the RDS API.

use std::collections::BTreeMap;

use aws_sdk_rds::Client;
use aws_sdk_rds::types::Filter;

use super::ask::Ask;
use super::rds::tags;
use crate::inventory::kinds;
use crate::inventory::rds::advice::{DBRecommendation, Integration};
use crate::inventory::shape::FromSdk;

/// Collects both in a region where there are databases of the API.
pub async fn collect(ask: &Ask<'_>, client: &Client, used: bool) {
    tokio::join!(integrations(ask, client, used), recommendations(ask, client, used));
}

async fn integrations(ask: &Ask<'_>, client: &Client, used: bool) {
    const OPERATION: &str = "rds:DescribeIntegrations";
    if !ask.wants(OPERATION) || !used {
        return;
    }
    for mut integration in ask.list(OPERATION, || client.describe_integrations().into_paginator().items().send()).await {
        let tags = tags(integration.tags.take());
        let integration = Integration::from_sdk(integration);
        ask.add(kinds::INTEGRATION, integration.IntegrationArn.as_deref(), tags, &integration, Vec::new());
    }
}

/// The active ones: others are being applied, were applied, or were dismissed.
async fn recommendations(ask: &Ask<'_>, client: &Client, used: bool) {
    const OPERATION: &str = "rds:DescribeDBRecommendations";
    if !ask.wants(OPERATION) || !used {
        return;
    }
    let active = Filter::builder().name("status").values("active").build();
    for recommendation in ask.list(OPERATION, || client.describe_db_recommendations().filters(active).into_paginator().items().send()).await {
        let recommendation = DBRecommendation::from_sdk(recommendation);
        let arn = recommendation.RecommendationId.as_deref().map(|id| ask.rds_arn("recommendation", id));
        ask.add(kinds::DB_RECOMMENDATION, arn.as_deref(), BTreeMap::new(), &recommendation, Vec::new());
    }
}
