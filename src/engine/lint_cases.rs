//! Checks the cases of rules: that those which matter are there, and that each speaks of what exists.

use std::collections::BTreeSet;

use super::cases::{self, Case, Expect};
use super::expression::Path;
use super::lint::{Schemas, unknown_variable};
use super::rule::{Problem, Rule, RuleFile};
use super::schema::{self, NoSuchPath};
use crate::facts;
use crate::inventory::Kind;
use crate::suggest;

/// What is missing among the cases of a rule, and what is wrong with each.
pub(super) fn check_cases(file: &RuleFile, rule: &Rule, schemas: &mut Schemas) -> Vec<Problem> {
    let mut problems = Vec::new();
    let has = |expect| file.cases.iter().any(|case| case.expect == expect);
    let mut wanted = vec![Expect::Fail, Expect::Pass];
    if rule.paths.iter().any(|path| can_be_denied(path, rule)) {
        wanted.push(Expect::NotAssessed);
    }
    if rule.when.is_some() {
        wanted.push(Expect::NotApplicable);
    }
    for expect in wanted.into_iter().filter(|expect| !has(*expect)) {
        problems.push(Problem::new("cases", format!("a case that expects {expect} is missing")));
    }
    let mut names = BTreeSet::new();
    for case in &file.cases {
        if !names.insert(&case.name) {
            problems.push(Problem::new("cases", format!("two cases are called {:?}", case.name)));
        }
        problems.extend(check_case(case, rule, schemas).into_iter().map(|reason| Problem::new("cases", format!("{:?}: {reason}", case.name))));
    }
    problems
}

/// Whether a path can be unread while the resource itself was listed.
fn can_be_denied(path: &Path, rule: &Rule) -> bool {
    match path.first().map(String::as_str) {
        Some("resource") => {
            rule.kinds.iter().any(|kind| kind.field_operations.iter().any(|(field, _)| path.get(1).is_some_and(|name| name == field)))
        }
        Some("tags" | "tag_keys") => rule.kinds.iter().any(|kind| kind.tags_operation.is_some()),
        Some(name) => facts::named(name).is_some() && rule.kinds.iter().any(|kind| !super::rule::operations_of(*kind, path).is_empty()),
        None => false,
    }
}

fn check_case(case: &Case, rule: &Rule, schemas: &mut Schemas) -> Vec<String> {
    let kind = match cases::kind_of(case, rule) {
        Ok(kind) => kind,
        Err(reason) => return vec![reason],
    };
    let mut problems: Vec<_> =
        case.params.keys().filter(|name| !rule.params.contains_key(*name)).map(|name| format!("the rule has no parameter {name:?}")).collect();
    for (variable, given) in &case.given {
        if given.has_gap_in_list() {
            problems.push("a gap stands for a field, not for an element of a list".to_owned());
        }
        problems.extend(unknown_paths(variable, given, kind, schemas));
    }
    problems
}

/// The paths that a case or a fixture gives and the schema lacks.
pub(super) fn unknown_paths(variable: &str, given: &cases::Given, kind: Kind, schemas: &mut Schemas) -> Vec<String> {
    let Some(schema) = schemas.of(kind, variable) else { return vec![unknown_variable(variable, kind)] };
    let unknown = |path: Vec<String>| {
        let NoSuchPath { segment, candidates } = schema::resolve(schema, &path[1..]).err()?;
        let nearest = suggest::nearest(&segment, candidates.iter().map(String::as_str));
        Some(format!("{kind} has no {}{nearest}", path.join(".")))
    };
    given.paths(&[variable.to_owned()]).into_iter().filter_map(unknown).collect()
}
