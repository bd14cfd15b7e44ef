//! The organization that the account is in, which every account in it may ask, and the service control
//! policies over the account, which only the management account and delegated administrators may.
//!
//! What is attached to an organizational unit, and what a policy says, is asked once for all accounts.
//! A refusal is no gap but noted for what it is: a member account has nobody who could ask.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::future::Future;
use std::sync::Arc;

use aws_sdk_organizations::Client;
use aws_sdk_organizations::types::PolicyType;
use futures_util::future::try_join_all;
use tokio::sync::{Mutex, OnceCell};

use super::Session;
use super::ask::{Ask, drain, field_gap, map_each};
use super::failure::gap;
use crate::inventory::organizations::{AttachedPolicies, Organization, OrganizationAccount, Policy};
use crate::inventory::shape::FromSdk;
use crate::inventory::{Gap, Reason, kinds};

const LIST_PARENTS: &str = "organizations:ListParents";
const LIST_POLICIES: &str = "organizations:ListPoliciesForTarget";
const DESCRIBE_POLICY: &str = "organizations:DescribePolicy";

/// How an id of a root begins.
const ROOT: &str = "r-";

/// What the organization has said of its tree and its policies, by id.
#[derive(Default)]
pub struct Tree {
    parents: Once<String>,
    attached: Once<Vec<String>>,
    policies: Once<(String, Policy)>,
}

/// What came of a call, once it has come.
type Answer<T> = Arc<OnceCell<Result<T, Gap>>>;

/// Answers by what they are about, each asked for once.
struct Once<T>(Mutex<HashMap<String, Answer<T>>>);

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Once<T> {
    async fn get(&self, id: &str, answer: impl Future<Output = Result<T, Gap>>) -> Result<T, Gap> {
        let cell = Arc::clone(self.0.lock().await.entry(id.to_owned()).or_default());
        cell.get_or_init(|| answer).await.clone()
    }
}

/// Collects the organization, if there is one, and what is over the account.
pub async fn collect(ask: &Ask<'_>, session: &Session) {
    let client = session.organizations(&session.home());
    let answer = ask.one(kinds::ORGANIZATION.operations[0], client.describe_organization().send()).await;
    let is_wanted = [LIST_PARENTS, LIST_POLICIES, DESCRIBE_POLICY].map(|operation| ask.wants(operation)).iter().all(|wanted| *wanted);
    let Some(organization) = answer.map(|answer| answer.organization.map(Organization::from_sdk).unwrap_or_default()) else { return };
    ask.add(kinds::ORGANIZATION, organization.Arn.as_deref(), BTreeMap::new(), &organization, Vec::new());
    let may_have_policies = organization.FeatureSet.as_deref() != Some("CONSOLIDATED_BILLING");
    if is_wanted && may_have_policies && organization.MasterAccountId.as_deref() != Some(ask.account()) {
        account(ask, &organization, session.of_organization()).await;
    }
}

/// Collects the account with the policies over it.
async fn account(ask: &Ask<'_>, organization: &Organization, session: &Session) {
    let Organization { Id: Some(id), MasterAccountId: Some(management), .. } = organization else {
        return ask.fail(Gap::new(LIST_PARENTS, Reason::NotReturned, "AWS did not return which organization it is, and who manages it"));
    };
    let arn = format!("arn:{}:organizations::{management}:account/{id}/{}", crate::inventory::partition(&session.home()), ask.account());
    let mut account = OrganizationAccount { Id: Some(ask.account().to_owned()), ..OrganizationAccount::default() };
    let (client, tree) = (session.organizations(&session.home()), &session.tree);
    let gaps = match over(&client, tree, ask.account()).await {
        Ok((attached, policies)) => {
            account.ServiceControlPolicies = Some(attached);
            policies.into_iter().for_each(|(arn, policy)| ask.add(kinds::ORGANIZATION_POLICY, Some(&arn), BTreeMap::new(), &policy, Vec::new()));
            Vec::new()
        }
        Err(refusal) if refusal.reason == Reason::AccessDenied => {
            account.NotPermitted = Some(refusal);
            Vec::new()
        }
        Err(gap) => vec![field_gap(&["ServiceControlPolicies"], gap)],
    };
    ask.add(kinds::ORGANIZATION_ACCOUNT, Some(&arn), BTreeMap::new(), &account, gaps);
}

/// What is attached at each level, from the account to the root, and the policies, by ARN.
async fn over(client: &Client, tree: &Tree, account: &str) -> Result<(Vec<AttachedPolicies>, BTreeMap<String, Policy>), Gap> {
    let mut targets = vec![account.to_owned()];
    while let Some(target) = targets.last().filter(|target| !target.starts_with(ROOT)) {
        targets.push(tree.parents.get(target, parent(client, target)).await?);
    }
    let attached = try_join_all(targets.into_iter().map(async |target| {
        let ids = tree.attached.get(&target, attached(client, &target)).await?;
        Ok(AttachedPolicies { TargetId: Some(target), PolicyIds: Some(ids) })
    }));
    let attached: Vec<AttachedPolicies> = attached.await?;
    let ids: BTreeSet<&String> = attached.iter().filter_map(|level| level.PolicyIds.as_ref()).flatten().collect();
    let policies = map_each(ids, async |id| tree.policies.get(id, policy(client, id)).await).await;
    let policies: Result<_, Gap> = policies.into_iter().collect();
    Ok((attached, policies?))
}

/// The unit or root above an account or a unit.
async fn parent(client: &Client, child: &str) -> Result<String, Gap> {
    let (pages, failure) = drain(LIST_PARENTS, client.list_parents().child_id(child).into_paginator().send()).await;
    let mut parents = pages.into_iter().flat_map(|page| page.parents.unwrap_or_default());
    let none = || Gap::new(LIST_PARENTS, Reason::NotReturned, format!("AWS did not return what {child} is in"));
    failure.map_or_else(|| parents.find_map(|parent| parent.id).ok_or_else(none), Err)
}

/// The ids of the service control policies attached to an account, a unit or a root.
async fn attached(client: &Client, target: &str) -> Result<Vec<String>, Gap> {
    let listing = client.list_policies_for_target().target_id(target).filter(PolicyType::ServiceControlPolicy);
    let (pages, failure) = drain(LIST_POLICIES, listing.into_paginator().send()).await;
    let mut ids: Vec<_> = pages.into_iter().flat_map(|page| page.policies.unwrap_or_default()).filter_map(|policy| policy.id).collect();
    ids.sort_unstable();
    failure.map_or(Ok(ids), Err)
}

/// A policy, with its ARN.
async fn policy(client: &Client, id: &str) -> Result<(String, Policy), Gap> {
    let answer = client.describe_policy().policy_id(id).send().await.map_err(|error| gap(DESCRIBE_POLICY, &error))?;
    let none = || Gap::new(DESCRIBE_POLICY, Reason::NotReturned, format!("AWS did not return the content of {id}"));
    let policy = answer.policy.ok_or_else(none)?;
    let summary = policy.policy_summary;
    let (arn, name) = summary.map(|summary| (summary.arn, summary.name)).unwrap_or_default();
    let policy = Policy { Id: Some(id.to_owned()), Name: name, Content: Some(policy.content.ok_or_else(none)?) };
    Ok((arn.ok_or_else(none)?, policy))
}
