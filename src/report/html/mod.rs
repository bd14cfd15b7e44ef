//! One page that needs nothing else: what was found by service, topic and framework, what was not
//! read, and a table of all findings that filters and sorts.
//!
//! Markup is written by `maud`, which escapes, and by the page's script, which only ever sets text.
//! The policy in the head lets that script and that style run and nothing be loaded.

mod data;
mod frameworks;
mod map;

use std::collections::BTreeSet;
use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::text::{counted, printable};
use super::{BySeverity, Report, unreached};
use crate::finding::Outcome;
use crate::gate;
use crate::inventory::GLOBAL;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Writes the page. The findings are written one by one.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let title = format!("{} report: {}", report.tool.name, report.verdict.reason);
    writeln!(out, "{}<html lang=\"en\">{}<body>", DOCTYPE.into_string(), head(&title, Some(SCRIPT)).into_string())?;
    writeln!(out, "{}<script type=\"application/json\" id=\"data\">", body(report).into_string())?;
    data::write(report, out)?;
    writeln!(out, "</script>{}</body></html>", html! { script { (PreEscaped(SCRIPT)) } }.into_string())
}

/// The head of a page: a policy that lets its style run, and its script if it has one, and nothing be
/// loaded.
pub fn head(title: &str, script: Option<&str>) -> Markup {
    let script = script.map_or_else(|| "'none'".to_owned(), source);
    let policy = format!("default-src 'none'; script-src {script}; style-src {}; base-uri 'none'; form-action 'none'", source(STYLE));
    html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(policy);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="referrer" content="no-referrer";
            title { (printable(title)) }
            style { (PreEscaped(STYLE)) }
        }
    }
}

/// What a content security policy names an inline script or style by.
fn source(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

fn body(report: &Report) -> Markup {
    html! {
        header {
            h1 { "Database audit" }
            div {
                span.dim { (report.tool.name) " " (report.tool.version) } " "
                button #theme .small type="button" { "Light or dark" }
            }
        }
        (verdict(report))
        @for (scope, why) in unreached(&report.coverage) { p.warning { b { (printable(&scope.place())) } " was " (printable(&why)) } }
        (cards(report))
        (map::section(report))
        (frameworks::section(report))
        (unread(report))
        (table(report))
        footer {
            "Written by " (report.tool.name) " " (report.tool.version) ". This file is complete in itself: it loads nothing and sends nothing."
        }
    }
}

fn verdict(report: &Report) -> Markup {
    let class = match report.verdict.exit_code {
        gate::FAILED => "failed",
        gate::INCOMPLETE => "incomplete",
        _ => "passed",
    };
    let accounts: BTreeSet<_> = report.coverage.iter().map(|scope| &scope.account).collect();
    let regions: BTreeSet<_> = report.coverage.iter().map(|scope| scope.region.as_str()).filter(|region| *region != GLOBAL).collect();
    html! {
        p.verdict.(class) {
            b { "exit " (report.verdict.exit_code) } (printable(&report.verdict.reason))
            br;
            span.dim {
                (counted(report.summary.resources, "resource")) " in " (counted(accounts.len(), "account")) " and "
                (counted(regions.len(), "region")) ", " (counted(report.summary.rules, "rule"))
                @if let Some(time) = report.collected_at { ", collected " (time.format("%Y-%m-%d %H:%M UTC")) }
                @if let Some(sentence) = report.since_baseline() { br; (sentence) }
            }
        }
    }
}

/// The counts; those that list findings are buttons that filter the table.
fn cards(report: &Report) -> Markup {
    let BySeverity { critical, high, medium, low } = report.summary.fail;
    html! {
        div.cards {
            @for (name, count) in [("critical", critical), ("high", high), ("medium", medium), ("low", low)] {
                button.card.(name) type="button" data-filter={ "outcome=fail&severity=" (name) } { b { (count) } (name) }
            }
            button.card.not-assessed type="button" data-filter="outcome=not-assessed" { b { (report.summary.not_assessed) } "not assessed" }
            @for (outcome, count, name) in [(Outcome::CarriedOver, report.summary.carried_over, "of them failed before"), (Outcome::Waived, report.summary.waived, "waived")] {
                @if count > 0 { button.card.(outcome.name()) type="button" data-filter={ "outcome=" (outcome.name()) } { b { (count) } (name) } }
            }
            div.card.pass { b { (report.summary.pass) } "passed" }
        }
    }
}

/// The operations that did not answer.
fn unread(report: &Report) -> Markup {
    let gaps: Vec<_> = report.coverage.iter().flat_map(|scope| scope.gaps.iter().map(move |gap| (scope, gap))).collect();
    html! {
        @if !gaps.is_empty() {
            details.section {
                summary { "What was not read " span.dim { "(" (counted(gaps.len(), "operation")) ")" } }
                div.scroll {
                    table.gaps {
                        thead { tr { th { "Account" } th { "Region" } th { "Operation" } th { "Reason" } th { "What the service said" } } }
                        tbody {
                            @for (scope, gap) in gaps {
                                tr {
                                    td { (printable(&scope.account)) } td { (printable(&scope.region)) }
                                    td.mono { (printable(&gap.operation)) } td { (gap.reason) } td { (printable(&gap.message)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The table without its rows, which the script draws.
fn table(report: &Report) -> Markup {
    let failed = report.summary.fail != BySeverity::default();
    html! {
        section #findings data-first=(if failed { "outcome=fail" } else { "" }) {
            h2 { "Findings" }
            noscript { p { "This table is drawn by a script, which is switched off. The findings are in this file as JSON." } }
            div.filters role="search" {
                input #q type="search" placeholder="Search rule, resource, ARN, tag=value" aria-label="Search findings";
                @for name in ["outcome", "severity", "service", "topic", "account", "region"].into_iter().chain(report.changes.is_some().then_some("baseline")) {
                    select #(name) aria-label={ "Filter by " (name) } { option value="" { "any " (name) } }
                }
                button #control .small type="button" hidden {}
                button #reset .small type="button" hidden { "Clear" }
            }
            div.status {
                span #count aria-live="polite" {}
                span.keys { kbd { "/" } " search, " kbd { "↑" } kbd { "↓" } " move, " kbd { "Enter" } " open, " kbd { "Esc" } " clear" }
                button #expand .small type="button" { "Open all" }
            }
            table #table {
                thead {
                    tr {
                        @for name in ["severity", "finding", "resource", "account", "region"] {
                            th.{ "c-" (name) } data-column=(name) scope="col" { button type="button" { (name) } }
                        }
                    }
                }
                tbody #rows {}
            }
            p { button #more .small type="button" hidden { "Show more" } }
        }
    }
}
