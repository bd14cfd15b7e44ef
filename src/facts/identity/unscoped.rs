//! What a user or role may do to whatever resource of a type: `unscoped`.
//!
//! It is tried out on a resource with a name that no policy knows, without tags, in each region that
//! a policy of the principal names and in one that none names.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::json;

use super::questions::{QUESTIONS, Question, SERVICES};
use super::{OPERATIONS, Principal, SWEEP};
use crate::facts::policy::{Case, Context, Request, filled, matches};
use crate::facts::{Fact, Index};
use crate::inventory::shape::Timestamp;
use crate::inventory::{Gap, Known, Reason, Resource, kinds};
use crate::value::{IntoNode, Node};

/// `unscoped`.
pub const FACT: Fact = Fact {
    name: "unscoped",
    about: "What a user or role may do to any resource of a type, however it is named: lists of statements (`unscoped.kms_decrypt`), empty where it may not.",
    applies: |kind| [kinds::IAM_ROLE, kinds::IAM_USER].contains(&kind),
    schema: |_| schema(),
    operations: |_, _| Cow::Borrowed(&OPERATIONS),
    derive: |resource, index| derive(resource, index).unwrap_or_else(|gap| Node::Gap(Arc::new(gap))),
};

const ADMINISTRATOR: &str = "administrator";
const FULL_CONTROL: &str = "full_control";

fn schema() -> schemars::Schema {
    let list = |about: &str| json!({"type": "array", "items": {"type": "string"}, "description": format!("The statements that allow {about}.")});
    let mut fields: BTreeMap<&str, serde_json::Value> = QUESTIONS.iter().map(|question| (question.name, list(question.about))).collect();
    fields.insert(ADMINISTRATOR, json!({"type": "boolean", "description": "Whether it may do anything to any resource."}));
    fields.insert(
        FULL_CONTROL,
        json!({"type": "array", "items": {"type": "string"}, "description": "The services in which it may do anything to any resource."}),
    );
    schemars::json_schema!({"type": "object", "properties": fields})
}

fn derive(resource: &Resource, index: &Index<'_>) -> Result<Node<'static>, Gap> {
    let trial = Trial::of(index.identities()?.principal(&resource.arn)?, index.scope.collected_at);
    let of_question = |question: &Question| (Cow::Borrowed(question.name), Known::from(trial.answer(question)).into_node());
    let mut fields: Vec<_> = QUESTIONS.iter().map(of_question).collect();
    fields.push((Cow::Borrowed(ADMINISTRATOR), Known::from(trial.is_administrator()).into_node()));
    fields.push((Cow::Borrowed(FULL_CONTROL), Known::from(trial.full_control()).into_node()));
    Ok(Node::map(fields.into_iter().filter_map(|(name, node)| Some((name, node?)))))
}

/// The name that no policy knows.
const ANY: &str = "~a-name-that-no-policy-knows~";
/// What a variable stands for whose value is known only in a request: no such name either.
const SOME: &str = "~what-a-request-will-hold~";

/// What Secrets Manager adds, after a dash, to the name of a secret in its ARN.
const RANDOM_LETTERS: usize = 6;

/// A principal that tries things out.
pub struct Trial<'p> {
    pub principal: &'p Principal,
    context: Context,
    /// What of the context is known rather than supposed, for the sake of trying.
    known: Context,
    partition: &'p str,
    account: &'p str,
    /// The resource patterns of its Allow statements and of service control policies, in parts.
    patterns: Vec<[&'p str; 6]>,
}

impl<'p> Trial<'p> {
    /// What is known of whatever the principal tries.
    pub fn of(principal: &'p Principal, now: Timestamp) -> Self {
        let mut parts = principal.arn.split(':');
        let (partition, account) = (parts.nth(1).unwrap_or("aws"), parts.nth(2).unwrap_or_default());
        let known = principal.context(now);
        let context = known
            .clone()
            .without("*:resourcetag/*")
            .without("rds:*-tag/*")
            .without("kms:encryptioncontext*")
            .without("kms:resourcealiases")
            .standing_in(SOME);
        let patterns = principal.named_resources().filter_map(|pattern| pattern.splitn(6, ':').collect::<Vec<_>>().try_into().ok()).collect();
        Self { principal, context, known, partition, account, patterns }
    }

    /// The statements that answer a question of that name with yes.
    pub fn statements(&self, question: &str) -> Result<Vec<String>, Gap> {
        QUESTIONS.iter().find(|known| known.name == question).map_or(Ok(Vec::new()), |question| self.answer(question))
    }

    fn answer(&self, question: &Question) -> Result<Vec<String>, Gap> {
        let context = question.narrowed_by.iter().fold(self.context.clone(), |context, key| context.with(key, ANY));
        let mut granted = BTreeSet::new();
        let mut unknown = None;
        for (actions, resources) in question.asks {
            let actions = actions.iter().filter(|action| self.principal.has_statement_about(action));
            for (action, resource) in actions.flat_map(|action| resources.iter().map(move |resource| (action, resource))) {
                match self.may(action, resource, &context) {
                    Ok(statements) => granted.extend(statements.into_iter().map(|statement| format!("{} by {statement}", action.replace('~', "*")))),
                    Err(gap) => unknown = Some(gap),
                }
            }
        }
        let granted: Vec<_> = granted.into_iter().collect();
        // One grant is enough; that there is none takes every answer.
        unknown.filter(|_| granted.is_empty()).map_or(Ok(granted), Err)
    }

    /// Whether it may do one of the actions to the resource, which has the tags that it has.
    pub fn may_to(&self, actions: &[&str], resource: &Resource) -> Result<bool, Gap> {
        let tagged = |context: Context, (key, value): (&String, &String)| context.with(&format!("aws:ResourceTag/{key}"), value.as_str());
        let of_resource = |context: &Context| {
            let tagged = resource.tags.iter().fold(context.clone(), tagged);
            tagged.without("aws:ResourceTag/*").with("aws:RequestedRegion", resource.region.as_str())
        };
        let (context, known) = (of_resource(&self.context), of_resource(&self.known));
        let mut unknown = None;
        for action in actions.iter().filter(|action| self.principal.has_statement_about(action)) {
            match self.principal.can(Request { action, resource: &resource.arn, context: &context }, &known) {
                Ok(statements) if statements.is_empty() => {}
                Ok(_) => return self.surely(true),
                Err(keys) => unknown = Some(self.depends(action, &resource.arn, keys)),
            }
        }
        unknown.map_or(Ok(false), Err)
    }

    /// The secrets that it may read but for some, as its policies name them; `*` for any.
    ///
    /// As everywhere, it is tried out on secrets without tags: a statement for those with some tag
    /// names what they are by it.
    pub fn other_secrets(&self, own: &BTreeSet<String>) -> Result<Vec<String>, Gap> {
        const READ: &str = "secretsmanager:GetSecretValue";
        if !self.may(READ, "secretsmanager secret:~", &self.context)?.is_empty() {
            return Ok(vec!["*".to_owned()]);
        }
        let is_other = |pattern: &&str| names_secrets(pattern) && !own.iter().any(|secret| is_secret(pattern, secret));
        let mut others = Vec::new();
        for pattern in self.principal.resources_of(READ).into_iter().filter(is_other) {
            let secret = filled(pattern, ANY, &self.context);
            match self.principal.can(Request { action: READ, resource: &secret, context: &self.context }, &self.known) {
                Ok(statements) if statements.is_empty() => {}
                Ok(_) => others.push(pattern.to_owned()),
                Err(keys) => return Err(self.depends(READ, &secret, keys)),
            }
        }
        if others.is_empty() { Ok(others) } else { self.surely(others) }
    }

    /// Whether it may do anything to anything, be it only to IAM, by which it can get the rest.
    pub fn is_administrator(&self) -> Result<bool, Gap> {
        let action = format!("iam:{ANY}");
        Ok(!self.may(&action, "iam role/~", &self.context)?.is_empty() && !self.may(&format!("{ANY}:{ANY}"), "~ ~", &self.context)?.is_empty())
    }

    /// The services in which it may do anything to any resource.
    pub fn full_control(&self) -> Result<Vec<String>, Gap> {
        let mut services = Vec::new();
        for (service, resources) in SERVICES {
            let action = format!("{service}:{ANY}");
            for resource in *resources {
                if !self.may(&action, resource, &self.context)?.is_empty() {
                    services.push((*service).to_owned());
                    break;
                }
            }
        }
        Ok(services)
    }

    /// The statements by which the principal may do this to any resource of the type, in some region.
    fn may(&self, action: &str, resource: &str, context: &Context) -> Result<Vec<String>, Gap> {
        let (service, last) = resource.split_once(' ').unwrap_or((resource, ""));
        let (service, last) = (service.replace('~', ANY), last.replace('~', ANY));
        let action = action.replace('~', ANY);
        let mut unknown = BTreeSet::new();
        for arn in self.arns(&service, &last) {
            match self.principal.can(Request { action: &action, resource: &arn, context }, &self.known) {
                Ok(statements) if statements.is_empty() => {}
                Ok(statements) => return self.surely(statements),
                Err(keys) => unknown.extend(keys),
            }
        }
        if unknown.is_empty() {
            return Ok(Vec::new());
        }
        Err(self.depends(&action.replace(ANY, "*"), "any resource", unknown))
    }

    /// What it may, unless a service control policy may take it away that could not be read.
    fn surely<T>(&self, may: T) -> Result<T, Gap> {
        self.principal.may_be_bound().map_or(Ok(may), |gap| Err(gap.clone()))
    }

    /// The gap where what it may depends on condition keys that are not known.
    fn depends(&self, action: &str, resource: &str, keys: BTreeSet<String>) -> Gap {
        let keys = keys.into_iter().collect::<Vec<_>>().join(", ");
        Gap::new(SWEEP, Reason::NotEvaluated, format!("whether {} may do {action} to {resource} depends on {keys}", self.principal.arn))
    }

    /// The resources to try an action on: one in each region that the policies speak of, and one in a
    /// region that none knows.
    fn arns(&self, service: &str, last: &str) -> BTreeSet<String> {
        let of_service = self.patterns.iter().filter(|[_, _, of, ..]| *of == service);
        if service == "s3" {
            return BTreeSet::from([format!("arn:{}:s3:::{last}", self.partition)]);
        }
        let arn = |region: &str, last: &str| format!("arn:{}:{service}:{region}:{}:{last}", self.partition, self.account);
        let mut arns = BTreeSet::from([arn(if service == "iam" { "" } else { ANY }, last)]);
        for [_, _, _, region, _, rest] in of_service {
            let region = filled(region, ANY, &self.context);
            arns.insert(arn(&region, last));
            if service == "rds-db" {
                arns.extend(any_db_user(&filled(rest, ANY, &self.context)).then(|| arn(&region, &filled(rest, ANY, &self.context))));
            }
        }
        arns
    }
}

/// Whether the pattern names secrets, and not resources of a service that a statement for many has too.
fn names_secrets(pattern: &str) -> bool {
    let parts: Vec<_> = pattern.splitn(6, ':').collect();
    pattern.contains(":secret:") && (parts.len() < 6 || matches(parts[2], "secretsmanager", Case::Matters))
}

/// Whether the pattern names that secret: by its ARN, or with wildcards in place of the dash's random
/// letters, as is done where they are not known.
fn is_secret(pattern: &str, secret: &str) -> bool {
    let stem = secret.char_indices().nth_back(RANDOM_LETTERS - 1).map(|(end, _)| &secret[..end]).filter(|stem| stem.ends_with('-'));
    pattern == secret || stem.is_some_and(|stem| pattern.strip_prefix(stem).is_some_and(|rest| rest == "*" || rest == "?".repeat(RANDOM_LETTERS)))
}

/// Whether one of the two names in `dbuser:RESOURCE-ID/USER` is any.
fn any_db_user(rest: &str) -> bool {
    let Some((id, user)) = rest.strip_prefix("dbuser:").and_then(|names| names.split_once('/')) else { return false };
    user == ANY || ["", "db-", "cluster-"].iter().any(|prefix| id.strip_prefix(prefix) == Some(ANY))
}
