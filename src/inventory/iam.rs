//! The shapes of IAM's users, groups, roles and managed policies, from the one sweep of
//! `iam:GetAccountAuthorizationDetails`. Policy documents are JSON text, decoded.

use super::kinds::kinds;
use super::shape::{Timestamp, shape};

shape! {
    /// A user.
    User from aws_sdk_iam::types::UserDetail {
        UserName: String = user_name;
        Path: String = path;
        Arn: String = arn;
        /// Names of groups.
        GroupList: Vec<String> = group_list;
        UserPolicyList: Vec<PolicyDetail> = user_policy_list;
        AttachedManagedPolicies: Vec<AttachedPolicy> = attached_managed_policies;
        PermissionsBoundary: AttachedPermissionsBoundary = permissions_boundary;
        /// `iam:ListServiceSpecificCredentials` for Amazon Keyspaces.
        ServiceSpecificCredentials: Vec<ServiceSpecificCredential>;
    }

    /// A user name and password for one service; neither is kept.
    ServiceSpecificCredential from aws_sdk_iam::types::ServiceSpecificCredentialMetadata {
        ServiceSpecificCredentialId: String = service_specific_credential_id;
        /// `Active`, `Inactive` or `Expired`.
        Status: String = status;
        CreateDate: Timestamp = create_date;
    }

    /// A group.
    Group from aws_sdk_iam::types::GroupDetail {
        GroupName: String = group_name;
        Path: String = path;
        Arn: String = arn;
        GroupPolicyList: Vec<PolicyDetail> = group_policy_list;
        AttachedManagedPolicies: Vec<AttachedPolicy> = attached_managed_policies;
    }

    /// A role.
    Role from aws_sdk_iam::types::RoleDetail {
        RoleName: String = role_name;
        Path: String = path;
        Arn: String = arn;
        AssumeRolePolicyDocument: String = assume_role_policy_document;
        RolePolicyList: Vec<PolicyDetail> = role_policy_list;
        AttachedManagedPolicies: Vec<AttachedPolicy> = attached_managed_policies;
        PermissionsBoundary: AttachedPermissionsBoundary = permissions_boundary;
    }

    /// A managed policy that some user, group or role has; of its versions only the one in force.
    ManagedPolicy from aws_sdk_iam::types::ManagedPolicyDetail {
        PolicyName: String = policy_name;
        Path: String = path;
        Arn: String = arn;
        PolicyVersionList: Vec<PolicyVersion> = policy_version_list;
    }

    /// A policy that is part of a user, group or role.
    PolicyDetail from aws_sdk_iam::types::PolicyDetail {
        PolicyName: String = policy_name;
        PolicyDocument: String = policy_document;
    }

    /// The name of a managed policy.
    AttachedPolicy from aws_sdk_iam::types::AttachedPolicy {
        PolicyName: String = policy_name;
        PolicyArn: String = policy_arn;
    }

    /// The policy that bounds what the others can grant.
    AttachedPermissionsBoundary from aws_sdk_iam::types::AttachedPermissionsBoundary {
        PermissionsBoundaryArn: String = permissions_boundary_arn;
    }

    /// A version of a managed policy.
    PolicyVersion from aws_sdk_iam::types::PolicyVersion {
        VersionId: String = version_id;
        IsDefaultVersion: bool = is_default_version;
        Document: String = document;
    }
}

kinds! {
    IAM_GROUP = "AWS::IAM::Group" as Group {
        noun: "IAM group" / "IAM groups", service: "iam", name: "GroupName", role: Supporting,
        operations: ["iam:GetAccountAuthorizationDetails"],
    }
    IAM_MANAGED_POLICY = "AWS::IAM::ManagedPolicy" as ManagedPolicy {
        noun: "IAM managed policy" / "IAM managed policies", service: "iam", name: "PolicyName", role: Supporting,
        operations: ["iam:GetAccountAuthorizationDetails"],
    }
    IAM_ROLE = "AWS::IAM::Role" as Role {
        noun: "IAM role" / "IAM roles", service: "iam", name: "RoleName", role: Surrounding,
        operations: ["iam:GetAccountAuthorizationDetails"],
    }
    IAM_USER = "AWS::IAM::User" as User {
        noun: "IAM user" / "IAM users", service: "iam", name: "UserName", role: Surrounding,
        operations: ["iam:GetAccountAuthorizationDetails"],
        fields: { "ServiceSpecificCredentials": "iam:ListServiceSpecificCredentials" },
    }
}

#[cfg(feature = "live")]
super::shape::required_text!(aws_sdk_iam::types::StatusType);
