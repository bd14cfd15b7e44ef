//! Frameworks of controls, and what a scan says of them.
//!
//! A control is *satisfied* only as far as rules look: most ask for more than a scan can see. What no
//! rule looks at is said too, for the controls that are known to concern databases.

mod assess;

pub use assess::{Assessed, Counts, State, assess};

use crate::engine::Rule;
use crate::natural;

/// A framework that rules name controls of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Framework {
    /// As rules name it.
    pub id: &'static str,
    pub title: &'static str,
    /// Whether its controls are mapped to rules by way of another tool's mapping: a hint for an
    /// auditor, not a statement of the framework's authors.
    pub derived: bool,
    /// What the list of its controls is, and is not.
    pub scope: &'static str,
}

const PARTLY: &str = "Only controls that a mapping ties to databases are listed, not the whole framework.";
const MAPPED: &str = "Only controls that Prowler's mapping ties to databases are listed, under its ids: hints, not a legal mapping.";

/// The frameworks, the most specific to AWS first.
pub const FRAMEWORKS: [Framework; 8] = [
    Framework {
        id: "aws-fsbp",
        title: "AWS Foundational Security Best Practices",
        derived: false,
        scope: "The controls of AWS Security Hub for databases and what they depend on, as far as they are known; newer ones may be missing.",
    },
    Framework { id: "cis-aws-foundations", title: "CIS AWS Foundations Benchmark", derived: false, scope: PARTLY },
    Framework {
        id: "cis-aws-database",
        title: "CIS AWS Database Services Benchmark",
        derived: false,
        scope: "Recommendations between known ones are listed by their numbers. Of sections on services that dbmoat does not judge little is known.",
    },
    Framework {
        id: "nist-800-53-r5",
        title: "NIST SP 800-53 Rev. 5",
        derived: false,
        scope: "Only controls that AWS Security Hub's mapping ties to databases are listed, and, marked as derived, those of Prowler's under its ids.",
    },
    Framework { id: "pci-dss-4", title: "PCI DSS 4.0.1", derived: false, scope: PARTLY },
    Framework { id: "hipaa", title: "HIPAA Security Rule", derived: true, scope: MAPPED },
    Framework { id: "soc-2", title: "SOC 2", derived: true, scope: MAPPED },
    Framework { id: "iso-27001-2022", title: "ISO/IEC 27001:2022", derived: true, scope: MAPPED },
];

/// The controls known to concern databases, by framework.
static KNOWN: &str = include_str!("controls.txt");

impl Framework {
    /// The framework of this id.
    pub fn named(id: &str) -> Option<&'static Self> {
        FRAMEWORKS.iter().find(|framework| framework.id == id)
    }

    /// The controls that are known to concern databases, as rules would write them.
    pub fn known(&self) -> impl Iterator<Item = &'static str> {
        let heading = format!("{}:", self.id);
        let lines = KNOWN.lines().skip_while(move |line| *line != heading).skip(1);
        lines.take_while(|line| line.starts_with(' ')).flat_map(str::split_whitespace)
    }

    /// Its editions, the newest first, with those of the controls that are of it.
    pub fn editions<'a>(&'static self, controls: impl Iterator<Item = &'a str>) -> Vec<Edition<'a>> {
        let mut controls: Vec<&str> = controls.collect();
        controls.sort_by_cached_key(|name| natural::key(name));
        controls.dedup();
        let mut editions: Vec<Edition<'_>> = Vec::new();
        for control in controls.into_iter().map(|written| Control::of(self, written)) {
            match editions.iter_mut().find(|edition| edition.name == control.edition) {
                Some(edition) => edition.controls.push(control),
                None => editions.push(Edition { framework: self, name: control.edition, controls: vec![control] }),
            }
        }
        editions.reverse();
        editions
    }

    /// The controls that the rules name.
    pub fn named_by<'r>(&self, rules: &[&'r Rule]) -> impl Iterator<Item = &'r str> {
        rules.iter().filter_map(|rule| rule.controls.get(self.id)).flatten().map(String::as_str)
    }
}

/// A framework in one edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition<'a> {
    pub framework: &'static Framework,
    /// Empty where the framework's name tells it.
    pub name: &'a str,
    pub controls: Vec<Control<'a>>,
}

/// A control, as a rule names it: `RDS.2`, `v7.0:3.2.3`, `prowler:ac_2_6`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Control<'a> {
    /// As rules write it.
    pub written: &'a str,
    /// The edition of the framework; empty where the framework's name tells it.
    pub edition: &'a str,
    pub id: &'a str,
    /// Whether another tool's mapping brings it to the rule.
    pub derived: bool,
}

impl<'a> Control<'a> {
    /// Reads what a rule wrote.
    pub fn of(framework: &Framework, written: &'a str) -> Self {
        let (edition, id, derived) = match written.split_once(':') {
            Some(("prowler", id)) => ("", id, true),
            Some((edition, id)) if edition.starts_with('v') => (edition, id, framework.derived),
            _ => ("", written, framework.derived),
        };
        Self { written, edition, id, derived }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::engine::{RuleSet, Selection};

    #[test]
    fn an_edition_and_another_tools_mapping_are_told_from_the_id() {
        let of = |framework: &str, written| {
            let control = Control::of(Framework::named(framework).unwrap(), written);
            (control.edition, control.id, control.derived)
        };
        assert_eq!(of("aws-fsbp", "RDS.2"), ("", "RDS.2", false));
        assert_eq!(of("cis-aws-foundations", "v7.0:3.2.3"), ("v7.0", "3.2.3", false));
        assert_eq!(of("nist-800-53-r5", "prowler:ac_2_6"), ("", "ac_2_6", true));
        assert_eq!(of("iso-27001-2022", "A.8.1"), ("", "A.8.1", true));
    }

    #[test]
    fn editions_come_newest_first_and_their_controls_in_order() {
        let framework = Framework::named("cis-aws-foundations").unwrap();
        let editions = framework.editions(["v5.0:2.10", "v10.0:1", "v5.0:2.9", "v5.0:2.9"].into_iter());
        let ids: Vec<_> =
            editions.iter().map(|edition| (edition.name, edition.controls.iter().map(|control| control.id).collect::<Vec<_>>())).collect();
        assert_eq!(ids, [("v10.0", vec!["1"]), ("v5.0", vec!["2.9", "2.10"])]);
    }

    #[test]
    fn every_framework_of_the_rules_is_here_and_every_list_is_of_one() {
        let set = RuleSet::load_all(None, &Selection::default()).unwrap();
        let used: BTreeSet<_> = set.rules().flat_map(|rule| rule.controls.keys().map(String::as_str)).collect();
        let here: BTreeSet<_> = FRAMEWORKS.iter().map(|framework| framework.id).collect();
        assert_eq!(used, here);
        let listed: BTreeSet<_> = KNOWN.lines().filter(|line| !line.starts_with([' ', '#'])).filter_map(|line| line.strip_suffix(':')).collect();
        assert_eq!(listed, here);
        assert!(FRAMEWORKS.iter().all(|framework| framework.known().count() > 10));
    }
}
