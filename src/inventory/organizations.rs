//! The shape of the organization that an account is in.

use super::kinds::kinds;
use super::shape::shape;

shape! {
    /// `organizations:DescribeOrganization`.
    Organization from aws_sdk_organizations::types::Organization {
        Id: String = id;
        Arn: String = arn;
    }
}

kinds! {
    ORGANIZATION = "AWS::Organizations::Organization" as Organization {
        noun: "organization" / "organizations", service: "organizations", name: "Id", role: Supporting,
        operations: ["organizations:DescribeOrganization"],
    }
}
