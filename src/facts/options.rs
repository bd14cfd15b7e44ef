//! The options of the option groups that a DB instance has: `options`.
//!
//! While a group is exchanged the instance names both, the old and the new, and which options run
//! is not known: `in_sync` is false then, and the list has the options of both.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Fact, Index, fact};
use crate::inventory::{Gap, Known, Reason, Resource, kinds, rds};
use crate::value::{IntoNode, Node};

fact! {
    /// The options of an instance.
    Options {
        /// Whether every attached group's options run (the membership's `Status` is `in-sync`).
        in_sync: Known<bool>,
        /// The options of every attached group.
        list: Known<Vec<DatabaseOption>>,
    }

    /// One option of a group.
    DatabaseOption {
        /// Such as `NATIVE_NETWORK_ENCRYPTION`.
        name: String,
        /// The port that the option listens on; absent where it has none.
        port: Option<i64>,
        /// The values of its settings, those of them that are no secret, by AWS's names.
        settings: Known<BTreeMap<String, String>>,
        /// The security groups of its port.
        security_groups: Vec<String>,
    }
}

/// `options`.
pub const FACT: Fact = Fact {
    name: "options",
    about: "The options of the attached option groups (`options.list`, each with `name`, `port`, `settings[\"SQLNET.…\"]`), and whether they run (`options.in_sync`).",
    applies: |kind| kind == kinds::DB_INSTANCE,
    schema: |_| schemars::schema_for!(Options),
    operations: |kind, field| Cow::Borrowed(if field == "in_sync" { kind.operations } else { kinds::OPTION_GROUP.operations }),
    derive: |resource, index| {
        derive(resource, index).map_or_else(|gap| Node::Gap(Arc::new(gap)), |options| options.into_node().unwrap_or(Node::map([])))
    },
};

fn derive(resource: &Resource, index: &Index<'_>) -> Result<Options, Gap> {
    let unreadable = |error: serde_json::Error| Gap::new(resource.kind.operations[0], Reason::Failed, error.to_string());
    let instance: rds::DBInstance = resource.data().map_err(unreadable)?;
    let memberships = resource.required("OptionGroupMemberships", instance.OptionGroupMemberships)?;
    let in_sync = in_sync(&memberships).ok_or_else(|| resource.not_returned("OptionGroupMemberships.Status"));
    let options = |membership: &rds::OptionGroupMembership| {
        let name = membership.OptionGroupName.as_deref().ok_or_else(|| resource.not_returned("OptionGroupName"))?;
        options_of(name, index)
    };
    let list = memberships.iter().map(options).collect::<Result<Vec<_>, _>>().map(|lists| lists.concat());
    Ok(Options { in_sync: in_sync.into(), list: list.into() })
}

/// True when all are in sync; false as soon as one is known not to be.
fn in_sync(memberships: &[rds::OptionGroupMembership]) -> Option<bool> {
    let mut statuses = memberships.iter().map(|membership| membership.Status.as_deref());
    if statuses.clone().flatten().any(|status| status != "in-sync") {
        return Some(false);
    }
    statuses.all(|status| status.is_some()).then_some(true)
}

fn options_of(group: &str, index: &Index<'_>) -> Result<Vec<DatabaseOption>, Gap> {
    // Nobody can add options to a default group.
    if group.starts_with("default:") {
        return Ok(Vec::new());
    }
    let row = index.option_groups.get(group)?;
    let options = row.resource.required("Options", row.data.Options.as_deref())?;
    let not_returned = |field: &str| row.resource.not_returned(field);
    options
        .iter()
        .map(|option| {
            let groups = option.VpcSecurityGroupMemberships.iter().flatten();
            let groups = groups.map(|group| group.VpcSecurityGroupId.clone().ok_or_else(|| not_returned("VpcSecurityGroupId")));
            Ok(DatabaseOption {
                name: option.OptionName.clone().ok_or_else(|| not_returned("OptionName"))?,
                port: option.Port,
                settings: option.OptionSettings.as_deref().map(settings).ok_or_else(|| not_returned("OptionSettings")).into(),
                security_groups: groups.collect::<Result<_, _>>()?,
            })
        })
        .collect()
}

fn settings(settings: &[rds::OptionSetting]) -> BTreeMap<String, String> {
    settings.iter().filter_map(|setting| Some((setting.Name.clone()?, setting.Value.clone()?))).collect()
}
