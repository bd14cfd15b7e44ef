//! What facts read of a DB instance: a part of [`rds::DBInstance`], parsed once for all of them.

use serde::Deserialize;

use crate::inventory::rds::{DBParameterGroupStatus, DBSubnetGroup, Endpoint, OptionGroupMembership, VpcSecurityGroupMembership};

/// The fields of [`rds::DBInstance`](crate::inventory::rds::DBInstance) that facts read.
#[derive(Deserialize)]
#[expect(non_snake_case, reason = "fields keep the names that the AWS API gives them")]
pub struct Instance {
    pub DBInstanceIdentifier: Option<String>,
    pub DbiResourceId: Option<String>,
    pub Endpoint: Option<Endpoint>,
    pub DbInstancePort: Option<i64>,
    pub PubliclyAccessible: Option<bool>,
    pub DBSubnetGroup: Option<DBSubnetGroup>,
    pub VpcSecurityGroups: Option<Vec<VpcSecurityGroupMembership>>,
    pub NetworkType: Option<String>,
    pub DBParameterGroups: Option<Vec<DBParameterGroupStatus>>,
    pub OptionGroupMemberships: Option<Vec<OptionGroupMembership>>,
}
