//! The index: every rule by service, topic and severity, by the controls that it is evidence for,
//! and by the ids of peer tools.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::markdown::{code, prose, table};
use super::{GENERATED, file_of, link, services};
use crate::engine::Rule;
use crate::natural;

/// The index of the rules.
pub fn page(rules: &[&Rule]) -> String {
    let mut text = format!(
        "{GENERATED}\n# Rules\n\n{} rules. By [service](#by-service), [topic](#by-topic), [severity](#by-severity), \
         [control](#by-control) and [peer tool](#by-peer-tool).\n",
        rules.len()
    );
    text += &by_service(rules);
    text += "\n## By topic\n";
    text += &grouped(rules, |rule| (rule.topic, rule.topic.name()), ("severity", |rule| rule.severity.name()));
    text += "\n## By severity\n";
    text += &grouped(rules, |rule| (Reverse(rule.severity), rule.severity.name()), ("topic", |rule| rule.topic.name()));
    text += "\n## By control\n\nThe control of each framework, and the rules that are evidence for it.\n";
    text += &by_id("control", rules, |rule| &rule.controls);
    text += "\n## By peer tool\n\nThe check of another tool, and the rules that ask the same or more.\n";
    text += &by_id("check", rules, |rule| &rule.equivalents);
    text
}

fn by_service(rules: &[&Rule]) -> String {
    let rows = services(rules).into_iter().map(|(service, rules)| [format!("[{service}]({})", file_of(service)), rules.len().to_string()]);
    format!("\n## By service\n\n{}", table(["service", "rules"], rows))
}

/// A heading for each group and a row for each rule in it, with a column for what the heading does not say.
fn grouped<K: Ord>(rules: &[&Rule], group: impl Fn(&Rule) -> (K, &'static str), (column, cell): (&str, fn(&Rule) -> &'static str)) -> String {
    let mut groups: BTreeMap<(K, &str), Vec<&Rule>> = BTreeMap::new();
    rules.iter().for_each(|rule| groups.entry(group(rule)).or_default().push(rule));
    let mut text = String::new();
    for ((_, name), rules) in groups {
        let rows = rules.into_iter().map(|rule| [to(rule), cell(rule).to_owned(), prose(&rule.title)]);
        text += &format!("\n### {name}\n\n{}", table(["rule", column, "requirement"], rows));
    }
    text
}

/// The rules behind each id, in natural order.
type RulesById<'r> = BTreeMap<(Vec<natural::Part<'r>>, &'r str), Vec<&'r Rule>>;

/// A heading for each who gave ids, and a row for each id.
fn by_id(what: &str, rules: &[&Rule], ids: impl Fn(&Rule) -> &BTreeMap<String, Vec<String>>) -> String {
    let mut givers: BTreeMap<&str, RulesById<'_>> = BTreeMap::new();
    for rule in rules {
        for (giver, ids) in ids(rule) {
            for id in ids {
                givers.entry(giver).or_default().entry((natural::key(id), id)).or_default().push(rule);
            }
        }
    }
    let mut text = String::new();
    for (giver, ids) in givers {
        let rows = ids.into_iter().map(|((_, id), rules)| [code(id), rules.into_iter().map(to).collect::<Vec<_>>().join(", ")]);
        text += &format!("\n### {giver}\n\n{}", table([what, "rules"], rows));
    }
    text
}

fn to(rule: &Rule) -> String {
    link(&file_of(rule.service()), rule)
}
