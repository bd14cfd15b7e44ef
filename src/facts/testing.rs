//! Scopes to derive facts from in tests: resources as JSON, named by their ids.

use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{Global, Index, Regions, Trust};
use crate::inventory::{FieldGap, Gap, Kind, Reason, Resource, Scope, ScopeId, kinds};
use crate::value::Node;

pub const ACCOUNT: &str = "111122223333";
const REGION: &str = "us-east-1";

/// An account's region in which every operation answered, what the account has once, and whom the
/// user trusts.
#[derive(Clone)]
pub struct World(pub Scope, pub Option<Scope>, pub Trust);

impl World {
    /// Nothing was found, and nothing was refused.
    pub fn complete() -> Self {
        let id = ScopeId { account: ACCOUNT.to_owned(), region: REGION.to_owned() };
        let now = "2026-11-22T09:00:00Z".parse().unwrap();
        let (mut scope, mut global) = (Scope::new(id, now), Scope::new(ScopeId::global(ACCOUNT), now));
        scope.whole.extend(Kind::all().filter(|kind| kind.by_use));
        for kind in Kind::all() {
            let operations = kind.operations.iter().copied().chain(kind.detail_operations()).map(ToOwned::to_owned);
            if kind.is_global() { global.operations.extend(operations) } else { scope.operations.extend(operations) }
        }
        Self(scope, Some(global), Trust::default())
    }

    /// The inventory has no scope of what the account has once.
    pub fn without_global(mut self) -> Self {
        self.1 = None;
        self
    }

    fn scopes(&mut self) -> impl Iterator<Item = &mut Scope> {
        std::iter::once(&mut self.0).chain(self.1.as_mut())
    }

    fn scope_of(&mut self, kind: Kind) -> &mut Scope {
        if kind.is_global() { self.1.as_mut().unwrap() } else { &mut self.0 }
    }

    /// Adds a resource, or replaces the one of that id.
    pub fn with(mut self, kind: Kind, id: &str, data: Value) -> Self {
        let scope = self.scope_of(kind);
        scope.resources.retain(|resource| resource.arn != id);
        let data = RawValue::from_string(data.to_string()).unwrap();
        let (account, region) = (ACCOUNT.to_owned(), scope.id.region.clone());
        scope.resources.push(Resource {
            kind,
            arn: id.to_owned(),
            account,
            region,
            tags: Default::default(),
            data,
            gaps: Vec::new(),
            memo: Default::default(),
        });
        self
    }

    pub fn without(mut self, id: &str) -> Self {
        let kind = self.resource(id).kind;
        self.scope_of(kind).resources.retain(|resource| resource.arn != id);
        self
    }

    /// Replaces fields of a resource; a null takes one away.
    pub fn patch(self, id: &str, changes: Value) -> Self {
        let resource = self.resource(id);
        let (kind, mut data): (_, Value) = (resource.kind, resource.data().unwrap());
        for (field, value) in changes.as_object().unwrap() {
            if value.is_null() {
                data.as_object_mut().unwrap().remove(field);
            } else {
                data[field] = value.clone();
            }
        }
        self.with(kind, id, data)
    }

    /// The operation was refused, so that nothing of what it lists is there.
    pub fn denied(mut self, operation: &str) -> Self {
        let gap = Gap::new(operation, Reason::AccessDenied, "");
        for scope in self.scopes().filter(|scope| scope.operations.contains(operation)) {
            scope.resources.retain(|resource| !resource.kind.operations.contains(&operation));
            for resource in &mut scope.resources {
                let fields = resource.kind.field_operations.iter().filter(|(_, of)| *of == operation);
                let fields: Vec<_> = fields.map(|(field, _)| (*field).to_owned()).collect();
                if !fields.is_empty() {
                    let mut data: Value = resource.data().unwrap();
                    fields.iter().for_each(|field| drop(data.as_object_mut().unwrap().remove(field)));
                    resource.data = RawValue::from_string(data.to_string()).unwrap();
                    resource.gaps.push(FieldGap { fields, gap: gap.clone() });
                }
            }
            scope.gaps.push(gap.clone());
        }
        self
    }

    /// The operation was never called.
    pub fn not_called(mut self, operation: &str) -> Self {
        self = self.denied(operation);
        for scope in self.scopes() {
            scope.gaps.retain(|gap| gap.operation != operation);
            scope.resources.iter_mut().for_each(|resource| resource.gaps.retain(|gap| gap.gap.operation != operation));
            scope.operations.remove(operation);
        }
        self
    }

    /// A field of one resource could not be read.
    pub fn unread(mut self, id: &str, field: &str, operation: &str) -> Self {
        self = self.patch(id, json!({field: null}));
        let gap = Gap::new(operation, Reason::AccessDenied, "");
        let resource = self.scopes().flat_map(|scope| &mut scope.resources).find(|resource| resource.arn == id).unwrap();
        resource.gaps.push(FieldGap { fields: vec![field.to_owned()], gap });
        self
    }

    pub fn resource(&self, id: &str) -> &Resource {
        let resources = std::iter::once(&self.0).chain(&self.1).flat_map(|scope| &scope.resources);
        resources.into_iter().find(|resource| resource.arn == id).unwrap_or_else(|| panic!("there is no {id}"))
    }

    /// A fact of a resource as JSON.
    pub fn fact(&self, name: &str, id: &str) -> Value {
        self.fact_with(name, id, &Regions::new())
    }

    /// The same where these regions of the account are in the report.
    pub fn fact_with(&self, name: &str, id: &str, regions: &Regions) -> Value {
        // A copy begins without what was found out before something was changed.
        let world = self.clone();
        let mut global = world.1.clone().map(Global::new);
        global.iter_mut().for_each(|global| global.regions = Ok(regions.clone()));
        let resource = world.resource(id);
        let scope = global.as_ref().filter(|_| resource.kind.is_global()).map_or(&world.0, |global| &global.scope);
        let index = Index::new(scope, global.as_ref(), &world.2);
        let node = (super::named(name).unwrap().derive)(resource, &index);
        serde_json::to_value(plain(&node)).unwrap()
    }
}

/// The node as JSON, a gap as `{"gap": operation}`.
fn plain(node: &Node<'_>) -> Value {
    match node {
        Node::Gap(gap) => json!({"gap": gap.operation}),
        Node::Map(fields) => fields.iter().map(|(name, node)| (name.to_owned(), plain(node))).collect(),
        Node::List(nodes) => nodes.iter().map(plain).collect(),
        other => serde_json::to_value(other).unwrap(),
    }
}

/// Everything that makes a database public: `db` listens on 5432 behind `sg-1`, in `subnet-1` of
/// `vpc-1`, whose main route table `rtb-1` leads to `igw-1`.
pub fn open() -> World {
    let anywhere = |number: i64, egress: bool| json!({"RuleNumber": number, "Egress": egress, "RuleAction": "allow", "Protocol": "-1", "CidrBlock": "0.0.0.0/0"});
    World::complete()
        .with(kinds::VPC, "vpc-1", json!({"VpcId": "vpc-1", "OwnerId": ACCOUNT, "CidrBlock": "10.0.0.0/16", "IsDefault": false}))
        .with(kinds::SUBNET, "subnet-1", json!({"SubnetId": "subnet-1", "VpcId": "vpc-1", "OwnerId": ACCOUNT}))
        .with(
            kinds::ROUTE_TABLE,
            "rtb-1",
            json!({"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [{"Main": true}], "Routes": [
            {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"},
            {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}]}),
        )
        .with(kinds::INTERNET_GATEWAY, "igw-1", json!({"InternetGatewayId": "igw-1", "Attachments": [{"VpcId": "vpc-1", "State": "available"}]}))
        .with(
            kinds::NETWORK_ACL,
            "acl-1",
            json!({"NetworkAclId": "acl-1", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-1"}],
            "Entries": [anywhere(100, false), anywhere(100, true)]}),
        )
        .with(
            kinds::SECURITY_GROUP,
            "sg-1",
            json!({"GroupId": "sg-1", "GroupName": "orders", "VpcId": "vpc-1", "IpPermissions": [
            {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}),
        )
        .with(kinds::VPC_BLOCK_PUBLIC_ACCESS_OPTIONS, "bpa", json!({"InternetGatewayBlockMode": "off"}))
        .with(
            kinds::DB_INSTANCE,
            "db",
            json!({"DBInstanceIdentifier": "db", "PubliclyAccessible": true, "Endpoint": {"Port": 5432},
            "DBSubnetGroup": {"DBSubnetGroupName": "group-1", "VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "subnet-1"}]},
            "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": "active"}]}),
        )
}
