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
    NETWORK_INTERFACE = "AWS::EC2::NetworkInterface" as NetworkInterface {
        noun: "network interface" / "network interfaces", service: "ec2", name: "NetworkInterfaceId", role: Surrounding,
        operations: ["ec2:DescribeNetworkInterfaces"],
        found_by: ["ec2:DescribeSecurityGroups"],
    }
}
