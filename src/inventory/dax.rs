//! The shapes of the DynamoDB Accelerator API.

use super::kinds::kinds;
use super::shape::shape;

shape! {
    /// `dax:DescribeClusters` → `Clusters[]`.
    Cluster from aws_sdk_dax::types::Cluster {
        ClusterName: String = cluster_name;
        ClusterArn: String = cluster_arn;
        Status: String = status;
        ClusterDiscoveryEndpoint: Endpoint = cluster_discovery_endpoint;
        Nodes: Vec<Node> = nodes;
        NotificationConfiguration: NotificationConfiguration = notification_configuration;
        SubnetGroup: String = subnet_group;
        SecurityGroups: Vec<SecurityGroupMembership> = security_groups;
        IamRoleArn: String = iam_role_arn;
        ParameterGroup: ParameterGroupStatus = parameter_group;
        SSEDescription: SSEDescription = sse_description;
        /// `TLS` or `NONE`; absent where the cluster is older than the choice: it has none.
        ClusterEndpointEncryptionType: String = cluster_endpoint_encryption_type;
        /// `ipv4`, `ipv6` or `dual_stack`.
        NetworkType: String = network_type;
        /// `dax:DescribeParameters` of the cluster's group.
        Parameters: Vec<Parameter>;
    }

    /// `ClusterDiscoveryEndpoint`: port 8111, with TLS 9111.
    Endpoint from aws_sdk_dax::types::Endpoint {
        Address: String = address;
        Port: i64 = port;
    }

    /// `Nodes[]`.
    Node from aws_sdk_dax::types::Node {
        NodeId: String = node_id;
        AvailabilityZone: String = availability_zone;
        /// `in-sync` or `pending-reboot`.
        ParameterGroupStatus: String = parameter_group_status;
    }

    /// `NotificationConfiguration`: `active` or `inactive`.
    NotificationConfiguration from aws_sdk_dax::types::NotificationConfiguration {
        TopicArn: String = topic_arn;
        TopicStatus: String = topic_status;
    }

    /// `SecurityGroups[]`.
    SecurityGroupMembership from aws_sdk_dax::types::SecurityGroupMembership {
        SecurityGroupIdentifier: String = security_group_identifier;
        Status: String = status;
    }

    /// `ParameterGroup`.
    ParameterGroupStatus from aws_sdk_dax::types::ParameterGroupStatus {
        ParameterGroupName: String = parameter_group_name;
        ParameterApplyStatus: String = parameter_apply_status;
    }

    /// `SSEDescription`: `ENABLING`, `ENABLED`, `DISABLING` or `DISABLED`. It names no key.
    SSEDescription from aws_sdk_dax::types::SseDescription {
        Status: String = status;
    }

    /// `dax:DescribeParameters` → `Parameters[]`.
    Parameter from aws_sdk_dax::types::Parameter {
        ParameterName: String = parameter_name;
        ParameterValue: String = parameter_value;
    }

    /// `dax:DescribeSubnetGroups` → `SubnetGroups[]`.
    SubnetGroup from aws_sdk_dax::types::SubnetGroup {
        SubnetGroupName: String = subnet_group_name;
        VpcId: String = vpc_id;
        Subnets: Vec<Subnet> = subnets;
    }

    /// `Subnets[]`.
    Subnet from aws_sdk_dax::types::Subnet {
        SubnetIdentifier: String = subnet_identifier;
    }
}

kinds! {
    DAX_CLUSTER = "AWS::DAX::Cluster" as Cluster {
        noun: "DAX cluster" / "DAX clusters", service: "dax", name: "ClusterName", role: Judged,
        operations: ["dax:DescribeClusters"],
        tags: "tag:GetResources",
        fields: { "Parameters": "dax:DescribeParameters" },
    }
    DAX_SUBNET_GROUP = "AWS::DAX::SubnetGroup" as SubnetGroup {
        noun: "DAX subnet group" / "DAX subnet groups", service: "dax", name: "SubnetGroupName", role: Supporting,
        operations: ["dax:DescribeSubnetGroups"],
    }
}
