//! The keys of replicas of DynamoDB tables, each asked once in the region of the replica.

use std::collections::{BTreeMap, BTreeSet};

use super::Session;
use super::ask::{Ask, map_each};
use super::failure::gap;
use crate::inventory::dynamodb::{Replica, ReplicaKey, Table};
use crate::inventory::kms;
use crate::inventory::shape::FromSdk;
use crate::inventory::{Gap, Reason};

const OPERATION: &str = "kms:DescribeKey";

/// The replicas of a table in other regions.
pub fn elsewhere<'t>(table: &'t Table, region: &str) -> impl Iterator<Item = &'t Replica> {
    table.Replicas.iter().flatten().filter(move |replica| replica.RegionName.as_deref() != Some(region))
}

/// Those that name a key, as region and key.
fn named(table: &Table, region: &str) -> impl Iterator<Item = (String, String)> {
    elsewhere(table, region)
        .filter_map(|replica| Some((replica.RegionName.clone()?, replica.KMSMasterKeyId.clone().filter(|key| kms::is_name(key))?)))
}

/// Who manages each key, or the gap in its place.
#[derive(Default)]
pub struct Keys(BTreeMap<(String, String), Result<Option<String>, Gap>>);

impl Keys {
    /// The keys of a table's replicas; none where it has none or they were not asked for.
    pub fn of(&self, table: &Table, region: &str) -> Result<Option<Vec<ReplicaKey>>, Gap> {
        let of_one = |named: (String, String)| {
            let manager = self.0.get(&named)?.clone();
            Some(manager.map(|manager| ReplicaKey { RegionName: Some(named.0), KeyManager: manager }))
        };
        let keys = named(table, region).filter_map(of_one).collect::<Result<Vec<_>, _>>()?;
        Ok(Some(keys).filter(|keys| !keys.is_empty()))
    }
}

/// Asks for the keys of the tables' replicas, if some rule needs them.
pub async fn keys(ask: &Ask<'_>, session: &Session, tables: impl Iterator<Item = &Table>) -> Keys {
    let all: BTreeSet<_> = tables.flat_map(|table| named(table, ask.region())).collect();
    if !ask.wants(OPERATION) {
        return Keys::default();
    }
    let answers = map_each(all, async |(region, key): (String, String)| {
        let answer = session.kms(&region).describe_key().key_id(&key).send().await;
        let metadata = answer
            .map_err(|error| gap(OPERATION, &error))
            .and_then(|answer| answer.key_metadata.ok_or_else(|| Gap::new(OPERATION, Reason::NotReturned, "AWS returned no metadata")));
        ((region, key), metadata.map(|metadata| metadata.key_manager.map(String::from_sdk)))
    });
    Keys(answers.await.into_iter().collect())
}
