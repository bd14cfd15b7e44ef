//! The shapes of the organization that an account is in, and of the service control policies over
//! the account.

use super::Gap;
use super::kinds::kinds;
use super::shape::shape;

shape! {
    /// `organizations:DescribeOrganization`.
    Organization from aws_sdk_organizations::types::Organization {
        Id: String = id;
        Arn: String = arn;
        /// `ALL`, or `CONSOLIDATED_BILLING`, under which there are no policies.
        FeatureSet: String = feature_set;
        /// The management account, which is under no service control policy.
        MasterAccountId: String = master_account_id;
    }

    /// The account as its organization knows it; not the management account.
    OrganizationAccount {
        Id: String;
        /// What is attached to the account, to each organizational unit above it, and last to the root:
        /// `organizations:ListPoliciesForTarget`.
        ServiceControlPolicies: Vec<AttachedPolicies>;
        /// The first refusal, where the caller may not ask this: only the management account and
        /// delegated administrators may. No gap, because a member account never may.
        NotPermitted: Gap;
    }

    /// The service control policies of an account, an organizational unit or a root.
    AttachedPolicies {
        TargetId: String;
        PolicyIds: Vec<String>;
    }

    /// A service control policy over the account.
    Policy {
        Id: String;
        Name: String;
        /// JSON: `organizations:DescribePolicy`.
        Content: String;
    }
}

kinds! {
    ORGANIZATION = "AWS::Organizations::Organization" as Organization {
        noun: "organization" / "organizations", service: "organizations", name: "Id", role: Supporting,
        operations: ["organizations:DescribeOrganization"],
    }
    ORGANIZATION_ACCOUNT = "AWS::Organizations::Account" as OrganizationAccount {
        noun: "account of the organization" / "accounts of the organization", service: "organizations", name: "Id", role: Supporting,
        operations: ["organizations:ListParents"],
        fields: { "ServiceControlPolicies": "organizations:ListPoliciesForTarget" },
    }
    ORGANIZATION_POLICY = "AWS::Organizations::Policy" as Policy {
        noun: "service control policy" / "service control policies", service: "organizations", name: "Name", role: Supporting,
        operations: ["organizations:ListPoliciesForTarget"],
        fields: { "Content": "organizations:DescribePolicy" },
    }
}
