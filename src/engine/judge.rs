//! Judges one scope: every selected rule on every resource of its kinds.

use std::collections::BTreeMap;
use std::sync::Arc;

use cel::ExecutionError;
use rayon::prelude::*;

use super::expression::{Expression, Path};
use super::rule::{Rule, Severity};
use super::select::{Active, RuleSet};
use super::template::Template;
use super::variables::{Subject, Variables};
use crate::evidence::Evidence;
use crate::facts::{Global, Index, Trust};
use crate::finding::{Finding, Fix, Outcome, ResourceRef, Standing, fingerprint};
use crate::inventory::kinds::Role;
use crate::inventory::{Gap, Kind, Reason, Resource, Scope, partition};
use crate::value::{self, Node};

/// How much was judged of a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// How many rules passed on how many resources.
    pub passes: usize,
    /// How many databases and copies of data were judged.
    pub resources: usize,
}

/// What becomes of a verdict: as much as whoever asks has a use for, since most of the time goes into putting it into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detail {
    /// Of passes; none where it is enough to know how many there are.
    pub passes: Option<Depth>,
    /// The least severity of the failures that become findings; the others are counted. None where all are.
    pub listed: Option<Severity>,
}

/// How much of a verdict is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Of which rule and resource it is.
    Counted,
    /// All that there is to say of it.
    Finding,
}

impl Default for Detail {
    /// Whatever is no pass becomes a finding.
    fn default() -> Self {
        Self { passes: None, listed: Some(Severity::Low) }
    }
}

impl Detail {
    /// What is kept of a verdict; what was not assessed is always a finding, because only that says why.
    fn of(self, verdict: &Result<Verdict, ExecutionError>, severity: Severity) -> Option<Depth> {
        match verdict {
            Ok(Verdict::NotApplicable) => None,
            Ok(Verdict::Pass) => self.passes,
            Ok(Verdict::Fail) if self.listed.is_none_or(|least| severity < least) => Some(Depth::Counted),
            Ok(Verdict::Fail) | Err(_) => Some(Depth::Finding),
        }
    }
}

/// A verdict of which nothing is told but that there was one.
pub struct Counted<'s> {
    pub rule: &'s Arc<Rule>,
    pub resource: &'s Resource,
    pub outcome: Outcome,
}

/// What came of some resources, that of one together.
#[derive(Default)]
pub struct Verdicts<'s> {
    /// No more verdicts than so many come before these in the scope.
    pub before: usize,
    pub findings: Vec<Finding>,
    pub counted: Vec<Counted<'s>>,
}

/// How many resources are judged at a time: few, lest a thread be done long after another.
const AT_A_TIME: usize = 16;

/// How many verdicts there are of a scope at most.
pub fn most_verdicts(scope: &Scope, rules: &RuleSet) -> usize {
    (scope.resources.len() + rules.kinds().count()) * rules.rules().len()
}

/// Judges the resources of a scope, with what its account has once to look things up in: in parallel, where `take` takes what
/// came of some resources as soon as it is known, in any order, so that nobody need hold all. It ends early when one errs.
pub fn judge<'s, E: Send>(
    scope: &'s Scope,
    global: Option<&'s Global>,
    trust: &'s Trust,
    rules: &'s RuleSet,
    detail: Detail,
    take: impl Fn(Verdicts<'s>) -> Result<(), E> + Sync,
) -> Result<Judged, E> {
    let index = Index::new(scope, global, trust);
    let (resources, around): (Vec<_>, Vec<_>) =
        scope.resources.iter().filter(|resource| resource.kind.role != Role::Supporting).partition(|resource| resource.kind.role == Role::Judged);
    let some = |before: usize, resources: &[&'s Resource]| {
        let (verdicts, passes) = judge_some(resources, &index, rules, detail);
        take(Verdicts { before: before * rules.rules().len(), ..verdicts }).map(|()| passes)
    };
    let all = |before: usize, resources: &[&'s Resource]| {
        let chunks = resources.par_chunks(AT_A_TIME).enumerate().with_max_len(1);
        chunks.map(|(chunk, resources)| some(before + chunk * AT_A_TIME, resources)).try_reduce(|| 0, |one, other| Ok(one + other))
    };
    let of_databases = all(0, &resources)?;
    // What surrounds databases is judged by them: by now what is to be known of each is, found out side by side.
    let of_others = all(resources.len(), &around)?;
    let findings = unlisted(scope, rules).collect();
    take(Verdicts { before: scope.resources.len() * rules.rules().len(), findings, counted: Vec::new() })?;
    Ok(Judged { passes: of_databases + of_others, resources: resources.len() })
}

/// What rules say of some resources, and how many pass.
fn judge_some<'s>(resources: &[&'s Resource], index: &Index<'s>, rules: &'s RuleSet, detail: Detail) -> (Verdicts<'s>, usize) {
    let (mut verdicts, mut passes) = (Verdicts::default(), 0);
    for resource in resources {
        let subject = Subject::new(resource, index);
        for rule in rules.of_kind(resource.kind) {
            let variables = Variables { subject: &subject, params: &rule.params };
            let verdict = verdict(&variables, rule.rule.when.as_ref(), &rule.rule.require);
            let passed = verdict == Ok(Verdict::Pass);
            passes += usize::from(passed);
            match detail.of(&verdict, rule.rule.severity) {
                None => {}
                Some(Depth::Counted) => {
                    let outcome = if passed { Outcome::Pass } else { Outcome::Fail };
                    verdicts.counted.push(Counted { rule: &rule.rule, resource, outcome });
                }
                Some(Depth::Finding) => verdicts.findings.extend(finding(rule, &variables, verdict)),
            }
        }
    }
    (verdicts, passes)
}

/// What one rule says of one resource; none where it does not apply.
fn finding(active: &Active, variables: &Variables<'_, '_, '_>, verdict: Result<Verdict, ExecutionError>) -> Option<Finding> {
    let (rule, subject) = (&active.rule, variables.subject);
    let (outcome, gaps) = match verdict {
        Ok(Verdict::NotApplicable) => return None,
        Ok(Verdict::Pass) => (Outcome::Pass, Vec::new()),
        Ok(Verdict::Fail) => (Outcome::Fail, Vec::new()),
        Err(error) => (Outcome::NotAssessed, gaps_behind(&error, subject, &rule.paths)),
    };
    let message = match outcome {
        Outcome::Fail => rule.message.render(variables),
        Outcome::Pass | Outcome::Waived | Outcome::CarriedOver => String::new(),
        Outcome::NotAssessed => not_assessed_message(subject.name(), &gaps),
    };
    Some(Finding {
        rule: Arc::clone(rule),
        outcome,
        resource: Arc::clone(subject.reference()),
        message,
        evidence: evidence(active, variables),
        gaps,
        fix: (outcome == Outcome::Fail).then(|| fix(active, variables)),
        fingerprint: fingerprint(&rule.id, &subject.resource.arn),
        standing: Standing::default(),
    })
}

/// What the two expressions of a rule say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Pass,
    Fail,
    NotApplicable,
}

/// Evaluates `when` and `require`; an error is neither yes nor no.
pub fn verdict(variables: &Variables<'_, '_, '_>, when: Option<&Expression>, require: &Expression) -> Result<Verdict, ExecutionError> {
    if let Some(when) = when
        && !when.test(variables)?
    {
        return Ok(Verdict::NotApplicable);
    }
    require.test(variables).map(|holds| if holds { Verdict::Pass } else { Verdict::Fail })
}

/// What kept an expression from being decided: the gaps on its paths, or a field that AWS left out.
pub fn gaps_behind(error: &ExecutionError, subject: &Subject<'_, '_>, paths: &[Path]) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = value::gap_of(error).into_iter().chain(subject.gaps(paths)).collect();
    gaps.sort();
    gaps.dedup();
    if gaps.is_empty() {
        let operation = subject.resource.kind.operations.first().copied().unwrap_or_default();
        gaps.push(match error {
            ExecutionError::NoSuchKey(field) => {
                let path = paths.iter().find(|path| path.last() == Some(field.as_ref()));
                let behind = path.and_then(|path| super::rule::operations_of(subject.resource.kind, path).last().copied());
                Gap::new(behind.unwrap_or(operation), Reason::NotReturned, format!("AWS did not return {field}"))
            }
            other => Gap::new(operation, Reason::NotEvaluated, other.to_string()),
        });
    }
    gaps
}

fn not_assessed_message(name: &str, gaps: &[Gap]) -> String {
    let reasons: Vec<_> = gaps.iter().map(ToString::to_string).collect();
    format!("{name} was not assessed: {}", reasons.join("; "))
}

fn fix(active: &Active, variables: &Variables<'_, '_, '_>) -> Fix {
    let remediation = &active.rule.remediation;
    Fix {
        values: remediation.templates().flat_map(|template| template.values(variables)).collect(),
        cli: remediation.cli.as_ref().is_some_and(|template| is_safe_for_shell(template, variables.subject)),
    }
}

/// Whether every text that a command would take from the resource is one that a shell takes as it
/// is. AWS allows no other in names and ids; an inventory from elsewhere may hold anything.
fn is_safe_for_shell(template: &Template, subject: &Subject<'_, '_>) -> bool {
    let plain = |text: &str| text.chars().all(|character| character.is_alphanumeric() || " _.,:/@+=-!".contains(character));
    let resource = subject.resource;
    let mut texts = template.paths().iter().flat_map(|path| subject.nodes(path)).map(ToString::to_string);
    [subject.name(), &resource.arn, &resource.account, &resource.region].into_iter().all(plain) && texts.all(|text| plain(&text))
}

/// A value to show.
#[derive(serde::Serialize)]
#[serde(untagged)]
enum Shown<'n, 'a> {
    Node(&'n Node<'a>),
    Nodes(Vec<&'n Node<'a>>),
    Value(serde_json::Value),
}

/// The values on the paths that the rule reads, and those of the expressions that it shows.
fn evidence(active: &Active, variables: &Variables<'_, '_, '_>) -> Evidence {
    let mut evidence = BTreeMap::new();
    for (name, path) in &active.rule.evidence_paths {
        let nodes = match path.split_first() {
            Some((root, rest)) if root == "params" => super::expression::resolve(&active.params, rest),
            _ => variables.subject.nodes(path),
        };
        let through_list = path.iter().any(|segment| segment == super::expression::ELEMENT);
        match nodes.as_slice() {
            [] => None,
            [node] if !through_list => evidence.insert(name.as_str(), Shown::Node(node)),
            _ => evidence.insert(name, Shown::Nodes(nodes)),
        };
    }
    for expression in &active.rule.evidence {
        if let Ok(value) = expression.evaluate(variables) {
            evidence.insert(&expression.source, Shown::Value(value));
        }
    }
    Evidence::of(&evidence)
}

/// For every kind whose listing did not answer to the end: each of its rules, not assessed on
/// whatever the listing would have named. A scope that was not reached at all is the report's to say, once.
fn unlisted<'r>(scope: &'r Scope, rules: &'r RuleSet) -> impl Iterator<Item = Finding> + 'r {
    let of_scope = |kind: &Kind| kind.is_global() == scope.id.is_global() && scope.reached;
    let kinds = rules.kinds().filter(of_scope).filter_map(|kind| {
        let listed = kind.operations.iter().filter_map(|operation| scope.gap_of(operation)).chain(scope.gap_in_whole(kind));
        let gaps: Vec<_> = listed.chain(kind.found_by.iter().filter_map(|operation| scope.gap_anywhere(operation))).collect();
        (!gaps.is_empty()).then_some((kind, gaps))
    });
    kinds.flat_map(move |(kind, gaps)| {
        let resource = Arc::new(unlisted_resource(scope, kind));
        let message =
            format!("the {} of {} were not assessed: {}", kind.noun.1, scope.id, gaps.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "));
        rules.of_kind(kind).map(move |active| Finding {
            rule: Arc::clone(&active.rule),
            outcome: Outcome::NotAssessed,
            message: message.clone(),
            evidence: Evidence::default(),
            gaps: gaps.clone(),
            fix: None,
            fingerprint: fingerprint(&active.rule.id, &format!("{}|{kind}", resource.arn)),
            resource: Arc::clone(&resource),
            standing: Standing::default(),
        })
    })
}

fn unlisted_resource(scope: &Scope, kind: Kind) -> ResourceRef {
    let (account, region) = (scope.id.account.clone(), scope.id.region.clone());
    ResourceRef {
        arn: format!("arn:{}:{}:{region}:{account}:*", partition(&region), kind.service),
        kind,
        name: format!("all {}", kind.noun.1),
        account,
        region,
        tags: BTreeMap::new(),
    }
}
