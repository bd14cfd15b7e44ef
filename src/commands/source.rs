//! What is judged: the demo, inventory files, or what AWS says now.

use std::collections::BTreeSet;
use std::path::Path;

use super::Failure;
use super::judgement::{Judgement, Review};
use crate::cli::{Global, SourceArgs};
use crate::engine::RuleSet;
use crate::inventory::Scope;
use crate::inventory::read::{self, Scopes, Source};

/// The demo account, which `fixtures/demo.py` writes.
static DEMO: &[u8] = include_bytes!("../../fixtures/demo.jsonl");

/// Judges what the arguments name.
pub fn judge<'r>(args: &SourceArgs, rules: &'r RuleSet, review: Review, global: &Global) -> Result<Judgement<'r>, Failure> {
    let scopes = Opened::new(args, rules, global)?;
    let mut trust = args.trust.trust();
    trust.accounts.extend(scopes.accounts()?);
    let mut judged = Judgement::new(rules, trust, review);
    // What was asked for was collected, so only of others something is left out.
    let regions = if matches!(scopes, Opened::Live(_)) { &[] } else { args.aws.region.as_slice() };
    scopes.each(|scope| judged.add(scope, regions))?;
    judged.check_regions(regions)?;
    if judged.is_empty() {
        return Err(Failure::not_run(anyhow::anyhow!("there is nothing to judge: no scope of the regions asked for is in the inventory")));
    }
    Ok(judged)
}

/// Scopes that are there to be read.
enum Opened {
    Demo,
    Files(Vec<Source>),
    Live(Vec<Scope>),
}

impl Opened {
    fn new(args: &SourceArgs, rules: &RuleSet, global: &Global) -> Result<Self, Failure> {
        Ok(if args.demo {
            Self::Demo
        } else if args.inventory.is_empty() {
            let mut scopes = Vec::new();
            super::collect::live(&args.aws, rules, global, |scope| {
                scopes.push(scope);
                Ok(())
            })?;
            Self::Live(scopes)
        } else {
            Self::Files(args.inventory.iter().map(|file| Source::new(file)).collect::<Result<_, _>>()?)
        })
    }

    /// The accounts of all that will come.
    fn accounts(&self) -> Result<BTreeSet<String>, Failure> {
        Ok(match self {
            Self::Demo => read::accounts(DEMO),
            Self::Live(scopes) => scopes.iter().map(|scope| scope.id.account.clone()).collect(),
            Self::Files(sources) => sources.iter().map(Source::accounts).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect(),
        })
    }

    fn each(self, mut f: impl FnMut(Scope) -> Result<(), Failure>) -> Result<(), Failure> {
        match self {
            Self::Demo => Scopes::new(DEMO, Path::new("demo")).try_for_each(|scope| f(scope?)),
            Self::Live(scopes) => scopes.into_iter().try_for_each(f),
            Self::Files(sources) => sources.iter().try_for_each(|source| source.scopes()?.try_for_each(|scope| f(scope?))),
        }
    }
}
