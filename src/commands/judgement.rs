//! Judges scopes as they come, in whatever order, each with what its account has once.
//!
//! A region is judged with the scope `aws-global` of its own collection, else with the newest of its
//! account. Only where that may still come does a scope wait, so that neither the order of the files
//! nor that of their lines changes a finding.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use super::Failure;
use super::waiting::Waiting;
use crate::engine::{Detail, Judged, Rule, RuleSet, Verdicts, judge, most_verdicts};
use crate::facts::{self, Global, Regions, Trust};
use crate::finding::Finding;
use crate::findings::{Batch, Gathering};
use crate::gate::baseline::{Changes, Comparison, Earlier};
use crate::gate::waivers::Waivers;
use crate::gate::{self, Policy};
use crate::inventory::{GLOBAL, Gap, Needs, Reason, Scope, ScopeId, shape::Timestamp};
use crate::report::{self, Coverage, Report, Summary, Tool, sarif};
use crate::shard::Shard;
use crate::suggest;

/// What becomes of findings before they are kept.
#[derive(Default)]
pub struct Review {
    /// What becomes of verdicts, where nothing else changes findings.
    pub detail: Detail,
    pub waivers: Option<Waivers>,
    pub comparison: Option<Comparison>,
    /// Rules that the baseline has failures of.
    pub earlier_rules: Vec<Arc<Rule>>,
}

/// What came of the scopes so far. Of a scope that comes twice the newer counts.
pub struct Judgement<'r> {
    rules: &'r RuleSet,
    trust: Trust,
    needs: Needs,
    review: Review,
    regions: BTreeSet<String>,
    seen: BTreeSet<(ScopeId, Timestamp)>,
    scopes: BTreeMap<ScopeId, Settled>,
    findings: Gathering,
    /// What each account has once, by the time of collection.
    globals: BTreeMap<String, BTreeMap<Timestamp, Global>>,
    /// Scopes whose account's has not come yet.
    waiting: Waiting,
    /// Which scopes are judged; what an account has once is looked up in whosever it is.
    shard: Option<Shard>,
    /// The scopes of the inventory that other shards judge, with why they may have databases that no
    /// listing named.
    elsewhere: BTreeMap<ScopeId, Option<Gap>>,
    /// Accounts whose inventory says what was asked, so that what it lacks was not.
    recorded: BTreeSet<String>,
    /// Whether a collection was interrupted, which no flag lets pass.
    interrupted: bool,
}

impl<'r> Judgement<'r> {
    /// Nothing is judged yet. All accounts that will come are among those that are trusted.
    pub fn new(rules: &'r RuleSet, trust: Trust, review: Review, shard: Option<Shard>) -> Self {
        let (regions, seen, scopes, globals, waiting, elsewhere, recorded, interrupted) = Default::default();
        let findings = Gathering::new(rules.rules().chain(&review.earlier_rules).cloned());
        Self {
            rules,
            trust,
            needs: rules.needs(),
            review,
            regions,
            seen,
            scopes,
            findings,
            globals,
            waiting,
            shard,
            elsewhere,
            recorded,
            interrupted,
        }
    }

    /// Takes up a scope, unless it is of a region that was not asked for, and gives it back when it has been judged. What the
    /// account has once is of every region.
    pub fn add(&mut self, scope: Scope, regions: &[String]) -> Result<Option<Scope>, Failure> {
        self.regions.insert(scope.id.region.clone());
        let asked = regions.is_empty() || regions.iter().any(|region| region == "all" || *region == scope.id.region);
        if !asked && !scope.id.is_global() {
            return Ok(Some(scope));
        }
        if !self.holds(&scope.id) && !scope.id.is_global() {
            self.elsewhere.insert(scope.id.clone(), facts::unlisted(&scope));
            return Ok(Some(scope));
        }
        if !self.seen.insert((scope.id.clone(), scope.collected_at)) {
            // Two halves of one scope would hide each other's databases.
            return Err(Failure::usage(anyhow::anyhow!("scope {} comes twice with the same time of collection", scope.id)));
        }
        if scope.id.is_global() {
            let globals = self.globals.entry(scope.id.account.clone()).or_default();
            globals.insert(scope.collected_at, Global::new(scope));
            return Ok(None);
        }
        if !scope.unspecified {
            self.recorded.insert(scope.id.account.clone());
        }
        let has_come = self.globals.get(&scope.id.account).is_some_and(|globals| globals.contains_key(&scope.collected_at));
        if has_come || self.needs.global().next().is_none() {
            self.settle(&scope)?;
            Ok(Some(scope))
        } else {
            self.waiting.push(scope).map(|()| None).map_err(|error| spilling(&error))
        }
    }

    /// Whether no scope was taken up.
    pub fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    /// Errs where a region was asked for that no scope is of.
    pub fn check_regions(&self, regions: &[String]) -> Result<(), Failure> {
        let known = || self.regions.iter().map(String::as_str);
        match regions.iter().find(|region| *region != "all" && !self.regions.contains(*region)) {
            Some(region) => {
                let nearest = suggest::nearest(region, known());
                let all = known().collect::<Vec<_>>().join(", ");
                Err(Failure::usage(anyhow::anyhow!("--region {region} is not in the inventory, which has {all}{nearest}")))
            }
            None => Ok(()),
        }
    }

    /// The report, once every scope has come.
    pub fn report(mut self, policy: Policy) -> Result<Report, Failure> {
        for scope in std::mem::take(&mut self.waiting).scopes().map_err(|error| spilling(&error))? {
            self.settle(&scope?)?;
        }
        self.settle_globals()?;
        let changes = self.carry_over()?;
        let policy = Policy { allow_incomplete: policy.allow_incomplete && !self.interrupted, ..policy };
        let findings = self.findings.finish().map_err(|error| spilling(&error))?;
        let settled: Vec<_> = self.scopes.into_values().collect();
        let passes = settled.iter().map(|scope| scope.passes).sum();
        let resources = settled.iter().map(|scope| scope.coverage.resources).sum();
        let collected_at = settled.iter().map(|scope| scope.collected_at).max();
        let mut coverage: Vec<_> = settled.into_iter().map(|scope| scope.coverage).collect();
        // What an account has once comes after its regions.
        coverage.sort_by(|a: &Coverage, b| (&a.account, a.region == GLOBAL).cmp(&(&b.account, b.region == GLOBAL)));
        Ok(Report {
            tool: Tool::this(),
            collected_at,
            verdict: gate::decide(findings.tally(), report::unreached(&coverage).count(), policy),
            summary: Summary::of(findings.tally(), passes, resources, self.rules.rules().len()),
            coverage,
            findings,
            waivers: self.review.waivers.map(Waivers::uses).unwrap_or_default(),
            changes,
            carried_rules: self.review.earlier_rules.into_iter().filter(|rule| !self.rules.rules().any(|ran| ran.id == rule.id)).collect(),
            rules: self.rules.rules().cloned().collect(),
            sarif: sarif::Content::default(),
        })
    }

    /// What has changed since the baseline. What is no longer assessed joins the findings; where a
    /// scope has said so already, its finding is the one that stays.
    fn carry_over(&mut self) -> Result<Option<Changes>, Failure> {
        let Some(comparison) = self.review.comparison.take() else { return Ok(None) };
        let mut changes = Changes { collected_at: comparison.collected_at, ..Changes::default() };
        let ran = self.rules.rules().map(|rule| rule.id.clone()).collect();
        let reached = self.scopes.iter().filter(|(_, scope)| scope.coverage.reached).map(|(id, _)| id.clone()).collect();
        comparison.finish(&ran, &reached, &mut changes);
        let rule_of = |earlier: &Earlier| self.review.earlier_rules.iter().find(|rule| rule.id == earlier.rule);
        let carried: Vec<_> = changes.not_assessed.iter().filter_map(|gone| Some(gone.finding.carried_over(rule_of(&gone.finding)?))).collect();
        self.findings.add_all(&carried).map_err(|error| spilling(&error))?;
        Ok(Some(changes))
    }

    /// Judges a scope of a region with what its account has once.
    fn settle(&mut self, scope: &Scope) -> Result<(), Failure> {
        if self.is_outdated(scope) {
            return Ok(());
        }
        let globals = self.globals.get(&scope.id.account);
        let global = globals.and_then(|globals| globals.get(&scope.collected_at).or_else(|| globals.last_key_value().map(|(_, newest)| newest)));
        let settled = settled(scope, global, &self.trust, self.rules, &mut self.review, &mut self.findings)?;
        self.record(scope, settled);
        Ok(())
    }

    /// Judges what each account has once. Where rules need it and it was not collected, that is said.
    fn settle_globals(&mut self) -> Result<(), Failure> {
        let mut globals = std::mem::take(&mut self.globals);
        for newest in globals.values_mut().filter_map(|of_account| Some(of_account.last_entry()?.into_mut())) {
            if !self.holds(&newest.scope.id) {
                continue;
            }
            newest.regions = self.regions_of(&newest.scope.id.account);
            let settled = settled(&newest.scope, Some(newest), &self.trust, self.rules, &mut self.review, &mut self.findings)?;
            self.record(&newest.scope, settled);
        }
        for account in std::mem::take(&mut self.recorded).iter().filter(|account| !globals.contains_key(*account)) {
            let times = self.scopes.iter().filter(|(id, _)| id.account == *account).map(|(_, scope)| scope.collected_at);
            let Some(collected_at) = times.max() else { continue };
            let mut missing = Scope::new(ScopeId::global(account.as_str()), collected_at);
            let gap = |operation| Gap::new(operation, Reason::NotCollected, format!("the inventory has no scope {}", missing.id));
            missing.gaps = self.needs.global().map(gap).collect();
            if !missing.gaps.is_empty() && self.holds(&missing.id) {
                let settled = settled(&missing, None, &self.trust, self.rules, &mut self.review, &mut self.findings)?;
                self.record(&missing, settled);
            }
        }
        Ok(())
    }

    /// The regions of an account that this scan or its other shards see.
    fn regions_of(&self, account: &str) -> Result<Regions, Gap> {
        if self.elsewhere.is_empty() && self.shard.is_some_and(|shard| !shard.is_whole()) {
            return Err(Gap::new("account:ListRegions", Reason::NotCollected, "the other shards ask about other regions"));
        }
        let here = self.scopes.iter().map(|(id, settled)| (id, &settled.unlisted));
        let of_account = here.chain(&self.elsewhere).filter(|(id, _)| id.account == account);
        Ok(of_account.map(|(id, unlisted)| (id.region.clone(), unlisted.clone())).collect())
    }

    /// Whether the scope is to be judged here.
    fn holds(&self, scope: &ScopeId) -> bool {
        self.shard.is_none_or(|shard| shard.holds(scope))
    }

    /// Whether a newer collection of the scope has been judged.
    fn is_outdated(&self, scope: &Scope) -> bool {
        self.scopes.get(&scope.id).is_some_and(|settled| settled.collected_at >= scope.collected_at)
    }

    /// Keeps what came of a scope, in place of an older collection of it.
    fn record(&mut self, scope: &Scope, settled: Settled) {
        self.interrupted |= scope.gaps.iter().any(|gap| gap.reason == Reason::Interrupted);
        if let Some(older) = self.scopes.insert(scope.id.clone(), settled) {
            self.findings.withdraw(older.findings);
        }
    }
}

/// Judges a scope, and takes up its findings as they come.
fn settled(
    scope: &Scope,
    global: Option<&Global>,
    trust: &Trust,
    rules: &RuleSet,
    review: &mut Review,
    findings: &mut Gathering,
) -> Result<Settled, Failure> {
    if let Some(comparison) = &mut review.comparison {
        comparison.begin(&scope.id);
    }
    // Waivers and comparison look at each failure.
    let detail = if review.changes() { Detail { passes: review.detail.passes, ..Detail::default() } } else { review.detail };
    let review = review.changes().then(|| Mutex::new(review));
    let batch = findings.batch(most_verdicts(scope, rules));
    let (packer, findings) = (findings.packer(), &*findings);
    let judged = judge(scope, global, trust, rules, detail, |Verdicts { before, findings: mut found, counted }| {
        if let Some(review) = &review {
            review.lock().unwrap_or_else(PoisonError::into_inner).change(scope, &mut found);
        }
        let mut packed = packer.pack(&found)?;
        packed.extend(packer.count(&counted)?);
        findings.add(&batch, before, packed)
    });
    let Judged { passes, resources } = judged.map_err(|error| spilling(&error))?;
    let (coverage, unlisted) = (Coverage::of(scope, resources), facts::unlisted(scope));
    Ok(Settled { collected_at: scope.collected_at, coverage, unlisted, passes, findings: batch })
}

impl Review {
    /// Whether it changes findings.
    fn changes(&self) -> bool {
        self.waivers.is_some() || self.comparison.is_some()
    }

    /// Whatever changes findings does so here, before they are counted; in whatever order they come.
    fn change(&mut self, scope: &Scope, findings: &mut [Finding]) {
        if let Some(waivers) = &mut self.waivers {
            findings.iter_mut().for_each(|finding| waivers.apply(finding, scope.collected_at));
        }
        if let Some(comparison) = &mut self.comparison {
            comparison.mark(&scope.id, findings);
        }
    }
}

/// What is kept of a scope that was judged.
struct Settled {
    collected_at: Timestamp,
    coverage: Coverage,
    /// Why there may be databases that no listing named.
    unlisted: Option<Gap>,
    passes: usize,
    findings: Batch,
}

/// Why what does not fit in memory could not be kept.
pub fn spilling(error: &io::Error) -> Failure {
    let folder = std::env::temp_dir();
    Failure::not_run(anyhow::anyhow!(
        "cannot keep what does not fit in memory in a temporary file in {} (TMPDIR names another folder): {error}",
        folder.display()
    ))
}
