//! Frameworks of controls, and what the rules' findings say of them.

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
}

/// The frameworks, the most specific to AWS first.
pub const FRAMEWORKS: [Framework; 8] = [
    Framework { id: "aws-fsbp", title: "AWS Foundational Security Best Practices", derived: false },
    Framework { id: "cis-aws-foundations", title: "CIS AWS Foundations Benchmark", derived: false },
    Framework { id: "cis-aws-database", title: "CIS AWS Database Services Benchmark", derived: false },
    Framework { id: "nist-800-53-r5", title: "NIST SP 800-53 Rev. 5", derived: false },
    Framework { id: "pci-dss-4", title: "PCI DSS 4.0.1", derived: false },
    Framework { id: "hipaa", title: "HIPAA Security Rule", derived: true },
    Framework { id: "soc-2", title: "SOC 2", derived: true },
    Framework { id: "iso-27001-2022", title: "ISO/IEC 27001:2022", derived: true },
];

/// A control, as a rule names it: `RDS.2`, `v7.0:3.2.3`, `prowler:ac_2_6`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Control<'a> {
    /// The edition of the framework; empty where it is told by the framework's name.
    pub edition: &'a str,
    pub id: &'a str,
    /// Whether another tool's mapping brings it to the rule.
    pub derived: bool,
}

impl<'a> Control<'a> {
    /// Reads what a rule wrote.
    pub fn of(framework: &Framework, written: &'a str) -> Self {
        match written.split_once(':') {
            Some(("prowler", id)) => Self { edition: "", id, derived: true },
            Some((edition, id)) if edition.starts_with('v') => Self { edition, id, derived: framework.derived },
            _ => Self { edition: "", id: written, derived: framework.derived },
        }
    }
}

/// Every control of a framework that a rule names, as written, in the order of the framework.
pub fn named_by<'r>(framework: &Framework, rules: impl Iterator<Item = &'r Rule>) -> Vec<&'r str> {
    let mut names: Vec<&str> = rules.filter_map(|rule| rule.controls.get(framework.id)).flatten().map(String::as_str).collect();
    names.sort_by_cached_key(|name| natural::key(name));
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_and_another_tools_mapping_are_told_from_the_id() {
        let [fsbp, .., iso] = &FRAMEWORKS;
        assert_eq!(Control::of(fsbp, "RDS.2"), Control { edition: "", id: "RDS.2", derived: false });
        assert_eq!(Control::of(fsbp, "v7.0:3.2.3"), Control { edition: "v7.0", id: "3.2.3", derived: false });
        assert_eq!(Control::of(fsbp, "prowler:ac_2_6"), Control { edition: "", id: "ac_2_6", derived: true });
        assert!(Control::of(iso, "A.8.1").derived);
    }
}
