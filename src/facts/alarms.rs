//! Which database services of a region some CloudWatch alarm watches: `alarms`.
//!
//! An alarm counts when it does something: its actions are on, and there are some. A composite alarm
//! that does counts for the metrics of its children, which then need no actions of their own.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use super::{Fact, Index, fact};
use crate::inventory::alarms::{CompositeAlarm, MetricAlarm};
use crate::inventory::{Gap, Kind, Known, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// The database services of a region, by the namespaces of their metrics.
    Alarms {
        /// Whether there are databases of any of them.
        used: Known<bool>,
        /// Those with databases and without an alarm.
        missing: Known<Vec<String>>,
    }
}

/// `alarms`.
pub const FACT: Fact = Fact {
    name: "alarms",
    about: "Which database services of the region no CloudWatch alarm with actions watches, by the namespaces of their metrics.",
    applies: |kind| kind == kinds::ACCOUNT,
    schema: |_| schemars::schema_for!(Alarms),
    operations: |_, field| {
        let listings = SERVICES.iter().flat_map(|(_, kinds)| kinds.iter().flat_map(|kind| kind.operations)).copied();
        let alarms = kinds::METRIC_ALARM.operations.iter().copied().filter(|_| field == "missing");
        Cow::Owned(listings.chain(alarms).collect())
    },
    derive: |_, index| derive(index).into_node().unwrap_or_else(|| Node::map([])),
};

/// What has metrics in each namespace.
static SERVICES: [(&str, &[Kind]); 9] = [
    ("AWS/Cassandra", &[kinds::KEYSPACES_TABLE]),
    ("AWS/DAX", &[kinds::DAX_CLUSTER]),
    ("AWS/DocDB", &[kinds::DOCDB_CLUSTER, kinds::DOCDB_INSTANCE]),
    ("AWS/DynamoDB", &[kinds::DYNAMODB_TABLE]),
    ("AWS/ElastiCache", &[kinds::CACHE_CLUSTER, kinds::REPLICATION_GROUP, kinds::SERVERLESS_CACHE]),
    ("AWS/MemoryDB", &[kinds::MEMORYDB_CLUSTER]),
    ("AWS/Neptune", &[kinds::NEPTUNE_CLUSTER, kinds::NEPTUNE_INSTANCE]),
    ("AWS/RDS", &[kinds::DB_CLUSTER, kinds::DB_INSTANCE]),
    ("AWS/Timestream", &[kinds::TIMESTREAM_TABLE]),
];

/// A service that is known to lack an alarm decides before those of which it is not known.
fn derive(index: &Index<'_>) -> Alarms {
    let watched = watched(index);
    let (mut used, mut missing, mut doubt, mut unlisted) = (false, Vec::new(), None, None);
    for (namespace, kinds) in &SERVICES {
        let has_any = kinds.iter().any(|kind| !index.of_kind(*kind).is_empty());
        used |= has_any;
        let gap = kinds.iter().find_map(|kind| index.scope.gap_in_listing(*kind)).filter(|_| !has_any);
        unlisted = unlisted.or(gap.clone());
        match &watched {
            Ok((namespaces, _)) if namespaces.contains(namespace) => {}
            // What was seen of the alarms does not show that there is none.
            Ok((_, Some(unread))) | Err(unread) if has_any => doubt = Some(unread.clone()),
            _ if has_any => missing.push((*namespace).to_owned()),
            _ => doubt = doubt.or(gap),
        }
    }
    let missing = doubt.filter(|_| missing.is_empty()).map_or(Ok(missing), Err);
    Alarms { used: unlisted.filter(|_| !used).map_or(Ok(used), Err).into(), missing: missing.into() }
}

/// The namespaces that some alarm with actions watches, and why there may be more.
fn watched(index: &Index<'_>) -> Result<(BTreeSet<&'static str>, Option<Gap>), Gap> {
    let (metric_alarms, gap) = index.metric_alarms().seen();
    let metric_alarms: Vec<_> = metric_alarms.collect();
    let mut watched = BTreeSet::new();
    for row in &metric_alarms {
        if acts(row.resource.required("ActionsEnabled", row.data.ActionsEnabled)?, row.data.AlarmActions.as_deref()) {
            watched.extend(row.data.namespaces());
        }
    }
    let composite: Vec<_> = index.composite_alarms().seen().0.collect();
    let family = Family::of(metric_alarms.iter().map(|row| &row.data), composite.iter().map(|row| &row.data));
    for row in &composite {
        if acts(row.resource.required("ActionsEnabled", row.data.ActionsEnabled)?, row.data.AlarmActions.as_deref()) {
            family.collect(&row.data, &mut BTreeSet::new(), &mut watched);
        }
    }
    Ok((watched, gap))
}

fn acts(enabled: bool, actions: Option<&[String]>) -> bool {
    enabled && actions.is_some_and(|actions| !actions.is_empty())
}

/// All alarms by their names and ARNs.
struct Family<'a> {
    metric: HashMap<&'a str, &'a MetricAlarm>,
    composite: HashMap<&'a str, &'a CompositeAlarm>,
}

impl<'a> Family<'a> {
    fn of(metric: impl Iterator<Item = &'a MetricAlarm>, composite: impl Iterator<Item = &'a CompositeAlarm>) -> Self {
        let names = |name: &'a Option<String>, arn: &'a Option<String>| [name, arn].into_iter().flatten().map(String::as_str);
        Self {
            metric: metric.flat_map(|alarm| names(&alarm.AlarmName, &alarm.AlarmArn).map(move |name| (name, alarm))).collect(),
            composite: composite.flat_map(|alarm| names(&alarm.AlarmName, &alarm.AlarmArn).map(move |name| (name, alarm))).collect(),
        }
    }

    /// The namespaces that a composite alarm watches through its children and theirs. They may go round.
    fn collect(&self, alarm: &'a CompositeAlarm, seen: &mut BTreeSet<&'a str>, watched: &mut BTreeSet<&'static str>) {
        for child in alarm.children() {
            if !seen.insert(child) {
                continue;
            }
            if let Some(child) = self.metric.get(child) {
                watched.extend(child.namespaces());
            }
            if let Some(child) = self.composite.get(child) {
                self.collect(child, seen, watched);
            }
        }
    }
}
