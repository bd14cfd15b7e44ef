//! Which accounts are asked, and how: with the caller's own credentials, or through a role in each.

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_sdk_organizations::types::{AccountState, AccountStatus};
use futures_util::StreamExt;

use super::failure::gap;
use super::roles::AssumedRole;
use super::{CollectError, Interrupt, Options, Organization, Session};
use crate::inventory::{Gap, Reason};

/// How many roles are assumed at once.
const ROLES_AT_ONCE: usize = 8;

/// An account to ask.
pub struct Account {
    pub id: String,
    /// How to ask it, or why it cannot be asked.
    pub session: Result<Arc<Session>, Gap>,
}

/// An account, with the role to assume in it, if it takes one.
pub type Named = (String, Option<String>);

/// The accounts that the options name.
///
/// # Errors
///
/// No credentials, or an organization that cannot be listed.
pub async fn named(session: &Session, options: &Options) -> Result<Vec<Named>, CollectError> {
    Ok(match &options.organization {
        _ if !options.roles.is_empty() => options.roles.iter().map(|arn| (account_of(arn), Some(arn.clone()))).collect(),
        Some(organization) => of_organization(session, organization).await?,
        None => vec![(session.account().await?, None)],
    })
}

/// The accounts, as soon as each is known to be reachable or not, in no order.
pub fn accounts(session: Arc<Session>, named: Vec<Named>, options: &Options, interrupt: &Interrupt) -> impl futures_util::Stream<Item = Account> {
    let reach = move |(id, role): Named| {
        let session = Arc::clone(&session);
        async move {
            let session = match role {
                Some(role) => {
                    let assumed = interrupt.or(assume(&session, &role, options)).await;
                    assumed.unwrap_or_else(|| Err(Gap::new("sts:AssumeRole", Reason::Interrupted, Interrupt::WHY)))
                }
                None => Ok(session),
            };
            Account { id, session }
        }
    };
    futures_util::stream::iter(named).map(reach).buffer_unordered(ROLES_AT_ONCE)
}

/// The account in the ARN of a role.
fn account_of(arn: &str) -> String {
    arn.split(':').nth(4).unwrap_or_default().to_owned()
}

/// A session of the role. Who lists the accounts of an organization asks about it too.
async fn assume(session: &Arc<Session>, role: &str, options: &Options) -> Result<Arc<Session>, Gap> {
    let assumed = AssumedRole::assume(session.sts(&session.home()), role, options.external_id.clone()).await;
    let assumed = assumed.map_err(|error| gap("sts:AssumeRole", &error));
    let organization = options.organization.as_ref().map(|_| Arc::clone(session));
    assumed.map(|role| Arc::new(session.with_role(role, organization))).map_err(|gap| Gap { message: format!("{role}: {}", gap.message), ..gap })
}

/// The accounts of the organization, each with its role. The caller's own needs none.
async fn of_organization(session: &Session, organization: &Organization) -> Result<Vec<Named>, CollectError> {
    let own = session.account().await?;
    let listed = if organization.units.is_empty() { all(session).await } else { below(session, &organization.units).await };
    let active = listed.map_err(CollectError::Organization)?;
    if let Some(unknown) = organization.accounts.iter().find(|id| !active.contains(*id)) {
        return Err(CollectError::NotInOrganization(unknown.clone()));
    }
    let partition = crate::inventory::partition(&session.home());
    let role = |id: &String| (*id != own).then(|| format!("arn:{partition}:iam::{id}:role/{}", organization.role));
    let wanted = |id: &String| organization.accounts.is_empty() || organization.accounts.contains(id);
    let chosen = active.into_iter().filter(|id| wanted(id) && !organization.exclude_accounts.contains(id));
    Ok(chosen.map(|id| (id.clone(), role(&id))).collect())
}

/// Every active account of the organization.
async fn all(session: &Session) -> Result<BTreeSet<String>, Gap> {
    let client = session.organizations(&session.home());
    let mut pages = client.list_accounts().into_paginator().send();
    let mut active = BTreeSet::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| gap("organizations:ListAccounts", &error))?;
        active.extend(page.accounts.unwrap_or_default().into_iter().filter_map(id_if_active));
    }
    Ok(active)
}

/// Every active account below the organizational units.
async fn below(session: &Session, units: &[String]) -> Result<BTreeSet<String>, Gap> {
    let client = session.organizations(&session.home());
    let (mut active, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut parents = units.to_vec();
    while let Some(parent) = parents.pop() {
        if !seen.insert(parent.clone()) {
            continue;
        }
        let mut pages = client.list_accounts_for_parent().parent_id(&parent).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| gap("organizations:ListAccountsForParent", &error))?;
            active.extend(page.accounts.unwrap_or_default().into_iter().filter_map(id_if_active));
        }
        let mut pages = client.list_organizational_units_for_parent().parent_id(&parent).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| gap("organizations:ListOrganizationalUnitsForParent", &error))?;
            parents.extend(page.organizational_units.unwrap_or_default().into_iter().filter_map(|unit| unit.id));
        }
    }
    Ok(active)
}

/// The account's id, unless it is suspended or closed, or not open yet.
fn id_if_active(account: aws_sdk_organizations::types::Account) -> Option<String> {
    // `State` has replaced `Status`, which may go; what names neither is asked rather than lost.
    let is_active = match (account.state, account.status) {
        (Some(state), _) => state == AccountState::Active,
        (None, Some(status)) => status == AccountStatus::Active,
        (None, None) => true,
    };
    account.id.filter(|_| is_active)
}
