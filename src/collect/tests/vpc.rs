//! Security groups, network interfaces and flow logs.

use std::collections::BTreeSet;

use super::replay::Replay;
use crate::inventory::{Kind, Needs, Scope, kinds};

const GROUPS: &str = "ec2:DescribeSecurityGroups";
const INTERFACES: &str = "ec2:DescribeNetworkInterfaces";
const DENIED: &str = "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>";

fn answer(operation: &str, set: &str, items: &str, token: &str) -> String {
    let token = if token.is_empty() { String::new() } else { format!("<nextToken>{token}</nextToken>") };
    format!("<{operation}Response><{set}>{items}</{set}>{token}</{operation}Response>")
}

fn group(id: &str, source: &str) -> String {
    let rule = format!(
        "<item><ipProtocol>tcp</ipProtocol><fromPort>5432</fromPort><toPort>5432</toPort><groups><item><groupId>{source}</groupId></item></groups></item>"
    );
    format!("<item><groupId>{id}</groupId><groupName>{id}</groupName><ownerId>111122223333</ownerId><ipPermissions>{rule}</ipPermissions></item>")
}

fn interface(id: &str, attachment: &str) -> String {
    format!(
        "<item><networkInterfaceId>{id}</networkInterfaceId><interfaceType>interface</interfaceType><ownerId>111122223333</ownerId>\
        <groupSet><item><groupId>sg-1</groupId></item></groupSet><attachment>{attachment}</attachment></item>"
    )
}

/// No databases, two groups on two pages, and the interfaces of an instance and of a function.
fn wire(source: &str) -> Replay {
    let interfaces = interface("eni-1", "<instanceId>i-1</instanceId>") + &interface("eni-2", "");
    Replay::default()
        .on(
            &["Action=DescribeDBInstances"],
            "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances/></DescribeDBInstancesResult></DescribeDBInstancesResponse>",
        )
        .on(&["Action=DescribeSecurityGroups"], answer("DescribeSecurityGroups", "securityGroupInfo", &group("sg-1", source), "second"))
        .on(&["Action=DescribeSecurityGroups", "NextToken=second"], answer("DescribeSecurityGroups", "securityGroupInfo", &group("sg-2", "sg-2"), ""))
        .on(
            &["Action=DescribeNetworkInterfaces", "attachment.instance-owner-id", "111122223333"],
            answer("DescribeNetworkInterfaces", "networkInterfaceSet", &interfaces, ""),
        )
}

fn needs(judged: &[Kind]) -> Needs {
    let operations = BTreeSet::from(["rds:DescribeDBInstances", GROUPS, INTERFACES]);
    Needs { operations, judged: judged.iter().copied().collect(), ..Needs::default() }
}

fn of_kind(scope: &Scope, kind: Kind) -> Vec<&str> {
    let arns = scope.resources.iter().filter(|resource| resource.kind == kind).map(|resource| resource.arn.rsplit('/').next().unwrap());
    arns.collect()
}

#[tokio::test]
async fn all_groups_are_listed_where_a_rule_judges_them_and_the_scope_says_so() {
    let wire = wire("sg-9");
    let scope = wire.collect_for(&needs(&[kinds::SECURITY_GROUP])).await;
    assert_eq!(of_kind(&scope, kinds::SECURITY_GROUP), ["sg-1", "sg-2"]);
    assert_eq!(scope.gap_in_whole(kinds::SECURITY_GROUP), None);
    assert_eq!((wire.count(&["Action=DescribeSecurityGroups"]), wire.count(&["Filter", "Action=DescribeSecurityGroups"])), (2, 0));

    let scope = wire.collect_for(&needs(&[kinds::DB_INSTANCE])).await;
    assert_eq!(of_kind(&scope, kinds::SECURITY_GROUP), [""; 0]);
    assert_eq!(wire.count(&["Action=DescribeSecurityGroups"]), 2, "a region without databases is not asked");
    assert!(scope.gap_in_whole(kinds::SECURITY_GROUP).is_some());
}

#[tokio::test]
async fn interfaces_of_instances_are_kept() {
    let scope = wire("sg-9").collect_for(&needs(&[kinds::NETWORK_INTERFACE])).await;
    assert_eq!(of_kind(&scope, kinds::NETWORK_INTERFACE), ["eni-1"]);
    assert!(scope.is_complete(), "{:?}", scope.gaps);
}

#[tokio::test]
async fn where_groups_let_in_nobody_else_interfaces_are_not_asked_and_a_region_costs_one_listing() {
    let wire = wire("sg-1");
    let scope = wire.collect_for(&needs(&[kinds::NETWORK_INTERFACE])).await;
    assert_eq!(wire.count(&["Action=DescribeNetworkInterfaces"]), 0);
    assert_eq!(scope.gap_of(INTERFACES), None);
}

#[tokio::test]
async fn denied_listings_are_gaps() {
    let judged = needs(&[kinds::SECURITY_GROUP, kinds::NETWORK_INTERFACE]);
    let scope = wire("sg-9")
        .fail(&["Action=DescribeNetworkInterfaces", "attachment.instance-owner-id", "111122223333", "Version"], 403, DENIED)
        .collect_for(&judged)
        .await;
    assert_eq!(scope.gap_of(INTERFACES).unwrap().to_string(), "ec2:DescribeNetworkInterfaces: access-denied: UnauthorizedOperation: no");
    let scope = wire("sg-9").fail(&["Action=DescribeSecurityGroups", "Version"], 403, DENIED).collect_for(&judged).await;
    assert!(scope.gap_of(GROUPS).is_some());
}

#[tokio::test]
async fn flow_logs_are_asked_where_a_database_is_in_a_vpc() {
    let group = "<DBSubnetGroup><VpcId>vpc-1</VpcId></DBSubnetGroup>";
    let instance = format!(
        "<DBInstance><DBInstanceIdentifier>db</DBInstanceIdentifier><DBInstanceArn>arn:aws:rds:us-east-1:111122223333:db:db</DBInstanceArn><Engine>mysql</Engine>{group}</DBInstance>"
    );
    let instances = format!(
        "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances>{instance}</DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>"
    );
    let log = |id: &str| {
        format!(
            "<item><flowLogId>{id}</flowLogId><resourceId>vpc-1</resourceId><flowLogStatus>ACTIVE</flowLogStatus><trafficType>ALL</trafficType></item>"
        )
    };
    let wire = Replay::default()
        .on(&["Action=DescribeDBInstances"], instances)
        .on(&["Action=DescribeFlowLogs"], answer("DescribeFlowLogs", "flowLogSet", &log("fl-1"), "second"))
        .on(&["Action=DescribeFlowLogs", "NextToken=second"], answer("DescribeFlowLogs", "flowLogSet", &log("fl-2"), ""));
    let operations = ["rds:DescribeDBInstances", "ec2:DescribeFlowLogs"];
    let scope = wire.collect(&operations).await;
    assert_eq!(of_kind(&scope, kinds::FLOW_LOG), ["fl-1", "fl-2"]);
    let denied = wire.fail(&["Action=DescribeFlowLogs", "Version"], 403, DENIED).collect(&operations).await;
    assert!(denied.gap_of("ec2:DescribeFlowLogs").is_some());
}

#[tokio::test]
async fn peers_that_routes_lead_to_are_asked_for_by_name() {
    let group = "<DBSubnetGroup><VpcId>vpc-1</VpcId></DBSubnetGroup>";
    let instance = format!(
        "<DBInstance><DBInstanceIdentifier>db</DBInstanceIdentifier><DBInstanceArn>arn:aws:rds:us-east-1:111122223333:db:db</DBInstanceArn><Engine>mysql</Engine>{group}</DBInstance>"
    );
    let instances = format!(
        "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances>{instance}</DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>"
    );
    let route = |target: &str| format!("<item><destinationCidrBlock>10.9.0.0/16</destinationCidrBlock>{target}<state>active</state></item>");
    let routes = route("<vpcPeeringConnectionId>pcx-1</vpcPeeringConnectionId>") + &route("<transitGatewayId>tgw-1</transitGatewayId>");
    let table =
        format!("<item><routeTableId>rtb-1</routeTableId><vpcId>vpc-1</vpcId><ownerId>111122223333</ownerId><routeSet>{routes}</routeSet></item>");
    let side = |account: &str| format!("<ownerId>{account}</ownerId><vpcId>vpc-{account}</vpcId>");
    let peering = format!(
        "<item><vpcPeeringConnectionId>pcx-1</vpcPeeringConnectionId><requesterVpcInfo>{}</requesterVpcInfo><accepterVpcInfo>{}</accepterVpcInfo></item>",
        side("1"),
        side("2")
    );
    let attachment = "<item><transitGatewayAttachmentId>tgw-attach-1</transitGatewayAttachmentId><transitGatewayId>tgw-1</transitGatewayId>\
        <transitGatewayOwnerId>1</transitGatewayOwnerId><resourceOwnerId>2</resourceOwnerId><state>available</state></item>";
    let wire = Replay::default()
        .on(&["Action=DescribeDBInstances"], instances.clone())
        .on(&["Action=DescribeRouteTables"], answer("DescribeRouteTables", "routeTableSet", &table, ""))
        .on(&["Action=DescribeVpcPeeringConnections", "pcx-1"], answer("DescribeVpcPeeringConnections", "vpcPeeringConnectionSet", &peering, ""))
        .on(
            &["Action=DescribeTransitGatewayAttachments", "tgw-1"],
            answer("DescribeTransitGatewayAttachments", "transitGatewayAttachments", attachment, ""),
        );
    let listings = ["ec2:DescribeTransitGatewayAttachments", "ec2:DescribeVpcPeeringConnections"];
    let operations = [&["rds:DescribeDBInstances", "ec2:DescribeRouteTables"][..], &listings].concat();
    let scope = wire.collect(&operations).await;
    assert_eq!(
        (of_kind(&scope, kinds::VPC_PEERING_CONNECTION), of_kind(&scope, kinds::TRANSIT_GATEWAY_ATTACHMENT)),
        (vec!["pcx-1"], vec!["tgw-attach-1"])
    );
    let data = |kind: Kind| scope.resources.iter().find(|resource| resource.kind == kind).unwrap().data::<serde_json::Value>().unwrap();
    assert_eq!(data(kinds::VPC_PEERING_CONNECTION)["RequesterVpcInfo"], serde_json::json!({"OwnerId": "1", "VpcId": "vpc-1"}));
    assert_eq!(data(kinds::TRANSIT_GATEWAY_ATTACHMENT)["ResourceOwnerId"], "2");

    let local = Replay::default()
        .on(&["Action=DescribeDBInstances"], instances)
        .on(&["Action=DescribeRouteTables"], answer("DescribeRouteTables", "routeTableSet", "", ""));
    let scope = local.collect(&operations).await;
    assert_eq!((local.count(&["Peering"]), local.count(&["TransitGateway"])), (0, 0));
    assert!(listings.iter().all(|listing| scope.gap_of(listing).is_none()));
}
