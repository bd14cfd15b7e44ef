//! Who may run SQL on a cluster over the RDS Data API: `data_api`.

use std::borrow::Cow;

use super::OPERATIONS;
use super::unscoped::Trial;
use crate::facts::{Fact, Index, fact};
use crate::inventory::{Gap, Known, Resource, TAGS, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// Who may run SQL on a cluster over the RDS Data API.
    DataApi {
        /// The users and roles that may by their policies, by name; not administrators, who can give
        /// themselves any right, nor service-linked roles.
        principals: Known<Vec<String>>,
    }
}

/// `data_api`.
pub const FACT: Fact = Fact {
    name: "data_api",
    about: "The users and roles that may run SQL on the cluster over the RDS Data API, administrators and service-linked roles aside: `data_api.principals`.",
    applies: |kind| kind == kinds::DB_CLUSTER,
    schema: |_| schemars::schema_for!(DataApi),
    operations: |_, _| Cow::Borrowed(&OPERATIONS),
    derive: |resource, index| DataApi { principals: principals(resource, index).into() }.into_node().unwrap_or_else(|| Node::map([])),
};

const ACTIONS: [&str; 2] = ["rds-data:ExecuteStatement", "rds-data:BatchExecuteStatement"];

fn principals(resource: &Resource, index: &Index<'_>) -> Result<Vec<String>, Gap> {
    // Policies may speak of the cluster by its tags.
    if let Some(gap) = resource.gap_of(TAGS) {
        return Err(gap);
    }
    let mut names = Vec::new();
    for principal in index.identities()?.all()? {
        let trial = Trial::of(principal, index.scope.collected_at);
        if !principal.is_service_linked() && trial.may_to(&ACTIONS, resource)? && !trial.is_administrator()? {
            names.push(principal.arn.rsplit('/').next().unwrap_or(&principal.arn).to_owned());
        }
    }
    names.sort_unstable();
    Ok(names)
}
