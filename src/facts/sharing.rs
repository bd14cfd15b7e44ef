//! Whom AWS Resource Access Manager shares an Aurora cluster with: `sharing`.

use std::borrow::Cow;

use super::{Fact, Index, fact};
use crate::inventory::{Gap, Known, Resource, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// Whom a cluster is shared with, to be cloned.
    Sharing {
        /// The resource shares that hold it.
        shares: Known<Vec<String>>,
        /// Those who may clone it.
        principals: Known<Vec<Sharer>>,
    }

    /// One principal of a share.
    Sharer {
        /// An account id, the ARN of an organization, an organizational unit, a role or a user, or a service.
        id: String,
        /// The account, where the principal is one or is in one.
        account: Option<String>,
        /// Id of the organization, where the principal is one or a unit of one.
        organization: Option<String>,
    }
}

/// `sharing`.
pub const FACT: Fact = Fact {
    name: "sharing",
    about: "Whom AWS RAM shares an Aurora cluster with, to be cloned (`sharing.principals`, each with `id` and, where it is of one, `account` or `organization`).",
    applies: |kind| kind == kinds::DB_CLUSTER,
    schema: |_| schemars::schema_for!(Sharing),
    operations: |_, field| Cow::Borrowed(if field == "shares" { &["ram:ListResources"][..] } else { &["ram:ListResources", "ram:ListPrincipals"] }),
    derive: |resource, index| derive(resource, index).into_node().unwrap_or(Node::map([])),
};

fn derive(resource: &Resource, index: &Index<'_>) -> Sharing {
    let all = match index.resource_shares().all() {
        Ok(all) => all,
        Err(gap) => return Sharing { shares: Known::Gap(gap.clone()), principals: Known::Gap(gap) },
    };
    let mut shares: Vec<_> = all.filter(|row| row.data.resourceArns.iter().flatten().any(|arn| *arn == resource.arn)).collect();
    shares.sort_by_key(|row| &row.resource.arn);
    let principals = shares.iter().map(|row| {
        let principals = row.resource.required("principals", row.data.principals.as_deref())?;
        principals.iter().map(|principal| row.resource.required("principals", principal.id.clone()).map(sharer)).collect::<Result<Vec<_>, Gap>>()
    });
    Sharing {
        principals: principals.collect::<Result<Vec<_>, Gap>>().map(|lists| lists.concat()).into(),
        shares: Known::Value(shares.iter().map(|row| row.resource.arn.clone()).collect()),
    }
}

fn sharer(id: String) -> Sharer {
    let is_account = |text: &&str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    // An organization's ARN names the account that manages it, which is not who is let in.
    let of_arn = || id.split(':').nth(4).filter(|_| id.starts_with("arn:") && id.contains(":iam:"));
    let account = Some(id.as_str()).filter(is_account).or_else(of_arn).map(ToOwned::to_owned);
    let organization = id.split('/').nth(1).filter(|_| id.starts_with("arn:") && id.contains(":organizations:")).map(ToOwned::to_owned);
    Sharer { account, organization, id }
}
