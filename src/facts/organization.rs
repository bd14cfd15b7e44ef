//! The organization that an account is in, and the service control policies over the account.

use std::collections::HashMap;
use std::sync::Arc;

use super::policy::{Ceiling, Context, Policy};
use crate::inventory::organizations::{self, AttachedPolicies, OrganizationAccount};
use crate::inventory::{Gap, Kind, Reason, Resource, Scope, kinds};

/// What an account's organization means to its principals.
#[derive(Debug)]
pub struct Organization {
    /// Its id; none where the account is in none.
    pub id: Result<Option<String>, Gap>,
    /// The way from its root to the account, as `aws:PrincipalOrgPaths` has it.
    path: Option<String>,
    /// The service control policies over the account, as far as they could be read.
    pub ceiling: Ceiling,
    /// Why there may be others. They can only take away, so what is left without them is what the
    /// account's own policies say.
    pub unread: Option<Gap>,
}

impl Organization {
    /// Reads what the account's scope `aws-global` has of it.
    pub fn of(scope: &Scope) -> Self {
        let (id, over) = (id(scope), over(scope));
        let mut organization = Self { id, path: None, ceiling: Ceiling::default(), unread: None };
        match over {
            Ok(Some(attached)) => {
                organization.path = organization.id.as_ref().ok().and_then(Option::as_ref).map(|id| path(id, &attached));
                let (policies, unread) = policies(scope);
                let (ceiling, missing) = ceiling(&attached, &policies);
                (organization.ceiling, organization.unread) = (ceiling, unread.or(missing));
            }
            Ok(None) => {}
            Err(gap) => organization.unread = Some(gap),
        }
        organization
    }

    /// Why policies could not be read that might have been. Nobody could read them in a member account that
    /// is not permitted to, at an endpoint that does not know the operation, and in an inventory that was
    /// collected without them.
    pub fn failure(&self) -> Option<&Gap> {
        const IN_VAIN: [Reason; 3] = [Reason::AccessDenied, Reason::Unsupported, Reason::NotCollected];
        self.unread.as_ref().filter(|gap| !IN_VAIN.contains(&gap.reason))
    }

    /// Adds what is known of requests of the account's principals to its resources.
    pub fn known(&self, context: Context) -> Context {
        let context = match &self.id {
            Ok(Some(id)) => context.with("aws:PrincipalOrgID", id.as_str()).with("aws:ResourceOrgID", id.as_str()),
            Ok(None) => context.without("aws:PrincipalOrg*").without("aws:ResourceOrg*"),
            Err(_) => context,
        };
        match &self.path {
            Some(path) => context.with("aws:PrincipalOrgPaths", path.as_str()).with("aws:ResourceOrgPaths", path.as_str()),
            None => context,
        }
    }
}

fn id(scope: &Scope) -> Result<Option<String>, Gap> {
    let Some(resource) = of_kind(scope, kinds::ORGANIZATION).next() else {
        return scope.gap_in_listing(kinds::ORGANIZATION).map_or(Ok(None), Err);
    };
    resource.required("Id", resource.parse::<organizations::Organization>()?.Id).map(Some)
}

/// What is attached at each level over the account, from the account to the root; none where nothing can be.
fn over(scope: &Scope) -> Result<Option<Vec<AttachedPolicies>>, Gap> {
    let Some(resource) = of_kind(scope, kinds::ORGANIZATION).next() else {
        return scope.gap_in_listing(kinds::ORGANIZATION).map_or(Ok(None), Err);
    };
    let organization: organizations::Organization = resource.parse()?;
    if organization.FeatureSet.as_deref() == Some("CONSOLIDATED_BILLING") || organization.MasterAccountId.as_ref() == Some(&scope.id.account) {
        return Ok(None);
    }
    let Some(resource) = of_kind(scope, kinds::ORGANIZATION_ACCOUNT).next() else {
        return scope.gap_in_listing(kinds::ORGANIZATION_ACCOUNT).map_or(Ok(None), Err);
    };
    let account: OrganizationAccount = resource.parse()?;
    match account.NotPermitted {
        Some(refusal) => Err(refusal),
        None => resource.required("ServiceControlPolicies", account.ServiceControlPolicies).map(Some),
    }
}

/// The policies by their ids, and why one could not be read.
fn policies(scope: &Scope) -> (HashMap<String, Arc<Policy>>, Option<Gap>) {
    let (mut policies, mut unread) = (HashMap::new(), None);
    for resource in of_kind(scope, kinds::ORGANIZATION_POLICY) {
        match policy(resource) {
            Ok((id, policy)) => drop(policies.insert(id, Arc::new(policy))),
            Err(gap) => unread = Some(gap),
        }
    }
    (policies, unread)
}

fn policy(resource: &Resource) -> Result<(String, Policy), Gap> {
    let policy: organizations::Policy = resource.parse()?;
    let (id, content) = (resource.required("Id", policy.Id)?, resource.required("Content", policy.Content)?);
    let name = policy.Name.as_deref().unwrap_or(&id);
    let parsed = Policy::parse_strictly(&content);
    let unreadable = |why| Gap::new("organizations:DescribePolicy", Reason::NotEvaluated, format!("service control policy {name}: {why}"));
    parsed.map_err(unreadable).map(|policy| (id, policy))
}

/// The ceiling, and why a policy of it is missing.
fn ceiling(attached: &[AttachedPolicies], policies: &HashMap<String, Arc<Policy>>) -> (Ceiling, Option<Gap>) {
    let ids = |level: &AttachedPolicies| level.PolicyIds.clone().unwrap_or_default();
    let missing = attached.iter().flat_map(ids).find(|id| !policies.contains_key(id));
    let levels = attached.iter().map(|level| ids(level).iter().map(|id| policies.get(id).cloned()).collect());
    let gap = |id| Gap::new("organizations:DescribePolicy", Reason::NotVisible, format!("did not return service control policy {id}"));
    (Ceiling::new(levels.collect()), missing.map(gap))
}

fn path(id: &str, attached: &[AttachedPolicies]) -> String {
    // The account itself is no part of it.
    let above = attached.iter().skip(1).rev().filter_map(|level| level.TargetId.as_deref());
    std::iter::once(id).chain(above).map(|part| format!("{part}/")).collect()
}

fn of_kind(scope: &Scope, kind: Kind) -> impl Iterator<Item = &Resource> {
    scope.resources.iter().filter(move |resource| resource.kind == kind)
}
