//! What AWS says of the engine version that a database runs: `engine`.

use std::borrow::Cow;
use std::sync::Arc;

use super::common::CommonFields;
use super::tables::Row;
use super::{Fact, Index, fact};
use crate::inventory::shape::Timestamp;
use crate::inventory::{Gap, Kind, Known, Resource, kinds, rds};
use crate::value::{IntoNode, Node};

fact! {
    /// The engine version of a database.
    Engine {
        /// `available` where new databases can be made of the version, else what AWS calls it: `deprecated`,
        /// `inactive` and others, or `not-listed`.
        version_status: Known<String>,
        /// The major version, as AWS lists it.
        major_version: Known<String>,
        /// When the major version leaves standard support; absent where AWS names no such date.
        standard_support_end: Known<Option<Timestamp>>,
        /// When its paid Extended Support ends; absent where AWS offers none.
        extended_support_end: Known<Option<Timestamp>>,
    }
}

/// `engine`.
pub const FACT: Fact = Fact {
    name: "engine",
    about: "The engine version: whether AWS still offers it (`engine.version_status`), and until when it supports its major version (`engine.standard_support_end`, `engine.extended_support_end`).",
    applies: |kind| KINDS.contains(&kind),
    schema: |_| schemars::schema_for!(Engine),
    operations: |_, field| {
        Cow::Borrowed(if field == "version_status" { kinds::DB_ENGINE.operations } else { kinds::DB_MAJOR_ENGINE_VERSION.operations })
    },
    derive: |resource, index| match derive(resource, index) {
        Ok(engine) => engine.into_node().unwrap_or(Node::map([])),
        Err(gap) => Node::Gap(Arc::new(gap)),
    },
};

static KINDS: [Kind; 6] =
    [kinds::DB_INSTANCE, kinds::DB_CLUSTER, kinds::DOCDB_INSTANCE, kinds::DOCDB_CLUSTER, kinds::NEPTUNE_INSTANCE, kinds::NEPTUNE_CLUSTER];

fn derive(resource: &Resource, index: &Index<'_>) -> Result<Engine, Gap> {
    let running = CommonFields::of(resource)?;
    let engine = resource.required("Engine", running.Engine.as_deref())?;
    let version = resource.required("EngineVersion", running.EngineVersion.as_deref())?;
    let major = major_version(engine, version, index);
    let support_end = |name: &str| major.clone().and_then(|row| support_end(row, name));
    Ok(Engine {
        version_status: version_status(engine, version, index).into(),
        standard_support_end: support_end("open-source-rds-standard-support").into(),
        extended_support_end: support_end("open-source-rds-extended-support").into(),
        major_version: major.and_then(|row| row.resource.required("MajorEngineVersion", row.data.MajorEngineVersion.clone())).into(),
    })
}

fn version_status(engine: &str, version: &str, index: &Index<'_>) -> Result<String, Gap> {
    let row = index.db_engines().get(engine)?;
    let versions = row.resource.required("Versions", row.data.Versions.as_deref())?;
    let listed = versions.iter().find(|listed| listed.EngineVersion.as_deref() == Some(version));
    Ok(match listed {
        // AWS lists what is available unless it is asked for all, so that a status may be left out.
        Some(listed) => listed.Status.as_deref().unwrap_or("available"),
        None => "not-listed",
    }
    .to_owned())
}

/// The longest major version that the version begins with: 16 of 16.8, 8.0 of 8.0.mysql_aurora.3.08.0.
fn major_version<'i, 's>(engine: &str, version: &str, index: &'i Index<'s>) -> Result<&'i Row<'s, rds::DBMajorEngineVersion>, Gap> {
    let majors = version.match_indices('.').map(|(end, _)| &version[..end]).chain([version]);
    for major in majors.collect::<Vec<_>>().into_iter().rev() {
        if let Some(row) = index.db_major_engine_versions().find(&format!("{engine} {major}"))? {
            return Ok(row);
        }
    }
    Err(index.db_major_engine_versions().not_visible(&format!("of {engine} {version}")))
}

/// When the support of that name ends; none where AWS lists no such support.
fn support_end(row: &Row<'_, rds::DBMajorEngineVersion>, name: &str) -> Result<Option<Timestamp>, Gap> {
    let lifecycles = row.resource.required("SupportedEngineLifecycles", row.data.SupportedEngineLifecycles.as_deref())?;
    let Some(lifecycle) = lifecycles.iter().find(|lifecycle| lifecycle.LifecycleSupportName.as_deref() == Some(name)) else { return Ok(None) };
    lifecycle.LifecycleSupportEndDate.map(Some).ok_or_else(|| row.resource.not_returned("LifecycleSupportEndDate"))
}
