//! Asks AWS: a file a service. Answers become inventory, a failed call becomes a gap, and nothing
//! is judged.
//!
//! Every client is read-only: [`guard`] refuses any operation whose name does not say that it
//! reads. Only what the selected rules need is asked, and nothing twice.

mod absent;
mod ask;
mod autoscaling;
mod backup;
mod cloudtrail;
mod cloudwatch;
mod dax;
mod docdb_elastic;
mod dsql;
mod dynamodb;
mod ec2;
mod elasticache;
mod engines;
mod events;
mod exports;
mod failure;
mod groups;
pub mod guard;
mod iam;
mod influxdb;
mod keyspaces;
mod kms;
mod logs;
mod memorydb;
mod neptune_graph;
mod organizations;
mod parameters;
mod ram;
mod rds;
mod rds_proxy;
mod references;
mod regions;
mod session;
mod snapshots;
mod tags;
#[cfg(test)]
mod tests;
mod timestream;
mod whole;

use futures_util::future::join_all;
use futures_util::{FutureExt, StreamExt};

use crate::inventory::Needs;
use crate::inventory::shape::Timestamp;
use crate::inventory::{Scope, ScopeId};
use ask::Ask;
pub use failure::CollectError;
use references::References;
pub use session::Session;

/// How to reach AWS, as the command line says it.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub profile: Option<String>,
    /// Region names; `all` stands for every region that the account has opted in to.
    pub regions: Vec<String>,
    pub endpoint_url: Option<String>,
}

/// What a caller hears while a collection runs.
pub trait Progress: Sync {
    /// The regions that will be asked; what the account has once counts as one.
    fn regions(&self, count: usize);
    /// One region has been asked.
    fn region_done(&self, scope: &Scope);
}

/// How many regions are asked at once.
const REGIONS_AT_ONCE: usize = 8;

/// Collects every scope of the session's account, in parallel.
///
/// # Errors
///
/// Only what keeps the collection from starting: no credentials, no answer from STS, no such
/// region. All else is a gap in a scope.
pub async fn collect(session: &Session, needs: &Needs, now: Timestamp, progress: &dyn Progress) -> Result<Vec<Scope>, CollectError> {
    let account = session.account().await?;
    let regions = session.regions().await?;
    let mut ids: Vec<_> = regions.into_iter().map(|region| ScopeId { account: account.clone(), region }).collect();
    if needs.global().next().is_some() {
        // First, as readers of the inventory look things of every region up in it.
        ids.insert(0, ScopeId::global(account));
    }
    progress.regions(ids.len());
    let scopes = futures_util::stream::iter(ids).map(|id| async {
        let scope = if id.is_global() { collect_global(session, needs, id, now).await } else { collect_scope(session, needs, id, now).await };
        progress.region_done(&scope);
        scope
    });
    let mut scopes: Vec<_> = scopes.buffer_unordered(REGIONS_AT_ONCE).collect().await;
    scopes.sort_by(|a, b| (!a.id.is_global(), &a.id).cmp(&(!b.id.is_global(), &b.id)));
    Ok(scopes)
}

/// Collects what the account has once.
async fn collect_global(session: &Session, needs: &Needs, id: ScopeId, now: Timestamp) -> Scope {
    let ask = Ask::new(needs, id, now);
    let home = session.home();
    let (iam_client, organizations_client) = (session.iam(&home), session.organizations(&home));
    tokio::join!(iam::collect(&ask, &iam_client), organizations::collect(&ask, &organizations_client));
    ask.finish()
}

/// Collects one region: databases first, then what they refer to.
async fn collect_scope(session: &Session, needs: &Needs, id: ScopeId, now: Timestamp) -> Scope {
    let ask = Ask::new(needs, id, now);
    let region = ask.region().to_owned();
    ask.add_region();
    let services = [
        dax::collect(&ask, session).boxed_local(),
        docdb_elastic::collect(&ask, session).boxed_local(),
        dsql::collect(&ask, session).boxed_local(),
        dynamodb::collect(&ask, session).boxed_local(),
        elasticache::collect(&ask, session).boxed_local(),
        influxdb::collect(&ask, session).boxed_local(),
        keyspaces::collect(&ask, session).boxed_local(),
        memorydb::collect(&ask, session).boxed_local(),
        neptune_graph::collect(&ask, session).boxed_local(),
        rds::collect(&ask, session).boxed_local(),
        rds_proxy::collect(&ask, session).boxed_local(),
        timestream::collect(&ask, session).boxed_local(),
    ];
    let (services, (), ()) = tokio::join!(join_all(services), events::collect(&ask, session), cloudtrail::collect(&ask, session));
    let mut references = References::default();
    services.into_iter().for_each(|service| references.absorb(service));
    let (ec2_client, kms_client) = (session.ec2(&region), session.kms(&region));
    let (keys_of_vaults, ()) = tokio::join!(backup::collect(&ask, session), ec2::collect(&ask, &ec2_client, &references));
    references.keys.extend(keys_of_vaults);
    kms::collect(&ask, &kms_client, &references.keys).await;
    ask.finish()
}
