//! `dbmoat permissions`: what the selected rules may have to ask of AWS.

use std::collections::BTreeSet;

use serde_json::json;

use super::output::{pretty, print};
use super::{End, Failure};
use crate::cli::RuleArgs;
use crate::engine::RuleSet;

/// What every scan asks, whatever the rules: who it is and, for `--region all`, which regions there are.
const ALWAYS: [&str; 2] = ["ec2:DescribeRegions", "sts:GetCallerIdentity"];

/// Prints the operations, or a policy that allows exactly these.
pub fn run(args: &RuleArgs, policy: bool) -> Result<End, Failure> {
    let rules = RuleSet::load(args.rules.as_deref(), &args.selection())?;
    let operations: BTreeSet<&str> = rules.needs().operations.into_iter().chain(ALWAYS).collect();
    if policy {
        let statement = json!({"Sid": "DbmoatReads", "Effect": "Allow", "Action": operations, "Resource": "*"});
        return print(&pretty(&json!({"Version": "2012-10-17", "Statement": [statement]})));
    }
    print(&operations.iter().map(|operation| format!("{operation}\n")).collect::<String>())
}
