//! What a resource's own policy denies everyone: `denies`.
//!
//! Only a Deny counts: beside an Allow of the policy, whatever its conditions, the policies of the
//! account's users and roles still allow.

use std::borrow::Cow;

use super::policy::{Answer, Context, Policy, Request};
use super::{Fact, Index, access, dynamodb, fact};
use crate::inventory::{Gap, Known, Reason, Resource, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// Requests for data that the resource's policy denies everyone, whatever other policies allow.
    Denies {
        /// Those over plain HTTP.
        plain_http: Known<bool>,
        /// Those that come through no VPC endpoint.
        outside_vpcs: Known<bool>,
        /// Those that come through VPC endpoints, and from VPCs, that the policy does not spare.
        other_endpoints: Known<bool>,
    }
}

/// `denies`.
pub const FACT: Fact = Fact {
    name: "denies",
    about: "Which requests for data the resource's own policy denies everyone: over plain HTTP, from outside of VPCs, through VPC endpoints that it does not spare.",
    applies: |kind| [kinds::DYNAMODB_TABLE, kinds::DSQL_CLUSTER].contains(&kind),
    schema: |_| schemars::schema_for!(Denies),
    operations: |kind, _| {
        Cow::Borrowed(if kind == kinds::DYNAMODB_TABLE {
            &["dynamodb:GetResourcePolicy", "dynamodb:DescribeTable"]
        } else {
            &["dsql:GetClusterPolicy"]
        })
    },
    derive: |resource, index| {
        let denied = |context: Context| Known::from(denies(resource, index, &context));
        let denies =
            Denies { plain_http: denied(plain_http()), outside_vpcs: denied(outside_vpcs()), other_endpoints: denied(through_another_endpoint()) };
        denies.into_node().unwrap_or_else(|| Node::map([]))
    },
};

/// What is known of a request that a user or role makes for itself, not a service for it.
fn own_request() -> Context {
    ["aws:PrincipalServiceName*", "aws:CalledVia*", "aws:SourceArn", "aws:SourceAccount", "aws:SourceOrg*", "aws:SourceOwner"]
        .into_iter()
        .fold(Context::default(), Context::without)
        .with("aws:PrincipalIsAWSService", "false")
        .with("aws:ViaAWSService", "false")
}

fn plain_http() -> Context {
    own_request().with("aws:SecureTransport", "false")
}

fn outside_vpcs() -> Context {
    own_request().with("aws:SecureTransport", "true").without("aws:SourceVpc*").without("aws:Vpc*")
}

/// Through an endpoint of an account and an organisation that no policy names.
fn through_another_endpoint() -> Context {
    own_request()
        .with("aws:SecureTransport", "true")
        .with("aws:SourceVpce", "vpce-00000000000000000")
        .with("aws:SourceVpc", "vpc-00000000000000000")
        .with("aws:VpceAccount", "000000000000")
        .with("aws:VpceOrgID", "o-stranger00")
        .without("aws:SourceIp")
}

/// Whether the policy denies everyone all requests for data of which that much is known.
fn denies(resource: &Resource, index: &Index<'_>, context: &Context) -> Result<bool, Gap> {
    let (Some(text), operation) = access::policy_of(resource, index)? else { return Ok(false) };
    let undecided = |why: String| Gap::new(operation, Reason::NotEvaluated, why);
    let policy = Policy::parse(&text).map_err(undecided)?;
    let all =
        |actions: &[&str], of: &str| Answer::all(actions.iter().map(|action| policy.denies_everyone(Request { action, resource: of, context })));
    let of_itself = all(resource.kind.endpoints().map_or(&[], |endpoints| endpoints.data_actions), &resource.arn);
    let answer = match of_itself {
        Answer::No => Answer::No,
        answer => {
            let indexes = indexes(resource, index)?;
            answer.and(|| Answer::all(indexes.iter().map(|index| all(INDEX_ACTIONS, index))))
        }
    };
    match answer {
        Answer::Yes => Ok(true),
        Answer::No => Ok(false),
        Answer::Maybe(keys) => {
            let keys = keys.into_iter().collect::<Vec<_>>().join(", ");
            Err(undecided(format!("whom its Deny statements spare depends on {keys}, known only when somebody asks")))
        }
    }
}

/// What reads an index: policies speak of it apart from its table.
const INDEX_ACTIONS: &[&str] = &["dynamodb:PartiQLSelect", "dynamodb:Query", "dynamodb:Scan"];

/// The ARNs of a table's indexes.
fn indexes(resource: &Resource, index: &Index<'_>) -> Result<Vec<String>, Gap> {
    if resource.kind != kinds::DYNAMODB_TABLE {
        return Ok(Vec::new());
    }
    let table = dynamodb::described(resource, index, "GlobalSecondaryIndexes")?;
    let global = table.GlobalSecondaryIndexes.iter().flatten().map(|index| index.IndexName.as_ref());
    let local = table.LocalSecondaryIndexes.iter().flatten().map(|index| index.IndexName.as_ref());
    let arn = |name: Option<&String>| Ok(format!("{}/index/{}", resource.arn, resource.required("IndexName", name)?));
    global.chain(local).map(arn).collect()
}
