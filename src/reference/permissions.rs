//! What rules may have to ask of AWS: as a list, as a policy, as a page.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::markdown::{codes, fenced, table};
use crate::engine::RuleSet;

/// What every scan asks, whatever the rules: who it is and, for `--region all`, which regions there are.
const ALWAYS: [&str; 2] = ["ec2:DescribeRegions", "sts:GetCallerIdentity"];

/// The operations that a scan by the rules may ask for.
pub fn operations(rules: &RuleSet) -> BTreeSet<&'static str> {
    rules.rules().flat_map(|rule| rule.operations()).chain(ALWAYS).collect()
}

/// The actions as which IAM authorises the operations of Amazon Keyspaces, all alike: the second is for keyspaces of
/// several Regions.
const OF_KEYSPACES: [&str; 2] = ["cassandra:Select", "cassandra:SelectMultiRegionResource"];

/// The IAM actions that allow an operation: mostly the one of its name.
fn actions(operation: &'static str) -> Vec<&'static str> {
    if operation.starts_with("cassandra:") { OF_KEYSPACES.to_vec() } else { vec![operation] }
}

/// An IAM policy that allows exactly these.
pub fn policy(rules: &RuleSet) -> Value {
    let actions: BTreeSet<_> = operations(rules).into_iter().flat_map(actions).collect();
    let statement = json!({"Sid": "DbmoatReads", "Effect": "Allow", "Action": actions, "Resource": "*"});
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

/// The page: the policy for all the rules, and what the rules of each service folder draw on.
pub fn page(rules: &RuleSet) -> String {
    let mut services: BTreeMap<&str, BTreeSet<&'static str>> = BTreeMap::new();
    for rule in rules.rules() {
        services.entry(rule.service()).or_default().extend(rule.operations());
    }
    let rows = services.into_iter().map(|(service, operations)| [service.to_owned(), codes(operations)]);
    let policy = serde_json::to_string_pretty(&policy(rules)).unwrap_or_default();
    format!(
        "<!-- Written by `dbmoat permissions --doc`. Change the rules, not this page. -->\n# Permissions\n\n\
         dbmoat only reads. This policy is all that it needs for all rules; `dbmoat permissions --policy` prints the one for the rules that you \
         select. What is denied is reported as not assessed.\n\n{}\n\
         IAM authorises what dbmoat asks of Amazon Keyspaces ({}) as {}. These allow to read rows over CQL as well, which dbmoat never does: \
         attach the policy to a role of its own.\n\n## By service\n\n\
         Whatever the rules, a scan also asks for {}.\n\n{}",
        fenced("json", &policy),
        codes(operations(rules).into_iter().filter(|operation| operation.starts_with("cassandra:"))),
        codes(OF_KEYSPACES),
        codes(ALWAYS),
        table(["service", "operations"], rows)
    )
}
