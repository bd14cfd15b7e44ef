//! What the linter refuses, and where.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::engine::lint::lint;
use crate::engine::load::Source;

/// A rule that the linter likes, a key a line.
const GOOD: &str = r#"id: my-rule
title: A title
resource: AWS::RDS::DBInstance
topic: backup
severity: medium
require: resource.BackupRetentionPeriod >= params.min_days
params: {min_days: {default: 7, min: 1, max: 35, about: Days}}
message: "{{name}} keeps backups for {{resource.BackupRetentionPeriod}} days"
risk: Data is lost.
remediation: {text: Raise it.}
references: ["https://example.com"]
cases: [{name: few, given: {resource: {BackupRetentionPeriod: 3}}, expect: fail}, {name: enough, expect: pass}]
"#;

fn source(file: &str, text: &str) -> Source {
    Source { file: PathBuf::from("mine").join(file), path: PathBuf::from(file), text: text.to_owned() }
}

/// What the linter says of the rule with some lines replaced, each by its key.
fn refused(lines: &[&str]) -> Vec<String> {
    let key = |line: &str| line.split(':').next().unwrap().to_owned();
    let mut text: Vec<String> = GOOD.lines().map(ToOwned::to_owned).collect();
    for line in lines {
        match text.iter().position(|existing| key(existing) == key(line)) {
            Some(position) => text[position] = (*line).to_owned(),
            None => text.push((*line).to_owned()),
        }
    }
    let errors = lint(&[source("my-rule.yaml", &(text.join("\n") + "\n"))], &BTreeSet::new());
    errors.iter().map(ToString::to_string).collect()
}

#[track_caller]
fn assert_refused(lines: &[&str], line: usize, reason: &str) {
    let errors = refused(lines);
    let place = format!("mine/my-rule.yaml:{line}: ");
    assert!(errors.iter().any(|error| error.starts_with(&place) && error.contains(reason)), "{lines:?}: {errors:#?}");
}

/// A requirement that is refused, and for no other reason.
#[track_caller]
fn assert_require_refused(expression: &str, reason: &str) {
    let require = format!("require: {}", serde_json::to_string(expression).unwrap());
    assert_refused(&[&require], 6, reason);
}

/// Expressions may be fine while the cases no longer fit them.
#[track_caller]
fn assert_require_fine(expression: &str) {
    let require = format!("require: {}", serde_json::to_string(expression).unwrap());
    let errors: Vec<_> = refused(&[&require]).into_iter().filter(|error| error.contains(" require: ")).collect();
    assert_eq!(errors, Vec::<String>::new(), "{expression}");
}

#[test]
fn a_negation_that_yaml_takes_for_a_tag_is_refused() {
    assert_refused(&["require: !has(resource.KmsKeyId)"], 6, "unknown tag !has(resource.KmsKeyId)");
    assert_refused(&["when: !resource.StorageEncrypted"], 13, "unknown tag !resource.StorageEncrypted");
    assert_refused(&["require: !gap resource.StorageEncrypted"], 6, "has the tag !gap");
    assert_refused(&["remediation: {text: !gap Raise it.}"], 10, "has the tag !gap");
}

#[test]
fn a_good_rule_is_fine() {
    assert_eq!(refused(&[]), Vec::<String>::new());
}

#[test]
fn unknown_keys_kinds_and_words() {
    assert_refused(&["colour: red"], 13, "colour");
    assert_refused(&["resource: AWS::RDS::DBInstanc"], 3, "did you mean \"AWS::RDS::DBInstance\"?");
    assert_refused(&["topic: backups"], 4, "backups");
    assert_refused(&["severity: urgent"], 5, "urgent");
    assert_refused(&["remediation: {text: Raise it., shell: x}"], 10, "shell");
}

#[test]
fn paths_that_lead_nowhere() {
    assert_require_refused("resource.BackupRetentonPeriod >= 7", "did you mean \"BackupRetentionPeriod\"?");
    assert_require_refused("resource.Endpoint.Prot == 1", "did you mean \"Port\"?");
    assert_require_refused("netwrok.port == 1", "did you mean \"network\"?");
    assert_require_refused("params.min_day > 1", "did you mean \"min_days\"?");
    assert_require_refused("dependents.size() == 0", "\"dependents\" is no variable for AWS::RDS::DBInstance");
    assert_require_refused("resource.VpcSecurityGroups.all(g, g.Id == '')", "AWS::RDS::DBInstance has no resource.VpcSecurityGroups.[].Id");
    assert_require_refused("resource.Engine.all(e, true)", "resource.Engine is a string; all(), exists() and their like go through a list");
}

#[test]
fn optional_access_however_it_is_spaced() {
    assert_require_refused("resource.?MultiAZ.orValue(true)", "optional access");
    assert_require_refused("resource. ?MultiAZ.orValue(true)", "optional access");
    assert_require_refused("resource[?'MultiAZ'].orValue(true)", "optional access");
    assert_require_refused("resource[ ?'MultiAZ'] .orValue(true)", "optional access");
    assert_require_refused("optional.of(resource).hasValue()", "\"optional\" is no variable");
    // A pattern may look like it.
    assert_require_fine("resource.Engine.matches('a.?b[?]')");
}

#[test]
fn comparisons_of_unlike_things() {
    assert_require_refused("resource.MultiAZ == 'true'", "resource.MultiAZ is a boolean and is compared with a string");
    assert_require_refused("resource.BackupRetentionPeriod == '7'", "is an integer and is compared with a string");
    assert_require_refused("resource.Engine in [1, 2]", "resource.Engine is a string and is looked for among an integer");
    assert_require_refused("resource.VpcSecurityGroups.exists(g, g.Status == 1)", "is a string and is compared with an integer");
    assert_require_fine("network.ipv4_share < 50");
    assert_require_fine("timestamp(resource.InstanceCreateTime) < now");
}

#[test]
fn functions_that_do_not_exist_and_the_order_of_texts() {
    assert_require_refused("resource.Engine.startWith('p')", "there is no function \"startWith\"; did you mean \"startsWith\"?");
    assert_require_refused("resource.MultiAZ || resource.Engine.lower() == 'x'", "there is no function \"lower\"");
    assert_require_refused("resource.EngineVersion >= '9.6'", "resource.EngineVersion is text, whose order is not that of numbers or times");
    assert_require_refused("resource.InstanceCreateTime < '2026-01-01'", "use int() or timestamp()");
    assert_require_fine("resource.Engine.startsWith('p') && int(resource.EngineVersion.split('.')[0]) >= 13");
    assert_require_fine("tag_keys.exists(key, key.lowerAscii() == 'owner')");
}

#[test]
fn comparisons_that_would_hide_a_gap() {
    let whole = "lists and maps are not compared as a whole";
    assert_require_refused("key == null", whole);
    assert_require_refused("null != key", whole);
    assert_require_refused("resource.MasterUserSecret == key", whole);
    assert_require_refused("resource.EnabledCloudwatchLogsExports == ['audit']", whole);
    assert_require_refused("resource.EnabledCloudwatchLogsExports != []", whole);
    assert_require_refused("[cluster] == [1]", whole);
    assert_require_refused("resource.MultiAZ == null", "nothing is ever null; use has()");
    assert_require_refused("key in [1]", "key is not looked for as a whole");
    assert_require_refused("resource.Endpoint in ['a']", "resource.Endpoint is not looked for as a whole");
}

#[test]
fn maps_are_not_iterated() {
    assert_require_refused("resource.all(field, field != 'MultiAZ')", "resource is a map");
    assert_require_refused("tags.exists(tag, tag == 'x')", "tags is a map");
    assert_require_fine("'x' in tags");
    assert_require_fine("resource.VpcSecurityGroups.all(g, g.Status == 'active')");
}

#[test]
fn parameters_are_compared_and_not_looked_for() {
    assert_require_refused("has(parameters.value.max_connections)", "parameters.value has every parameter");
    assert_require_refused("'rds.force_ssl' in parameters.value", "parameters.value has every parameter");
    assert_require_refused("!('rds.force_ssl' in parameters.value)", "parameters.value has every parameter");
    assert_require_refused("parameters.value[resource.Engine] == '1'", "a parameter is named by a literal");
    assert_require_refused("parameters.value['rds.force_ssl'] == '1'", "ask for parameters.in_sync too");
    assert_require_fine("parameters.in_sync && parameters.value['rds.force_ssl'] == '1'");
}

#[test]
fn texts() {
    assert_refused(&["message: \"{{resource.Nope}} is wrong\""], 8, "AWS::RDS::DBInstance has no resource.Nope");
    assert_refused(&["message: It is wrong"], 8, "a message names the offending resource");
    assert_refused(&["message: \"{{resource.}}\""], 8, "message");
    assert_refused(&["message: \"{{name\""], 8, "is not closed");
    assert_refused(&["remediation: {text: \"Raise {{resource.Nope}}.\"}"], 10, "AWS::RDS::DBInstance has no resource.Nope");
    assert_refused(&["evidence: [resource.Nope]"], 13, "AWS::RDS::DBInstance has no resource.Nope");
    assert_refused(&["references: []"], 11, "a reference is wanted");
    assert_refused(&["references: [\"http://example.com\"]"], 11, "https");
    assert_refused(&["title: \" \""], 2, "a title is wanted");
    assert_refused(&["params: {min_days: {default: 0, min: 1, about: Days}}"], 7, "the default of min_days is out of its own bounds");
    assert_refused(&["require: \"resource.MultiAZ &&\""], 6, "require");
}

#[test]
fn ids_and_file_names() {
    assert_refused(&["id: other-rule"], 1, "the file should be called other-rule.yaml");
    assert_refused(&["id: My_Rule"], 1, "an id has lower case letters, digits and hyphens only");
    let twice = [source("a/my-rule.yaml", GOOD), source("b/my-rule.yaml", GOOD)];
    let errors: Vec<_> = lint(&twice, &BTreeSet::new()).iter().map(ToString::to_string).collect();
    assert_eq!(errors, ["mine/b/my-rule.yaml:1: id: my-rule is the id of mine/a/my-rule.yaml too"]);
    let errors: Vec<_> = lint(&twice[..1], &BTreeSet::from(["my-rule"])).iter().map(ToString::to_string).collect();
    assert_eq!(errors, ["mine/a/my-rule.yaml:1: id: my-rule is the id of a built-in rule"]);
}

#[test]
fn missing_cases() {
    let few = "{name: few, given: {resource: {BackupRetentionPeriod: 3}}, expect: fail}";
    let enough = "{name: enough, expect: pass}";
    let cases = |cases: &[&str]| format!("cases: [{}]", cases.join(", "));
    assert_refused(&[&cases(&[few])], 12, "a case that expects pass is missing");
    assert_refused(&[&cases(&[enough])], 12, "a case that expects fail is missing");
    assert_refused(&[&cases(&[])], 12, "a case that expects fail is missing");
    assert_refused(&["when: has(resource.Engine)"], 12, "a case that expects not-applicable is missing");
    assert_refused(&["require: key.KeyState == 'Enabled'"], 12, "a case that expects not-assessed is missing");
    assert_refused(&["require: network.port == 1"], 12, "a case that expects not-assessed is missing");
}

#[test]
fn cases_that_make_no_sense() {
    let case = |case: &str| format!("cases: [{case}, {{name: b, expect: fail}}, {{name: c, expect: pass}}]");
    assert_refused(&[&case("{name: b, expect: pass}")], 12, "two cases are called \"b\"");
    assert_refused(&[&case("{name: a, given: {resource: {MultiAz: true}}, expect: pass}")], 12, "did you mean \"MultiAZ\"?");
    assert_refused(&[&case("{name: a, given: {resorce: {MultiAZ: true}}, expect: pass}")], 12, "did you mean \"resource\"?");
    assert_refused(&[&case("{name: a, params: {days: 1}, expect: pass}")], 12, "the rule has no parameter \"days\"");
    assert_refused(&[&case("{name: a, kind: 'AWS::RDS::DBCluster', expect: pass}")], 12, "none of the rule's resource kinds");
    assert_refused(&[&case("{name: a, given: {resource: {VpcSecurityGroups: [!gap x]}}, expect: pass}")], 12, "a gap stands for a field");
    assert_refused(&[&case("{name: a, expect: maybe}")], 12, "maybe");
}
