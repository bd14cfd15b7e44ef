//! What is decided without interpreting it is what `cel` says.

use crate::engine::cases::{self, Fixture, Given};
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

/// How many tests, and how many values that are shown, took no `cel`.
fn agree(rule: &Rule, variables: &Variables<'_, '_, '_>) -> (usize, usize) {
    let tests = rule.when.iter().chain([&rule.require]);
    let decided = tests.filter(|test| {
        assert_eq!(test.test(variables), test.interpret_test(variables), "{}: {}", rule.id, test.source);
        test.is_decided(variables)
    });
    let decided = decided.count();
    let templates = std::iter::once(&rule.message).chain(rule.remediation.templates()).flat_map(Template::expressions);
    let shown = templates.chain(&rule.evidence).filter(|shown| {
        assert_eq!(shown.evaluate(variables), shown.interpret(variables), "{}: {}", rule.id, shown.source);
        shown.is_shown(variables)
    });
    (decided, shown.count())
}

#[test]
fn every_rule_says_the_same_of_every_case_whatever_is_unread_absent_or_of_another_type() {
    let (mut decided, mut shown, mut looked_at) = (0, 0, 0);
    for source in load::embedded_sources() {
        let (file, rule) = load::parse(&source).unwrap();
        for case in &file.cases {
            for given in variants(&cases::given(case, &rule).unwrap(), &rule) {
                let of_case = cases::look(&given, case, &rule, |variables| agree(&rule, variables)).unwrap();
                decided += of_case.0;
                shown += of_case.1;
                looked_at += 1;
            }
        }
    }
    // Most takes no `cel`, or there would be no reason to.
    assert!(looked_at > 10_000 && decided > looked_at && shown > 3 * looked_at, "{decided} and {shown} of {looked_at}");
}

#[test]
fn a_map_is_shown_as_what_json_has_for_it() {
    let source = load::embedded_sources().find(|source| source.path.ends_with("dsql-vpc-endpoint-exists.yaml")).unwrap();
    let (file, rule) = load::parse(&source).unwrap();
    let case = file.cases.iter().find(|case| case.name == "an endpoint to the service of other clusters").unwrap();
    let expression = rule.evidence.iter().find(|expression| expression.source == "vpc_endpoints").unwrap();
    let given = cases::given(case, &rule).unwrap();
    let shown = cases::look(&given, case, &rule, |variables| [expression.evaluate(variables), expression.interpret(variables)]).unwrap();
    let endpoints = serde_json::json!([{"id": "vpce-1", "service_name": "com.amazonaws.us-east-1.dsql-abcd"}]);
    assert_eq!(shown, [Ok(endpoints.clone()), Ok(endpoints)]);
}
