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
}

kinds! {
    FLOW_LOG = "AWS::EC2::FlowLog" as FlowLog {
        noun: "flow log" / "flow logs", service: "ec2", name: "FlowLogId", role: Supporting,
        operations: ["ec2:DescribeFlowLogs"],
    }
}
