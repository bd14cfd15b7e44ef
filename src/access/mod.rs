//! For each database: who may connect, read its data, change its exposure or share its snapshots, and
//! by which statement.
//!
//! Identity policies are those of one account each, with permissions boundaries; beside them stand the
//! policies of the databases themselves and of the roles that others can take on. What depends on a
//! condition that is known only when somebody asks is *maybe*. The service control policies over the
//! account take away; where they may not be read the report says so. Resource control policies are not
//! read and session policies exist only in sessions: they too can only take away.

mod account;
mod patterns;
mod resource_policy;
mod rights;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use crate::facts::identity::{self, Granted};
use crate::facts::policy::{Context, Grantee, account_of};
use crate::facts::{Global, Organization};
use crate::inventory::{Gap, Kind, Needs, Reason, Resource, Scope, ScopeId, TAGS, kinds, partition};
use account::{ANY, Account, Circumstances};
pub use rights::Ability;
use rights::{Right, Target};

/// Who has access to what.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    pub databases: Vec<Database>,
    /// Those outside of its account who may take on a role that has access, by the role.
    pub assumable_by: BTreeMap<String, Vec<Outsider>>,
    /// What the service control policies over each account take away, which is in none of the rows.
    pub service_control_policies: BTreeMap<String, Control>,
    /// What could not be read, so that databases or principals may be missing.
    pub unknown: Vec<Gap>,
}

/// One database or copy.
#[derive(Debug, Serialize)]
pub struct Database {
    pub arn: String,
    pub kind: Kind,
    pub account: String,
    pub region: String,
    pub access: Vec<Access>,
    /// What could not be read of it.
    pub unknown: Vec<Gap>,
}

/// What somebody may do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Access {
    pub may: Ability,
    /// An ARN, an account, an organization; `*` for everybody, or for whoever meets the conditions.
    #[serde(serialize_with = "as_text")]
    pub principal: Arc<str>,
    /// Whether it is outside of the database's account.
    pub outside: bool,
    pub actions: Vec<&'static str>,
    #[serde(flatten)]
    pub by: By,
}

/// The statements that grant it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct By(pub Arc<Granted>);

impl Serialize for By {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut fields = serializer.serialize_map(Some(3))?;
        fields.serialize_entry("by", &self.0.statements)?;
        fields.serialize_entry("certain", &self.0.depends.is_empty())?;
        fields.serialize_entry("depends_on", &self.0.depends)?;
        fields.end()
    }
}

fn as_text<S: serde::Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

/// What is known of the service control policies over an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Control {
    /// There are none.
    None,
    /// So many count.
    Read { policies: usize },
    /// Some could not be read: they may take more away.
    Unread { why: Gap },
}

impl Control {
    fn of(organization: &Organization) -> Self {
        match (&organization.unread, organization.ceiling.policies().len()) {
            (Some(gap), _) => Self::Unread { why: gap.clone() },
            (None, 0) => Self::None,
            (None, policies) => Self::Read { policies },
        }
    }
}

/// Somebody who may take on a role.
#[derive(Debug, Serialize)]
pub struct Outsider {
    pub principal: String,
    /// The statement of the trust policy.
    pub by: String,
    pub depends_on: BTreeSet<String>,
}

impl Report {
    /// Both together.
    pub fn extend(&mut self, other: Self) {
        self.databases.extend(other.databases);
        self.assumable_by.extend(other.assumable_by);
        self.service_control_policies.extend(other.service_control_policies);
        self.unknown.extend(other.unknown);
    }

    /// Whether everything could be read that the caller may read: service control policies mostly may not be.
    pub fn is_complete(&self) -> bool {
        self.unknown.is_empty() && self.databases.iter().all(|database| database.unknown.is_empty())
    }
}

/// The operations that tell who has access.
pub fn needs() -> Needs {
    let mut operations: BTreeSet<&'static str> = BTreeSet::from(identity::OPERATIONS);
    for kind in rights::kinds() {
        operations.extend(kind.operations.iter().chain(kind.found_by).chain(kind.tag_operations()));
        let fields = rights::of(kind).flat_map(|right| right.fields().chain(resource_policy::field(kind, right.on)));
        operations.extend(fields.flat_map(|field| kind.operations_of(field)));
    }
    Needs { operations, ..Needs::default() }
}

/// Whether access to resources of the kind is listed.
pub fn is_listed(kind: Kind) -> bool {
    rights::of(kind).next().is_some()
}

/// Lists who has access to the databases of one account: all of them, or the one of that ARN. Of what
/// the account has once the newest collection counts.
pub fn list(scopes: &[Scope], global: Option<&Global>, arn: Option<&str>) -> Report {
    let (principals, mut unknown) = match (global, scopes.first()) {
        (Some(global), _) => global.identities().readable(),
        (None, Some(scope)) => {
            let missing = ScopeId::global(scope.id.account.as_str());
            (Vec::new(), vec![Gap::new(kinds::IAM_ROLE.operations[0], Reason::NotCollected, format!("the inventory has no scope {missing}"))])
        }
        (None, None) => Default::default(),
    };
    let now = scopes.iter().map(|scope| scope.collected_at).max().unwrap_or_default();
    let organization = global.map(|global| &**global.organization());
    unknown.extend(organization.and_then(Organization::failure).cloned());
    let mut account = Account::new(principals, organization.map(|organization| &organization.ceiling), now);
    let names: Vec<Arc<str>> = account.holders.iter().map(|holder| holder.principal.arn.as_str().into()).collect();
    let mut databases = Vec::new();
    for scope in scopes {
        if arn.is_none() {
            let gaps =
                rights::kinds().flat_map(|kind| kind.operations.iter().chain(kind.found_by)).filter_map(|operation| scope.gap_anywhere(operation));
            unknown.extend(gaps);
        }
        for resource in scope.resources.iter().filter(|resource| is_listed(resource.kind) && arn.is_none_or(|arn| resource.arn == arn)) {
            databases.push(Look { scope, resource, account: &mut account, names: &names }.database());
        }
    }
    databases.sort_by(|a, b| (&a.account, &a.arn).cmp(&(&b.account, &b.arn)));
    unknown.sort();
    unknown.dedup();
    let assumable_by = assumable(&account, &databases, &mut unknown);
    let control = global.zip(organization).map(|(global, organization)| (global.scope.id.account.clone(), Control::of(organization)));
    Report { databases, assumable_by, service_control_policies: control.into_iter().collect(), unknown }
}

/// A look at one resource.
struct Look<'l, 'g> {
    scope: &'l Scope,
    resource: &'l Resource,
    account: &'l mut Account<'g>,
    names: &'l [Arc<str>],
}

impl Look<'_, '_> {
    /// Who has access.
    fn database(mut self) -> Database {
        let Resource { arn, kind, account, region, .. } = self.resource;
        let mut unknown = Vec::new();
        let data: serde_json::Map<String, serde_json::Value> = self.resource.data().unwrap_or_default();
        let mut access = BTreeSet::new();
        for right in rights::of(*kind) {
            for field in right.fields().filter(|field| !data.contains_key(*field)) {
                let never_asked = || kind.operations_of(field).iter().find_map(|operation| self.scope.gap_of(operation));
                unknown.extend(self.resource.gap_of(field).or_else(never_asked));
            }
            let leads_nowhere = right.only_if.is_some_and(|need| (need.lacks)(&data));
            let Some(target) = self.target(right, &data).filter(|_| !leads_nowhere) else { continue };
            access.extend(self.of_right(right, &target, &data, &mut unknown));
        }
        unknown.sort();
        unknown.dedup();
        let access = merged(access);
        Database { arn: arn.clone(), kind: *kind, account: account.clone(), region: region.clone(), access, unknown }
    }

    /// What the right is to.
    fn target(&self, right: &Right, data: &serde_json::Map<String, serde_json::Value>) -> Option<account::Resource> {
        let Resource { arn, account, region, .. } = self.resource;
        let text = |field: &str| data.get(field).and_then(serde_json::Value::as_str);
        let named = |form: &str| {
            let (service, last) = form.split_once(' ').unwrap_or((form, ""));
            format!("arn:{}:{service}:{region}:{account}:{last}", partition(region))
        };
        Some(match right.on {
            Target::Itself => account::Resource::One(arn.clone()),
            Target::Field(field) => account::Resource::One(text(field)?.to_owned()),
            Target::Any(form) => account::Resource::One(named(form).replace('~', ANY)),
            Target::Within(form, field) => account::Resource::Within(format!("{}{}/", named(form), text(field)?)),
            Target::WithinId(form) => account::Resource::Within(format!("{}{}/", named(form), arn.rsplit(':').next()?)),
            Target::Part(infix) => account::Resource::Within(format!("{arn}{infix}")),
        })
    }

    fn of_right(
        &mut self,
        right: &Right,
        target: &account::Resource,
        data: &serde_json::Map<String, serde_json::Value>,
        unknown: &mut Vec<Gap>,
    ) -> Vec<Access> {
        let own = resource_policy::field(right.kind, right.on).and_then(|field| {
            let read = resource_policy::read(self.scope, self.resource, field, data);
            read.unwrap_or_else(|gap| {
                unknown.push(gap);
                None
            })
        });
        let tags_unread = self.scope.gap_in_tags(self.resource).is_some() || self.resource.gap_of(TAGS).is_some();
        let tags = &self.resource.tags;
        let tagged = |context: Context| {
            let known = tags.iter().fold(context, |context, (key, value)| context.with(&format!("aws:ResourceTag/{key}"), value.as_str()));
            if tags_unread { known } else { known.without("aws:ResourceTag/*") }
        };
        let mut access = Vec::new();
        for action in right.actions {
            let region = (!rights::FROM_ANY_REGION.contains(action)).then_some(&*self.resource.region);
            let circumstances = Circumstances { region, tags: &tagged };
            let mut granted = self.account.granted(action, target, &circumstances);
            if let Some(policy) = &own {
                access.extend(
                    policy.lets_in(action, &target.example(), &self.resource.account, self.account, &circumstances, &mut granted).into_iter().map(
                        |(principal, outside, granted)| Access {
                            may: right.ability,
                            principal: principal.into(),
                            outside,
                            actions: vec![action],
                            by: By(Arc::new(granted)),
                        },
                    ),
                );
            }
            access.extend(granted.into_iter().map(|(number, granted)| Access {
                may: right.ability,
                principal: Arc::clone(&self.names[number]),
                outside: false,
                actions: vec![action],
                by: By(granted),
            }));
        }
        access
    }
}

impl Right {
    /// The fields of the database that it reads.
    fn fields(&self) -> impl Iterator<Item = &'static str> {
        let of_target = match self.on {
            Target::Field(field) | Target::Within(_, field) => Some(field),
            Target::Itself | Target::Any(_) | Target::WithinId(_) | Target::Part(_) => None,
        };
        self.only_if.into_iter().flat_map(|need| need.fields).copied().chain(of_target)
    }
}

/// Actions that the same statements grant to the same principal stand together.
fn merged(access: BTreeSet<Access>) -> Vec<Access> {
    let mut merged: BTreeMap<(Ability, Arc<str>, bool, By), Vec<&'static str>> = BTreeMap::new();
    for Access { may, principal, outside, actions, by } in access {
        merged.entry((may, principal, outside, by)).or_default().extend(actions);
    }
    merged.into_iter().map(|((may, principal, outside, by), actions)| Access { may, principal, outside, actions, by }).collect()
}

/// Who may take on the roles that have access, from outside of their account.
fn assumable(account: &Account<'_>, databases: &[Database], unknown: &mut Vec<Gap>) -> BTreeMap<String, Vec<Outsider>> {
    let having: BTreeSet<&str> = databases.iter().flat_map(|database| &database.access).map(|access| &*access.principal).collect();
    let roles = account.holders.iter().map(|holder| holder.principal).filter(|role| role.user.is_none() && having.contains(role.arn.as_str()));
    let mut assumable = BTreeMap::new();
    for role in roles {
        match role.assumable_by() {
            Ok(grantees) => {
                let outsiders: Vec<_> = grantees.into_iter().filter(|grantee| is_outside(&grantee.principal, role.account())).map(outsider).collect();
                if !outsiders.is_empty() {
                    assumable.insert(role.arn.clone(), outsiders);
                }
            }
            Err(gap) => unknown.push(gap),
        }
    }
    assumable
}

fn outsider(Grantee { principal, statement, depends }: Grantee) -> Outsider {
    Outsider { principal, by: statement, depends_on: depends }
}

/// Whether the principal of a policy is not of the account. The federations of an account bring in
/// others.
fn is_outside(principal: &str, account: &str) -> bool {
    account_of(principal).is_none_or(|(of, _)| of != account || principal.contains(":saml-provider/") || principal.contains(":oidc-provider/"))
}
