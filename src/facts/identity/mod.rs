//! The users and roles of an account, and what their policies let them do.
//!
//! What a principal can do is asked for the case that it wants to: a condition that it can fulfil,
//! such as to come with MFA or from some network, keeps it from nothing, and a Deny counts where it
//! always bites. Service control policies count so far as they could be read: what they are sure to take
//! away, nobody may. Resource control policies are not read.

mod data_api;
mod questions;
mod roles;
mod unscoped;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::Organization;
use super::policy::{Answer, Context, Effect, Grantee, OneOrMany, Policy, Request, Statement, allowed};
use crate::inventory::shape::Timestamp;
use crate::inventory::{Gap, Kind, Reason, Resource, Scope, iam, kinds};

pub use data_api::FACT as DATA_API;
pub use roles::{FACT as ROLES, Shared as SharedRoles};
pub use unscoped::FACT as UNSCOPED;

const SWEEP: &str = "iam:GetAccountAuthorizationDetails";

/// The operations that tell what principals may do: their policies, and those of the organization.
pub const OPERATIONS: [&str; 5] =
    ["organizations:DescribeOrganization", "organizations:DescribePolicy", "organizations:ListParents", "organizations:ListPoliciesForTarget", SWEEP];

/// The principals of an account, by ARN.
pub struct Identities {
    principals: HashMap<String, Result<Principal, Gap>>,
    /// Why there may be more.
    unlisted: Option<Gap>,
}

/// A user or role.
pub struct Principal {
    pub arn: String,
    /// A user's name, for the variable `aws:username`.
    pub user: Option<String>,
    /// Who may take on a role, as JSON.
    trust: Option<String>,
    /// What it has been granted, by itself or its groups.
    policies: Vec<Attached>,
    boundary: Option<Attached>,
    organization: Arc<Organization>,
}

/// What grants a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Granted {
    /// As `policy/statement`; the policies of groups as `group/policy/statement`.
    pub statements: BTreeSet<String>,
    /// The condition keys that it depends on; none where it is certain.
    pub depends: BTreeSet<String>,
}

/// The actions by which a role is taken on.
const ASSUMING: [&str; 3] = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

/// A policy of a principal. A managed one is parsed once for all that have it.
#[derive(Clone)]
struct Attached {
    name: String,
    policy: Arc<Policy>,
}

/// Keys about the circumstances of a request, which a principal can bring about.
const CIRCUMSTANCES: [&str; 16] = [
    "aws:calledvia",
    "aws:calledviafirst",
    "aws:calledvialast",
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:referer",
    "aws:requestedregion",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpcarn",
    "aws:sourcevpce",
    "aws:tokenissuetime",
    "aws:useragent",
    "aws:viaawsservice",
    "aws:vpcsourceip",
    "ec2:sourceinstancearn",
];

impl Identities {
    /// Reads what the sweep found.
    pub fn of(scope: &Scope, organization: &Arc<Organization>) -> Self {
        let sources = Sources::of(scope, organization);
        let principals = scope.resources.iter().filter_map(|resource| {
            let principal = match resource.kind {
                kind if kind == kinds::IAM_USER => sources.user(resource),
                kind if kind == kinds::IAM_ROLE => sources.role(resource),
                _ => return None,
            };
            Some((resource.arn.clone(), principal))
        });
        Self { principals: principals.collect(), unlisted: scope.gap_in_listing(kinds::IAM_ROLE) }
    }

    /// All users and roles; a gap where the policies of one could not be read, or there may be more.
    fn all(&self) -> Result<Vec<&Principal>, Gap> {
        match &self.unlisted {
            Some(gap) => Err(gap.clone()),
            None => self.principals.values().map(|principal| principal.as_ref().map_err(Clone::clone)).collect(),
        }
    }

    /// The users and roles that could be read, by ARN, and why there may be more.
    pub fn readable(&self) -> (Vec<&Principal>, Vec<Gap>) {
        let mut readable: Vec<_> = self.principals.values().filter_map(|principal| principal.as_ref().ok()).collect();
        readable.sort_by_key(|principal| &principal.arn);
        let unread = self.principals.values().filter_map(|principal| principal.as_ref().err());
        let mut gaps: Vec<_> = unread.chain(&self.unlisted).cloned().collect();
        gaps.sort();
        gaps.dedup();
        (readable, gaps)
    }

    /// The user or role of that ARN; a gap where its policies could not be read, or it is not there.
    pub fn principal(&self, arn: &str) -> Result<&Principal, Gap> {
        match self.principals.get(arn) {
            Some(Ok(principal)) => Ok(principal),
            Some(Err(gap)) => Err(gap.clone()),
            None => Err(self.unlisted.clone().unwrap_or_else(|| Gap::new(SWEEP, Reason::NotVisible, format!("did not return {arn}")))),
        }
    }
}

impl Principal {
    /// The account that it is in.
    pub fn account(&self) -> &str {
        self.arn.split(':').nth(4).unwrap_or_default()
    }

    /// Whether a service of AWS acts with it in the account, and nobody else.
    pub fn is_service_linked(&self) -> bool {
        self.arn.contains(":role/aws-service-role/")
    }

    /// The organization whose service control policies bind it.
    fn bound_by(&self) -> Option<&Organization> {
        (!self.is_service_linked()).then_some(&self.organization)
    }

    /// What the service control policies leave of a request that its own policies allow.
    fn passes(&self, request: Request<'_>) -> Answer {
        self.bound_by().map_or(Answer::Yes, |organization| organization.ceiling.leaves(request))
    }

    /// Why service control policies that could not be read may take away what the others leave.
    pub fn may_be_bound(&self) -> Option<&Gap> {
        self.bound_by().and_then(Organization::failure)
    }

    /// What is known of whatever the principal does in its account.
    pub fn context(&self, now: Timestamp) -> Context {
        let account = self.account();
        let context = Context::default()
            .with("aws:PrincipalAccount", account)
            .with("aws:ResourceAccount", account)
            .with("kms:CallerAccount", account)
            .with("aws:PrincipalArn", self.arn.as_str())
            .with("aws:PrincipalIsAWSService", "false")
            .with("aws:SecureTransport", "true")
            .with("aws:CurrentTime", now.to_rfc3339())
            .with("aws:EpochTime", now.timestamp().to_string());
        let context = self.organization.known(context);
        match &self.user {
            Some(name) => context.with("aws:username", name.as_str()).with("aws:PrincipalType", "User"),
            None => context.without("aws:username").with("aws:PrincipalType", "AssumedRole"),
        }
    }

    /// The resource patterns of the statements that allow something, and of service control policies.
    fn named_resources(&self) -> impl Iterator<Item = &str> {
        let statements = self.policies.iter().flat_map(|attached| attached.policy.statements()).map(|(_, statement)| statement);
        let allowing = statements.filter(|statement| statement.effect == Effect::Allow);
        let allowed = allowing.filter_map(|statement| statement.resource.as_ref()).flat_map(OneOrMany::iter).map(String::as_str);
        allowed.chain(self.bounding().flat_map(Statement::resources))
    }

    /// The resource patterns by which its statements, its boundary and service control policies leave it
    /// the action.
    fn resources_of(&self, action: &str) -> BTreeSet<&str> {
        let statements = self.policies.iter().chain(&self.boundary).flat_map(|attached| attached.policy.statements()).map(|(_, statement)| statement);
        let allowing = statements.filter(|statement| statement.effect == Effect::Allow && statement.covers_action(action));
        let allowed = allowing.filter_map(|statement| statement.resource.as_ref());
        let bounding = self.bounding().filter(|statement| statement.covers_action(action));
        let left = bounding.filter_map(|statement| match statement.effect {
            Effect::Allow => statement.resource.as_ref(),
            Effect::Deny => statement.not_resource.as_ref(),
        });
        allowed.chain(left).flat_map(OneOrMany::iter).map(String::as_str).collect()
    }

    /// The statements of the service control policies that bind it.
    fn bounding(&self) -> impl Iterator<Item = &Statement> {
        let policies = self.bound_by().into_iter().flat_map(|organization| organization.ceiling.policies());
        policies.flat_map(|policy| policy.statements()).map(|(_, statement)| statement)
    }

    /// Whom a role's trust policy lets take it on, conditions aside: services, ARNs and accounts; `*`
    /// for everybody.
    fn trusted(&self) -> Result<Vec<String>, Gap> {
        let policy = self.trust_policy()?;
        let allowing = policy.statements().map(|(_, statement)| statement).filter(|statement| statement.effect == Effect::Allow);
        let trusting = allowing.filter(|statement| ASSUMING.iter().any(|action| statement.covers_action(action)));
        let trusted = trusting.flat_map(|statement| statement.principal.as_ref().map_or(vec!["*"], |principal| principal.names().collect()));
        Ok(trusted.map(ToOwned::to_owned).collect::<BTreeSet<_>>().into_iter().collect())
    }

    fn trust_policy(&self) -> Result<Policy, Gap> {
        let trust =
            self.trust.as_deref().ok_or_else(|| Gap::new(SWEEP, Reason::NotVisible, format!("did not return the trust policy of {}", self.arn)))?;
        Policy::parse(trust).map_err(|why| Gap::new(SWEEP, Reason::NotEvaluated, format!("trust of {}: {why}", self.arn)))
    }

    /// Whether some statement allows the action on something.
    fn has_statement_about(&self, action: &str) -> bool {
        let mut statements = self.policies.iter().flat_map(|attached| attached.policy.statements());
        statements.any(|(_, statement)| statement.effect == Effect::Allow && statement.covers_action(action))
    }

    /// The policies that grant something, and the one that bounds them.
    pub fn documents(&self) -> (impl Iterator<Item = &Arc<Policy>>, Option<&Arc<Policy>>) {
        (self.policies.iter().map(|attached| &attached.policy), self.boundary.as_ref().map(|attached| &attached.policy))
    }

    /// Whom a role's trust policy lets take it on, but for services of AWS.
    pub fn assumable_by(&self) -> Result<Vec<Grantee>, Gap> {
        let policy = self.trust_policy()?;
        let grantees: BTreeSet<_> = ASSUMING.iter().flat_map(|action| policy.grantees(action)).collect();
        Ok(grantees.into_iter().collect())
    }

    /// What grants the request, as far as it is known; nothing where a Deny, the boundary or service
    /// control policies always take it back.
    pub fn granted(&self, request: Request<'_>) -> Option<Granted> {
        let within = || self.boundary.as_ref().map_or(Answer::Yes, |boundary| allowed(std::iter::once(&*boundary.policy), request));
        let mut granted = Granted::default();
        match self.denied(request).not().and(within).and(|| self.passes(request)) {
            Answer::No => return None,
            Answer::Yes => {}
            Answer::Maybe(keys) => granted.depends = keys,
        }
        let applying = |attached: &Attached| {
            let name = attached.name.clone();
            attached.policy.applying(Effect::Allow, request).map(|(statement, answer)| (format!("{name}/{statement}"), answer)).collect::<Vec<_>>()
        };
        let (certain, maybe): (Vec<_>, Vec<_>) = self.policies.iter().flat_map(applying).partition(|(_, answer)| *answer == Answer::Yes);
        for (statement, answer) in if certain.is_empty() { maybe } else { certain } {
            granted.statements.insert(statement);
            if let Answer::Maybe(keys) = answer {
                granted.depends.extend(keys);
            }
        }
        (!granted.statements.is_empty()).then_some(granted)
    }

    /// Whether one of its policies denies the request.
    pub fn denied(&self, request: Request<'_>) -> Answer {
        let denying = self.policies.iter().flat_map(|attached| attached.policy.applying(Effect::Deny, request));
        Answer::any(denying.map(|(_, answer)| answer))
    }

    /// Whether service control policies and the boundary leave the request to the policy of a resource
    /// that names the principal: a role's boundary has to allow it too, a user's only not to deny it.
    pub fn may_be_let(&self, request: Request<'_>) -> Answer {
        let within = |Attached { policy, .. }: &Attached| match self.user {
            Some(_) => Answer::any(policy.applying(Effect::Deny, request).map(|(_, answer)| answer)).not(),
            None => allowed(std::iter::once(&**policy), request),
        };
        self.boundary.as_ref().map_or(Answer::Yes, within).and(|| self.passes(request))
    }

    /// The statements by which the principal can do this, as `policy/statement`; none where it
    /// cannot.
    ///
    /// Service control policies are asked with `known`, because `request` may be made up: what is only
    /// supposed takes nothing away for certain.
    ///
    /// # Errors
    ///
    /// The condition keys that it depends on.
    pub fn can(&self, request: Request<'_>, known: &Context) -> Result<Vec<String>, BTreeSet<String>> {
        let granted = self.can_by_policies(request);
        let Some(Organization { ceiling, .. }) = self.bound_by() else { return granted };
        let request = Request { context: known, ..request };
        if granted.as_ref().is_ok_and(Vec::is_empty) || ceiling.denies(request) == Answer::Yes {
            return Ok(Vec::new());
        }
        match ceiling.allows(request) {
            Answer::No => Ok(Vec::new()),
            Answer::Maybe(keys) if !are_circumstances(&keys) => Err(keys),
            _ => granted,
        }
    }

    fn can_by_policies(&self, request: Request<'_>) -> Result<Vec<String>, BTreeSet<String>> {
        let granted = grants(&self.policies, request)?;
        match &self.boundary {
            Some(boundary) if !granted.is_empty() => {
                let within = grants(std::slice::from_ref(boundary), request)?;
                Ok(if within.is_empty() { Vec::new() } else { granted })
            }
            _ => Ok(granted),
        }
    }
}

/// Whether the principal can bring about all that the keys are about.
fn are_circumstances(keys: &BTreeSet<String>) -> bool {
    keys.iter().all(|key| CIRCUMSTANCES.contains(&key.as_str()))
}

fn grants(policies: &[Attached], request: Request<'_>) -> Result<Vec<String>, BTreeSet<String>> {
    let applying =
        |effect| policies.iter().flat_map(move |attached| attached.policy.applying(effect, request).map(|applying| (&attached.name, applying)));
    let (mut granted, mut depends) = (Vec::new(), BTreeSet::new());
    for (policy, (statement, answer)) in applying(Effect::Allow) {
        match answer {
            Answer::Maybe(keys) if !are_circumstances(&keys) => depends.extend(keys),
            _ => granted.push(format!("{policy}/{statement}")),
        }
    }
    let denied = || applying(Effect::Deny).any(|(_, (_, answer))| answer == Answer::Yes);
    match (granted.is_empty(), depends.is_empty()) {
        (true, true) => Ok(granted),
        _ if denied() => Ok(Vec::new()),
        (true, false) => Err(depends),
        (false, _) => Ok(granted),
    }
}

/// What principals get their policies from.
struct Sources {
    managed: HashMap<String, Result<Attached, Gap>>,
    groups: HashMap<String, Result<Vec<Attached>, Gap>>,
    organization: Arc<Organization>,
}

impl Sources {
    fn of(scope: &Scope, organization: &Arc<Organization>) -> Self {
        let of_kind = |kind: Kind| scope.resources.iter().filter(move |resource| resource.kind == kind);
        let managed = of_kind(kinds::IAM_MANAGED_POLICY).map(|resource| (resource.arn.clone(), managed(resource)));
        let mut sources = Self { managed: managed.collect(), groups: HashMap::new(), organization: Arc::clone(organization) };
        for resource in of_kind(kinds::IAM_GROUP) {
            if let Ok(group) = resource.parse::<iam::Group>()
                && let Some(name) = group.GroupName
            {
                let policies = sources.policies(resource, group.GroupPolicyList, group.AttachedManagedPolicies, &name);
                sources.groups.insert(name, policies);
            }
        }
        sources
    }

    fn user(&self, resource: &Resource) -> Result<Principal, Gap> {
        let user: iam::User = resource.parse()?;
        let mut policies = self.policies(resource, user.UserPolicyList, user.AttachedManagedPolicies, "")?;
        for group in user.GroupList.iter().flatten() {
            let missing = || Gap::new(SWEEP, Reason::NotVisible, format!("did not return IAM group {group} of {}", resource.arn));
            policies.extend(self.groups.get(group).cloned().unwrap_or_else(|| Err(missing()))?);
        }
        let boundary = self.boundary(user.PermissionsBoundary)?;
        let organization = Arc::clone(&self.organization);
        Ok(Principal { arn: resource.arn.clone(), user: user.UserName, trust: None, policies, boundary, organization })
    }

    fn role(&self, resource: &Resource) -> Result<Principal, Gap> {
        let role: iam::Role = resource.parse()?;
        let policies = self.policies(resource, role.RolePolicyList, role.AttachedManagedPolicies, "")?;
        let boundary = self.boundary(role.PermissionsBoundary)?;
        let organization = Arc::clone(&self.organization);
        Ok(Principal { arn: resource.arn.clone(), user: None, trust: role.AssumeRolePolicyDocument, policies, boundary, organization })
    }

    /// The policies that a user, group or role has itself; a group's are named after it.
    fn policies(
        &self,
        resource: &Resource,
        inline: Option<Vec<iam::PolicyDetail>>,
        attached: Option<Vec<iam::AttachedPolicy>>,
        group: &str,
    ) -> Result<Vec<Attached>, Gap> {
        let prefix = if group.is_empty() { String::new() } else { format!("{group}/") };
        let mut policies = Vec::new();
        for policy in inline.unwrap_or_default() {
            let name = policy.PolicyName.unwrap_or_default();
            policies.push(parsed(resource, format!("{prefix}{name}"), policy.PolicyDocument.as_deref())?);
        }
        for policy in attached.unwrap_or_default() {
            let managed = self.named(policy.PolicyArn.as_deref())?;
            policies.push(Attached { name: format!("{prefix}{}", managed.name), policy: managed.policy });
        }
        Ok(policies)
    }

    fn boundary(&self, boundary: Option<iam::AttachedPermissionsBoundary>) -> Result<Option<Attached>, Gap> {
        boundary.map(|boundary| self.named(boundary.PermissionsBoundaryArn.as_deref())).transpose()
    }

    fn named(&self, arn: Option<&str>) -> Result<Attached, Gap> {
        let missing = || Gap::new(SWEEP, Reason::NotVisible, format!("did not return IAM managed policy {}", arn.unwrap_or_default()));
        arn.and_then(|arn| self.managed.get(arn)).cloned().unwrap_or_else(|| Err(missing()))
    }
}

fn managed(resource: &Resource) -> Result<Attached, Gap> {
    let policy: iam::ManagedPolicy = resource.parse()?;
    let in_force = policy.PolicyVersionList.iter().flatten().find(|version| version.IsDefaultVersion == Some(true));
    // The ARN ends with the name.
    let name = policy.PolicyName.or_else(|| resource.arn.rsplit('/').next().map(ToOwned::to_owned)).unwrap_or_default();
    parsed(resource, name, in_force.and_then(|version| version.Document.as_deref()))
}

fn parsed(resource: &Resource, name: String, document: Option<&str>) -> Result<Attached, Gap> {
    let document = document.ok_or_else(|| resource.not_returned("PolicyDocument"))?;
    let policy = Policy::parse(document).map_err(|why| Gap::new(SWEEP, Reason::NotEvaluated, format!("{name} of {}: {why}", resource.arn)))?;
    Ok(Attached { name, policy: Arc::new(policy) })
}
