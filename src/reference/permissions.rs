//! What rules may have to ask of AWS: as a list, as a policy, as a page.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::markdown::{codes, fenced, table};
use crate::engine::RuleSet;
use crate::inventory::last_change;

/// What every scan asks, whatever the rules: who it is and, for `--region all`, which regions there are.
const ALWAYS: [&str; 2] = ["ec2:DescribeRegions", "sts:GetCallerIdentity"];

/// What lists the accounts of an organization.
const OF_ORGANIZATION: [&str; 3] =
    ["organizations:ListAccounts", "organizations:ListAccountsForParent", "organizations:ListOrganizationalUnitsForParent"];

/// What takes on a role in an account.
pub const ASSUME: &str = "sts:AssumeRole";

/// Through which roles other accounts are asked.
#[derive(Debug, Clone, Default)]
pub struct Roles {
    /// The name of the role in every account of the organization, with its path.
    pub of_organization: Option<String>,
    pub arns: Vec<String>,
}

impl Roles {
    /// The operations that the caller needs for them, before it asks any account.
    pub fn operations(&self) -> BTreeSet<&'static str> {
        let listed = self.of_organization.iter().flat_map(|_| OF_ORGANIZATION);
        let assumed = self.of_organization.is_some() || !self.arns.is_empty();
        listed.chain(assumed.then_some(ASSUME)).collect()
    }

    /// The statements that allow these.
    pub fn statements(&self) -> Vec<Value> {
        let of_organization = self.of_organization.iter().map(|name| format!("arn:aws:iam::*:role/{name}"));
        let roles: Vec<_> = of_organization.chain(self.arns.iter().cloned()).collect();
        let list = json!({"Sid": "DbmoatListsAccounts", "Effect": "Allow", "Action": OF_ORGANIZATION, "Resource": "*"});
        let assume = json!({"Sid": "DbmoatAssumesRoles", "Effect": "Allow", "Action": ASSUME, "Resource": roles});
        let listed = self.of_organization.is_some().then_some(list);
        listed.into_iter().chain((!roles.is_empty()).then_some(assume)).collect()
    }
}

/// The operations that a scan by the rules may ask for.
pub fn operations(rules: &RuleSet) -> BTreeSet<&'static str> {
    rules.rules().flat_map(|rule| rule.operations()).chain(ALWAYS).collect()
}

/// The actions as which IAM authorises the operations of Amazon Keyspaces, all alike: the second is for keyspaces of
/// several Regions.
const OF_KEYSPACES: [&str; 2] = ["cassandra:Select", "cassandra:SelectMultiRegionResource"];

/// The IAM actions that allow an operation: mostly the one of its name.
fn actions(operation: &str) -> Vec<&str> {
    if operation.starts_with("cassandra:") { OF_KEYSPACES.to_vec() } else { vec![operation] }
}

/// An IAM policy that allows exactly these, and to take on the roles.
pub fn policy(operations: BTreeSet<&'static str>, roles: &Roles) -> Value {
    let statements: Vec<_> = std::iter::once(statement(operations)).chain(roles.statements()).collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// The statement that allows exactly these.
pub fn statement(operations: BTreeSet<&str>) -> Value {
    let actions: BTreeSet<_> = operations.into_iter().flat_map(actions).collect();
    json!({"Sid": "DbmoatReads", "Effect": "Allow", "Action": actions, "Resource": "*"})
}

/// The page: the policy for all the rules, and what the rules of each service folder draw on.
pub fn page(rules: &RuleSet) -> String {
    let mut services: BTreeMap<&str, BTreeSet<&'static str>> = BTreeMap::new();
    for rule in rules.rules() {
        services.entry(rule.service()).or_default().extend(rule.operations());
    }
    let rows = services.into_iter().map(|(service, operations)| [service.to_owned(), codes(operations)]);
    let of_access = crate::access::needs().operations;
    let policy = policy(operations(rules).into_iter().chain(of_access.iter().copied()).collect(), &Roles::default());
    let policy = serde_json::to_string_pretty(&policy).unwrap_or_default();
    format!(
        "<!-- Written by `dbmoat permissions --doc`. Change the rules, not this page. -->\n# Permissions\n\n\
         dbmoat only reads. This policy is all that it needs for all rules and for `dbmoat access`; `dbmoat permissions --policy` prints the one \
         for the rules that you \
         select. What is denied is reported as not assessed.\n\n{}\n\
         IAM authorises what dbmoat asks of Amazon Keyspaces ({}) as {}. These allow to read rows over CQL as well, which dbmoat never does: \
         attach the policy to a role of its own.\n\n## Several accounts\n\n\
         Each account that is asked through a role has this policy on the role, and a trust policy that admits the caller. The caller needs {} for \
         `--role-arn` and `--org`, and for `--org`, from the management account or a delegated administrator, also {}: \
         `dbmoat permissions --policy --org-role NAME` adds them. With `--org` the caller reads the service control policies too, as the first \
         policy allows; who may not has findings that these would take away, and nothing that is not assessed.\n\n## By service\n\n\
         Whatever the rules, a scan also asks for {}. `dbmoat access` asks for these and {}. `scan --last-change` \
         asks for {} too: `dbmoat permissions --last-change` adds it.\n\n{}",
        fenced("json", &policy),
        codes(operations(rules).into_iter().filter(|operation| operation.starts_with("cassandra:"))),
        codes(OF_KEYSPACES),
        codes([ASSUME]),
        codes(OF_ORGANIZATION),
        codes(ALWAYS),
        codes(of_access),
        codes([last_change::OPERATION]),
        table(["service", "operations"], rows)
    )
}
