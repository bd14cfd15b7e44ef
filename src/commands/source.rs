//! What is judged: the demo, inventory files, or what AWS says now.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::mpsc;
use std::thread;

use super::collect::{Reached, Wanted};
use super::judgement::{Judgement, Review, spilling};
use super::progress::Judging;
use super::waiting::Waiting;
use super::{Failure, files};
use crate::cli::{Global, OriginArgs, SourceArgs};
use crate::engine::RuleSet;
use crate::inventory::read::{self, ReadError, Scopes, Source};
use crate::inventory::{Needs, Scope, ScopeId};
use crate::shard::Shard;

/// The demo account, which `fixtures/demo.py` writes.
static DEMO: &[u8] = include_bytes!("../../fixtures/demo.jsonl");

/// Judges what the arguments name, and says whom else to ask about it, if AWS was asked.
pub fn judge<'r>(args: &SourceArgs, rules: &'r RuleSet, review: Review, global: &Global) -> Result<(Judgement<'r>, Option<Reached>), Failure> {
    let shard = if args.origin.demo { None } else { super::shard(args.origin.aws.shard)? };
    let mut scopes = Opened::new(&args.origin, shard, &rules.needs(), global)?;
    let mut trust = args.trust.trust();
    trust.accounts.extend(scopes.accounts()?);
    let mut judged = Judgement::new(rules, trust, review, shard);
    // What was asked for was collected, so only of others something is left out.
    let regions = if matches!(scopes, Opened::Live { .. }) { &[] } else { args.origin.aws.region.as_slice() };
    let reached = scopes.reached();
    let bar = Judging::new(global);
    scopes.each(|scope| {
        bar.comes(&scope);
        judged.add(scope, regions)
    })?;
    bar.finish();
    judged.check_regions(regions)?;
    if judged.is_empty() && shard.is_none() {
        return Err(Failure::not_run(anyhow::anyhow!("there is nothing to judge: no scope of the regions asked for is in the inventory")));
    }
    Ok((judged, reached))
}

/// Scopes that are there to be read.
pub enum Opened {
    Demo,
    Files(Vec<Source>),
    Live { scopes: Waiting, accounts: BTreeSet<String>, reached: Option<Reached> },
}

impl Opened {
    /// Opens, or asks AWS for, what the arguments name.
    pub fn new(args: &OriginArgs, shard: Option<Shard>, needs: &Needs, global: &Global) -> Result<Self, Failure> {
        Ok(if args.demo {
            Self::Demo
        } else if args.inventory.is_empty() {
            let (mut scopes, mut accounts) = (Waiting::default(), BTreeSet::new());
            // What an account has once is looked up for its regions here, whosever it is.
            let takes = |id: &ScopeId| id.is_global() || shard.is_none_or(|shard| shard.holds(id));
            let wanted = Wanted { takes: &takes, complete: &BTreeSet::new(), needs };
            let reached = super::collect::live(&args.aws, wanted, global, |scope| {
                accounts.insert(scope.id.account.clone());
                scopes.push(scope).map_err(|error| spilling(&error))
            })?;
            Self::Live { scopes, accounts, reached: Some(reached) }
        } else {
            Self::Files(files::named(&args.inventory)?.iter().map(|file| Source::new(file)).collect::<Result<_, _>>()?)
        })
    }

    /// The accounts of all that will come.
    fn accounts(&self) -> Result<BTreeSet<String>, Failure> {
        Ok(match self {
            Self::Demo => read::accounts(DEMO),
            Self::Live { accounts, .. } => accounts.clone(),
            Self::Files(sources) => sources.iter().map(Source::accounts).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect(),
        })
    }

    /// The accounts that AWS was asked about, once.
    fn reached(&mut self) -> Option<Reached> {
        match self {
            Self::Live { reached, .. } => reached.take(),
            Self::Demo | Self::Files(_) => None,
        }
    }

    /// Does it with each. What it gives back is not needed any more.
    pub fn each(self, mut f: impl FnMut(Scope) -> Result<Option<Scope>, Failure>) -> Result<(), Failure> {
        match self {
            Self::Demo => Scopes::new(DEMO, Path::new("demo")).try_for_each(|scope| f(scope?).map(drop)),
            Self::Live { scopes, .. } => scopes.scopes().map_err(|error| spilling(&error))?.try_for_each(|scope| f(scope?).map(drop)),
            Self::Files(sources) => sources.iter().try_for_each(|source| while_reading(source.scopes()?, &mut f)),
        }
    }
}

/// Does it with each scope, while the next is read. The reader frees what is not needed any more: a thread that frees what
/// another has allocated is in its way.
fn while_reading(
    scopes: impl Iterator<Item = Result<Scope, ReadError>> + Send,
    mut f: impl FnMut(Scope) -> Result<Option<Scope>, Failure>,
) -> Result<(), Failure> {
    thread::scope(|threads| {
        // Holds none: the reader waits with the one that it has.
        let (sender, receiver) = mpsc::sync_channel(0);
        let (done, not_needed) = mpsc::channel();
        threads.spawn(move || {
            for scope in scopes {
                not_needed.try_iter().for_each(drop::<Scope>);
                if sender.send(scope).is_err() {
                    break;
                }
            }
        });
        receiver.into_iter().try_for_each(|scope| {
            if let Some(scope) = f(scope?)?
                && let Err(last) = done.send(scope)
            {
                rayon::spawn(move || drop(last));
            }
            Ok(())
        })
    })
}
