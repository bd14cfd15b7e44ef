//! Reports made by hand: rules from a few words, findings on made-up resources.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use dbmoat::engine::{Rule, Severity, load};
use dbmoat::evidence::Evidence;
use dbmoat::finding::{Finding, Fix, Outcome, ResourceRef, Standing, fingerprint};
use dbmoat::findings::{Findings, Gathering};
use dbmoat::gate::waivers::Waived;
use dbmoat::gate::{self, Policy};
use dbmoat::inventory::{Gap, Kind, Reason, kinds};
use dbmoat::report::{self, Coverage, Report, Summary, Tool};

#[path = "schema.rs"]
pub mod schema;

pub const ACCOUNT: &str = "111111111111";
pub const REGION: &str = "us-east-1";

/// A rule of DB instances; its title and text follow from its id.
pub fn rule(id: &str, severity: Severity) -> Arc<Rule> {
    let text = format!(
        r#"
id: {id}
title: DB instance obeys {id}
resource: AWS::RDS::DBInstance
topic: backup
severity: {severity}
require: resource.BackupRetentionPeriod >= params.min_days
params:
  min_days: {{default: 7, about: Days that automated backups are kept}}
message: "{{{{name}}}} breaks {id}"
risk: Data is lost.
remediation:
  text: Raise the retention period to {{{{params.min_days}}}} days.
  cli: aws rds modify-db-instance --db-instance-identifier {{{{name}}}} --apply-immediately
  terraform: backup_retention_period = {{{{params.min_days}}}}
references: ["https://docs.aws.amazon.com/rds"]
controls:
  aws-fsbp: [RDS.11]
  nist-800-53-r5: [AU-1, AU-2, AU-3, AU-4, AU-5, AU-6, AU-7, AU-8, AU-9, AU-10]
"#
    );
    let source = load::Source { file: PathBuf::from(id), path: PathBuf::from(format!("rds-instance/{id}.yaml")), text };
    Arc::new(load::parse(&source).unwrap().1)
}

/// A DB instance in the first account.
pub fn instance(name: &str) -> ResourceRef {
    resource(kinds::DB_INSTANCE, name, format!("arn:aws:rds:{REGION}:{ACCOUNT}:db:{name}"))
}

/// A DB snapshot in the first account.
pub fn snapshot(name: &str) -> ResourceRef {
    resource(kinds::DB_SNAPSHOT, name, format!("arn:aws:rds:{REGION}:{ACCOUNT}:snapshot:{name}"))
}

/// Any resource in the first account.
pub fn resource(kind: Kind, name: &str, arn: String) -> ResourceRef {
    ResourceRef { arn, kind, name: name.into(), account: ACCOUNT.into(), region: REGION.into(), tags: BTreeMap::new() }
}

/// A failure of the rule.
pub fn failure(rule: &Arc<Rule>, resource: ResourceRef) -> Finding {
    Finding {
        message: format!("{} breaks {}", resource.name, rule.id),
        evidence: Evidence::of(&BTreeMap::from([("resource.BackupRetentionPeriod", 3), ("params.min_days", 7)])),
        fix: Some(Fix { values: vec!["7".into(), "7".into()], cli: true }),
        fingerprint: fingerprint(&rule.id, &resource.arn),
        rule: Arc::clone(rule),
        outcome: Outcome::Fail,
        gaps: Vec::new(),
        resource: Arc::new(resource),
        standing: Standing::default(),
    }
}

/// Shows one value more.
pub fn show(finding: &mut Finding, name: &str, value: &serde_json::Value) {
    let shown = finding.evidence.values();
    finding.evidence = Evidence::of(&shown.iter().map(|(name, value)| (name.as_str(), value)).chain([(name, value)]).collect());
}

/// The rule, not assessed because of the gap.
pub fn not_assessed(rule: &Arc<Rule>, resource: ResourceRef, gap: Gap) -> Finding {
    let message = format!("{} was not assessed: {gap}", resource.name);
    let outcome = Outcome::NotAssessed;
    Finding { outcome, message, evidence: Evidence::default(), gaps: vec![gap], fix: None, ..failure(rule, resource) }
}

/// The finding, waived.
pub fn waived(finding: Finding) -> Finding {
    let waiver = Waived { outcome: finding.outcome, reason: "rebuilt every night".into(), owner: "data".into(), expires: "2027-03-31".parse().ok() };
    Finding { outcome: Outcome::Waived, standing: Standing { waiver: Some(Box::new(waiver)), ..Standing::default() }, ..finding }
}

/// A denied operation.
pub fn denied(operation: &str) -> Gap {
    Gap::new(operation, Reason::AccessDenied, "not authorized to perform this operation")
}

/// A scope in which the gaps are what was not read.
pub fn scope(account: &str, region: &str, resources: usize, gaps: Vec<Gap>) -> Coverage {
    Coverage { account: account.into(), region: region.into(), reached: true, complete: gaps.is_empty(), resources, gaps }
}

/// The report of findings, sorted, counted and judged as a scan does it.
pub fn report(findings: Vec<Finding>, coverage: Vec<Coverage>, rules: Vec<Arc<Rule>>) -> Report {
    let mut gathering = Gathering::new(rules.clone());
    gathering.add_all(&findings).unwrap();
    gathered(gathering.finish().unwrap(), coverage, rules)
}

/// The report of findings that have been gathered.
pub fn gathered(findings: Findings, coverage: Vec<Coverage>, rules: Vec<Arc<Rule>>) -> Report {
    let resources = coverage.iter().map(|scope| scope.resources).sum();
    let policy = Policy { fail_on: Some(Severity::High), only_new: false, allow_incomplete: false, exit_zero: false };
    Report {
        tool: Tool { name: "dbmoat", version: "0.1.0" },
        collected_at: "2026-11-22T09:00:00Z".parse().ok(),
        verdict: gate::decide(findings.tally(), report::unreached(&coverage).count(), policy),
        summary: Summary::of(findings.tally(), 5, resources, rules.len()),
        coverage,
        findings,
        waivers: Vec::new(),
        changes: None,
        carried_rules: Vec::new(),
        sarif: report::sarif::Content::default(),
        rules,
    }
}

/// One of everything: a failure at each severity, something not assessed, a scope with a gap.
pub fn small() -> Report {
    let rules = [("a-public", Severity::Critical), ("b-encrypted", Severity::High), ("c-backup", Severity::Medium), ("d-tags", Severity::Low)]
        .map(|(id, severity)| rule(id, severity));
    let [public, encrypted, backup, tags] = &rules;
    let mut reached = failure(public, instance("orders"));
    let path = "0.0.0.0/0 → igw-0a1b → rtb-0a1b → acl-0a1b → sg-0a1b rule sgr-0a1b → 5432";
    show(&mut reached, "network.internet_paths", &vec![path].into());
    Arc::make_mut(&mut reached.resource).tags.insert("team".into(), "shop".into());
    let denied = denied("rds:DescribeDBSnapshotAttributes");
    let findings = vec![
        failure(tags, instance("orders")),
        reached,
        failure(backup, instance("orders")),
        failure(backup, instance("stock")),
        failure(encrypted, instance("orders")),
        failure(encrypted, instance("stock")),
        not_assessed(encrypted, instance("unread"), denied.clone()),
    ];
    let coverage = vec![scope(ACCOUNT, "eu-west-1", 0, vec![]), scope(ACCOUNT, REGION, 3, vec![denied])];
    report(findings, coverage, rules.to_vec())
}

/// A report with nothing in it.
pub fn empty() -> Report {
    report(vec![], vec![], vec![])
}

/// A clean scan of one scope.
pub fn clean() -> Report {
    report(vec![], vec![scope(ACCOUNT, REGION, 3, vec![])], vec![rule("a-public", Severity::Critical)])
}

/// Failures on so many instances, in turn critical, high, medium and low.
pub fn large(count: usize) -> Report {
    let rules = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low].map(|severity| rule(&format!("{severity}-rule"), severity));
    let findings = (0..count).map(|number| failure(&rules[number % rules.len()], instance(&format!("db-{number:05}")))).collect();
    report(findings, vec![scope(ACCOUNT, REGION, count, vec![])], rules.to_vec())
}
