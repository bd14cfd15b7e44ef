//! `dbmoat collect`: ask AWS and write the inventory. Also what `scan` collects with.

use std::collections::BTreeMap;

use super::{End, Failure};
use crate::cli::{AwsArgs, CollectArgs, Global};
use crate::inventory::last_change::{LastChange, Targets};
use crate::inventory::{Needs, Scope, ScopeId};

/// Bytes of stack for the thread that asks.
#[cfg(feature = "live")]
const ASKING_STACK: usize = 16 << 20;

/// Which scopes are collected.
pub type Takes<'a> = &'a (dyn Fn(&ScopeId) -> bool + Sync);

/// Collects what the selected rules need into an inventory file.
#[cfg(feature = "live")]
pub fn run(args: &CollectArgs, global: &Global) -> Result<End, Failure> {
    use super::output::Sink;
    use crate::engine::RuleSet;
    use crate::gate;

    let rules = RuleSet::load(args.rules.rules.as_deref(), &args.rules.selection())?;
    let sink = Sink::open(&args.output).map_err(Failure::usage)?;
    let shard = super::shard(args.aws.shard)?;
    let takes = |id: &ScopeId| shard.is_none_or(|shard| shard.holds(id));
    let mut scopes = Vec::new();
    live(&args.aws, &takes, &rules.needs(), global, |scope| {
        scopes.push(scope);
        Ok(())
    })?;
    scopes.sort_by(|a, b| (!a.id.is_global(), &a.id).cmp(&(!b.id.is_global(), &b.id)));
    let compressed = args.output.extension().is_some_and(|extension| extension == "zst");
    let ((), written) = sink
        .write(|out| {
            if compressed {
                let mut encoder = zstd::Encoder::new(out, 0)?;
                write(&scopes, &mut encoder)?;
                encoder.finish().map(|_| ())
            } else {
                let mut out = out;
                write(&scopes, &mut out)
            }
        })
        .map_err(Failure::usage)?;
    written.appear().map_err(Failure::usage)?;
    let gaps: usize = scopes.iter().map(|scope| scope.gaps.len() + scope.resources.iter().map(|resource| resource.gaps.len()).sum::<usize>()).sum();
    Ok(match (gaps, args.allow_incomplete) {
        (0, _) => End { code: gate::PASSED, reason: Some("complete".to_owned()) },
        (gaps, true) => End { code: gate::PASSED, reason: Some(format!("{gaps} calls did not answer, which --allow-incomplete lets pass")) },
        (gaps, false) => End { code: gate::INCOMPLETE, reason: Some(format!("{gaps} calls did not answer; the inventory says which")) },
    })
}

#[cfg(feature = "live")]
fn write(scopes: &[Scope], out: &mut impl std::io::Write) -> std::io::Result<()> {
    use crate::inventory::write;

    write::header(out, scopes.first().map_or_else(chrono::Utc::now, |scope| scope.collected_at), scopes.len())?;
    scopes.iter().try_for_each(|scope| write::scope(out, scope))
}

/// Collects the scopes that the arguments name, live, and hands each over as it completes.
#[cfg(feature = "live")]
pub fn live(
    args: &AwsArgs,
    takes: Takes<'_>,
    needs: &Needs,
    global: &Global,
    mut each: impl FnMut(Scope) -> Result<(), Failure>,
) -> Result<Reached, Failure> {
    use crate::collect::{Asked, CollectError, collect};

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::not_run)?;
    let (options, now, bar) = (options(args), now(), Bar::new(global));
    let (taker, mut taken) = tokio::sync::mpsc::channel(1);
    // The scopes are judged or written on this thread, while another asks on.
    let Asked { calls, sessions } = std::thread::scope(|threads| {
        // The answers of all services wait in one future; without optimisation two megabytes are too few for it.
        let asking = std::thread::Builder::new().stack_size(ASKING_STACK);
        let asking =
            asking.spawn_scoped(threads, || runtime.block_on(collect(&options, takes, needs, now, &bar, taker))).map_err(Failure::not_run)?;
        while let Some(scope) = taken.blocking_recv() {
            each(scope)?;
        }
        let asked = asking.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        asked.map_err(|error| match error {
            CollectError::UnknownRegion(..)
            | CollectError::UnknownRate(..)
            | CollectError::NoRegion
            | CollectError::EveryRegionExcluded
            | CollectError::NotInOrganization(..) => Failure::usage(error),
            _ => Failure::not_run(error),
        })
    })?;
    bar.finish();
    if global.verbose {
        for (call, count) in calls {
            super::output::say(&format!("{count:>6} {call}"));
        }
    }
    Ok(Reached { runtime, sessions })
}

/// The accounts that could be reached, to ask them more.
#[cfg(feature = "live")]
pub struct Reached {
    runtime: tokio::runtime::Runtime,
    sessions: crate::collect::Sessions,
}

#[cfg(feature = "live")]
impl Reached {
    /// Who changed these resources last, by ARN.
    pub fn last_changes(&self, targets: &Targets) -> BTreeMap<String, LastChange> {
        self.runtime.block_on(crate::collect::last_changes(&self.sessions, targets))
    }
}

/// How to reach AWS, from the flags.
#[cfg(feature = "live")]
fn options(args: &AwsArgs) -> crate::collect::Options {
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

/// The bar on a terminal; a line a region with `--verbose`; silent otherwise.
#[cfg(feature = "live")]
struct Bar {
    bar: indicatif::ProgressBar,
    verbose: bool,
}

#[cfg(feature = "live")]
impl Bar {
    fn new(global: &Global) -> Self {
        use std::io::IsTerminal;

        let shown = std::io::stderr().is_terminal() && !global.quiet && !global.verbose;
        let bar = if shown { indicatif::ProgressBar::new(0) } else { indicatif::ProgressBar::hidden() };
        if let Ok(style) = indicatif::ProgressStyle::with_template("{spinner} {msg} {wide_bar} {pos}/{len} regions") {
            bar.set_style(style);
        }
        bar.set_message("asking AWS");
        bar.enable_steady_tick(std::time::Duration::from_millis(120));
        Self { bar, verbose: global.verbose }
    }

    fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(feature = "live")]
impl crate::collect::Progress for Bar {
    fn planned(&self, scopes: usize) {
        self.bar.inc_length(u64::try_from(scopes).unwrap_or(u64::MAX));
    }

    fn done(&self, scope: &Scope) {
        self.bar.inc(1);
        if self.verbose {
            super::output::say(&format!("{}: {} resources, {} gaps", scope.id, scope.resources.len(), scope.gaps.len()));
        }
    }
}

/// Without the SDK there is nobody to ask.
#[cfg(not(feature = "live"))]
pub fn run(_: &CollectArgs, _: &Global) -> Result<End, Failure> {
    Err(not_built_in())
}

/// Without the SDK there is nobody to ask.
#[cfg(not(feature = "live"))]
pub fn live(_: &AwsArgs, _: Takes<'_>, _: &Needs, _: &Global, _: impl FnMut(Scope) -> Result<(), Failure>) -> Result<Reached, Failure> {
    Err(not_built_in())
}

/// Without the SDK no account is reached.
#[cfg(not(feature = "live"))]
pub enum Reached {}

#[cfg(not(feature = "live"))]
impl Reached {
    /// Never called.
    pub fn last_changes(&self, _: &Targets) -> BTreeMap<String, LastChange> {
        match *self {}
    }
}

#[cfg(not(feature = "live"))]
fn not_built_in() -> Failure {
    Failure::usage(anyhow::anyhow!("this program was built without the feature `live`; use --inventory or --demo"))
}
