//! OCSF 1.5 Compliance Findings (class 2003): one JSON array, an event a finding, and one for each
//! scope that was not reached.
//!
//! What was not assessed has the compliance status Warning, which OCSF defines as "did not yield a
//! result due to missing information". Source: <https://schema.ocsf.io/1.5.0/classes/compliance_finding>.

use std::io::{self, Write};

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::{Coverage, Report};
use crate::engine::Severity;
use crate::finding::{Finding, Outcome, fingerprint};
use crate::inventory::{kinds, partition};

/// The version of the schema that the events follow.
const VERSION: &str = "1.5.0";

/// Writes the events.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Events(report))?;
    out.write_all(b"\n")
}

/// The events.
struct Events<'a>(&'a Report);

impl Serialize for Events<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let findings = self.0.findings.iter().map(|finding| Ok(event(self.0, &finding?)));
        let unreached = super::unreached(&self.0.coverage).map(|(scope, why)| Ok(unreached(self.0, scope, &why)));
        super::one_by_one(findings.chain(unreached), serializer, S::SerializeSeq::serialize_element)
    }
}

/// What an event says of the product, the time and the place.
fn envelope(report: &Report, account: &str, region: &str) -> Value {
    json!({
        "activity_id": 1, "activity_name": "Create",
        "category_uid": 2, "category_name": "Findings",
        "class_uid": 2003, "class_name": "Compliance Finding",
        "type_uid": 200_301, "type_name": "Compliance Finding: Create",
        "time": time(report),
        "severity_id": 1, "severity": "Informational",
        "status_id": 1, "status": "New",
        "metadata": {
            "version": VERSION, "profiles": ["cloud"],
            "product": {"name": report.tool.name, "vendor_name": report.tool.name, "version": report.tool.version},
        },
        "cloud": {"provider": "AWS", "region": region, "account": {"uid": account, "type": "AWS Account", "type_id": 10}},
    })
}

/// In milliseconds.
fn time(report: &Report) -> i64 {
    report.collected_at.map_or(0, |time| time.timestamp_millis())
}

fn unreached(report: &Report, scope: &Coverage, why: &str) -> Value {
    let mut event = envelope(report, &scope.account, &scope.region);
    event["message"] = why.into();
    event["finding_info"] =
        json!({"uid": fingerprint("coverage", &scope.place()), "title": scope.place(), "desc": why, "created_time": time(report)});
    event["compliance"] = json!({"status_id": 2, "status": "Warning", "control": "coverage", "desc": why});
    event["resources"] = json!([{"uid": scope.account, "name": scope.place(), "type": kinds::ACCOUNT, "region": scope.region}]);
    event["unmapped"] = json!({"outcome": Outcome::NotAssessed, "gaps": scope.gaps});
    event
}

fn event(report: &Report, finding: &Finding) -> Value {
    let (rule, resource) = (&finding.rule, &finding.resource);
    let (severity_id, severity) = severity(finding);
    let (status_id, status) = match finding.outcome {
        Outcome::Pass => (1, "Pass"),
        Outcome::NotAssessed | Outcome::CarriedOver => (2, "Warning"),
        Outcome::Fail | Outcome::Waived => (3, "Fail"),
    };
    let tags: Vec<_> = resource.tags.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let requirements: Vec<_> = rule.controls.iter().flat_map(|(framework, ids)| ids.iter().map(move |id| format!("{framework}:{id}"))).collect();
    let mut event = envelope(report, &resource.account, &resource.region);
    event["severity_id"] = severity_id.into();
    event["severity"] = severity.into();
    event["message"] = finding.message.as_str().into();
    event["metadata"]["event_code"] = rule.id.as_str().into();
    event["finding_info"] = json!({
        "uid": finding.fingerprint, "title": rule.title, "desc": finding.message, "types": [rule.topic.name()], "created_time": time(report),
    });
    event["compliance"] = json!({
        "status_id": status_id, "status": status, "control": rule.id, "desc": rule.title,
        "standards": rule.controls.keys().collect::<Vec<_>>(), "requirements": requirements,
    });
    event["resources"] = json!([{
        "uid": resource.arn, "name": resource.name, "type": resource.kind, "region": resource.region,
        "cloud_partition": partition(&resource.region), "tags": tags,
        "group": {"name": rule.service()},
    }]);
    event["unmapped"] = json!({"outcome": finding.outcome, "evidence": finding.evidence, "gaps": finding.gaps});
    if let Some(waiver) = &finding.standing.waiver {
        event["status_id"] = 3.into();
        event["status"] = "Suppressed".into();
        event["comment"] = waiver.to_string().into();
    }
    if finding.outcome == Outcome::Fail {
        let fix = finding.remediation();
        let text = fix.cli.as_ref().map_or_else(|| fix.text.clone(), |command| format!("{}\n{command}", fix.text));
        event["remediation"] = json!({"desc": text, "references": rule.references});
    }
    event
}

/// How bad it is; what did not fail is for information.
fn severity(finding: &Finding) -> (u8, &'static str) {
    match (finding.outcome, finding.rule.severity) {
        (Outcome::Pass | Outcome::NotAssessed | Outcome::CarriedOver | Outcome::Waived, _) => (1, "Informational"),
        (Outcome::Fail, Severity::Low) => (2, "Low"),
        (Outcome::Fail, Severity::Medium) => (3, "Medium"),
        (Outcome::Fail, Severity::High) => (4, "High"),
        (Outcome::Fail, Severity::Critical) => (5, "Critical"),
    }
}
