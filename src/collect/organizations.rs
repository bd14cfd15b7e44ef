//! The organization that the account is in, which every account in it may ask.

use std::collections::BTreeMap;

use aws_sdk_organizations::Client;

use super::ask::Ask;
use crate::inventory::kinds;
use crate::inventory::organizations::Organization;
use crate::inventory::shape::FromSdk;

/// Collects it, if there is one.
pub async fn collect(ask: &Ask<'_>, client: &Client) {
    let answer = ask.one("organizations:DescribeOrganization", client.describe_organization().send()).await;
    if let Some(organization) = answer.map(|answer| answer.organization.map(Organization::from_sdk).unwrap_or_default()) {
        ask.add(kinds::ORGANIZATION, organization.Arn.as_deref(), BTreeMap::new(), &organization, Vec::new());
    }
}
