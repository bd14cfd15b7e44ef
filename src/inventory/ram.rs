//! The shape of what AWS Resource Access Manager shares with other accounts.

use super::kinds::kinds;
use super::shape::shape;

shape! {
    /// A resource share that holds DB clusters: `ram:ListResources` → `resources[]`, by share, with the
    /// answers of `ram:ListPrincipals`.
    ResourceShare {
        resourceShareArn: String;
        resourceArns: Vec<String>;
        principals: Vec<Principal>;
    }

    /// `principals[]`.
    Principal from aws_sdk_ram::types::Principal {
        /// An account id, the ARN of an organization, an organizational unit, a role or a user, or a service.
        id: String = id;
        /// Whether it is outside the organization.
        external: bool = external;
    }
}

kinds! {
    RESOURCE_SHARE = "AWS::RAM::ResourceShare" as ResourceShare {
        noun: "resource share" / "resource shares", service: "ram", name: "resourceShareArn", role: Supporting,
        operations: ["ram:ListResources"],
        fields: { "principals": "ram:ListPrincipals" },
    }
}
