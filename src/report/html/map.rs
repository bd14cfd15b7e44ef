//! The failures by service and topic: a map whose cells filter the table.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use crate::engine::{Severity, Topic};
use crate::finding::Outcome;
use crate::report::Report;

/// What there is of a service in one topic.
#[derive(Default)]
struct Cell {
    failures: usize,
    worst: Option<Severity>,
}

impl Cell {
    fn add(&mut self, severity: Severity, failures: usize) {
        self.failures += failures;
        self.worst = self.worst.max(Some(severity));
    }
}

/// A row of the map.
#[derive(Default)]
struct Row {
    topics: BTreeMap<Topic, Cell>,
    total: Cell,
    not_assessed: usize,
}

/// The map; none where nothing was found.
pub fn section(report: &Report) -> Markup {
    let rows = rows(report);
    let topics: BTreeSet<Topic> = rows.values().flat_map(|row| row.topics.keys().copied()).collect();
    html! {
        @if !rows.is_empty() {
            section {
                h2 { "By service and topic" }
                div.scroll {
                    table.map {
                        thead {
                            tr {
                                th {}
                                @for topic in &topics { th scope="col" { span { (topic.name()) } } }
                                th scope="col" { span { "all failures" } }
                                th scope="col" { span { "not assessed" } }
                            }
                        }
                        tbody {
                            @for (service, row) in &rows {
                                tr {
                                    th scope="row" { (service) }
                                    @for topic in &topics {
                                        (cell(row.topics.get(topic), &format!("service={service}&topic={}", topic.name()), &format!("{service}, {}", topic.name())))
                                    }
                                    (cell(Some(&row.total), &format!("service={service}"), service))
                                    (not_assessed(row.not_assessed, service))
                                }
                            }
                        }
                    }
                }
                div.legend {
                    "Failures, in the tone of the worst:"
                    @for severity in [Severity::Critical, Severity::High, Severity::Medium, Severity::Low] {
                        span { i.(severity.name()) {} (severity.name()) }
                    }
                }
            }
        }
    }
}

fn rows(report: &Report) -> BTreeMap<&str, Row> {
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    for (outcome, rule, count) in report.findings.tally().iter().filter(|(outcome, ..)| !matches!(outcome, Outcome::Pass | Outcome::Waived)) {
        let row = rows.entry(rule.service()).or_default();
        if outcome == Outcome::Fail {
            row.topics.entry(rule.topic).or_default().add(rule.severity, count);
            row.total.add(rule.severity, count);
        } else {
            row.not_assessed += count;
        }
    }
    rows
}

fn cell(cell: Option<&Cell>, filter: &str, what: &str) -> Markup {
    html! {
        td {
            @match cell.and_then(|cell| Some((cell.failures, cell.worst?))) {
                Some((failures, worst)) => button.(worst.name()) type="button" data-filter={ "outcome=fail&" (filter) } aria-label={ (what) ": " (failures) " failures, the worst " (worst) } { (failures) },
                None => span { "·" },
            }
        }
    }
}

fn not_assessed(count: usize, service: &str) -> Markup {
    html! {
        td {
            @if count > 0 {
                button.not-assessed type="button" data-filter={ "outcome=not-assessed&service=" (service) } aria-label={ (service) ": " (count) " not assessed" } { (count) }
            } @else { span { "·" } }
        }
    }
}
