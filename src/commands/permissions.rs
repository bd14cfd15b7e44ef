//! `dbmoat permissions`: what the selected rules may have to ask of AWS.

use super::output::{pretty, print};
use super::{End, Failure};
use crate::cli::PermissionsArgs;
use crate::engine::RuleSet;
use crate::reference::permissions;

/// Prints the operations, a policy that allows exactly these, or the page of the reference.
pub fn run(args: &PermissionsArgs) -> Result<End, Failure> {
    let (folder, selection) = (args.rules.rules.as_deref(), args.rules.selection());
    if args.doc {
        return print(&permissions::page(&RuleSet::load_all(folder, &selection)?));
    }
    let rules = RuleSet::load(folder, &selection)?;
    if args.policy {
        return print(&pretty(&permissions::policy(&rules)));
    }
    print(&permissions::operations(&rules).iter().map(|operation| format!("{operation}\n")).collect::<String>())
}
