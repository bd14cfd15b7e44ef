//! Whether somebody is told of events: `event_subscriptions`.
//!
//! A subscription says neither product nor engine: the RDS API keeps one list for RDS, Aurora,
//! DocumentDB and Neptune, and one to `db-cluster` without sources serves the clusters of all.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::tables::Row;
use super::{Fact, Index, fact};
use crate::inventory::events::EventSubscription;
use crate::inventory::{Gap, Kind, Known, Resource, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// The subscriptions in force, those to all categories of events and those to some taken together.
    Subscribed {
        /// Whether there is any.
        any: Known<bool>,
        /// Whether every category is subscribed to.
        every_category: Known<bool>,
        /// The categories that are named.
        categories: Known<Vec<String>>,
        /// The subscriptions, by name.
        names: Known<Vec<String>>,
    }

    /// The subscriptions in force to all sources of a type in the region.
    AllSources {
        /// To DB instances.
        db_instance: Subscribed,
        /// To DB clusters.
        db_cluster: Subscribed,
        /// To DB parameter groups.
        db_parameter_group: Subscribed,
        /// To DB security groups.
        db_security_group: Subscribed,
    }
}

/// `event_subscriptions`.
pub const FACT: Fact = Fact {
    name: "event_subscriptions",
    about: "The enabled and active event subscriptions: of a region those to all sources, by type of source; of a cluster those to its events.",
    applies: |kind| kind == kinds::ACCOUNT || CLUSTERS.contains(&kind),
    schema: |kind| if kind == kinds::ACCOUNT { schemars::schema_for!(AllSources) } else { schemars::schema_for!(Subscribed) },
    operations: |_, _| Cow::Borrowed(kinds::EVENT_SUBSCRIPTION.operations),
    derive: |resource, index| {
        let node = if resource.kind == kinds::ACCOUNT { of_region(index).into_node() } else { of_cluster(resource, index) };
        node.unwrap_or_else(|| Node::map([]))
    },
};

static CLUSTERS: [Kind; 2] = [kinds::DOCDB_CLUSTER, kinds::NEPTUNE_CLUSTER];

fn of_region(index: &Index<'_>) -> AllSources {
    AllSources {
        db_instance: subscribed("db-instance", None, index),
        db_cluster: subscribed("db-cluster", None, index),
        db_parameter_group: subscribed("db-parameter-group", None, index),
        db_security_group: subscribed("db-security-group", None, index),
    }
}

fn of_cluster(cluster: &Resource, index: &Index<'_>) -> Option<Node<'static>> {
    const NAME: &str = "DBClusterIdentifier";
    match index.node(cluster).get(NAME).and_then(Node::as_str) {
        Some(name) => subscribed("db-cluster", Some(name), index).into_node(),
        None => Some(Node::Gap(Arc::new(cluster.not_returned(NAME)))),
    }
}

/// What is subscribed to of all sources of a type, or of one of them.
fn subscribed(source_type: &str, source: Option<&str>, index: &Index<'_>) -> Subscribed {
    let (seen, mut gap) = index.event_subscriptions().seen();
    let (mut every_category, mut categories, mut names) = (false, BTreeSet::new(), BTreeSet::new());
    for row in seen.filter(|row| speaks_of(&row.data, source_type, source)) {
        match is_in_force(row) {
            Ok(true) => {
                let named = row.data.EventCategoriesList.as_deref().unwrap_or_default();
                every_category |= named.is_empty();
                categories.extend(named.iter().map(|category| category.to_lowercase()));
                names.extend(row.data.CustSubscriptionId.clone());
            }
            Ok(false) => {}
            Err(unread) => gap = Some(unread),
        }
    }
    // What was seen may be enough; that there is no more takes the whole list.
    let unless_seen = |seen: bool| gap.clone().filter(|_| !seen).map_or(Ok(seen), Err).into();
    let all = |found: BTreeSet<String>| gap.clone().map_or_else(|| Ok(found.into_iter().collect()), Err).into();
    Subscribed { any: unless_seen(!names.is_empty()), every_category: unless_seen(every_category), categories: all(categories), names: all(names) }
}

fn speaks_of(subscription: &EventSubscription, source_type: &str, source: Option<&str>) -> bool {
    let of_type = subscription.SourceType.as_deref().is_none_or(|named| named.is_empty() || named == source_type);
    let sources = subscription.SourceIdsList.as_deref().unwrap_or_default();
    of_type && (sources.is_empty() || source.is_some_and(|source| sources.iter().any(|named| named.eq_ignore_ascii_case(source))))
}

fn is_in_force(row: &Row<'_, EventSubscription>) -> Result<bool, Gap> {
    let enabled = row.resource.required("Enabled", row.data.Enabled)?;
    Ok(enabled && row.resource.required("Status", row.data.Status.as_deref())?.eq_ignore_ascii_case("active"))
}
