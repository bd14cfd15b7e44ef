//! What a scan would meet, found out with few calls: who asks, which accounts and regions answer, and which operations
//! are denied. Of an operation that takes a resource's name nothing is known until it is asked.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::future::join_all;
use serde::Serialize;

use super::accounts::{Account, accounts, named};
use super::ask::map_each;
use super::lane::{CLOSED, FORBIDDEN};
use super::probe::{Answer, probe};
use super::{CollectError, Interrupt, Options, SCOPES_AT_ONCE, Session};
use crate::inventory::{Gap, Needs, Reason, is_global};

/// What was seen.
#[derive(Debug, Serialize)]
pub struct Examination {
    /// The ARN of the caller.
    pub caller: String,
    pub accounts: Vec<Examined>,
}

/// An account.
#[derive(Debug, Serialize)]
pub struct Examined {
    pub account: String,
    /// The role that it is asked through; none where the caller asks it himself.
    pub role: Option<String>,
    /// Why it cannot be asked at all.
    pub gap: Option<Gap>,
    pub regions: Vec<Region>,
    pub operations: Vec<Tried>,
}

/// A region that a scan would ask.
#[derive(Debug, Serialize)]
pub struct Region {
    pub region: String,
    /// Whether an operation answered; unknown where none answers in any region.
    pub answers: Option<bool>,
    /// Why not.
    pub gap: Option<Gap>,
}

/// An operation that some rule needs.
#[derive(Debug, Serialize)]
pub struct Tried {
    pub operation: &'static str,
    pub outcome: Outcome,
    /// Where it was tried last.
    pub region: Option<String>,
    /// Why it did not answer.
    pub gap: Option<Gap>,
}

/// What is known of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Denied,
    /// It failed for another reason.
    Failed,
    /// No region has the service, or it does not admit the account.
    NotThere,
    Answered,
    /// It is asked of single resources.
    NotTried,
}

/// Examines what the options name.
///
/// # Errors
///
/// What would keep a scan from starting.
pub async fn examine(options: &Options, needs: &Needs) -> Result<Examination, CollectError> {
    let session = Arc::new(Session::load(options).await?);
    let caller = session.identity().await?.arn.unwrap_or_default();
    let named = named(&session, options).await?;
    let roles = named.clone();
    let interrupt = Interrupt::never();
    let examined = accounts(session, named, options, &interrupt).map(async |Account { id, session }| {
        let role = roles.iter().find(|(account, _)| *account == id).and_then(|(_, role)| role.clone());
        examine_account(id, role, session, needs).await
    });
    let mut accounts: Vec<_> = examined.buffer_unordered(SCOPES_AT_ONCE).collect::<Vec<_>>().await.into_iter().collect::<Result<_, _>>()?;
    accounts.sort_by(|one: &Examined, other| one.account.cmp(&other.account));
    Ok(Examination { caller, accounts })
}

async fn examine_account(account: String, role: Option<String>, session: Result<Arc<Session>, Gap>, needs: &Needs) -> Result<Examined, CollectError> {
    let unreached = |gap| Ok(Examined { account: account.clone(), role: role.clone(), gap: Some(gap), regions: Vec::new(), operations: Vec::new() });
    let session = match session {
        Ok(session) => session,
        Err(gap) => return unreached(gap),
    };
    let regions = match session.regions().await {
        Ok(regions) => regions,
        Err(CollectError::Regions(gap)) => return unreached(gap),
        Err(error) => return Err(error),
    };
    let home = [session.home()];
    let mut operations = map_each(needs.operations.iter().copied(), async |operation| {
        let regions = if is_global(operation) { &home[..] } else { &regions };
        try_in(&session, regions, operation).await
    })
    .await;
    operations.sort_by_key(|tried| (tried.outcome, tried.operation));
    let regions = join_all(regions.iter().map(|region| examine_region(&session, region, &operations))).await;
    Ok(Examined { account, role, gap: None, regions, operations })
}

/// Tries an operation in the first region that has its service and is not forbidden: who may ask in one may mostly
/// ask in all.
async fn try_in(session: &Session, regions: &[String], operation: &'static str) -> Tried {
    let mut tried = Tried { operation, outcome: Outcome::NotTried, region: None, gap: None };
    for region in regions {
        let Some(answer) = probe(session, region, operation) else { break };
        let (outcome, gap) = match answer.await {
            Answer::Answered => (Outcome::Answered, None),
            Answer::NotThere => (Outcome::NotThere, None),
            Answer::Failed(gap) if gap.reason == Reason::AccessDenied => (Outcome::Denied, Some(gap)),
            Answer::Failed(gap) => (Outcome::Failed, Some(gap)),
        };
        let says = |text| gap.as_ref().is_some_and(|gap| gap.message.contains(text));
        let elsewhere = outcome == Outcome::NotThere || says(FORBIDDEN) || says(CLOSED);
        tried = Tried { region: Some(region.clone()), outcome, gap, ..tried };
        if !elsewhere {
            break;
        }
    }
    tried
}

/// Asks the region something that answers in another, unless it has answered already.
async fn examine_region(session: &Session, region: &str, operations: &[Tried]) -> Region {
    let known = |answers, gap| Region { region: region.to_owned(), answers, gap };
    let mut answered = operations.iter().filter(|tried| tried.outcome == Outcome::Answered && !is_global(tried.operation)).peekable();
    let Some(first) = answered.peek().map(|tried| tried.operation) else { return known(None, None) };
    if answered.any(|tried| tried.region.as_deref() == Some(region)) {
        return known(Some(true), None);
    }
    match probe(session, region, first) {
        Some(answer) => match answer.await {
            Answer::Failed(gap) => known(Some(false), Some(gap)),
            Answer::Answered => known(Some(true), None),
            Answer::NotThere => known(None, None),
        },
        None => known(None, None),
    }
}
