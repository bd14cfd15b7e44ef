//! The findings as JSON inside the page: what a rule says of itself once, then the findings one by
//! one. Every string passes through [`Harmless`], so nothing in it can end the script element that
//! holds it, nor steer or disguise text.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use serde_json::ser::Formatter;

use crate::engine::Rule;
use crate::evidence::Evidence;
use crate::finding::{Finding, Outcome, Remediation};
use crate::gate::baseline::Since;
use crate::gate::waivers::Waived;
use crate::inventory::shape::Timestamp;
use crate::report::text::printable;
use crate::report::{Report, one_by_one};

/// Writes the data that the page's script reads.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let rules = || report.rules.iter().chain(&report.carried_rules);
    let positions = rules().enumerate().map(|(position, rule)| (rule.id.as_str(), position)).collect();
    let data = Data { rules: rules().map(|rule| RuleObject::of(rule)).collect(), findings: Findings { report, positions } };
    data.serialize(&mut serde_json::Serializer::with_formatter(out, Harmless))?;
    Ok(())
}

#[derive(Serialize)]
struct Data<'a> {
    rules: Vec<RuleObject<'a>>,
    findings: Findings<'a>,
}

/// A rule, in what does not depend on a resource.
#[derive(Serialize)]
struct RuleObject<'a> {
    id: &'a str,
    title: &'a str,
    severity: &'static str,
    topic: &'static str,
    service: &'a str,
    risk: &'a str,
    /// The fix where it is the same for every resource.
    fix: String,
    controls: &'a BTreeMap<String, Vec<String>>,
    references: &'a [String],
}

impl<'a> RuleObject<'a> {
    fn of(rule: &'a Rule) -> Self {
        Self {
            id: &rule.id,
            title: &rule.title,
            severity: rule.severity.name(),
            topic: rule.topic.name(),
            service: rule.service(),
            risk: &rule.risk,
            fix: rule.remediation.text.outline(),
            controls: &rule.controls,
            references: &rule.references,
        }
    }
}

struct Findings<'a> {
    report: &'a Report,
    positions: BTreeMap<&'a str, usize>,
}

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        one_by_one(self.report.findings.iter(), serializer, |sequence, finding| match self.positions.get(finding.rule.id.as_str()) {
            Some(rule) => sequence.serialize_element(&FindingObject::of(finding, *rule)),
            None => Ok(()),
        })
    }
}

#[derive(Serialize)]
struct FindingObject<'a> {
    /// The position of the rule.
    rule: usize,
    outcome: &'static str,
    name: &'a str,
    arn: &'a str,
    kind: &'static str,
    account: &'a str,
    region: &'a str,
    tags: &'a BTreeMap<String, String>,
    message: &'a str,
    evidence: &'a Evidence,
    gaps: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_change: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Fix>,
    fingerprint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<&'a Waived>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<Since>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_seen: Option<Timestamp>,
}

/// A fix; its text is left out where it is the rule's.
#[derive(Serialize)]
struct Fix {
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cli: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terraform: Option<String>,
}

impl<'a> FindingObject<'a> {
    fn of(finding: &'a Finding, rule: usize) -> Self {
        let resource = &finding.resource;
        Self {
            rule,
            outcome: finding.outcome.name(),
            name: &resource.name,
            arn: &resource.arn,
            kind: resource.kind.noun.0,
            account: &resource.account,
            region: &resource.region,
            tags: &resource.tags,
            message: &finding.message,
            evidence: &finding.evidence,
            gaps: finding.gaps.iter().map(ToString::to_string).collect(),
            last_change: finding.standing.last_change.as_ref().map(ToString::to_string),
            fix: (finding.outcome == Outcome::Fail).then(|| Fix::of(finding.remediation(), &finding.rule)),
            fingerprint: &finding.fingerprint,
            waiver: finding.standing.waiver.as_deref(),
            baseline: finding.standing.since,
            last_seen: finding.standing.last_seen,
        }
    }
}

impl Fix {
    fn of(remediation: Remediation, rule: &Rule) -> Self {
        let Remediation { text, cli, terraform } = remediation;
        let own = text != rule.remediation.text.outline();
        Self { text: own.then_some(text), cli, terraform }
    }
}

/// JSON that may stand in a script element.
struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        for (position, piece) in printable(fragment).split('<').enumerate() {
            if position > 0 {
                writer.write_all(b"\\u003c")?;
            }
            // What `printable` writes out begins with a backslash, which JSON escapes. A fragment has none of its own.
            writer.write_all(piece.replace('\\', "\\\\").as_bytes())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        text.serialize(&mut serde_json::Serializer::with_formatter(&mut out, Harmless)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn nothing_ends_the_element_and_all_else_is_read_as_it_was() {
        for text in ["</script><script>alert(1)</script>", "<!--<script>", "a\\b\"c\nd", "größe 🐘", "\u{1b}[2J"] {
            let json = written(text);
            assert!(!json.contains('<'), "{json}");
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }

    #[test]
    fn separators_of_lines_and_what_reorders_text_are_written_out() {
        assert_eq!(written("a\u{2028}b\u{202e}c"), r#""a\\u{2028}b\\u{202e}c""#);
    }
}
