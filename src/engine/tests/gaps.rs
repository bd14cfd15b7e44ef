//! Unknown is a value: no expression may turn a gap into a yes or a no.

use std::borrow::Cow;
use std::collections::BTreeMap;

use cel::ExecutionError;
use cel::common::value::CowVal;
use cel::context::VariableResolver;

use crate::engine::decide::Values;
use crate::engine::expression::Expression;
use crate::inventory::{Gap, Reason};
use crate::value::{self, IntoNode, Node};

/// `r`: a resource whose fields `gap` and `also` could not be read.
struct One<'a>(Node<'a>);

impl VariableResolver for One<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        (variable == "r").then_some(CowVal::Borrowed(&self.0))
    }
}

impl Values for One<'_> {}

fn unread(operation: &str) -> Gap {
    Gap::new(operation, Reason::AccessDenied, "no")
}

fn r() -> One<'static> {
    let text = r#"{"pub": true, "off": false, "number": 1, "share": 50.0, "text": "abc", "list": [1, 2], "names": ["a"], "nothing": null,
        "map": {"inner": 1}, "items": [{"f": 1}, {"f": 2}, {"g": 1}]}"#;
    let mut node: Node<'static> = serde_json::from_str(text).unwrap();
    node.mark_gap("gap", unread("rds:Gap"));
    node.mark_gap("also", unread("rds:Also"));
    // An element of a list that holds a gap, as a member of a cluster may.
    let mut member: Node<'static> = serde_json::from_str(r#"{"ok": true}"#).unwrap();
    member.mark_gap("gap", unread("rds:Member"));
    let fine: Node<'static> = serde_json::from_str(r#"{"ok": false, "gap": 1}"#).unwrap();
    let fields = [("members", [member, fine].into_iter().collect()), ("inner", node.clone())];
    let Node::Map(all) = &node else { unreachable!() };
    One(Node::map(
        all.iter().map(|(name, node)| (Cow::Owned(name.to_owned()), node.clone())).chain(fields.map(|(name, node)| (Cow::Borrowed(name), node))),
    ))
}

fn test(expression: &str) -> Result<bool, ExecutionError> {
    Expression::parse(expression).unwrap().test(&r())
}

/// The operation of the gap that keeps the expression from being decided.
#[track_caller]
fn assert_gap(expression: &str, operation: &str) {
    match test(expression) {
        Err(error) => assert_eq!(value::gap_of(&error).map(|gap| gap.operation).as_deref(), Some(operation), "{expression}: {error}"),
        Ok(answer) => panic!("{expression} is {answer}"),
    }
}

/// Neither yes nor no, whatever the reason.
#[track_caller]
fn assert_undecided(expression: &str) {
    assert!(test(expression).is_err(), "{expression} is {:?}", test(expression));
}

#[track_caller]
fn assert_decided(expression: &str, answer: bool) {
    assert_eq!(test(expression), Ok(answer), "{expression}");
}

#[test]
fn the_table_of_the_design() {
    assert_gap("r.gap", "rds:Gap");
    assert_gap("has(r.gap)", "rds:Gap");
    assert_gap("r.gap == null", "rds:Gap");
    assert_gap("[1].all(x, r.gap)", "rds:Gap");
    assert_decided("r.pub || r.gap", true);
    assert_decided("r.gap || r.pub", true);
    assert_decided("r.gap && !r.pub", false);
    assert_decided("!r.pub && r.gap", false);
    assert_decided("has(r.nope)", false);
}

#[test]
fn logic_keeps_what_it_cannot_decide() {
    assert_gap("r.off || r.gap", "rds:Gap");
    assert_gap("r.gap || r.off", "rds:Gap");
    assert_gap("r.pub && r.gap", "rds:Gap");
    assert_gap("r.gap && r.pub", "rds:Gap");
    assert_gap("!r.gap", "rds:Gap");
    assert_undecided("r.gap || r.also");
    assert_undecided("r.gap && r.also");
    assert_gap("!has(r.gap)", "rds:Gap");
    assert_gap("!has(r.gap) || r.gap", "rds:Gap");
}

#[test]
fn comparisons_and_arithmetic() {
    for expression in ["r.gap == 1", "1 == r.gap", "r.gap != 1", "r.gap > 1", "r.gap + 1 == 2", "-r.gap == 1", "r.gap == r.gap", "r.gap != r.also"] {
        assert_undecided(expression);
    }
    assert_gap("r.gap == r.number", "rds:Gap");
    assert_gap("r['gap'] == 1", "rds:Gap");
    assert_gap("r.inner.gap == 1", "rds:Gap");
    assert_gap("has(r.inner.gap)", "rds:Gap");
    assert_gap("r.gap.deeper == 1", "rds:Gap");
    assert_gap("has(r.gap.deeper)", "rds:Gap");
    assert_gap("r.gap[0] == 1", "rds:Gap");
}

#[test]
fn maps_do_not_tell_whether_a_gap_is_in_them() {
    assert_gap(r#""gap" in r"#, "rds:Gap");
    assert_gap(r#"!("gap" in r)"#, "rds:Gap");
    assert_decided(r#""pub" in r"#, true);
    assert_decided(r#""nope" in r"#, false);
    assert_undecided("size(r) == 11");
    assert_undecided("r.size() > 0");
    assert_undecided("size(r.inner) > 0");
    assert_decided("size(r.map) == 1", true);
    assert_undecided("r.all(key, key != 'gap')");
    assert_undecided("r.exists(key, key == 'gap')");
    assert_undecided("r.filter(key, key == 'gap').size() == 0");
    assert_undecided("r.map.all(key, false)");
}

#[test]
fn lists_and_their_members() {
    assert_undecided("r.gap in [1, 2]");
    assert_undecided("!(r.gap in [1, 2])");
    assert_undecided("1 in r.gap");
    assert_undecided("r.gap.all(x, x == 1)");
    assert_undecided("r.gap.exists(x, x == 1)");
    assert_undecided("size(r.gap) == 0");
    assert_undecided("[r.gap] == [1]");
    assert_undecided("[r.gap].size() == 1");
    assert_undecided("{'a': r.gap}.size() == 1");
    assert_undecided("[1, 2].filter(x, r.gap == x).size() == 0");
    assert_undecided("[1, 2].map(x, r.gap).size() == 2");
    assert_undecided("[1, 2].exists_one(x, r.gap == x)");
}

#[test]
fn a_gap_inside_an_element_of_a_list() {
    assert_gap("r.members.exists(m, m.gap == 2)", "rds:Member");
    assert_gap("r.members.all(m, m.gap == 1)", "rds:Member");
    assert_gap("r.members.all(m, has(m.gap))", "rds:Member");
    assert_undecided("r.members.filter(m, m.gap == 1).size() == 1");
    assert_undecided("r.members.filter(m, !has(m.gap)).size() == 0");
    assert_undecided("r.members.map(m, m.gap).size() == 2");
    assert_undecided("r.members.exists_one(m, m.gap == 1)");
    assert_undecided("r.members[0].gap == 1");
    // Another member decides.
    assert_decided("r.members.exists(m, m.gap == 1)", true);
    assert_decided("r.members.all(m, m.gap == 2)", false);
    assert_decided("r.members.exists(m, m.ok)", true);
    assert_decided("r.members.size() == 2", true);
}

#[test]
fn nested_comprehensions() {
    assert_gap("r.members.all(m, r.list.all(n, m.gap == n || m.ok == false))", "rds:Member");
    assert_gap("r.list.all(n, r.members.exists(m, m.gap == n + 1))", "rds:Member");
    assert_decided("r.list.exists(n, r.members.exists(m, m.gap == n))", true);
    assert_undecided("r.members.filter(m, r.list.exists(n, n == m.gap)).size() == 1");
    assert_undecided("r.members.map(m, r.list.filter(n, n == m.gap)).size() == 2");
}

#[test]
fn ternaries_and_functions() {
    assert_gap("r.gap ? true : true", "rds:Gap");
    assert_gap("r.pub ? r.gap : true", "rds:Gap");
    assert_decided("r.off ? r.gap : true", true);
    for expression in [
        "r.gap.startsWith('a')",
        "r.text.startsWith(r.gap)",
        "r.gap.contains('a')",
        "r.gap.matches('a')",
        "r.gap.lowerAscii() == 'a'",
        "r.gap.split(',').size() == 0",
        "string(r.gap) == ''",
        "int(r.gap) == 0",
        "timestamp(r.gap) < timestamp('2026-01-01T00:00:00Z')",
        "duration(r.gap) < duration('1h')",
        "type(r.gap) == int",
        "dyn(r.gap) == 1",
        "optional.of(r.gap).hasValue()",
    ] {
        assert_undecided(expression);
    }
}

#[test]
fn a_message_and_evidence_say_unknown() {
    let evaluated = |expression: &str| Expression::parse(expression).unwrap().evaluate(&r());
    assert!(evaluated("r.gap").is_err());
    assert!(evaluated("r.members.map(m, m.gap)").is_err());
}

#[test]
fn numbers_compare_across_their_kinds() {
    assert_decided("r.share >= 50", true);
    assert_decided("r.share < 51", true);
    assert_decided("r.share == 50.0", true);
    assert_decided("r.number < 1.5", true);
    assert_decided("r.number == 1", true);
}

#[test]
fn null_is_how_some_tools_write_absent() {
    assert_decided("has(r.nothing)", false);
    assert_undecided("r.nothing == 1");
    assert_undecided("has(r.nothing.deeper)");
}

#[test]
fn a_list_of_facts_with_an_unknown_element_is_unknown() {
    let list: Node<'static> = [1_i64.into_node().unwrap(), Node::Gap(unread("rds:Gap").into())].into_iter().collect();
    assert!(matches!(list, Node::Gap(_)));
    let map = BTreeMap::from([("a".to_owned(), crate::inventory::Known::<i64>::Gap(unread("rds:Gap")))]).into_node().unwrap();
    assert!(matches!(map.get("a"), Some(Node::Gap(_))));
}
