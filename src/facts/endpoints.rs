//! The ways from VPCs to a database that is in none: `vpc_endpoints`.
//!
//! Endpoints of other accounts, such as that of the owner of a shared VPC, are not seen.

use std::borrow::Cow;
use std::sync::Arc;

use super::policy::{Answer, Context, Policy, Request};
use super::tables::Row;
use super::{Fact, Index, fact};
use crate::inventory::kinds::Endpoints;
use crate::inventory::{Gap, Known, Reason, Resource, ec2, kinds, partition};
use crate::value::{IntoNode, Node};

fact! {
    /// A VPC endpoint to the database's service.
    VpcEndpoint {
        id: String,
        /// Such as `com.amazonaws.us-east-1.dynamodb`.
        service_name: String,
        vpc_id: String,
        /// `Gateway`, `Interface` and others.
        endpoint_type: String,
        /// Whether clients come through it without being told to: a gateway endpoint is in some
        /// route table; the service's public names lead to an interface endpoint.
        in_use: Known<bool>,
        /// Whether its policy keeps strangers, whose credentials were brought into the VPC, from
        /// reading or writing a database of their own through it.
        policy_restricted: Known<bool>,
    }
}

/// `vpc_endpoints`: a list, empty where the account has none.
pub const FACT: Fact = Fact {
    name: "vpc_endpoints",
    about: "The account's available VPC endpoints to the service of a database that is in no VPC: a list, each with `id`, `service_name`, `vpc_id`, `in_use`, `policy_restricted`.",
    applies: |kind| kind.endpoints().is_some(),
    schema: |_| schemars::schema_for!(Vec<VpcEndpoint>),
    operations: |_, _| Cow::Borrowed(kinds::VPC_ENDPOINT.operations),
    derive: |resource, index| match derive(resource, index) {
        Ok(endpoints) => endpoints.into_node().unwrap_or_else(|| Node::map([])),
        Err(gap) => Node::Gap(Arc::new(gap)),
    },
};

fn derive(resource: &Resource, index: &Index<'_>) -> Result<Vec<VpcEndpoint>, Gap> {
    let Some(ways) = resource.kind.endpoints() else { return Ok(Vec::new()) };
    let endpoints = index.vpc_endpoints().all()?.filter_map(|row| endpoint(row, ways, resource).transpose());
    let mut endpoints = endpoints.collect::<Result<Vec<_>, _>>()?;
    endpoints.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(endpoints)
}

/// The endpoint, if it is available and leads to the service.
fn endpoint(row: &Row<'_, ec2::VpcEndpoint>, ways: &Endpoints, database: &Resource) -> Result<Option<VpcEndpoint>, Gap> {
    let required = |field: &str, value: &Option<String>| row.resource.required(field, value.clone());
    let service_name = required("ServiceName", &row.data.ServiceName)?;
    if !ways.lead_through(&service_name, &database.region) || !required("State", &row.data.State)?.eq_ignore_ascii_case("available") {
        return Ok(None);
    }
    Ok(Some(VpcEndpoint {
        id: required("VpcEndpointId", &row.data.VpcEndpointId)?,
        service_name,
        vpc_id: required("VpcId", &row.data.VpcId)?,
        endpoint_type: required("VpcEndpointType", &row.data.VpcEndpointType)?,
        in_use: in_use(row).into(),
        policy_restricted: policy_restricted(row, ways, database).into(),
    }))
}

fn in_use(row: &Row<'_, ec2::VpcEndpoint>) -> Result<bool, Gap> {
    if row.data.VpcEndpointType.as_deref() == Some("Gateway") {
        row.resource.required("RouteTableIds", row.data.RouteTableIds.as_ref()).map(|tables| !tables.is_empty())
    } else {
        row.resource.required("PrivateDnsEnabled", row.data.PrivateDnsEnabled)
    }
}

/// An account and an organisation that no policy names.
const STRANGER: &str = "000000000000";
const ORGANIZATION: &str = "o-stranger00";

/// The policy of an endpoint, and the strangers whose requests it is asked about.
struct Asked {
    policy: Policy,
    principal: String,
    /// One who is in no organisation, and one who is in one.
    strangers: [Context; 2],
}

impl Asked {
    fn of(row: &Row<'_, ec2::VpcEndpoint>) -> Result<Self, Gap> {
        let text = row.resource.required("PolicyDocument", row.data.PolicyDocument.as_deref())?;
        let principal = format!("arn:{}:iam::{STRANGER}:user/stranger", partition(&row.resource.region));
        let strangers = [
            stranger(row, &principal).without("aws:*Org*"),
            stranger(row, &principal).with("aws:PrincipalOrgID", ORGANIZATION).with("aws:ResourceOrgID", ORGANIZATION),
        ];
        Ok(Self { policy: Policy::parse(text).map_err(undecided)?, principal, strangers })
    }
}

fn undecided(why: String) -> Gap {
    Gap::new(kinds::VPC_ENDPOINT.operations[0], Reason::NotEvaluated, why)
}

/// What is known of a request that a stranger sends through the endpoint.
fn stranger(row: &Row<'_, ec2::VpcEndpoint>, principal: &str) -> Context {
    let context = Context::default()
        .with("aws:PrincipalArn", principal)
        .with("aws:PrincipalAccount", STRANGER)
        .with("aws:ResourceAccount", STRANGER)
        .with("aws:PrincipalIsAWSService", "false")
        .with("aws:ViaAWSService", "false")
        .with("aws:SecureTransport", "true");
    let way = [("aws:SourceVpce", &row.data.VpcEndpointId), ("aws:SourceVpc", &row.data.VpcId)];
    way.into_iter().filter_map(|(key, value)| Some((key, value.clone()?))).fold(context, |context, (key, value)| context.with(key, value))
}

/// Whether the policy keeps strangers from using their own credentials, brought into the VPC, on
/// their own database of the same name.
fn policy_restricted(row: &Row<'_, ec2::VpcEndpoint>, ways: &Endpoints, database: &Resource) -> Result<bool, Gap> {
    let Asked { policy, principal, strangers } = row.resource.memo.get_or(|| Asked::of(row)).as_ref().map_err(Gap::clone)?;
    let resource = database.arn.replacen(&format!(":{}:", database.account), &format!(":{STRANGER}:"), 1);
    let requests = strangers.iter().flat_map(|context| ways.data_actions.iter().map(|action| Request { action, resource: &resource, context }));
    match Answer::any(requests.map(|request| policy.allows(principal, request))) {
        Answer::Yes => Ok(false),
        Answer::No => Ok(true),
        Answer::Maybe(keys) => Err(undecided(format!(
            "what its conditions on {} let through is known only when somebody asks",
            keys.into_iter().collect::<Vec<_>>().join(", ")
        ))),
    }
}
