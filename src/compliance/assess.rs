//! From what came of the rules to the state of each control.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Control, Edition};
use crate::engine::Rule;
use crate::finding::Outcome;
use crate::findings::Tally;

/// What a scan says of a control; the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// A rule failed.
    Violated,
    /// None failed, and one could not be assessed or did not run.
    NotAssessed,
    /// All rules that had something to judge passed.
    Satisfied,
    /// There was nothing that its rules judge.
    NotApplicable,
    /// dbmoat has no rule for it.
    NotCovered,
}

impl State {
    /// All, worst first.
    pub const ALL: [Self; 5] = [Self::Violated, Self::NotAssessed, Self::Satisfied, Self::NotApplicable, Self::NotCovered];

    /// The name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Violated => "violated",
            Self::NotAssessed => "not-assessed",
            Self::Satisfied => "satisfied",
            Self::NotApplicable => "not-applicable",
            Self::NotCovered => "not-covered",
        }
    }
}

/// On how many resources a rule failed, passed or was left open; a scope that was not reached counts as one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub fail: usize,
    pub not_assessed: usize,
    pub pass: usize,
}

impl Counts {
    /// Those of each rule that ran, by its id; scopes that were not reached leave all of them open.
    pub fn of_each<'r>(ran: &[&'r Rule], findings: &Tally, unreached: usize) -> BTreeMap<&'r str, Self> {
        let none = Self { not_assessed: unreached, ..Self::default() };
        let mut of_each: BTreeMap<&str, Self> = ran.iter().map(|rule| (rule.id.as_str(), none)).collect();
        for (outcome, rule, count) in findings.iter() {
            let Some(counts) = of_each.get_mut(rule.id.as_str()) else { continue };
            match outcome {
                Outcome::Fail | Outcome::Waived => counts.fail += count,
                Outcome::NotAssessed | Outcome::CarriedOver => counts.not_assessed += count,
                Outcome::Pass => counts.pass += count,
            }
        }
        of_each
    }

    fn state(self) -> State {
        match self {
            Self { fail: 1.., .. } => State::Violated,
            Self { not_assessed: 1.., .. } => State::NotAssessed,
            Self { pass: 1.., .. } => State::Satisfied,
            _ => State::NotApplicable,
        }
    }
}

/// A control, its state, and the rules that it rests on; a rule that did not run has none.
#[derive(Debug)]
pub struct Assessed<'a> {
    pub control: Control<'a>,
    pub state: State,
    pub rules: Vec<(&'a Rule, Option<Counts>)>,
}

impl Assessed<'_> {
    /// Over its rules.
    pub fn total(&self) -> Counts {
        self.rules.iter().filter_map(|(_, counts)| *counts).fold(Counts::default(), |sum, counts| Counts {
            fail: sum.fail + counts.fail,
            not_assessed: sum.not_assessed + counts.not_assessed,
            pass: sum.pass + counts.pass,
        })
    }
}

/// The state of each control of an edition, by what came of the rules.
pub fn assess<'a>(edition: &Edition<'a>, rules: &[&'a Rule], ran: &BTreeMap<&str, Counts>) -> Vec<Assessed<'a>> {
    let framework = edition.framework.id;
    let of_control = |control: &Control<'a>| {
        let names = |rule: &&Rule| rule.controls.get(framework).is_some_and(|ids| ids.iter().any(|id| id == control.written));
        let rules: Vec<_> = rules.iter().copied().filter(names).map(|rule| (rule, ran.get(rule.id.as_str()).copied())).collect();
        let state = |counts: Option<Counts>| counts.map_or(State::NotAssessed, Counts::state);
        // A rule that is off by default counts where nothing else speaks of the control.
        let counting = rules.iter().filter(|(rule, counts)| rule.enabled || counts.is_some());
        let worst = counting.map(|(_, counts)| state(*counts)).min().or_else(|| rules.first().map(|(_, counts)| state(*counts)));
        Assessed { control: *control, state: worst.unwrap_or(State::NotCovered), rules }
    };
    edition.controls.iter().map(of_control).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_of_a_rule_decides() {
        let state = |fail, not_assessed, pass| Counts { fail, not_assessed, pass }.state();
        assert_eq!(state(1, 1, 1), State::Violated);
        assert_eq!(state(0, 1, 9), State::NotAssessed);
        assert_eq!(state(0, 0, 1), State::Satisfied);
        assert_eq!(state(0, 0, 0), State::NotApplicable);
    }

    #[test]
    fn the_states_are_named_as_they_are_written() {
        for state in State::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.name());
        }
    }
}
