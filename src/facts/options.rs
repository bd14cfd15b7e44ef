//! The options of the option groups that a DB instance has: `options`.
//!
//! While a group is exchanged the instance names both, the old and the new, and which options run
//! is not known: `in_sync` is false then, and the list has the options of both.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::instance::Instance;
use super::network::{self, Admission};
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
        /// The ports that options open beside the database's own.
        listeners: Known<Vec<Listener>>,
    }

    /// The port of an option, and whom the security groups of the instance and of the option admit to it.
    Listener {
        /// The option.
        option: String,
        port: i64,
        /// The sources that hold public addresses.
        public_sources: Known<Vec<String>>,
        /// The prefix length of the widest public IPv4 network admitted, neighbours joined; 33 if none.
        widest_ipv4_prefix: Known<i64>,
        /// The prefix length of the widest public IPv6 network admitted, neighbours joined; 129 if none.
        widest_ipv6_prefix: Known<i64>,
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
    about: "The options of the attached option groups (`options.list`, each with `name`, `port`, `settings[\"SQLNET.…\"]`), whether they run (`options.in_sync`), and the ports that they open (`options.listeners`).",
    applies: |kind| kind == kinds::DB_INSTANCE,
    schema: |_| schemars::schema_for!(Options),
    operations: |kind, field| match field {
        "in_sync" => Cow::Borrowed(kind.operations),
        "listeners" => Cow::Owned([kinds::OPTION_GROUP.operations, &network::ADMISSION_OPERATIONS].concat()),
        _ => Cow::Borrowed(kinds::OPTION_GROUP.operations),
    },
    derive: |resource, index| {
        derive(resource, index).map_or_else(|gap| Node::Gap(Arc::new(gap)), |options| options.into_node().unwrap_or(Node::map([])))
    },
};

fn derive(resource: &Resource, index: &Index<'_>) -> Result<Options, Gap> {
    let instance: &Instance = resource.read()?;
    let memberships = resource.required("OptionGroupMemberships", instance.OptionGroupMemberships.as_ref())?;
    let in_sync = in_sync(memberships).ok_or_else(|| resource.not_returned("OptionGroupMemberships.Status"));
    let options = |membership: &rds::OptionGroupMembership| {
        let name = membership.OptionGroupName.as_deref().ok_or_else(|| resource.not_returned("OptionGroupName"))?;
        options_of(name, index)
    };
    let list = memberships.iter().map(options).collect::<Result<Vec<_>, _>>().map(|lists| lists.concat());
    let listeners = list.clone().and_then(|list| listeners(&list, resource, index));
    Ok(Options { in_sync: in_sync.into(), list: list.into(), listeners: listeners.into() })
}

/// The options that always listen.
const LISTENING: [&str; 4] = ["MEMCACHED", "OEM", "OEM_AGENT", "SSL"];

fn listeners(options: &[DatabaseOption], resource: &Resource, index: &Index<'_>) -> Result<Vec<Listener>, Gap> {
    let mut listeners = Vec::new();
    for option in options {
        let Some(port) = option.port else {
            if LISTENING.contains(&option.name.as_str()) {
                let why = format!("AWS did not return the port of the option {}", option.name);
                return Err(Gap::new(kinds::OPTION_GROUP.operations[0], Reason::NotReturned, why));
            }
            continue;
        };
        let Admission { public_sources, widest_ipv4_prefix, widest_ipv6_prefix } = network::admission(resource, &option.security_groups, port, index);
        listeners.push(Listener { option: option.name.clone(), port, public_sources, widest_ipv4_prefix, widest_ipv6_prefix });
    }
    Ok(listeners)
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
    let row = index.option_groups().get(group)?;
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
