//! `dbmoat collect`: ask AWS and write the inventory. Also what `scan` collects with.

use std::collections::{BTreeMap, BTreeSet};

#[cfg(feature = "live")]
use super::progress::{Asking, LookingUp};
use super::{End, Failure};
use crate::cli::{AwsArgs, CollectArgs, Global};
use crate::inventory::last_change::{LastChange, Targets};
use crate::inventory::{Needs, Scope, ScopeId};

/// Bytes of stack for the thread that asks.
#[cfg(feature = "live")]
const ASKING_STACK: usize = 16 << 20;

/// Which scopes are collected.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "live"), expect(dead_code, reason = "without the SDK there is nobody to ask"))]
pub struct Wanted<'a> {
    pub takes: &'a (dyn Fn(&ScopeId) -> bool + Sync),
    /// Those that an earlier collection has completed.
    pub complete: &'a BTreeSet<ScopeId>,
    pub needs: &'a Needs,
}

/// Collects what the selected rules need into an inventory file.
#[cfg(feature = "live")]
pub fn run(args: &CollectArgs, global: &Global) -> Result<End, Failure> {
    use super::unfinished::Unfinished;
    use crate::engine::RuleSet;
    use crate::gate;
    use crate::inventory::Reason;

    let needs = RuleSet::load(args.rules.rules.as_deref(), &args.rules.selection())?.needs();
    let mut inventory = Unfinished::new(args, &needs)?;
    let shard = super::shard(args.aws.shard)?;
    let takes = |id: &ScopeId| shard.is_none_or(|shard| shard.holds(id));
    let complete = inventory.complete();
    let mut interrupted = false;
    live(&args.aws, Wanted { takes: &takes, complete: &complete, needs: &needs }, global, |scope| {
        interrupted |= scope.gaps.iter().any(|gap| gap.reason == Reason::Interrupted);
        inventory.add(&scope)
    })?;
    let (incomplete, all) = inventory.finish()?;
    let why = if interrupted { "interrupted: " } else { "" };
    let open = format!("{why}{incomplete} of {all} scopes are incomplete");
    Ok(match (incomplete, args.allow_incomplete && !interrupted) {
        (0, _) => End { code: gate::PASSED, reason: Some("complete".to_owned()) },
        (_, true) => End { code: gate::PASSED, reason: Some(format!("{open}, which --allow-incomplete lets pass")) },
        (_, false) => End { code: gate::INCOMPLETE, reason: Some(format!("{open}; the inventory says why, and --resume asks for them again")) },
    })
}

/// Collects the scopes that the arguments name, live, and hands each over as it completes.
#[cfg(feature = "live")]
pub fn live(args: &AwsArgs, wanted: Wanted<'_>, global: &Global, mut each: impl FnMut(Scope) -> Result<(), Failure>) -> Result<Reached, Failure> {
    use crate::collect::{Asked, Interrupt, collect};

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::not_run)?;
    let (options, now, bar) = (options(args, wanted.complete), now(), Asking::new(global));
    let interrupt = Interrupt::listen(bar.hearing()).map_err(Failure::not_run)?;
    let (taker, mut taken) = tokio::sync::mpsc::channel(1);
    // The scopes are judged or written on this thread, while another asks on.
    let Asked { calls, sessions } = std::thread::scope(|threads| {
        // The answers of all services wait in one future; without optimisation two megabytes are too few for it.
        let asking = std::thread::Builder::new().stack_size(ASKING_STACK);
        let collected = || runtime.block_on(collect(&options, wanted.takes, wanted.needs, now, &bar, &interrupt, taker));
        let asking = asking.spawn_scoped(threads, collected).map_err(Failure::not_run)?;
        while let Some(scope) = taken.blocking_recv() {
            if let Err(failure) = each(scope) {
                // Else the other thread would wait for somebody to take the next.
                taken.close();
                return Err(failure);
            }
        }
        asking.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)).map_err(failure)
    })?;
    bar.finish(&calls);
    Ok(Reached { runtime, sessions, interrupt })
}

/// Why nothing could be asked, as the end of the program.
#[cfg(feature = "live")]
pub fn failure(error: crate::collect::CollectError) -> Failure {
    use crate::collect::CollectError;

    match error {
        CollectError::UnknownRegion(..)
        | CollectError::UnknownRate(..)
        | CollectError::NoRegion
        | CollectError::EveryRegionExcluded
        | CollectError::NotInOrganization(..) => Failure::usage(error),
        _ => Failure::not_run(error),
    }
}

/// The accounts that could be reached, to ask them more.
#[cfg(feature = "live")]
pub struct Reached {
    runtime: tokio::runtime::Runtime,
    sessions: crate::collect::Sessions,
    /// While it is there, the first signal ends what is asked, not the program.
    interrupt: crate::collect::Interrupt,
}

#[cfg(feature = "live")]
impl Reached {
    /// Who changed these resources last, by ARN.
    pub fn last_changes(&self, targets: &Targets, global: &Global) -> BTreeMap<String, LastChange> {
        let bar = LookingUp::new(global, targets.values().map(Vec::len).sum());
        self.runtime.block_on(crate::collect::last_changes(&self.sessions, targets, &self.interrupt, &|| bar.next()))
    }
}

/// How to reach AWS, from the flags.
#[cfg(feature = "live")]
pub fn options(args: &AwsArgs, complete: &BTreeSet<ScopeId>) -> crate::collect::Options {
    let accounts = args.accounts.clone();
    let organization = accounts.org_role.map(|role| crate::collect::Organization {
        role,
        accounts: accounts.account,
        exclude_accounts: accounts.exclude_account,
        units: accounts.ou,
    });
    crate::collect::Options {
        profile: args.profile.clone(),
        regions: args.region.clone(),
        exclude_regions: args.exclude_region.clone(),
        endpoint_url: args.endpoint_url.clone(),
        roles: accounts.role_arn,
        external_id: accounts.external_id,
        organization,
        concurrency: args.concurrency,
        max_rates: args.max_rate.iter().cloned().collect(),
        scope_timeout: std::time::Duration::from_secs(args.scope_timeout.get().into()),
        complete: complete.clone(),
    }
}

/// The time of collection. `DBMOAT_NOW`, in seconds since 1970, sets it for tests, which repeat a run
/// to the byte. Not `SOURCE_DATE_EPOCH`: build systems set that, and an expired certificate would
/// pass at their date.
#[cfg(feature = "live")]
fn now() -> crate::inventory::shape::Timestamp {
    let fixed = std::env::var("DBMOAT_NOW").ok().and_then(|text| text.parse().ok());
    let now = fixed.and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0)).unwrap_or_else(chrono::Utc::now);
    chrono::SubsecRound::trunc_subsecs(now, 0)
}

/// Without the SDK there is nobody to ask.
#[cfg(not(feature = "live"))]
pub fn run(_: &CollectArgs, _: &Global) -> Result<End, Failure> {
    Err(not_built_in())
}

/// Without the SDK there is nobody to ask.
#[cfg(not(feature = "live"))]
pub fn live(_: &AwsArgs, _: Wanted<'_>, _: &Global, _: impl FnMut(Scope) -> Result<(), Failure>) -> Result<Reached, Failure> {
    Err(not_built_in())
}

/// Without the SDK no account is reached.
#[cfg(not(feature = "live"))]
pub enum Reached {}

#[cfg(not(feature = "live"))]
impl Reached {
    /// Never called.
    pub fn last_changes(&self, _: &Targets, _: &Global) -> BTreeMap<String, LastChange> {
        match *self {}
    }
}

/// Why a command that asks AWS does not.
#[cfg(not(feature = "live"))]
pub fn not_built_in() -> Failure {
    Failure::usage(anyhow::anyhow!("this program was built without the feature `live`; use --inventory or --demo"))
}
