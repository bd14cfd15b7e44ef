//! The controls of each framework that the rules that ran answer to.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::compliance::{Assessed, Counts, Edition, FRAMEWORKS, State, assess};
use crate::engine::Rule;
use crate::finding::Outcome;
use crate::report::{Report, unreached};

/// What a report tells apart: without the passes, a control that is satisfied looks like one that
/// nothing is there for.
const SHOWN: [State; 3] = [State::Violated, State::NotAssessed, State::Satisfied];

fn shown(state: State) -> State {
    state.min(State::Satisfied)
}

fn name(state: State) -> &'static str {
    match state {
        State::Violated => "violated",
        State::NotAssessed => "not assessed",
        _ => "without a finding",
    }
}

/// The class that gives it its tone.
fn tone(state: State) -> &'static str {
    match state {
        State::Violated => "critical",
        State::NotAssessed => "not-assessed",
        _ => "pass",
    }
}

/// The frameworks, a line each that opens.
pub fn section(report: &Report) -> Markup {
    let rules: Vec<&Rule> = report.rules.iter().map(AsRef::as_ref).collect();
    let counts = Counts::of_each(&rules, report.findings.tally(), unreached(&report.coverage).count());
    let editions: Vec<_> = FRAMEWORKS.iter().flat_map(|framework| framework.editions(framework.named_by(&rules))).collect();
    html! {
        @if !editions.is_empty() {
            details.section {
                summary { "By framework" }
                p.said {
                    "The controls that the rules of this scan answer to. A control without a finding is not thereby fulfilled: "
                    "most ask for more than a scan can see."
                }
                @for edition in &editions { (lines(edition, &rules, &counts)) }
            }
        }
    }
}

fn lines<'a>(edition: &Edition<'a>, rules: &[&'a Rule], counts: &BTreeMap<&str, Counts>) -> Markup {
    let controls = assess(edition, rules, counts);
    let count = |of| controls.iter().filter(|assessed| shown(assessed.state) == of).count();
    html! {
        details.framework {
            summary {
                b { (edition.framework.title) " " (edition.name) }
                span.counts { @for state in SHOWN { span.(tone(state)) { (count(state)) " " (name(state)) } } }
            }
            div.chips { @for assessed in &controls { (chip(edition.framework.id, assessed)) } }
            @if edition.controls.iter().any(|control| control.derived) {
                p.said { "* by way of another tool's mapping of controls to checks" }
            }
        }
    }
}

/// A control; a button that filters where there are findings of it.
fn chip(framework: &str, Assessed { control, state, .. }: &Assessed<'_>) -> Markup {
    let outcome = match state {
        State::Violated => Some(Outcome::Fail),
        State::NotAssessed => Some(Outcome::NotAssessed),
        _ => None,
    };
    let label = html! { (control.id) @if control.derived { "*" } };
    html! {
        @match outcome {
            Some(outcome) => button.(tone(*state)) type="button" title=(name(*state)) data-filter={ "outcome=" (outcome.name()) "&control=" (framework) " " (control.written) } {
                (label)
            },
            None => span.(tone(*state)) title=(name(*state)) { (label) },
        }
    }
}
