//! The controls of each framework that the rules that ran answer to.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use crate::compliance::{Control, FRAMEWORKS, Framework, named_by};
use crate::finding::Outcome;
use crate::report::Report;

/// What the findings say of a control.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Violated,
    NotAssessed,
    Clear,
}

impl State {
    const ALL: [Self; 3] = [Self::Violated, Self::NotAssessed, Self::Clear];

    fn name(self) -> &'static str {
        match self {
            Self::Violated => "violated",
            Self::NotAssessed => "not assessed",
            Self::Clear => "without a finding",
        }
    }

    /// The outcome of the findings behind it.
    fn outcome(self) -> Option<Outcome> {
        match self {
            Self::Violated => Some(Outcome::Fail),
            Self::NotAssessed => Some(Outcome::NotAssessed),
            Self::Clear => None,
        }
    }

    /// The class that gives it its tone.
    fn tone(self) -> &'static str {
        match self {
            Self::Violated => "critical",
            Self::NotAssessed => "not-assessed",
            Self::Clear => "pass",
        }
    }
}

/// The frameworks, a line each that opens.
pub fn section(report: &Report) -> Markup {
    let of_outcome = |outcome| -> BTreeSet<&str> {
        report.findings.tally().iter().filter(|(of, ..)| *of == outcome).map(|(_, rule, _)| rule.id.as_str()).collect()
    };
    let (failed, open) = (of_outcome(Outcome::Fail), of_outcome(Outcome::NotAssessed));
    let mut rules: BTreeMap<(&str, &str), State> = BTreeMap::new();
    for rule in &report.rules {
        let state = if failed.contains(&*rule.id) {
            State::Violated
        } else if open.contains(&*rule.id) {
            State::NotAssessed
        } else {
            State::Clear
        };
        for (framework, ids) in &rule.controls {
            for id in ids {
                let worst = rules.entry((framework, id)).or_insert(state);
                *worst = state.min(*worst);
            }
        }
    }
    html! {
        @if !rules.is_empty() {
            details.section {
                summary { "By framework" }
                p.said {
                    "The controls that the rules of this scan answer to. A control without a finding is not thereby fulfilled: "
                    "most ask for more than a scan can see."
                }
                @for framework in &FRAMEWORKS {
                    @let names = named_by(framework, report.rules.iter().map(AsRef::as_ref));
                    @for (edition, controls) in editions(framework, &names) {
                        (lines(framework, edition, &controls, &rules))
                    }
                }
            }
        }
    }
}

/// The controls by edition, the newest first.
fn editions<'a>(framework: &Framework, names: &[&'a str]) -> Vec<(&'a str, Vec<(&'a str, Control<'a>)>)> {
    let mut editions: Vec<(&str, Vec<_>)> = Vec::new();
    for name in names {
        let control = Control::of(framework, name);
        match editions.iter_mut().find(|(edition, _)| *edition == control.edition) {
            Some((_, controls)) => controls.push((*name, control)),
            None => editions.push((control.edition, vec![(*name, control)])),
        }
    }
    editions.reverse();
    editions
}

fn lines(framework: &Framework, edition: &str, controls: &[(&str, Control<'_>)], states: &BTreeMap<(&str, &str), State>) -> Markup {
    let state = |name: &str| states.get(&(framework.id, name)).copied().unwrap_or(State::Clear);
    let derived = controls.iter().any(|(_, control)| control.derived);
    html! {
        details.framework {
            summary {
                b { (framework.title) " " (edition) }
                span.counts {
                    @for of in State::ALL {
                        span.(of.tone()) { (controls.iter().filter(|(name, _)| state(name) == of).count()) " " (of.name()) }
                    }
                }
            }
            div.chips {
                @for (name, control) in controls {
                    @let state = state(name);
                    @match state.outcome() {
                        Some(outcome) => button.(state.tone()) type="button" title=(state.name()) data-filter={ "outcome=" (outcome.name()) "&control=" (framework.id) " " (name) } {
                            (control.id) @if control.derived { "*" }
                        },
                        None => span.(state.tone()) title=(state.name()) { (control.id) @if control.derived { "*" } },
                    }
                }
            }
            @if derived { p.said { "* by way of another tool's mapping of controls to checks" } }
        }
    }
}
