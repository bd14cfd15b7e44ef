//! The effective values of database parameters.
//!
//! A value counts when it runs: the user's value from the attached group if the group is in sync,
//! else the default of the group's family. A change that waits for a reboot is not in force, and
//! what runs in its place is not known from the API, so the value is then what is *not* yet true:
//! `in_sync` is false and rules treat the parameter as unset.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::index::Index;
use super::instance::Instance;
use super::tables::{Row, Table};
use super::{Fact, fact};
use crate::inventory::{Gap, Kind, Known, Reason, Resource, kinds, rds};
use crate::value::{IntoNode, Node};

fact! {
    /// The parameters of an instance or a cluster.
    Parameters {
        /// Whether every attached group's values run (`ParameterApplyStatus` is `in-sync`).
        in_sync: Known<bool>,
        /// The effective value by parameter name, lower case, with ON, TRUE and 1 as `1` and OFF,
        /// FALSE and 0 as `0`; empty where neither the user nor the engine sets one.
        value: Known<BTreeMap<String, Known<String>>>,
    }
}

/// `parameters`.
pub const FACT: Fact = Fact {
    name: "parameters",
    about: "The effective database parameters: `parameters.value[\"rds.force_ssl\"]` (lower case; ON, true and 1 read `1`, OFF, false and 0 read `0`), and whether they run (`parameters.in_sync`).",
    applies: |kind| level(kind).is_some(),
    schema: |_| schemars::schema_for!(Parameters),
    operations: |kind, field| match (level(kind), field) {
        (_, "in_sync") | (None, _) => Cow::Borrowed(&[]),
        (Some(Level::Instance), _) => {
            Cow::Borrowed(&["rds:DescribeDBParameterGroups", "rds:DescribeDBParameters", "rds:DescribeEngineDefaultParameters"])
        }
        (Some(Level::Cluster), _) => {
            Cow::Borrowed(&["rds:DescribeDBClusterParameterGroups", "rds:DescribeDBClusterParameters", "rds:DescribeEngineDefaultClusterParameters"])
        }
    },
    derive: |resource, index| {
        derive(resource, index).map_or_else(|gap| Node::Gap(Arc::new(gap)), |parameters| parameters.into_node().unwrap_or(Node::map([])))
    },
};

/// The parameter that an expression's path speaks of: the path is `parameters.value` and a name.
pub fn wanted_name(path: &[String]) -> Option<&str> {
    match path {
        [fact, value, name, ..] if fact == "parameters" && value == "value" => Some(name),
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Level {
    Instance,
    Cluster,
}

fn level(kind: Kind) -> Option<Level> {
    if [kinds::DB_INSTANCE, kinds::DOCDB_INSTANCE, kinds::NEPTUNE_INSTANCE].contains(&kind) {
        Some(Level::Instance)
    } else if [kinds::DB_CLUSTER, kinds::DOCDB_CLUSTER, kinds::NEPTUNE_CLUSTER].contains(&kind) {
        Some(Level::Cluster)
    } else {
        None
    }
}

fn derive(resource: &Resource, index: &Index<'_>) -> Result<Parameters, Gap> {
    match level(resource.kind) {
        Some(Level::Instance) => {
            let instance: &Instance = resource.read()?;
            let groups = resource.required("DBParameterGroups", instance.DBParameterGroups.as_ref())?;
            let statuses = groups.iter().map(|group| group.ParameterApplyStatus.as_deref());
            let names = groups.iter().map(|group| resource.required("DBParameterGroupName", group.DBParameterGroupName.as_deref()));
            let values = names.collect::<Result<Vec<_>, _>>().and_then(|names| match names.as_slice() {
                [] => Err(resource.not_returned("DBParameterGroups")),
                names => values(names, index.db_parameter_groups(), index.db_parameter_families()),
            });
            Ok(Parameters { in_sync: in_sync(statuses, "rds:DescribeDBInstances").into(), value: values.into() })
        }
        Some(Level::Cluster) => {
            let cluster: &rds::DBCluster = resource.read()?;
            let members = resource.required("DBClusterMembers", cluster.DBClusterMembers.as_ref());
            let statuses = |members: &Vec<rds::DBClusterMember>| {
                in_sync(members.iter().map(|member| member.DBClusterParameterGroupStatus.as_deref()), "rds:DescribeDBClusters")
            };
            let name = resource.required("DBClusterParameterGroup", cluster.DBClusterParameterGroup.as_deref());
            let values = name.and_then(|name| values(&[name], index.db_cluster_parameter_groups(), index.db_cluster_parameter_families()));
            Ok(Parameters { in_sync: members.and_then(statuses).into(), value: values.into() })
        }
        None => Ok(Parameters { in_sync: Known::Value(true), value: Known::Value(BTreeMap::new()) }),
    }
}

/// True when all are in sync; false as soon as one is known not to be.
fn in_sync<'a>(statuses: impl Iterator<Item = Option<&'a str>>, operation: &str) -> Result<bool, Gap> {
    let statuses: Vec<_> = statuses.collect();
    if statuses.iter().flatten().any(|status| *status != "in-sync") {
        return Ok(false);
    }
    if statuses.iter().any(Option::is_none) {
        return Err(Gap::new(operation, Reason::NotReturned, "AWS did not return whether the parameter group is in sync"));
    }
    Ok(true)
}

/// The effective values of all parameters that were asked for, over the attached groups.
fn values<'s>(names: &[&str], groups: &Table<'s, rds::ParameterGroup>, families: &Table<'s, rds::ParameterFamily>) -> Result<Values, Gap> {
    let mut values = Values::new();
    for name in names {
        let attached = Attached::new(name, groups, families)?;
        for parameter in attached.requested()? {
            values.insert(parameter.to_ascii_lowercase(), attached.effective(parameter).into());
        }
    }
    Ok(values)
}

type Values = BTreeMap<String, Known<String>>;

/// A group that is attached, and the family whose defaults stand behind it.
struct Attached<'t, 's> {
    /// None for a default group: nobody can change it, so it is its family's defaults.
    group: Option<&'t Row<'s, rds::ParameterGroup>>,
    family: Result<&'t Row<'s, rds::ParameterFamily>, Gap>,
}

impl<'t, 's> Attached<'t, 's> {
    fn new(name: &str, groups: &'t Table<'s, rds::ParameterGroup>, families: &'t Table<'s, rds::ParameterFamily>) -> Result<Self, Gap> {
        // The name of a default group says its family, so it needs no look at the group.
        if let Some(family) = name.strip_prefix("default.") {
            return Ok(Self { group: None, family: families.get(family) });
        }
        let row = groups.get(name)?;
        let family = row.data.DBParameterGroupFamily.as_deref().ok_or_else(|| groups.not_visible(name))?;
        Ok(Self { group: Some(row), family: families.get(family) })
    }

    /// The names of the parameters that were asked for, of the group or of its family.
    fn requested(&self) -> Result<&[String], Gap> {
        let of_group = self.group.and_then(|row| row.data.Requested.as_deref());
        match (of_group, &self.family) {
            (Some(names), _) => Ok(names),
            (None, Ok(row)) => Ok(row.data.Requested.as_deref().unwrap_or_default()),
            (None, Err(gap)) => Err(gap.clone()),
        }
    }

    fn effective(&self, parameter: &str) -> Result<String, Gap> {
        if let Some(row) = self.group {
            let parameters = row.resource.required("Parameters", row.data.Parameters.as_deref())?;
            if let Some(value) = find(parameter, parameters) {
                return Ok(value);
            }
        }
        let family = self.family.as_ref().map_err(Clone::clone)?;
        let parameters = family.resource.required("Parameters", family.data.Parameters.as_deref())?;
        if !family.data.Requested.iter().flatten().any(|requested| requested.eq_ignore_ascii_case(parameter)) {
            let operation = family.resource.kind.operations[0];
            return Err(Gap::new(operation, Reason::NotCollected, format!("the default of {parameter} was not asked for")));
        }
        Ok(find(parameter, parameters).unwrap_or_default())
    }
}

/// The value of a parameter in a list: none when the list lacks it or gives it no value.
fn find(parameter: &str, parameters: &[rds::Parameter]) -> Option<String> {
    let is_it = |candidate: &&rds::Parameter| candidate.ParameterName.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(parameter));
    parameters.iter().find(is_it)?.ParameterValue.as_deref().map(normalise)
}

/// The one spelling of a value: AWS and users write 1, ON, on, true and TRUE for the same.
fn normalise(value: &str) -> String {
    match value.to_ascii_lowercase().as_str() {
        "1" | "on" | "true" => "1".to_owned(),
        "0" | "off" | "false" => "0".to_owned(),
        other => other.to_owned(),
    }
}
