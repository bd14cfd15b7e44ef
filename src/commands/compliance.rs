//! `dbmoat compliance`: what a scan says of each control of a framework. It reports and does not gate.

use super::judgement::Review;
use super::output::{self, Sink};
use super::{End, Failure, source};
use crate::cli::{ComplianceArgs, ComplianceFormat, Global};
use crate::compliance::{Counts, Edition, FRAMEWORKS, Framework, assess};
use crate::engine::{Depth, Detail, Rule, RuleSet, Selection};
use crate::gate::Policy;
use crate::report::compliance::{self as form, Page};
use crate::report::unreached;
use crate::suggest;

/// Of controls it is told how many resources fail them and pass, not which.
const COUNTED: Detail = Detail { passes: Some(Depth::Counted), listed: None };

/// Lists the frameworks, or judges and writes the one that is named.
pub fn run(args: &ComplianceArgs, global: &Global) -> Result<End, Failure> {
    // Those that do not run, too: a control that only they look at is not assessed, not uncovered.
    let all = RuleSet::load_all(args.source.rules.rules.as_deref(), &Selection::default())?;
    let rules: Vec<&Rule> = all.rules().map(AsRef::as_ref).collect();
    let Some(name) = &args.framework else {
        let editions: Vec<_> = FRAMEWORKS.iter().flat_map(|framework| editions(framework, &rules)).collect();
        return output::print(&form::list(&editions, &rules));
    };
    let framework = framework(name)?;
    let editions = editions(framework, &rules);
    let edition = choose(&editions, args.edition.as_deref())?;
    let sink = Sink::open(&args.output).map_err(Failure::usage)?;

    let selected = RuleSet::load(args.source.rules.rules.as_deref(), &args.source.rules.selection())?;
    let policy = Policy { fail_on: None, only_new: false, allow_incomplete: true, exit_zero: true };
    let (judged, _) = source::judge(&args.source, &selected, Review { detail: COUNTED, ..Review::default() }, global)?;
    let report = judged.report(policy)?;
    let ran: Vec<&Rule> = selected.rules().map(AsRef::as_ref).collect();
    let counts = Counts::of_each(&ran, report.findings.tally(), unreached(&report.coverage).count());
    let page = Page { report: &report, edition, controls: assess(edition, &rules, &counts) };
    let write = match args.format {
        ComplianceFormat::Table => form::table,
        ComplianceFormat::Json => form::json,
        ComplianceFormat::Csv => form::csv,
        ComplianceFormat::Html => form::html,
    };
    let ((), written) = sink.write(|mut out| write(&page, &mut out)).map_err(Failure::usage)?;
    written.appear().map_err(Failure::usage)?;
    Ok(End::done())
}

/// The editions of a framework, with the controls that rules name and those that are known beside.
fn editions<'r>(framework: &'static Framework, rules: &[&'r Rule]) -> Vec<Edition<'r>> {
    let known = framework.known().map(|control| -> &'r str { control });
    framework.editions(known.chain(framework.named_by(rules)))
}

fn framework(name: &str) -> Result<&'static Framework, Failure> {
    Framework::named(name).ok_or_else(|| {
        let ids = || FRAMEWORKS.iter().map(|framework| framework.id);
        let (nearest, all) = (suggest::nearest(name, ids()), ids().collect::<Vec<_>>().join(", "));
        Failure::usage(anyhow::anyhow!("unknown framework {name:?}{nearest}; the frameworks are {all}"))
    })
}

fn choose<'e, 'r>(editions: &'e [Edition<'r>], name: Option<&str>) -> Result<&'e Edition<'r>, Failure> {
    let found = name.map_or(editions.first(), |name| editions.iter().find(|edition| edition.name == name));
    found.ok_or_else(|| {
        let names: Vec<_> = editions.iter().map(|edition| edition.name).filter(|name| !name.is_empty()).collect();
        let known =
            if names.is_empty() { "it has one, which needs no --edition".to_owned() } else { format!("its editions are {}", names.join(", ")) };
        Failure::usage(anyhow::anyhow!("unknown edition {:?}; {known}", name.unwrap_or_default()))
    })
}
