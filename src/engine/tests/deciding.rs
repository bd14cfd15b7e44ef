//! What is decided without interpreting it is what `cel` says.

use crate::engine::cases::{self, Fixture, Given};
use crate::engine::expression::Expression;
use crate::engine::variables::Variables;
use crate::engine::{Rule, Template, load};

/// What is given in a case, and the same with each field that its rule reads unread, absent and of another type.
fn variants(given: &Fixture, rule: &Rule) -> Vec<Fixture> {
    let mut all = vec![given.clone()];
    // A variable as a whole is a map or a list.
    for path in rule.paths.iter().chain(&rule.shown).filter(|path| path.len() > 1) {
        for value in [Given::Gap, Given::Null, Given::Int(7), Given::String("other".to_owned()), Given::Bool(true), Given::List(Vec::new())] {
            let mut other = given.clone();
            if other.get_mut(&path[0]).is_some_and(|variable| put(variable, &path[1..], &value)) {
                all.push(other);
            }
        }
    }
    all
}

/// Puts a value in place of what the path leads to, of the first element of each list; whether there was something.
fn put(at: &mut Given, path: &[String], value: &Given) -> bool {
    match (path, at) {
        ([], at) => {
            *at = value.clone();
            true
        }
        ([_, rest @ ..], Given::List(elements)) => elements.first_mut().is_some_and(|element| put(element, rest, value)),
        ([field], Given::Map(fields)) if *value == Given::Null => {
            let before = fields.len();
            fields.retain(|(name, _)| name != field);
            fields.len() < before
        }
        ([field, rest @ ..], Given::Map(fields)) => {
            fields.iter_mut().find(|(name, _)| name == field).is_some_and(|(_, inner)| put(inner, rest, value))
        }
        _ => false,
    }
}

/// How many tests were decided without `cel`.
fn agree(rule: &Rule, variables: &Variables<'_, '_, '_>) -> usize {
    let tests = rule.when.iter().chain([&rule.require]);
    let decided = tests.filter(|test| {
        assert_eq!(test.test(variables), test.interpret_test(variables), "{}: {}", rule.id, test.source);
        test.is_decided(variables)
    });
    let decided = decided.count();
    let templates = std::iter::once(&rule.message).chain(rule.remediation.templates()).flat_map(Template::expressions);
    templates.chain(&rule.evidence).for_each(|shown| same_value(rule, shown, variables));
    decided
}

fn same_value(rule: &Rule, shown: &Expression, variables: &Variables<'_, '_, '_>) {
    assert_eq!(shown.evaluate(variables), shown.interpret(variables), "{}: {}", rule.id, shown.source);
}

#[test]
fn every_rule_says_the_same_of_every_case_whatever_is_unread_absent_or_of_another_type() {
    let (mut decided, mut looked_at) = (0, 0);
    for source in load::embedded_sources() {
        let (file, rule) = load::parse(&source).unwrap();
        for case in &file.cases {
            for given in variants(&cases::given(case, &rule).unwrap(), &rule) {
                decided += cases::look(&given, case, &rule, |variables| agree(&rule, variables)).unwrap();
                looked_at += 1;
            }
        }
    }
    // Most is decided, or there would be no reason to.
    assert!(looked_at > 10_000 && decided > looked_at, "{decided} of {looked_at}");
}
