//! `dbmoat permissions`: what the selected rules may have to ask of AWS.

use super::output::{pretty, print};
use super::{End, Failure};
use crate::cli::PermissionsArgs;
use crate::engine::RuleSet;
use crate::inventory::last_change;
use crate::reference::permissions::{self, Roles};

/// Prints the operations, a policy that allows exactly these, or the page of the reference.
pub fn run(args: &PermissionsArgs) -> Result<End, Failure> {
    let (folder, selection) = (args.rules.rules.as_deref(), args.rules.selection());
    if args.doc {
        return print(&permissions::page(&RuleSet::load_all(folder, &selection)?));
    }
    let rules = RuleSet::load(folder, &selection)?;
    let roles = Roles { of_organization: args.org_role.clone(), arns: args.role_arn.clone() };
    let mut operations = permissions::operations(&rules);
    operations.extend(args.last_change.then_some(last_change::OPERATION));
    if args.policy {
        return print(&pretty(&permissions::policy(operations, &roles)));
    }
    operations.extend(roles.operations());
    print(&operations.iter().map(|operation| format!("{operation}\n")).collect::<String>())
}
