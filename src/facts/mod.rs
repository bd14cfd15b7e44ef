//! What no single API says: derived from the inventory of one scope, for one resource at a time.
//!
//! A fact answers in three values: a field that depends on something unread is a gap, and carries
//! the operation and the reason. Facts print nothing and know of no rule.
//!
//! To add one: a file here with its `derive` function and tests, and one line in [`FACTS`].

mod access;
mod access_string;
mod alarms;
mod backup;
mod bucket;
mod cache_engine;
mod cluster;
mod common;
mod config;
mod copies;
mod coverage;
mod databases;
mod denies;
mod dynamodb;
mod endpoints;
mod engine;
mod event_subscriptions;
mod global;
mod grants;
mod guardduty;
pub mod identity;
mod index;
mod instance;
mod key;
mod logs;
mod maintenance;
pub mod network;
mod options;
mod organization;
mod parameters;
pub mod policy;
mod scaling;
mod secret;
mod sharing;
mod stream_consumers;
mod tables;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
mod throughput;
mod topic;
mod trails;
mod trusted;
mod usage;
mod users;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::inventory::{Kind, Resource};
use crate::value::Node;

pub use coverage::{Regions, unlisted};
pub use global::Global;
pub use index::Index;
pub use organization::Organization;
pub use parameters::wanted_name as parameter_name;
pub use trusted::{FACT as TRUSTED, Trust};

/// A subject that rules can speak of beside the resource itself, such as `network`.
pub struct Fact {
    /// The name in expressions.
    pub name: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// Whether resources of the kind have it.
    pub applies: fn(Kind) -> bool,
    /// The JSON schema of the value for a resource of the kind.
    pub schema: fn(Kind) -> schemars::Schema,
    /// The operations that its field draws on, for a resource of the kind.
    pub operations: fn(Kind, field: &str) -> Cow<'static, [&'static str]>,
    /// The value for one resource.
    pub derive: for<'i, 's> fn(&'i Resource, &'i Index<'s>) -> Node<'i>,
}

/// Every fact.
pub static FACTS: &[Fact] = &[
    access::ACCESS,
    access::STREAM_ACCESS,
    alarms::FACT,
    backup::FACT,
    backup::OPT_IN,
    backup::PLAN,
    backup::VAULT_POLICY,
    bucket::FACT,
    cache_engine::FACT,
    cluster::CLUSTER,
    cluster::MEMBERS,
    config::FACT,
    copies::FACT,
    coverage::FACT,
    databases::FACT,
    denies::FACT,
    engine::FACT,
    event_subscriptions::FACT,
    grants::FACT,
    endpoints::FACT,
    guardduty::FACT,
    key::ACTIVITY_STREAM,
    key::DEPENDENTS,
    key::PERFORMANCE_INSIGHTS,
    key::SECRET,
    key::STORAGE,
    logs::FACT,
    maintenance::FACT,
    network::ACLS,
    network::BLOCK_PUBLIC_ACCESS,
    network::FACT,
    network::FLOW_LOGS,
    network::HOSTED,
    network::INGRESS,
    network::PEERS,
    options::FACT,
    parameters::FACT,
    scaling::FACT,
    secret::FACT,
    identity::DATA_API,
    identity::ROLES,
    identity::UNSCOPED,
    sharing::FACT,
    stream_consumers::FACT,
    throughput::FACT,
    topic::FACT,
    trails::DATA_EVENTS,
    trails::TRAILS,
    trusted::FACT,
    users::FACT,
    usage::FACT,
];

/// Finds a fact by its name in expressions.
pub fn named(name: &str) -> Option<&'static Fact> {
    position(name).map(|position| &FACTS[position])
}

/// Where a fact is in [`FACTS`].
pub fn position(name: &str) -> Option<usize> {
    static POSITIONS: LazyLock<HashMap<&str, usize>> =
        LazyLock::new(|| FACTS.iter().enumerate().map(|(position, fact)| (fact.name, position)).collect());
    POSITIONS.get(name).copied()
}

/// Which of the facts resources of a kind have: for each of [`FACTS`] its position among those.
pub fn positions_of(kind: Kind) -> &'static [Option<usize>] {
    static OF_KINDS: LazyLock<HashMap<Kind, Vec<Option<usize>>>> = LazyLock::new(|| {
        let of_kind = |kind| {
            let mut count = 0..;
            FACTS.iter().map(|fact| (fact.applies)(kind).then(|| count.next()).flatten()).collect()
        };
        Kind::all().map(|kind| (kind, of_kind(kind))).collect()
    });
    OF_KINDS.get(&kind).map_or(&[], Vec::as_slice)
}

/// Declares the type of a fact: a struct that becomes a value of the engine and has a schema.
macro_rules! fact {
    ($( $(#[$meta:meta])* $name:ident { $( $(#[$field_meta:meta])* $field:ident : $ty:ty, )* } )*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, schemars::JsonSchema)]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $ty, )*
        }

        impl $crate::value::IntoNode for $name {
            fn into_node(self) -> Option<$crate::value::Node<'static>> {
                let fields: Vec<(std::borrow::Cow<'static, str>, Option<$crate::value::Node<'static>>)> =
                    vec![$( (std::borrow::Cow::Borrowed(stringify!($field)), $crate::value::IntoNode::into_node(self.$field)), )*];
                Some($crate::value::Node::map(fields.into_iter().filter_map(|(name, node)| Some((name, node?)))))
            }
        }
    )*};
}
pub(crate) use fact;
