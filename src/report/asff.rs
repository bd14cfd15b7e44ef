//! The AWS Security Finding Format: one JSON array, for `aws securityhub batch-import-findings` in
//! batches of a hundred, each from the account that its findings are of.
//!
//! A scope that was not reached has none: Security Hub keeps what it had of it, and takes nothing from
//! an account that cannot be reached.
//!
//! Source of shapes and limits: AWS Security Hub User Guide, "AWS Security Finding Format (ASFF)".

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::Report;
use super::text::cut;
use crate::engine::Severity;
use crate::finding::{Finding, Outcome};
use crate::inventory::{Kind, kinds, partition};

/// What Security Hub takes of a title, a description and a recommendation, in characters.
const TITLE: usize = 256;
const DESCRIPTION: usize = 1_024;
const RECOMMENDATION: usize = 512;
/// How many related requirements it takes.
const REQUIREMENTS: usize = 32;
/// How many tags of a resource, and how many characters of a detail.
const TAGS: usize = 50;
const DETAIL: usize = 1_024;

/// Writes the findings.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Findings(report))?;
    out.write_all(b"\n")
}

/// The findings.
struct Findings<'a>(&'a Report);

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        super::one_by_one(self.0.findings.iter(), serializer, |sequence, finding| sequence.serialize_element(&asff(self.0, finding)))
    }
}

fn asff(report: &Report, finding: &Finding) -> Value {
    let (rule, resource) = (&finding.rule, &finding.resource);
    let (account, region) = (&resource.account, &resource.region);
    let partition = partition(region);
    let time = report.collected_at.map(|time| time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)).unwrap_or_default();
    let requirements = rule.controls.iter().flat_map(|(framework, ids)| ids.iter().map(move |id| format!("{framework}/{id}")));
    let evidence: BTreeMap<_, _> =
        finding.evidence.values().into_iter().take(TAGS).map(|(path, value)| (path, cut(&plain(&value), DETAIL).into_owned())).collect();
    let mut described = json!({
        "Type": type_of(resource.kind), "Id": resource.arn, "Partition": partition, "Region": region,
        "Tags": resource.tags.iter().take(TAGS).collect::<BTreeMap<_, _>>(),
    });
    if !evidence.is_empty() {
        described["Details"] = json!({"Other": evidence});
    }
    let mut asff = json!({
        "SchemaVersion": "2018-10-08",
        "Id": format!("{region}/{account}/{}", finding.fingerprint),
        "ProductArn": format!("arn:{partition}:securityhub:{region}:{account}:product/{account}/default"),
        "GeneratorId": rule.id,
        "AwsAccountId": account,
        "CreatedAt": time, "UpdatedAt": time,
        "Title": cut(&rule.title, TITLE),
        "Description": cut(if finding.message.is_empty() { &rule.title } else { &finding.message }, DESCRIPTION),
        "FindingProviderFields": {
            "Severity": {"Label": label(finding), "Original": rule.severity.name()},
            "Types": ["Software and Configuration Checks/AWS Security Best Practices"],
        },
        "Compliance": {"Status": status(finding.outcome), "RelatedRequirements": requirements.take(REQUIREMENTS).collect::<Vec<_>>()},
        "ProductFields": {"ProviderName": report.tool.name, "ProviderVersion": report.tool.version, "Topic": rule.topic.name()},
        "Resources": [described],
        "RecordState": if finding.outcome == Outcome::Waived { "ARCHIVED" } else { "ACTIVE" },
    });
    if let Some(waiver) = &finding.standing.waiver {
        asff["ProductFields"]["Waiver"] = waiver.to_string().into();
    }
    if finding.outcome == Outcome::Fail {
        let remediation = finding.remediation();
        let text = cut(&remediation.text, RECOMMENDATION);
        asff["Remediation"] = json!({"Recommendation": {"Text": text, "Url": rule.references.first()}});
    }
    asff
}

fn status(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fail => "FAILED",
        Outcome::NotAssessed | Outcome::CarriedOver | Outcome::Waived => "NOT_AVAILABLE",
        Outcome::Pass => "PASSED",
    }
}

/// How bad it is; what did not fail is for information.
fn label(finding: &Finding) -> &'static str {
    match (finding.outcome, finding.rule.severity) {
        (Outcome::Pass | Outcome::NotAssessed | Outcome::CarriedOver | Outcome::Waived, _) => "INFORMATIONAL",
        (Outcome::Fail, Severity::Low) => "LOW",
        (Outcome::Fail, Severity::Medium) => "MEDIUM",
        (Outcome::Fail, Severity::High) => "HIGH",
        (Outcome::Fail, Severity::Critical) => "CRITICAL",
    }
}

/// A text as it is, anything else as JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

/// Security Hub's name of a type of resource; `Other` for those that it has none for.
fn type_of(kind: Kind) -> &'static str {
    const TYPES: &[(Kind, &str)] = &[
        (kinds::ACCOUNT, "AwsAccount"),
        (kinds::DB_INSTANCE, "AwsRdsDbInstance"),
        (kinds::DOCDB_INSTANCE, "AwsRdsDbInstance"),
        (kinds::NEPTUNE_INSTANCE, "AwsRdsDbInstance"),
        (kinds::DB_CLUSTER, "AwsRdsDbCluster"),
        (kinds::DOCDB_CLUSTER, "AwsRdsDbCluster"),
        (kinds::NEPTUNE_CLUSTER, "AwsRdsDbCluster"),
        (kinds::DB_SNAPSHOT, "AwsRdsDbSnapshot"),
        (kinds::DB_CLUSTER_SNAPSHOT, "AwsRdsDbClusterSnapshot"),
        (kinds::DOCDB_CLUSTER_SNAPSHOT, "AwsRdsDbClusterSnapshot"),
        (kinds::NEPTUNE_CLUSTER_SNAPSHOT, "AwsRdsDbClusterSnapshot"),
        (kinds::KMS_KEY, "AwsKmsKey"),
    ];
    TYPES.iter().find(|(known, _)| *known == kind).map_or("Other", |(_, name)| name)
}
