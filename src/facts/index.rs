//! The resources of one scope, by kind and id, typed: what facts look things up in.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use super::common::CommonFields;
use super::coverage::Regions;
use super::global::Global;
use super::identity::{Identities, SharedRoles};
use super::network::Hosts;
use super::tables::Tables;
use super::trusted::Trust;
use crate::inventory::{Gap, Kind, Reason, Resource, Scope, ScopeId, kinds};
use crate::value::{self, Node};

/// The resources of one scope, and what its account has once.
pub struct Index<'s> {
    pub scope: &'s Scope,
    pub trust: &'s Trust,
    global: Option<&'s Global>,
    by_kind: HashMap<Kind, Vec<&'s Resource>>,
    by_name: HashMap<(Kind, Cow<'s, str>), &'s Resource>,
    copied: OnceLock<super::copies::Copied>,
    dependents: OnceLock<HashMap<String, Vec<usize>>>,
    hosts: OnceLock<Hosts<'s>>,
    roles: SharedRoles,
    tables: Tables<'s>,
}

impl<'s> Index<'s> {
    /// Indexes a scope of a region, with the account's scope `aws-global` where there is one, or that
    /// scope itself. A supporting resource whose data has not its kind's shape becomes a gap where
    /// it is looked up.
    pub fn new(scope: &'s Scope, global: Option<&'s Global>, trust: &'s Trust) -> Self {
        CommonFields::prepare(scope);
        let mut by_kind: HashMap<Kind, Vec<&'s Resource>> = HashMap::new();
        for resource in &scope.resources {
            by_kind.entry(resource.kind).or_default().push(resource);
        }
        Self {
            scope,
            trust,
            global,
            by_name: super::cluster::by_name(scope),
            copied: OnceLock::new(),
            dependents: OnceLock::new(),
            hosts: OnceLock::new(),
            roles: SharedRoles::default(),
            tables: Tables::default(),
            by_kind,
        }
    }

    /// A resource as a value. A field whose own operation failed or was not called is a gap.
    pub fn node<'r>(&self, resource: &'r Resource) -> Node<'r> {
        let mut node = value::of_resource(resource);
        for (field, operation) in resource.kind.field_operations {
            if node.get(field).is_none()
                && let Some(gap) = self.scope.gap_of(operation)
            {
                node.mark_gap(field, gap);
            }
        }
        node
    }

    /// The account's users and roles; a gap where the inventory has no scope `aws-global` of it.
    pub fn identities(&self) -> Result<&'s Identities, Gap> {
        self.global(kinds::IAM_ROLE).map(Global::identities)
    }

    /// The id of the organization that the account is in, if it is in one.
    pub fn organization(&self) -> Result<Option<&'s str>, Gap> {
        self.global(kinds::ORGANIZATION)?.organization().id.as_ref().map(Option::as_deref).map_err(Gap::clone)
    }

    /// The account's regions that are in the report.
    pub fn regions(&self) -> Result<&'s Regions, Gap> {
        self.global(kinds::ACCOUNT_REGIONS)?.regions.as_ref().map_err(Gap::clone)
    }

    /// What the account has once; where the inventory has no such scope, a gap in the kind's listing.
    fn global(&self, kind: Kind) -> Result<&'s Global, Gap> {
        self.global.ok_or_else(|| {
            let missing = ScopeId::global(self.scope.id.account.as_str());
            Gap::new(kind.operations[0], Reason::NotCollected, format!("the inventory has no scope {missing}"))
        })
    }

    pub(super) fn tables(&self) -> &Tables<'s> {
        &self.tables
    }

    /// The scope's resources of a kind.
    pub fn of_kind(&self, kind: Kind) -> &[&'s Resource] {
        self.by_kind.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// The instance or cluster of that kind and identifier.
    pub fn named(&self, kind: Kind, name: &str) -> Option<&'s Resource> {
        self.by_name.get(&(kind, Cow::Borrowed(name))).copied()
    }

    /// The DB instances that have copies.
    pub fn copied(&self) -> &super::copies::Copied {
        self.copied.get_or_init(|| super::copies::copied(self))
    }

    /// The databases that listen in VPCs.
    pub fn hosts(&self) -> &Hosts<'s> {
        self.hosts.get_or_init(|| Hosts::new(self))
    }

    /// The roles of databases that were tried out so far.
    pub(super) fn roles(&self) -> &SharedRoles {
        &self.roles
    }

    /// The databases and snapshots that use a KMS key.
    pub fn dependents(&self, key: &str) -> impl Iterator<Item = &'s Resource> {
        let dependents = self.dependents.get_or_init(|| super::key::dependents(self.scope));
        let positions = dependents.get(key).map_or(&[][..], Vec::as_slice);
        positions.iter().map(|position| &self.scope.resources[*position])
    }
}
