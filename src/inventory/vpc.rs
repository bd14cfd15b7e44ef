//! The shapes of the EC2 API that tell of a VPC what reachability does not need.

use super::kinds::kinds;
use super::shape::shape;

shape! {
    /// `ec2:DescribeFlowLogs` → `FlowLogs[]`.
    FlowLog from aws_sdk_ec2::types::FlowLog {
        FlowLogId: String = flow_log_id;
        /// The VPC, the subnet or the network interface.
        ResourceId: String = resource_id;
        /// `ACTIVE`.
        FlowLogStatus: String = flow_log_status;
        /// `SUCCESS` or `FAILED`; none before the first delivery.
        DeliverLogsStatus: String = deliver_logs_status;
        /// `ACCEPT`, `REJECT` or `ALL`.
        TrafficType: String = traffic_type;
    }

    /// `ec2:DescribeVpcPeeringConnections` → `VpcPeeringConnections[]`.
    VpcPeeringConnection from aws_sdk_ec2::types::VpcPeeringConnection {
        VpcPeeringConnectionId: String = vpc_peering_connection_id;
        RequesterVpcInfo: VpcPeeringConnectionVpcInfo = requester_vpc_info;
        AccepterVpcInfo: VpcPeeringConnectionVpcInfo = accepter_vpc_info;
    }

    /// `RequesterVpcInfo` and `AccepterVpcInfo`.
    VpcPeeringConnectionVpcInfo from aws_sdk_ec2::types::VpcPeeringConnectionVpcInfo {
        OwnerId: String = owner_id;
        VpcId: String = vpc_id;
    }

    /// `ec2:DescribeTransitGatewayAttachments` → `TransitGatewayAttachments[]`.
    TransitGatewayAttachment from aws_sdk_ec2::types::TransitGatewayAttachment {
        TransitGatewayAttachmentId: String = transit_gateway_attachment_id;
        TransitGatewayId: String = transit_gateway_id;
        TransitGatewayOwnerId: String = transit_gateway_owner_id;
        ResourceOwnerId: String = resource_owner_id;
        /// Such as `available` or `deleted`.
        State: String = state;
    }

    /// `ec2:DescribeNetworkInterfaces` → `NetworkInterfaces[]`.
    NetworkInterface from aws_sdk_ec2::types::NetworkInterface {
        NetworkInterfaceId: String = network_interface_id;
        /// `interface`, or another where it serves AWS.
        InterfaceType: String = interface_type;
        OwnerId: String = owner_id;
        VpcId: String = vpc_id;
        Attachment: NetworkInterfaceAttachment = attachment;
        Groups: Vec<NetworkInterfaceGroup> = groups;
    }

    /// `Attachment`.
    NetworkInterfaceAttachment from aws_sdk_ec2::types::NetworkInterfaceAttachment {
        /// The EC2 instance; none where AWS attached it to something of its own.
        InstanceId: String = instance_id;
    }

    /// `Groups[]`.
    NetworkInterfaceGroup from aws_sdk_ec2::types::GroupIdentifier {
        GroupId: String = group_id;
    }
}

kinds! {
    FLOW_LOG = "AWS::EC2::FlowLog" as FlowLog {
        noun: "flow log" / "flow logs", service: "ec2", name: "FlowLogId", role: Supporting,
        operations: ["ec2:DescribeFlowLogs"],
    }
    VPC_PEERING_CONNECTION = "AWS::EC2::VPCPeeringConnection" as VpcPeeringConnection {
        noun: "VPC peering connection" / "VPC peering connections", service: "ec2", name: "VpcPeeringConnectionId", role: Supporting,
        operations: ["ec2:DescribeVpcPeeringConnections"],
    }
    TRANSIT_GATEWAY_ATTACHMENT = "AWS::EC2::TransitGatewayAttachment" as TransitGatewayAttachment {
        noun: "transit gateway attachment" / "transit gateway attachments", service: "ec2", name: "TransitGatewayAttachmentId", role: Supporting,
        operations: ["ec2:DescribeTransitGatewayAttachments"],
    }
    NETWORK_INTERFACE = "AWS::EC2::NetworkInterface" as NetworkInterface {
        noun: "network interface" / "network interfaces", service: "ec2", name: "NetworkInterfaceId", role: Surrounding,
        operations: ["ec2:DescribeNetworkInterfaces"],
        found_by: ["ec2:DescribeSecurityGroups"],
    }
}

impl TransitGatewayAttachment {
    /// Whether it may carry traffic; one that is changing may.
    pub fn is_in_force(&self) -> bool {
        !matches!(self.State.as_deref(), Some("deleted" | "failed" | "rejected" | "pendingAcceptance"))
    }
}
