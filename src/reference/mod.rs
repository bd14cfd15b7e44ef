//! The reference: what the rules say of themselves, as pages for people. It is written from the
//! rules alone and knows no finding.

mod index;
pub mod manual;
pub mod markdown;
pub mod permissions;
mod sections;
mod service;

use std::collections::BTreeMap;

use crate::engine::{Rule, RuleSet};

/// The first line of every page; only files that begin with it are ever removed.
pub const GENERATED: &str = "<!-- Written by `dbmoat rules doc`. Change the rules, not this page. -->";

/// The pages of the reference, by the names of their files.
pub fn pages(set: &RuleSet) -> BTreeMap<String, String> {
    let rules: Vec<&Rule> = set.rules().map(AsRef::as_ref).collect();
    let mut pages: BTreeMap<_, _> = services(&rules).into_iter().map(|(service, rules)| (file_of(service), service::page(service, &rules))).collect();
    pages.insert("index.md".to_owned(), index::page(&rules));
    pages
}

/// The rules of each service folder.
fn services<'r>(rules: &[&'r Rule]) -> BTreeMap<&'r str, Vec<&'r Rule>> {
    let mut services: BTreeMap<_, Vec<_>> = BTreeMap::new();
    rules.iter().for_each(|rule| services.entry(rule.service()).or_default().push(*rule));
    services
}

fn file_of(service: &str) -> String {
    format!("{}.md", service.replace(['/', '\\'], "-"))
}

/// A link to a rule on a page, or on the same page.
fn link(file: &str, rule: &Rule) -> String {
    format!("[{id}]({file}#{id})", id = rule.id)
}
