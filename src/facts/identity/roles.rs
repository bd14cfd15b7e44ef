//! The IAM roles that a database acts with: `roles`.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::OPERATIONS;
use super::unscoped::Trial;
use crate::facts::common::CommonFields;
use crate::facts::{Fact, Index, fact};
use crate::inventory::{Gap, Kind, Known, Resource, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// A role of a database, and what it may do.
    Role {
        name: String,
        /// Whom its trust policy lets take it on, conditions aside: services, ARNs and accounts.
        trusted: Known<Vec<String>>,
        /// The services in which it may do anything to any resource.
        full_control: Known<Vec<String>>,
        /// The statements that allow reading or writing items of any DynamoDB table.
        dynamodb_items: Known<Vec<String>>,
        /// The statements that allow decrypting with any KMS key, other than through a service.
        kms_decrypt: Known<Vec<String>>,
        /// The secrets that it may read, as its policies name them, and that are not the database's own.
        other_secrets: Known<Vec<String>>,
    }
}

/// `roles`: a list, empty where the database has none.
pub const FACT: Fact = Fact {
    name: "roles",
    about: "The IAM roles that a database acts with, a list, each with `name`, `trusted`, `full_control`, `dynamodb_items` and `kms_decrypt` as in `unscoped`, and `other_secrets`.",
    applies: |kind| FIELDS.iter().any(|(of, _)| *of == kind),
    schema: |_| schemars::schema_for!(Vec<Role>),
    operations: |_, _| Cow::Borrowed(&OPERATIONS),
    derive: |resource, index| match derive(resource, index) {
        Ok(roles) => roles.into_node().unwrap_or_else(|| [].into_iter().collect()),
        Err(gap) => Node::Gap(Arc::new(gap)),
    },
};

/// The kinds that act with roles, and the fields that name the roles and the secrets meant for them.
const FIELDS: [(Kind, &[&str]); 4] = [
    (kinds::DB_INSTANCE, &["AssociatedRoles", "MonitoringRoleArn"]),
    (kinds::DB_CLUSTER, &["AssociatedRoles", "MonitoringRoleArn"]),
    (kinds::DB_PROXY, &["RoleArn", "Auth"]),
    (kinds::DAX_CLUSTER, &["IamRoleArn"]),
];

fn derive(resource: &Resource, index: &Index<'_>) -> Result<Vec<Role>, Gap> {
    let mut fields = FIELDS.iter().filter(|(kind, _)| *kind == resource.kind).flat_map(|(_, fields)| *fields);
    if let Some(gap) = fields.find_map(|field| resource.gap_of(field)) {
        return Err(gap);
    }
    let CommonFields { AssociatedRoles, MonitoringRoleArn, RoleArn, IamRoleArn, Auth, .. } = CommonFields::of(resource)?;
    let associated = AssociatedRoles.iter().flatten().filter_map(|role| role.get("RoleArn"));
    let arns: BTreeSet<_> = associated.chain([MonitoringRoleArn, RoleArn, IamRoleArn].into_iter().flatten()).collect();
    let secrets: BTreeSet<_> = Auth.iter().flatten().filter_map(|auth| auth.get("SecretArn").cloned()).collect();
    Ok(arns.iter().map(|arn| role(arn, &secrets, index)).collect())
}

/// The roles that databases of a scope were found to share, with the secrets that are their own.
pub type Shared = Mutex<HashMap<(String, BTreeSet<String>), Role>>;

/// What a role may, tried out once for all databases that act with it.
fn role(arn: &str, own_secrets: &BTreeSet<String>, index: &Index<'_>) -> Role {
    let roles = || index.roles().lock().unwrap_or_else(PoisonError::into_inner);
    let key = (arn.to_owned(), own_secrets.clone());
    if let Some(known) = roles().get(&key) {
        return known.clone();
    }
    let role = tried(arn, own_secrets, index);
    roles().insert(key, role.clone());
    role
}

/// A role that cannot be looked up, such as one of another account, has gaps for all that it may.
fn tried(arn: &str, own_secrets: &BTreeSet<String>, index: &Index<'_>) -> Role {
    let trial = index.identities().and_then(|identities| identities.principal(arn)).map(|role| Trial::of(role, index.scope.collected_at));
    let trying = |answer: &dyn Fn(&Trial<'_>) -> Result<Vec<String>, Gap>| trial.as_ref().map_err(Clone::clone).and_then(answer).into();
    Role {
        name: arn.rsplit('/').next().unwrap_or(arn).to_owned(),
        trusted: trying(&|trial| trial.principal.trusted()),
        full_control: trying(&|trial| trial.full_control()),
        dynamodb_items: trying(&|trial| trial.statements("dynamodb_items")),
        kms_decrypt: trying(&|trial| trial.statements("kms_decrypt")),
        other_secrets: trying(&|trial| trial.other_secrets(own_secrets)),
    }
}
