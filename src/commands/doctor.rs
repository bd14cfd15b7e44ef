//! `dbmoat doctor`: what a scan would meet.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::{Value as Json, json};

use super::output::{pretty, print};
use super::{End, Failure};
use crate::cli::{DoctorArgs, Global, ListFormat};
use crate::collect::CollectError;
use crate::collect::doctor::{Examination, Examined, Outcome, examine};
use crate::engine::RuleSet;
use crate::gate;
use crate::inventory::{Gap, Reason};
use crate::reference::permissions::{self, Roles};

/// Asks each account once, and says what a scan could not read.
pub fn run(args: &DoctorArgs, global: &Global) -> Result<End, Failure> {
    let rules = RuleSet::load(args.rules.rules.as_deref(), &args.rules.selection())?;
    let options = super::collect::options(&args.aws, &BTreeSet::new());
    let needs = rules.needs();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::not_run)?;
    let seen = match runtime.block_on(examine(&options, &needs)) {
        Ok(seen) => seen,
        Err(error) => {
            if let CollectError::Organization(gap) = &error {
                print(&missing_of_organization(gap))?;
            }
            return Err(super::collect::failure(error));
        }
    };
    match args.format {
        ListFormat::Json => print(&pretty(&document(&seen, &rules)))?,
        ListFormat::Table => print(&table(&seen, &rules, global.verbose))?,
    };
    let problems = problems(&seen);
    Ok(match problems.as_slice() {
        [] => End { code: gate::PASSED, reason: Some("all that was tried answers".to_owned()) },
        _ if seen.accounts.iter().all(|account| account.gap.is_some()) => {
            End { code: gate::NOT_RUN, reason: Some("no account could be asked".to_owned()) }
        }
        _ => End { code: gate::INCOMPLETE, reason: Some(problems.join(", ")) },
    })
}

/// What would leave a scan incomplete, counted.
fn problems(seen: &Examination) -> Vec<String> {
    let accounts = || seen.accounts.iter();
    let operations = |outcome| accounts().flat_map(|account| &account.operations).filter(|tried| tried.outcome == outcome).count();
    let counts = [
        (accounts().filter(|account| account.gap.is_some()).count(), "accounts not reached"),
        (accounts().flat_map(|account| &account.regions).filter(|region| region.answers == Some(false)).count(), "regions that do not answer"),
        (operations(Outcome::Denied), "operations denied"),
        (operations(Outcome::Failed), "operations failed"),
    ];
    counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{what}: {count}")).collect()
}

/// The statement that would allow what is denied. Where something denies it expressly, none would.
fn missing(account: &Examined) -> Option<Json> {
    let gaps = account.gap.iter().chain(account.operations.iter().filter_map(|tried| tried.gap.as_ref()));
    let denied = gaps.filter(|gap| gap.reason == Reason::AccessDenied && gap.operation != permissions::ASSUME && !is_explicit(gap));
    let denied: BTreeSet<_> = denied.map(|gap| gap.operation.as_str()).collect();
    (!denied.is_empty()).then(|| permissions::statement(denied))
}

/// Whether a Deny forbids the operation, rather than that no Allow allows it.
fn is_explicit(gap: &Gap) -> bool {
    gap.message.contains("explicit deny")
}

/// What would let the caller list the accounts of the organization, if that is what it lacks.
fn missing_of_organization(gap: &Gap) -> String {
    if gap.reason != Reason::AccessDenied || is_explicit(gap) {
        return String::new();
    }
    let statement = permissions::statement(BTreeSet::from([gap.operation.as_str()]));
    format!("Missing in the policy of the caller, if it is of the management account or a delegated administrator:\n{}", pretty(&statement))
}

/// The statement that would let the caller assume the roles that it may not.
fn missing_of_caller(seen: &Examination) -> Option<Json> {
    let lost = seen.accounts.iter().filter(|account| account.gap.as_ref().is_some_and(|gap| gap.operation == permissions::ASSUME));
    let roles = Roles { of_organization: None, arns: lost.filter_map(|account| account.role.clone()).collect() };
    roles.statements().pop()
}

/// How many rules need each operation.
fn needed(rules: &RuleSet) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    rules.rules().flat_map(|rule| rule.operations()).for_each(|operation| *counts.entry(operation).or_default() += 1);
    counts
}

fn document(seen: &Examination, rules: &RuleSet) -> Json {
    let needed = needed(rules);
    let accounts = seen.accounts.iter().map(|account| {
        let mut document = json!(account);
        document["missing"] = json!(missing(account));
        for tried in document["operations"].as_array_mut().into_iter().flatten() {
            tried["rules"] = json!(tried["operation"].as_str().and_then(|operation| needed.get(operation)).unwrap_or(&0));
        }
        document
    });
    json!({"caller": seen.caller, "missing": missing_of_caller(seen), "accounts": accounts.collect::<Vec<_>>()})
}

fn table(seen: &Examination, rules: &RuleSet, verbose: bool) -> String {
    let needed = needed(rules);
    let mut text = format!("Caller: {}\n", seen.caller);
    for account in &seen.accounts {
        of_account(&mut text, account, &needed, verbose);
    }
    if let Some(statement) = missing_of_caller(seen) {
        let _ = write!(text, "\nMissing in the policy of the caller, if the roles' trust policies admit it:\n{}", pretty(&statement));
    }
    text
}

fn of_account(text: &mut String, account: &Examined, needed: &BTreeMap<&str, usize>, verbose: bool) {
    let role = account.role.as_ref().map_or_else(String::new, |role| format!(" through {role}"));
    match &account.gap {
        Some(gap) => _ = writeln!(text, "\n{}{role}: not reached\n  {gap}", account.account),
        None => of_reached(text, account, &role, needed, verbose),
    }
    if let Some(statement) = missing(account) {
        let whose = account.role.as_deref().unwrap_or("the caller");
        let _ = write!(text, "\nMissing in the policy of {whose}:\n{}", pretty(&statement));
    }
    if account.operations.iter().filter_map(|tried| tried.gap.as_ref()).any(is_explicit) {
        text.push_str("Where an explicit deny is named, no statement helps: mend what denies.\n");
    }
}

fn of_reached(text: &mut String, account: &Examined, role: &str, needed: &BTreeMap<&str, usize>, verbose: bool) {
    let regions = account.regions.iter().map(|region| region.region.as_str()).collect::<Vec<_>>().join(", ");
    let _ = writeln!(text, "\n{}{role}: {regions}", account.account);
    for (region, gap) in account.regions.iter().filter_map(|region| Some((&region.region, region.gap.as_ref()?))) {
        let _ = writeln!(text, "  {region} does not answer: {gap}");
    }
    for tried in &account.operations {
        let rules = needed.get(tried.operation).unwrap_or(&0);
        match (&tried.gap, name(tried.outcome)) {
            (Some(gap), name) => _ = writeln!(text, "  {name:<10} {} ({rules} rules): {}: {}", tried.operation, gap.reason, gap.message),
            (None, name) if verbose => _ = writeln!(text, "  {name:<10} {} ({rules} rules)", tried.operation),
            _ => {}
        }
    }
    let count = |outcome| account.operations.iter().filter(|tried| tried.outcome == outcome).count();
    let _ = writeln!(
        text,
        "  {} operations answer; {} have no service here; {} were not tried, because they are asked of single resources",
        count(Outcome::Answered),
        count(Outcome::NotThere),
        count(Outcome::NotTried)
    );
}

fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Denied => "denied",
        Outcome::Failed => "failed",
        Outcome::NotThere => "not there",
        Outcome::Answered => "answers",
        Outcome::NotTried => "not tried",
    }
}
