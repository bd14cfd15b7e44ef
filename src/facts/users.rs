//! Who may log in to a cluster through its access control list: `users`.

use std::borrow::Cow;
use std::sync::Arc;

use super::access_string::AccessString;
use super::{Fact, Index, fact};
use crate::inventory::{Gap, Known, Reason, Resource, kinds, memorydb};
use crate::value::{IntoNode, Node};

fact! {
    /// A user whom the access control list names.
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
    about: "The users whom the cluster's access control list lets in, each with `name`, `access_string`, `enabled`, `authenticated` and `unrestricted`.",
    applies: |kind| kind == kinds::MEMORYDB_CLUSTER,
    schema: |_| schemars::schema_for!(Vec<DatabaseUser>),
    operations: |_, _| Cow::Borrowed(&["memorydb:DescribeACLs", "memorydb:DescribeUsers"]),
    derive: |resource, index| match of_memorydb(resource, index) {
        Ok(users) => users.into_iter().filter_map(IntoNode::into_node).collect(),
        Err(gap) => Node::Gap(Arc::new(gap)),
    },
};

fn of_memorydb(resource: &Resource, index: &Index<'_>) -> Result<Vec<DatabaseUser>, Gap> {
    let unreadable = |error: serde_json::Error| Gap::new("memorydb:DescribeClusters", Reason::Failed, error.to_string());
    let cluster: memorydb::Cluster = resource.data().map_err(unreadable)?;
    let list = index.memorydb_acls.get(&resource.required("ACLName", cluster.ACLName)?)?;
    let names = list.resource.required("UserNames", list.data.UserNames.as_deref())?;
    let user = |name: &String| {
        let row = index.memorydb_users.get(name)?;
        let access = row.resource.required("AccessString", row.data.AccessString.clone());
        let parsed = access.as_deref().map(AccessString::parse).map_err(Clone::clone);
        let authentication = row.resource.required("Authentication", row.data.Authentication.as_ref());
        let method =
            authentication.and_then(|authentication| authentication.Type.as_deref().ok_or_else(|| row.resource.not_returned("Authentication")));
        Ok(DatabaseUser {
            name: name.clone(),
            enabled: parsed.clone().map(|access| access.enabled).into(),
            authenticated: method.map(|method| method != "no-password").into(),
            unrestricted: parsed.map(|access| access.is_unrestricted()).into(),
            access_string: access.into(),
        })
    };
    names.iter().map(user).collect()
}
