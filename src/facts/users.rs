//! Who may log in: to a MemoryDB cluster through its access control list, to a cache of ElastiCache through
//! its user groups: `users`.

use std::borrow::Cow;
use std::sync::Arc;

use super::access_string::AccessString;
use super::{Fact, Index, fact};
use crate::inventory::elasticache::{ReplicationGroup, ServerlessCache};
use crate::inventory::{Gap, Known, Resource, kinds, memorydb};
use crate::value::{IntoNode, Node};

fact! {
    /// A user who may be allowed in.
    DatabaseUser {
        name: String,
        /// What the user may do, as AWS writes it: `on ~app:* &* +@read`.
        access_string: Known<String>,
        /// Whether the user may log in at all; without `on` nobody can.
        enabled: Known<bool>,
        /// Whether a password or IAM is asked for.
        authenticated: Known<bool>,
        /// Whether the user may run all commands on all keys.
        unrestricted: Known<bool>,
    }
}

/// `users`: a list.
pub const FACT: Fact = Fact {
    name: "users",
    about: "The users whom a cluster's access control list or a cache's user groups let in, each with `name`, `access_string`, `enabled`, `authenticated` and `unrestricted`.",
    applies: |kind| [kinds::MEMORYDB_CLUSTER, kinds::REPLICATION_GROUP, kinds::SERVERLESS_CACHE].contains(&kind),
    schema: |_| schemars::schema_for!(Vec<DatabaseUser>),
    operations: |kind, _| {
        Cow::Borrowed(if kind == kinds::MEMORYDB_CLUSTER {
            &["memorydb:DescribeACLs", "memorydb:DescribeUsers"]
        } else {
            &["elasticache:DescribeUserGroups", "elasticache:DescribeUsers"]
        })
    },
    derive: |resource, index| match derive(resource, index) {
        Ok(users) => users.into_iter().filter_map(IntoNode::into_node).collect(),
        Err(gap) => Node::Gap(Arc::new(gap)),
    },
};

impl DatabaseUser {
    fn new(name: String, access_string: Result<String, Gap>, method: Result<&str, Gap>) -> Self {
        let parsed = access_string.as_deref().map(AccessString::parse).map_err(Clone::clone);
        Self {
            name,
            enabled: parsed.clone().map(|access| access.enabled).into(),
            authenticated: method.map(|method| matches!(method, "password" | "iam")).into(),
            unrestricted: parsed.map(|access| access.is_unrestricted()).into(),
            access_string: access_string.into(),
        }
    }
}

fn derive(resource: &Resource, index: &Index<'_>) -> Result<Vec<DatabaseUser>, Gap> {
    if resource.kind == kinds::MEMORYDB_CLUSTER { of_memorydb(resource, index) } else { of_elasticache(resource, index) }
}

fn of_memorydb(resource: &Resource, index: &Index<'_>) -> Result<Vec<DatabaseUser>, Gap> {
    let cluster: memorydb::Cluster = resource.parse()?;
    let list = index.memorydb_acls().get(&resource.required("ACLName", cluster.ACLName)?)?;
    let names = list.resource.required("UserNames", list.data.UserNames.as_deref())?;
    let user = |name: &String| {
        let row = index.memorydb_users().get(name)?;
        let method = row.data.Authentication.as_ref().and_then(|authentication| authentication.Type.as_deref());
        let access_string = row.resource.required("AccessString", row.data.AccessString.clone());
        Ok(DatabaseUser::new(name.clone(), access_string, row.resource.required("Authentication", method)))
    };
    names.iter().map(user).collect()
}

/// The users of a cache's user groups. One that could not be read is there with gaps, so that another
/// may decide.
fn of_elasticache(resource: &Resource, index: &Index<'_>) -> Result<Vec<DatabaseUser>, Gap> {
    let mut users = Vec::new();
    for group in user_groups(resource)? {
        let group = index.cache_user_groups().get(&group)?;
        for id in group.resource.required("UserIds", group.data.UserIds.as_deref())? {
            users.push(match index.cache_users().get(id) {
                Ok(row) => {
                    let method = row.data.Authentication.as_ref().and_then(|authentication| authentication.Type.as_deref());
                    DatabaseUser::new(
                        row.data.UserName.clone().unwrap_or_else(|| id.clone()),
                        row.resource.required("AccessString", row.data.AccessString.clone()),
                        row.resource.required("Authentication", method),
                    )
                }
                Err(gap) => DatabaseUser::new(id.clone(), Err(gap.clone()), Err(gap)),
            });
        }
    }
    Ok(users)
}

/// The names of the user groups, none where the cache has none.
fn user_groups(resource: &Resource) -> Result<Vec<String>, Gap> {
    if resource.kind == kinds::REPLICATION_GROUP {
        let group: ReplicationGroup = resource.parse()?;
        return resource.gap_of("UserGroupIds").map_or(Ok(group.UserGroupIds.unwrap_or_default()), Err);
    }
    let cache: ServerlessCache = resource.parse()?;
    resource.gap_of("UserGroupId").map_or(Ok(cache.UserGroupId.into_iter().collect()), Err)
}
