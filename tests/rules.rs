//! The built-in rules as a whole: they pass the linter, their cases hold, and both parsers of CEL
//! read their expressions alike.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use dbmoat::engine::{cases, lint, load};
use dbmoat::inventory::Kind;

#[test]
fn every_rule_passes_the_linter() {
    let sources: Vec<_> = load::embedded_sources().collect();
    let errors: Vec<_> = lint::lint(&sources, &BTreeSet::new()).iter().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    assert!(!sources.is_empty());
}

#[test]
fn every_case_of_every_rule_holds() {
    let mut failures = Vec::new();
    for source in load::embedded_sources() {
        let (file, rule) = load::parse(&source).unwrap();
        let (_, failed) = cases::run(&file, &rule);
        failures.extend(failed.into_iter().map(|failure| format!("{}: {}: {}", rule.id, failure.case, failure.reason)));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_rule_lives_in_a_folder_and_explains_itself() {
    for source in load::embedded_sources() {
        let (file, rule) = load::parse(&source).unwrap();
        assert!(source.path.components().count() == 2, "{} is not in a service's folder", source.path.display());
        assert!(file.remediation.cli.is_some() && file.remediation.terraform.is_some(), "{} lacks a remediation", rule.id);
        assert!(!rule.operations().is_empty(), "{} needs no operation", rule.id);
    }
}

#[test]
fn every_judged_kind_has_a_fixture_of_its_shape() {
    let rules: Vec<_> = load::embedded_sources().map(|source| load::parse(&source).unwrap().1).collect();
    for kind in Kind::judged().filter(|kind| rules.iter().any(|rule| rule.kinds.contains(kind))) {
        assert_eq!(lint::lint_fixture(kind), Ok(vec![]), "{kind}");
    }
}

/// The engine parses with `cel`'s hand-written parser, which `cel` does not yet document: its
/// generated one is the reference.
#[test]
fn both_parsers_of_cel_read_every_expression_alike() {
    let reference = cel::Env::stdlib();
    for source in load::embedded_sources() {
        let (_, rule) = load::parse(&source).unwrap();
        let templates = [Some(&rule.message), Some(&rule.remediation.text), rule.remediation.cli.as_ref(), rule.remediation.terraform.as_ref()];
        let expressions = rule.when.iter().chain([&rule.require]).chain(&rule.evidence);
        for expression in expressions.chain(templates.into_iter().flatten().flat_map(|template| template.expressions())) {
            let expected = reference.compile(&expression.source).unwrap();
            assert_eq!(tree(expression.ast()), tree(expected.expression()), "{}: {}", rule.id, expression.source);
        }
    }
}

/// A syntax tree without the numbers of its nodes, which the parsers give in different orders.
fn tree(ast: &cel::IdedExpr) -> String {
    let text = format!("{ast:?}");
    let parts = text.split("id: ").map(|part| part.trim_start_matches(|character: char| character.is_ascii_digit()));
    parts.collect()
}
