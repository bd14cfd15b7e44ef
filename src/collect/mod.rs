//! Asks AWS: a file a service. Answers become inventory, a failed call becomes a gap, and nothing
//! is judged.
//!
//! Every client is read-only: [`guard`] refuses any operation whose name does not say that it
//! reads. Only what the selected rules need is asked, and nothing twice.

mod absent;
mod account;
mod accounts;
mod advice;
mod alarms;
mod ask;
mod autoscaling;
mod backup;
mod buckets;
mod cloudtrail;
mod cloudwatch;
mod config;
mod dax;
mod docdb_elastic;
pub mod doctor;
mod dsql;
mod dynamodb;
mod dynamodb_copies;
mod dynamodb_replicas;
mod ec2;
mod elasticache;
mod engines;
mod events;
mod exports;
mod failure;
mod groups;
pub mod guard;
mod guardduty;
mod iam;
mod influxdb;
mod interrupt;
mod keyspaces;
mod kms;
mod lane;
mod last_change;
mod logs;
mod memorydb;
mod neptune_graph;
mod organizations;
mod parameters;
mod probe;
mod ram;
mod rates;
mod rds;
mod rds_proxy;
mod references;
mod regions;
mod roles;
mod secrets;
mod session;
mod snapshots;
mod streams;
mod tags;
#[cfg(test)]
mod tests;
mod timestream;
mod vpc;
mod whole;

use std::collections::{BTreeMap, BTreeSet};
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::{FutureExt, Stream, StreamExt, TryStreamExt};
use tokio::sync::mpsc::{self, Sender, UnboundedSender};
use tokio::sync::oneshot;

use crate::inventory::shape::Timestamp;
use crate::inventory::{Gap, Needs, Reason, Scope, ScopeId};
use accounts::{Account, accounts};
use ask::Ask;
pub use failure::CollectError;
pub use interrupt::Interrupt;
pub use lane::Traffic;
pub use last_change::last_changes;
use references::References;
pub use session::Session;

/// How to reach AWS, as the command line says it.
#[derive(Debug, Clone)]
pub struct Options {
    pub profile: Option<String>,
    /// Region names; `all` stands for every region that the account has opted in to.
    pub regions: Vec<String>,
    pub exclude_regions: Vec<String>,
    pub endpoint_url: Option<String>,
    /// The ARNs of the roles to assume, each for its account.
    pub roles: Vec<String>,
    pub external_id: Option<String>,
    pub organization: Option<Organization>,
    /// How many requests may be under way at once, over all accounts.
    pub concurrency: NonZeroUsize,
    /// Requests a second that an account may make of a service in a region, where not the published number.
    pub max_rates: BTreeMap<String, NonZeroU32>,
    /// How long the collection of a scope may take.
    pub scope_timeout: Duration,
    /// Scopes that are not asked, because an earlier collection has completed them.
    pub complete: BTreeSet<ScopeId>,
}

/// Which accounts of the organization are asked.
#[derive(Debug, Clone, Default)]
pub struct Organization {
    /// The name of the role in each account, with its path.
    pub role: String,
    /// Only these; all if there are none.
    pub accounts: Vec<String>,
    pub exclude_accounts: Vec<String>,
    /// Only what is below these organizational units, or roots; all if there are none.
    pub units: Vec<String>,
}

/// What a caller hears while a collection runs.
pub trait Progress: Sync {
    /// So many accounts will be asked, with requests that are counted there.
    fn begun(&self, accounts: usize, traffic: Traffic);
    /// So many scopes of an account will be asked; what the account has once counts as one.
    fn planned(&self, account: &str, scopes: usize);
    /// One scope has been asked.
    fn done(&self, scope: &Scope);
}

/// How the accounts that could be reached are asked, by id.
pub type Sessions = BTreeMap<String, Arc<Session>>;

/// What a collection leaves beside the scopes.
pub struct Asked {
    /// How often each operation was called.
    pub calls: BTreeMap<String, usize>,
    pub sessions: Sessions,
}

/// How many scopes are asked at once. They are in memory until they are complete.
const SCOPES_AT_ONCE: usize = 8;

/// Collects every scope of the accounts that is taken, in parallel, and sends each as it completes. An account that
/// cannot be asked is a scope with a gap and nothing else. Ends early when nobody takes the scopes; when it is interrupted,
/// what is not finished is a gap.
///
/// # Errors
///
/// What keeps the collection from starting: no credentials, no answer from STS, no such region, no
/// account that can be asked. All else is a gap in a scope.
pub async fn collect(
    options: &Options,
    takes: &(dyn Fn(&ScopeId) -> bool + Sync),
    needs: &Needs,
    now: Timestamp,
    progress: &dyn Progress,
    interrupt: &Interrupt,
    taker: Sender<Scope>,
) -> Result<Asked, CollectError> {
    let begun = interrupt.or(async {
        let session = Arc::new(Session::load(options).await?);
        let named = accounts::named(&session, options).await?;
        Ok((session, named))
    });
    let (session, named) = begun.await.ok_or(CollectError::Interrupted)??;
    let guard = session.guard().clone();
    progress.begun(named.len(), session.lanes().traffic.clone());
    let sessions = Mutex::new(Sessions::new());
    let accounts = accounts(session, named, options, interrupt).inspect(|account| {
        if let Ok(session) = &account.session {
            sessions.lock().unwrap_or_else(PoisonError::into_inner).insert(account.id.clone(), Arc::clone(session));
        }
    });
    let works = accounts.then(|account| work(account, takes, needs, options, interrupt, progress)).try_flatten();
    let scopes = works.map_ok(|work| async move {
        let scope = match work {
            Work::Ask(session, id) => ask_scope(&session, needs, id, now, options.scope_timeout, interrupt).await,
            Work::Unreached(id, gap) => Scope::unreached(id, now, gap),
        };
        progress.done(&scope);
        Ok(scope)
    });
    let (mut reached, mut lost) = (!options.complete.is_empty(), None);
    let mut scopes = Box::pin(scopes.try_buffer_unordered(SCOPES_AT_ONCE));
    loop {
        let next = tokio::select! {
            next = scopes.try_next() => next?,
            () = taker.closed() => None,
        };
        let Some(scope) = next else { break };
        reached |= scope.reached;
        lost = lost.or_else(|| scope.gaps.first().filter(|_| !scope.reached).cloned());
        if taker.send(scope).await.is_err() {
            break;
        }
    }
    drop(scopes);
    match lost {
        Some(gap) if !reached => Err(CollectError::NoAccount(gap)),
        _ => Ok(Asked { calls: guard.calls(), sessions: sessions.into_inner().unwrap_or_else(PoisonError::into_inner) }),
    }
}

/// A scope to come.
enum Work {
    Ask(Arc<Session>, ScopeId),
    /// Its account cannot be asked.
    Unreached(ScopeId, Gap),
}

/// The scopes of an account, or the one that stands for all of them.
async fn work(
    account: Account,
    takes: &(dyn Fn(&ScopeId) -> bool + Sync),
    needs: &Needs,
    options: &Options,
    interrupt: &Interrupt,
    progress: &dyn Progress,
) -> Result<impl Stream<Item = Result<Work, CollectError>> + use<>, CollectError> {
    let Account { id, session } = account;
    let asked = interrupt.or(account_scopes(&id, session, needs)).await;
    let mut works: Vec<_> = match asked.unwrap_or_else(|| Ok(Err(Gap::new("ec2:DescribeRegions", Reason::Interrupted, Interrupt::WHY))))? {
        Ok(works) => works,
        Err(gap) => vec![Work::Unreached(ScopeId::global(&*id), gap)],
    };
    works.retain(|work| match work {
        Work::Ask(_, id) | Work::Unreached(id, _) => takes(id) && !options.complete.contains(id),
    });
    progress.planned(&id, works.len());
    Ok(futures_util::stream::iter(works.into_iter().map(Ok)))
}

/// The scopes of an account that can be asked.
async fn account_scopes(account: &str, session: Result<Arc<Session>, Gap>, needs: &Needs) -> Result<Result<Vec<Work>, Gap>, CollectError> {
    let session = match session {
        Ok(session) => session,
        Err(gap) => return Ok(Err(gap)),
    };
    let regions = match session.regions().await {
        Ok(regions) => regions,
        Err(CollectError::Regions(gap)) => return Ok(Err(gap)),
        Err(error) => return Err(error),
    };
    // First, as readers of the inventory look things of every region up in it.
    let global = needs.global().next().map(|_| ScopeId::global(account));
    let regional = regions.into_iter().map(|region| ScopeId { account: account.to_owned(), region });
    Ok(Ok(global.into_iter().chain(regional).map(|id| Work::Ask(Arc::clone(&session), id)).collect()))
}

/// Collects a scope, until its time is over or it is interrupted. What was not finished by then is a gap in all that was
/// asked, because what came in between may not have been noted.
async fn ask_scope(session: &Session, needs: &Needs, id: ScopeId, now: Timestamp, timeout: Duration, interrupt: &Interrupt) -> Scope {
    let ask = Ask::new(needs, id, now);
    let asked = tokio::time::timeout(timeout, async {
        if ask.is_global() { collect_global(&ask, session).boxed_local().await } else { collect_region(&ask, session).boxed_local().await }
    });
    let ended = interrupt.or(asked).await;
    match &ended {
        Some(Ok(())) => {}
        Some(Err(_)) => ask.give_up(Reason::TimedOut, &format!("the scope was not finished within {} s (--scope-timeout)", timeout.as_secs())),
        None => ask.give_up(Reason::Interrupted, Interrupt::WHY),
    }
    let forbidden = session.lanes().forbidden(ask.region());
    let mut scope = ask.finish();
    if ended.is_none() && scope.operations.is_empty() {
        let first = needs.operations.first().copied().unwrap_or_default();
        return Scope::unreached(scope.id, now, Gap::new(first, Reason::Interrupted, Interrupt::WHY));
    }
    if forbidden && let Some(gap) = scope.gaps.iter().position(|gap| gap.message.contains(lane::FORBIDDEN)) {
        let gap = scope.gaps.swap_remove(gap);
        let message = format!("{}: {}", lane::CLOSED, gap.message);
        return Scope::unreached(scope.id, now, Gap { message, ..gap });
    }
    scope
}

/// Collects what the account has once.
async fn collect_global(ask: &Ask<'_>, session: &Session) {
    let iam = session.iam(&session.home());
    tokio::join!(account::collect(ask, session), iam::collect(ask, &iam), organizations::collect(ask, session));
}

/// Collects one region. Keys and secrets are asked about as soon as they are named, and what is around databases as soon
/// as these are known: nobody waits for what AWS tells of one DynamoDB table after the other.
async fn collect_region(ask: &Ask<'_>, session: &Session) {
    ask.add_region();
    // Many services have it in common: it is noted also where none of them has anything to ask of it.
    ask.wants(tags::OPERATION);
    let kms = session.kms(ask.region());
    let (keys, named) = mpsc::unbounded_channel();
    let (secrets, wanted) = oneshot::channel();
    let keys_of_secrets = keys.clone();
    let of_secrets = async move {
        if let Ok(arns) = wanted.await {
            _ = keys_of_secrets.send(secrets::collect(ask, session, &arns).await);
        }
    };
    let (tables, described) = oneshot::channel();
    let databases = collect_databases(ask, session, keys, secrets, described);
    tokio::join!(
        databases.boxed_local(),
        dynamodb::collect(ask, session, tables).boxed_local(),
        of_secrets.boxed_local(),
        kms::collect(ask, &kms, named).boxed_local(),
    );
}

/// Collects databases, then what is around them and `tables`; hands over the ARNs of the keys and secrets that they name.
async fn collect_databases(
    ask: &Ask<'_>,
    session: &Session,
    keys: UnboundedSender<BTreeSet<String>>,
    secrets: oneshot::Sender<BTreeSet<String>>,
    tables: oneshot::Receiver<References>,
) {
    let naming = |mut found: References| {
        _ = keys.send(std::mem::take(&mut found.keys));
        found
    };
    let logging_in = join_all([
        rds::collect(ask, session).map(naming).boxed_local(),
        rds_proxy::collect(ask, session).map(naming).boxed_local(),
        influxdb::collect(ask, session).map(naming).boxed_local(),
    ]);
    let logging_in = logging_in.map(|found| {
        let mut found = References::of_all(found);
        _ = secrets.send(std::mem::take(&mut found.secrets));
        found
    });
    let others = join_all([
        dax::collect(ask, session).map(naming).boxed_local(),
        docdb_elastic::collect(ask, session).map(naming).boxed_local(),
        dsql::collect(ask, session).map(naming).boxed_local(),
        tables.map(|found| naming(found.unwrap_or_default())).boxed_local(),
        elasticache::collect(ask, session).map(naming).boxed_local(),
        keyspaces::collect(ask, session).map(naming).boxed_local(),
        memorydb::collect(ask, session).map(naming).boxed_local(),
        neptune_graph::collect(ask, session).map(naming).boxed_local(),
        timestream::collect(ask, session).map(naming).boxed_local(),
    ]);
    let (of_those, of_others, (), ()) = tokio::join!(logging_in, others, events::collect(ask, session), cloudtrail::collect(ask, session));
    let references = References::of_all([of_those, References::of_all(of_others)]);
    let (ec2, s3) = (session.ec2(ask.region()), session.s3(ask.region()));
    let (of_vaults, ..) = tokio::join!(
        backup::collect(ask, session).boxed_local(),
        alarms::collect(ask, session).boxed_local(),
        buckets::collect(ask, &s3, &references.buckets).boxed_local(),
        config::collect(ask, session).boxed_local(),
        guardduty::collect(ask, session).boxed_local(),
        ec2::collect(ask, &ec2, &references).boxed_local(),
    );
    _ = keys.send(of_vaults);
}
