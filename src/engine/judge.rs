//! Judges one scope, part by part: every selected rule on every resource of its kinds.

use std::collections::BTreeMap;
use std::sync::Arc;

use cel::ExecutionError;
use rayon::prelude::*;

use super::expression::{Expression, Path};
use super::select::{Active, RuleSet};
use super::template::Template;
use super::variables::{Subject, Variables};
use crate::evidence::Evidence;
use crate::facts::{Global, Index, Trust};
use crate::finding::{Finding, Fix, Outcome, ResourceRef, Standing, fingerprint};
use crate::inventory::kinds::Role;
use crate::inventory::{Gap, Kind, Reason, Resource, Scope, partition};
use crate::value::{self, Node};

/// What came of a part of a scope.
#[derive(Debug)]
pub struct Judged<T> {
    /// What was made of the findings of some resources at a time: fails and what was not assessed; passes too if they were asked
    /// for.
    pub made: Vec<T>,
    /// How many rules passed on how many resources.
    pub passes: usize,
    /// How many databases and copies of data were judged.
    pub resources: usize,
}

/// How many resources are judged at once; some twenty findings come of each if passes are kept.
const PART: usize = 256;
/// How many of these a thread judges at a time: few, lest it be done long after another.
const AT_A_TIME: usize = 16;

/// Judges the resources of a scope, with what its account has once to look things up in: part by part, so that nobody
/// need hold all findings, and in parallel within one, where `make` takes the findings of some resources, those of one
/// together. The order of the findings is the caller's to make.
pub fn judge<'s, T: Send + 's>(
    scope: &'s Scope,
    global: Option<&'s Global>,
    trust: &'s Trust,
    rules: &'s RuleSet,
    keep_passes: bool,
    make: impl Fn(Vec<Finding>) -> T + Sync + Copy + 's,
) -> impl Iterator<Item = Judged<T>> + 's {
    let index = Index::new(scope, global, trust);
    let (mut resources, around): (Vec<_>, Vec<_>) =
        scope.resources.iter().filter(|resource| resource.kind.role != Role::Supporting).partition(|resource| resource.kind.role == Role::Judged);
    // What surrounds databases is judged by them: by then what is to be known of each is, found out side by side.
    resources.extend(around);
    let parts = (0..resources.len()).step_by(PART).map(move |start| {
        let part = &resources[start..resources.len().min(start + PART)];
        judge_part(part, &index, rules, keep_passes, make)
    });
    parts.chain(std::iter::once_with(move || {
        let findings: Vec<_> = unlisted(scope, rules).collect();
        Judged { made: (!findings.is_empty()).then(|| make(findings)).into_iter().collect(), passes: 0, resources: 0 }
    }))
}

fn judge_part<T: Send>(
    resources: &[&Resource],
    index: &Index<'_>,
    rules: &RuleSet,
    keep_passes: bool,
    make: impl Fn(Vec<Finding>) -> T + Sync,
) -> Judged<T> {
    let judge_some = |resources: &[&Resource]| {
        let (mut findings, mut passes) = (Vec::new(), 0);
        for resource in resources {
            let subject = Subject::new(resource, index);
            for rule in rules.of_kind(resource.kind) {
                let variables = Variables { subject: &subject, params: &rule.params };
                let verdict = verdict(&variables, rule.rule.when.as_ref(), &rule.rule.require);
                passes += usize::from(verdict == Ok(Verdict::Pass));
                let kept = keep_passes || verdict != Ok(Verdict::Pass);
                findings.extend(kept.then(|| finding(rule, &variables, verdict)).flatten());
            }
        }
        ((!findings.is_empty()).then(|| make(findings)), passes)
    };
    let judged: Vec<_> = resources.par_chunks(AT_A_TIME).map(judge_some).collect();
    let resources = resources.iter().filter(|resource| resource.kind.role == Role::Judged).count();
    let passes = judged.iter().map(|(_, passes)| passes).sum();
    Judged { made: judged.into_iter().filter_map(|(made, _)| made).collect(), passes, resources }
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
