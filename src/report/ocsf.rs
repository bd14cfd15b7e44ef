//! OCSF 1.5 Compliance Findings (class 2003): one JSON array, an event a finding.
//!
//! What was not assessed has the compliance status Warning, which OCSF defines as "did not yield a
//! result due to missing information". Source: <https://schema.ocsf.io/1.5.0/classes/compliance_finding>.

use std::io::{self, Write};

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::Report;
use crate::engine::Severity;
use crate::finding::{Finding, Outcome};

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
        super::one_by_one(self.0.findings.iter(), serializer, |sequence, finding| sequence.serialize_element(&event(self.0, finding)))
    }
}

fn event(report: &Report, finding: &Finding) -> Value {
    let (rule, resource) = (&finding.rule, &finding.resource);
    let time = report.collected_at.map_or(0, |time| time.timestamp_millis());
    let (severity_id, severity) = severity(finding);
    let (status_id, status) = match finding.outcome {
        Outcome::Pass => (1, "Pass"),
        Outcome::NotAssessed | Outcome::CarriedOver => (2, "Warning"),
        Outcome::Fail | Outcome::Waived => (3, "Fail"),
    };
    let tags: Vec<_> = resource.tags.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let requirements: Vec<_> = rule.controls.iter().flat_map(|(framework, ids)| ids.iter().map(move |id| format!("{framework}:{id}"))).collect();
    let mut event = json!({
        "activity_id": 1, "activity_name": "Create",
        "category_uid": 2, "category_name": "Findings",
        "class_uid": 2003, "class_name": "Compliance Finding",
        "type_uid": 200_301, "type_name": "Compliance Finding: Create",
        "time": time,
        "severity_id": severity_id, "severity": severity,
        "status_id": 1, "status": "New",
        "message": finding.message,
        "metadata": {
            "version": VERSION, "profiles": ["cloud"], "event_code": rule.id,
            "product": {"name": report.tool.name, "vendor_name": report.tool.name, "version": report.tool.version},
        },
        "cloud": {"provider": "AWS", "region": resource.region, "account": {"uid": resource.account, "type": "AWS Account", "type_id": 10}},
        "finding_info": {
            "uid": finding.fingerprint, "title": rule.title, "desc": finding.message, "types": [rule.topic.name()], "created_time": time,
        },
        "compliance": {
            "status_id": status_id, "status": status, "control": rule.id, "desc": rule.title,
            "standards": rule.controls.keys().collect::<Vec<_>>(), "requirements": requirements,
        },
        "resources": [{
            "uid": resource.arn, "name": resource.name, "type": resource.kind, "region": resource.region,
            "cloud_partition": crate::inventory::partition(&resource.region), "tags": tags,
            "group": {"name": rule.service()},
        }],
        "unmapped": {"outcome": finding.outcome, "evidence": finding.evidence, "gaps": finding.gaps},
    });
    if let Some(waiver) = &finding.standing.waiver {
        event["status_id"] = 3.into();
        event["status"] = "Suppressed".into();
        event["comment"] = waiver.to_string().into();
    }
    if finding.outcome == Outcome::Fail {
        let fix = &finding.remediation;
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
