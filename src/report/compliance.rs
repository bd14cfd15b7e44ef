//! The controls of a framework, as a table, JSON, CSV and a page.

use std::collections::BTreeMap;
use std::io::{self, Write};

use maud::{DOCTYPE, Markup, html};
use serde::Serialize;

use super::text::{counted, printable};
use super::{Report, Tool};
use crate::compliance::{Assessed, Counts, Edition, State};
use crate::engine::{Rule, Severity};
use crate::inventory::shape::Timestamp;

/// What is written: an edition of a framework, its controls, and the report behind them.
pub struct Page<'a> {
    pub report: &'a Report,
    pub edition: &'a Edition<'a>,
    pub controls: Vec<Assessed<'a>>,
}

impl Page<'_> {
    fn title(&self) -> String {
        format!("{} {}", self.edition.framework.title, self.edition.name).trim_end().to_owned()
    }

    fn count(&self, state: State) -> usize {
        self.controls.iter().filter(|assessed| assessed.state == state).count()
    }

    /// Such as `3 violated, 1 not assessed`.
    fn counts(&self) -> String {
        let counts = State::ALL.map(|state| (self.count(state), spaced(state)));
        counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, name)| format!("{count} {name}")).collect::<Vec<_>>().join(", ")
    }

    /// A line for each scope that was not reached; in it, everything is left open.
    fn unreached(&self) -> impl Iterator<Item = String> {
        super::unreached(&self.report.coverage).map(|(scope, why)| printable(&format!("{} was {why}", scope.place())).into_owned())
    }

    fn any_derived(&self) -> bool {
        self.edition.controls.iter().any(|control| control.derived)
    }
}

const DERIVED: &str = "* derived: by way of another tool's mapping of controls to checks.";
const LIMITS: &str = "Satisfied means that the rules found nothing wrong; most controls ask for more than a scan can see.";

fn spaced(state: State) -> String {
    state.name().replace('-', " ")
}

fn id(assessed: &Assessed<'_>) -> String {
    format!("{}{}", assessed.control.id, if assessed.control.derived { "*" } else { "" })
}

/// The frameworks in their editions, a line each.
pub fn list(editions: &[Edition<'_>], rules: &[&Rule]) -> String {
    let mut text = format!("{:<20} {:<8} {:>8} {:>8}  title\n", "framework", "edition", "controls", "covered");
    for Edition { framework, name, controls } in editions {
        let covered = controls.iter().filter(|control| framework.named_by(rules).any(|id| id == control.written)).count();
        text += &format!("{:<20} {:<8} {:>8} {:>8}  {}\n", framework.id, name, controls.len(), covered, framework.title);
    }
    text
}

/// For a terminal: the controls, worst first, and the rules behind those that are not satisfied.
pub fn table(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}\n{} of {}", page.title(), page.counts(), counted(page.controls.len(), "control"))?;
    page.unreached().try_for_each(|line| writeln!(out, "{}", textwrap::fill(&line, 88)))?;
    writeln!(out)?;
    for state in State::ALL {
        let controls: Vec<_> = page.controls.iter().filter(|assessed| assessed.state == state).collect();
        if controls.is_empty() {
            continue;
        }
        writeln!(out, "{}", spaced(state).to_uppercase())?;
        if state > State::NotAssessed {
            let ids: Vec<_> = controls.iter().map(|assessed| id(assessed)).collect();
            writeln!(out, "{}\n", textwrap::indent(&textwrap::fill(&ids.join(", "), 86), "  "))?;
            continue;
        }
        for assessed in controls {
            writeln!(out, "  {}", id(assessed))?;
            for (rule, said) in assessed.rules.iter().filter_map(|(rule, counts)| Some((rule, said(*counts)?))) {
                writeln!(out, "    {:<52} {said}", rule.id)?;
            }
        }
        writeln!(out)?;
    }
    let derived = if page.any_derived() { format!("\n{DERIVED}") } else { String::new() };
    writeln!(out, "{}", textwrap::fill(&format!("{LIMITS} {}{derived}", page.edition.framework.scope), 88))
}

/// What keeps a rule from being satisfied.
fn said(counts: Option<Counts>) -> Option<String> {
    match counts {
        None => Some("did not run".to_owned()),
        Some(Counts { fail: 0, not_assessed: 0, .. }) => None,
        Some(Counts { fail, not_assessed: 0, .. }) => Some(format!("{fail} failed")),
        Some(Counts { fail: 0, not_assessed, .. }) => Some(format!("{not_assessed} not assessed")),
        Some(Counts { fail, not_assessed, .. }) => Some(format!("{fail} failed, {not_assessed} not assessed")),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    tool: &'a Tool,
    collected_at: Option<Timestamp>,
    framework: &'static str,
    title: &'static str,
    edition: &'a str,
    /// What the list of controls is, and is not.
    scope: &'static str,
    summary: BTreeMap<&'static str, usize>,
    /// The scopes that were not reached, with why.
    not_reached: Vec<String>,
    controls: Vec<ControlObject<'a>>,
}

#[derive(Serialize)]
struct ControlObject<'a> {
    id: &'a str,
    state: State,
    /// Whether another tool's mapping brings the control to the rules.
    derived: bool,
    rules: Vec<RuleObject<'a>>,
}

#[derive(Serialize)]
struct RuleObject<'a> {
    id: &'a str,
    title: &'a str,
    severity: Severity,
    ran: bool,
    #[serde(flatten)]
    counts: Counts,
}

/// One JSON document.
pub fn json(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let controls = page.controls.iter().map(|assessed| ControlObject {
        id: assessed.control.id,
        state: assessed.state,
        derived: assessed.control.derived,
        rules: assessed.rules.iter().map(|(rule, counts)| RuleObject::of(rule, *counts)).collect(),
    });
    let document = Document {
        tool: &page.report.tool,
        collected_at: page.report.collected_at,
        framework: page.edition.framework.id,
        title: page.edition.framework.title,
        edition: page.edition.name,
        scope: page.edition.framework.scope,
        summary: State::ALL.map(|state| (state.name(), page.count(state))).into(),
        not_reached: page.unreached().collect(),
        controls: controls.collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

impl<'a> RuleObject<'a> {
    fn of(rule: &'a Rule, counts: Option<Counts>) -> Self {
        Self { id: &rule.id, title: &rule.title, severity: rule.severity, ran: counts.is_some(), counts: counts.unwrap_or_default() }
    }
}

/// Comma-separated values, a line a control.
pub fn csv(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(["framework", "edition", "control", "derived", "state", "fail", "not_assessed", "pass", "rules"])?;
    for assessed in &page.controls {
        let Counts { fail, not_assessed, pass } = assessed.total();
        let rules: Vec<_> = assessed.rules.iter().map(|(rule, _)| rule.id.as_str()).collect();
        table.write_record([
            page.edition.framework.id,
            page.edition.name,
            assessed.control.id,
            if assessed.control.derived { "true" } else { "false" },
            assessed.state.name(),
            &fail.to_string(),
            &not_assessed.to_string(),
            &pass.to_string(),
            &rules.join("; "),
        ])?;
    }
    table.flush()
}

/// One page for people, complete in itself, without a script.
pub fn html(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            (super::html::head(&page.title(), None))
            body {
                header { h1 { (page.title()) } span.dim { (page.report.tool.name) " " (page.report.tool.version) } }
                p.verdict {
                    (page.counts()) " of " (counted(page.controls.len(), "control"))
                    @if let Some(time) = page.report.collected_at { span.dim { ", collected " (time.format("%Y-%m-%d %H:%M UTC")) } }
                }
                @for line in page.unreached() { p.warning { (line) } }
                div.cards { @for state in State::ALL { div.card.(tone(state)) { b { (page.count(state)) } (spaced(state)) } } }
                section {
                    table.gaps {
                        thead { tr { th { "Control" } th { "State" } th { "Failed" } th { "Not assessed" } th { "Passed" } th { "Rules" } } }
                        tbody { @for assessed in &page.controls { (row(assessed)) } }
                    }
                }
                footer {
                    p { (LIMITS) " " (page.edition.framework.scope) }
                    @if page.any_derived() { p { (DERIVED) } }
                }
            }
        }
    };
    writeln!(out, "{}", markup.into_string())
}

fn row(assessed: &Assessed<'_>) -> Markup {
    let Counts { fail, not_assessed, pass } = assessed.total();
    html! {
        tr {
            th scope="row" { (id(assessed)) }
            td { span.tag.(tone(assessed.state)) { (spaced(assessed.state)) } }
            td { (fail) } td { (not_assessed) } td { (pass) }
            td {
                @for (rule, counts) in &assessed.rules {
                    div { (printable(&rule.title)) " " span.dim { (rule.id) @if let Some(said) = said(*counts) { ": " (said) } } }
                }
            }
        }
    }
}

/// The class that gives a state its tone.
fn tone(state: State) -> &'static str {
    match state {
        State::Violated => "critical",
        State::NotAssessed => "not-assessed",
        State::Satisfied => "pass",
        State::NotApplicable | State::NotCovered => "waived",
    }
}
