//! Whether a DB instance can be brought back at all: `copies`.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use super::instance::Instance;
use super::{Fact, Index, fact};
use crate::inventory::{Gap, Kind, Known, Resource, kinds, rds};
use crate::value::{IntoNode, Node};

fact! {
    /// The copies of an instance in its own account and region.
    Copies {
        /// Whether an automated backup of it is active.
        automated: Known<bool>,
        /// Whether a manual snapshot of it is available.
        snapshot: Known<bool>,
    }
}

/// `copies`.
pub const FACT: Fact = Fact {
    name: "copies",
    about: "Whether a DB instance can be restored: an active automated backup (`copies.automated`), an available manual snapshot (`copies.snapshot`).",
    applies: |kind| kind == kinds::DB_INSTANCE,
    schema: |_| schemars::schema_for!(Copies),
    operations: |_, field| {
        Cow::Borrowed(if field == "snapshot" { kinds::DB_SNAPSHOT.operations } else { kinds::DB_INSTANCE_AUTOMATED_BACKUP.operations })
    },
    derive: |resource, index| match derive(resource, index) {
        Ok(copies) => copies.into_node().unwrap_or_else(|| Node::map([])),
        Err(gap) => Node::Gap(Arc::new(gap)),
    },
};

/// The instances that have copies.
pub struct Copied {
    /// By `DbiResourceId`.
    automated: Names,
    /// By `DBInstanceIdentifier`.
    snapshots: Names,
}

/// What was seen, and why there may be more.
struct Names {
    seen: HashSet<String>,
    gap: Option<Gap>,
}

impl Names {
    /// One that was seen is enough; that there is none takes the whole listing.
    fn has(&self, name: &str) -> Result<bool, Gap> {
        let seen = self.seen.contains(name);
        self.gap.clone().filter(|_| !seen).map_or(Ok(seen), Err)
    }
}

/// Goes through the copies of a scope, once.
pub fn copied(index: &Index<'_>) -> Copied {
    let automated = |backup: rds::DBInstanceAutomatedBackup| backup.DbiResourceId.filter(|_| backup.Status.as_deref() == Some("active"));
    let snapshot = |snapshot: rds::DBSnapshot| snapshot.DBInstanceIdentifier.filter(|_| snapshot.Status.as_deref() == Some("available"));
    Copied { automated: of_kind(index, kinds::DB_INSTANCE_AUTOMATED_BACKUP, automated), snapshots: of_kind(index, kinds::DB_SNAPSHOT, snapshot) }
}

fn of_kind<T: serde::de::DeserializeOwned>(index: &Index<'_>, kind: Kind, name: impl Fn(T) -> Option<String>) -> Names {
    let seen = index.of_kind(kind).iter().filter_map(|resource| name(resource.data().ok()?)).collect();
    Names { seen, gap: index.scope.gap_in_listing(kind) }
}

fn derive(resource: &Resource, index: &Index<'_>) -> Result<Copies, Gap> {
    let instance: &Instance = resource.read()?;
    let copied = index.copied();
    let id = resource.required("DbiResourceId", instance.DbiResourceId.as_ref());
    let name = resource.required("DBInstanceIdentifier", instance.DBInstanceIdentifier.as_ref());
    Ok(Copies { automated: id.and_then(|id| copied.automated.has(id)).into(), snapshot: name.and_then(|name| copied.snapshots.has(name)).into() })
}
