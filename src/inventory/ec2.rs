//! The shapes of the EC2 API that decide who can open a connection.

use super::kinds::kinds;
use super::shape::shape;

shape! {
    /// `ec2:DescribeVpcs` → `Vpcs[]`.
    Vpc from aws_sdk_ec2::types::Vpc {
        VpcId: String = vpc_id;
        OwnerId: String = owner_id;
        CidrBlock: String = cidr_block;
        IsDefault: bool = is_default;
        State: String = state;
        BlockPublicAccessStates: BlockPublicAccessStates = block_public_access_states;
    }

    /// `ec2:DescribeSubnets` → `Subnets[]`.
    Subnet from aws_sdk_ec2::types::Subnet {
        SubnetId: String = subnet_id;
        SubnetArn: String = subnet_arn;
        VpcId: String = vpc_id;
        OwnerId: String = owner_id;
        AvailabilityZone: String = availability_zone;
        CidrBlock: String = cidr_block;
        Ipv6CidrBlockAssociationSet: Vec<SubnetIpv6CidrBlockAssociation> = ipv6_cidr_block_association_set;
        MapPublicIpOnLaunch: bool = map_public_ip_on_launch;
        BlockPublicAccessStates: BlockPublicAccessStates = block_public_access_states;
    }

    /// `Ipv6CidrBlockAssociationSet[]`.
    SubnetIpv6CidrBlockAssociation from aws_sdk_ec2::types::SubnetIpv6CidrBlockAssociation {
        Ipv6CidrBlock: String = ipv6_cidr_block;
    }

    /// `BlockPublicAccessStates`: `off`, `block-bidirectional` or `block-ingress`.
    BlockPublicAccessStates from aws_sdk_ec2::types::BlockPublicAccessStates {
        InternetGatewayBlockMode: String = internet_gateway_block_mode;
    }

    /// `ec2:DescribeRouteTables` → `RouteTables[]`.
    RouteTable from aws_sdk_ec2::types::RouteTable {
        RouteTableId: String = route_table_id;
        VpcId: String = vpc_id;
        OwnerId: String = owner_id;
        Associations: Vec<RouteTableAssociation> = associations;
        Routes: Vec<Route> = routes;
    }

    /// `Associations[]`: `Main` marks the table of every subnet of its VPC that names no other.
    RouteTableAssociation from aws_sdk_ec2::types::RouteTableAssociation {
        Main: bool = main;
        SubnetId: String = subnet_id;
        GatewayId: String = gateway_id;
    }

    /// `Routes[]`.
    Route from aws_sdk_ec2::types::Route {
        DestinationCidrBlock: String = destination_cidr_block;
        DestinationIpv6CidrBlock: String = destination_ipv6_cidr_block;
        DestinationPrefixListId: String = destination_prefix_list_id;
        GatewayId: String = gateway_id;
        EgressOnlyInternetGatewayId: String = egress_only_internet_gateway_id;
        NatGatewayId: String = nat_gateway_id;
        TransitGatewayId: String = transit_gateway_id;
        VpcPeeringConnectionId: String = vpc_peering_connection_id;
        NetworkInterfaceId: String = network_interface_id;
        State: String = state;
        /// `CreateRouteTable`, `CreateRoute` or `EnableVgwRoutePropagation`.
        Origin: String = origin;
    }

    /// `ec2:DescribeInternetGateways` → `InternetGateways[]`.
    InternetGateway from aws_sdk_ec2::types::InternetGateway {
        InternetGatewayId: String = internet_gateway_id;
        OwnerId: String = owner_id;
        Attachments: Vec<InternetGatewayAttachment> = attachments;
    }

    /// `Attachments[]`.
    InternetGatewayAttachment from aws_sdk_ec2::types::InternetGatewayAttachment {
        VpcId: String = vpc_id;
        State: String = state;
    }

    /// `ec2:DescribeNetworkAcls` → `NetworkAcls[]`.
    NetworkAcl from aws_sdk_ec2::types::NetworkAcl {
        NetworkAclId: String = network_acl_id;
        VpcId: String = vpc_id;
        OwnerId: String = owner_id;
        IsDefault: bool = is_default;
        Associations: Vec<NetworkAclAssociation> = associations;
        Entries: Vec<NetworkAclEntry> = entries;
    }

    /// `Associations[]`.
    NetworkAclAssociation from aws_sdk_ec2::types::NetworkAclAssociation {
        SubnetId: String = subnet_id;
    }

    /// `Entries[]`: evaluated by rising `RuleNumber`, the first match decides.
    NetworkAclEntry from aws_sdk_ec2::types::NetworkAclEntry {
        RuleNumber: i64 = rule_number;
        Egress: bool = egress;
        /// `allow` or `deny`.
        RuleAction: String = rule_action;
        /// A protocol number; `-1` is all.
        Protocol: String = protocol;
        CidrBlock: String = cidr_block;
        Ipv6CidrBlock: String = ipv6_cidr_block;
        PortRange: PortRange = port_range;
    }

    /// `PortRange`, both ends included.
    PortRange from aws_sdk_ec2::types::PortRange {
        From: i64 = from;
        To: i64 = to;
    }

    /// `ec2:DescribeSecurityGroups` → `SecurityGroups[]`.
    SecurityGroup from aws_sdk_ec2::types::SecurityGroup {
        GroupId: String = group_id;
        GroupName: String = group_name;
        OwnerId: String = owner_id;
        VpcId: String = vpc_id;
        IpPermissions: Vec<IpPermission> = ip_permissions;
    }

    /// `IpPermissions[]`: what may come in.
    IpPermission from aws_sdk_ec2::types::IpPermission {
        /// `tcp`, `udp`, `icmp`, a protocol number, or `-1` for all.
        IpProtocol: String = ip_protocol;
        FromPort: i64 = from_port;
        ToPort: i64 = to_port;
        IpRanges: Vec<IpRange> = ip_ranges;
        Ipv6Ranges: Vec<Ipv6Range> = ipv6_ranges;
        PrefixListIds: Vec<PrefixListId> = prefix_list_ids;
        UserIdGroupPairs: Vec<UserIdGroupPair> = user_id_group_pairs;
    }

    /// `IpRanges[]`.
    IpRange from aws_sdk_ec2::types::IpRange {
        CidrIp: String = cidr_ip;
        Description: String = description;
    }

    /// `Ipv6Ranges[]`.
    Ipv6Range from aws_sdk_ec2::types::Ipv6Range {
        CidrIpv6: String = cidr_ipv6;
        Description: String = description;
    }

    /// `PrefixListIds[]`.
    PrefixListId from aws_sdk_ec2::types::PrefixListId {
        PrefixListId: String = prefix_list_id;
    }

    /// `UserIdGroupPairs[]`.
    UserIdGroupPair from aws_sdk_ec2::types::UserIdGroupPair {
        GroupId: String = group_id;
        UserId: String = user_id;
        VpcId: String = vpc_id;
    }

    /// `ec2:DescribeManagedPrefixLists` → `PrefixLists[]`; `Entries` is the answer of
    /// `ec2:GetManagedPrefixListEntries`.
    PrefixList from aws_sdk_ec2::types::ManagedPrefixList {
        PrefixListId: String = prefix_list_id;
        PrefixListName: String = prefix_list_name;
        OwnerId: String = owner_id;
        AddressFamily: String = address_family;
        Entries: Vec<PrefixListEntry>;
    }

    /// `Entries[]`.
    PrefixListEntry from aws_sdk_ec2::types::PrefixListEntry {
        Cidr: String = cidr;
    }

    /// `ec2:DescribeVpcBlockPublicAccessOptions` → `VpcBlockPublicAccessOptions`, one a region.
    VpcBlockPublicAccessOptions from aws_sdk_ec2::types::VpcBlockPublicAccessOptions {
        /// `off`, `block-bidirectional` or `block-ingress`.
        InternetGatewayBlockMode: String = internet_gateway_block_mode;
        State: String = state;
        ExclusionsAllowed: String = exclusions_allowed;
    }

    /// `ec2:DescribeVpcBlockPublicAccessExclusions` → `VpcBlockPublicAccessExclusions[]`.
    VpcBlockPublicAccessExclusion from aws_sdk_ec2::types::VpcBlockPublicAccessExclusion {
        ExclusionId: String = exclusion_id;
        /// `allow-bidirectional` or `allow-egress`.
        InternetGatewayExclusionMode: String = internet_gateway_exclusion_mode;
        /// The VPC's or the subnet's ARN.
        ResourceArn: String = resource_arn;
        State: String = state;
    }

    /// `ec2:DescribeVpcEndpoints` → `VpcEndpoints[]`.
    VpcEndpoint from aws_sdk_ec2::types::VpcEndpoint {
        VpcEndpointId: String = vpc_endpoint_id;
        /// `Gateway`, `Interface` and others.
        VpcEndpointType: String = vpc_endpoint_type;
        VpcId: String = vpc_id;
        OwnerId: String = owner_id;
        /// Such as `com.amazonaws.us-east-1.dynamodb`.
        ServiceName: String = service_name;
        State: String = state;
        /// The policy document, as JSON text.
        PolicyDocument: String = policy_document;
        /// Whether the service's public names lead to an interface endpoint.
        PrivateDnsEnabled: bool = private_dns_enabled;
        /// The route tables of a gateway endpoint.
        RouteTableIds: Vec<String> = route_table_ids;
        /// The subnets of an interface endpoint.
        SubnetIds: Vec<String> = subnet_ids;
    }
}

impl SecurityGroup {
    /// Whether it lets in anything but what has the group itself.
    pub fn admits_others(&self) -> bool {
        let own = self.GroupId.as_deref();
        self.IpPermissions.iter().flatten().any(|permission| permission.sources().any(|source| Some(source) != own))
    }
}

impl IpPermission {
    /// The networks, the prefix lists and the groups that it lets in.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        let ipv4 = self.IpRanges.iter().flatten().filter_map(|range| range.CidrIp.as_deref());
        let ipv6 = self.Ipv6Ranges.iter().flatten().filter_map(|range| range.CidrIpv6.as_deref());
        let lists = self.PrefixListIds.iter().flatten().filter_map(|list| list.PrefixListId.as_deref());
        let groups = self.UserIdGroupPairs.iter().flatten().filter_map(|pair| pair.GroupId.as_deref());
        ipv4.chain(ipv6).chain(lists).chain(groups)
    }
}

kinds! {
    VPC = "AWS::EC2::VPC" as Vpc {
        noun: "VPC" / "VPCs", service: "ec2", name: "VpcId", role: Surrounding,
        operations: ["ec2:DescribeVpcs"],
        // Only those that some database names are described.
        found_by: [
            "dax:DescribeClusters",
            "dax:DescribeSubnetGroups",
            "docdb-elastic:ListClusters",
            "docdb-elastic:GetCluster",
            "ec2:DescribeSubnets",
            "elasticache:DescribeCacheClusters",
            "elasticache:DescribeCacheSubnetGroups",
            "elasticache:DescribeReplicationGroups",
            "elasticache:DescribeServerlessCaches",
            "memorydb:DescribeClusters",
            "memorydb:DescribeSubnetGroups",
            "rds:DescribeDBClusters",
            "rds:DescribeDBInstances",
            "rds:DescribeDBProxies",
            "rds:DescribeDBSubnetGroups",
            "timestream-influxdb:ListDbInstances",
            "timestream-influxdb:GetDbInstance",
            "timestream-influxdb:ListDbClusters",
            "timestream-influxdb:GetDbCluster",
        ],
    }
    SUBNET = "AWS::EC2::Subnet" as Subnet {
        noun: "subnet" / "subnets", service: "ec2", name: "SubnetId", role: Supporting,
        operations: ["ec2:DescribeSubnets"],
    }
    ROUTE_TABLE = "AWS::EC2::RouteTable" as RouteTable {
        noun: "route table" / "route tables", service: "ec2", name: "RouteTableId", role: Supporting,
        operations: ["ec2:DescribeRouteTables"],
    }
    INTERNET_GATEWAY = "AWS::EC2::InternetGateway" as InternetGateway {
        noun: "internet gateway" / "internet gateways", service: "ec2", name: "InternetGatewayId", role: Supporting,
        operations: ["ec2:DescribeInternetGateways"],
    }
    NETWORK_ACL = "AWS::EC2::NetworkAcl" as NetworkAcl {
        noun: "network ACL" / "network ACLs", service: "ec2", name: "NetworkAclId", role: Supporting,
        operations: ["ec2:DescribeNetworkAcls"],
    }
    SECURITY_GROUP = "AWS::EC2::SecurityGroup" as SecurityGroup {
        noun: "security group" / "security groups", service: "ec2", name: "GroupId", role: Surrounding,
        operations: ["ec2:DescribeSecurityGroups"],
        listed: by_use,
    }
    PREFIX_LIST = "AWS::EC2::PrefixList" as PrefixList {
        noun: "prefix list" / "prefix lists", service: "ec2", name: "PrefixListId", role: Supporting,
        operations: ["ec2:DescribeManagedPrefixLists"],
        fields: { "Entries": "ec2:GetManagedPrefixListEntries" },
    }
    VPC_BLOCK_PUBLIC_ACCESS_OPTIONS = "AWS::EC2::VPCBlockPublicAccessOptions" as VpcBlockPublicAccessOptions {
        noun: "VPC Block Public Access setting" / "VPC Block Public Access settings", service: "ec2", name: "InternetGatewayBlockMode", role: Supporting,
        operations: ["ec2:DescribeVpcBlockPublicAccessOptions"],
    }
    VPC_BLOCK_PUBLIC_ACCESS_EXCLUSION = "AWS::EC2::VPCBlockPublicAccessExclusion" as VpcBlockPublicAccessExclusion {
        noun: "VPC Block Public Access exclusion" / "VPC Block Public Access exclusions", service: "ec2", name: "ExclusionId", role: Supporting,
        operations: ["ec2:DescribeVpcBlockPublicAccessExclusions"],
    }
    VPC_ENDPOINT = "AWS::EC2::VPCEndpoint" as VpcEndpoint {
        noun: "VPC endpoint" / "VPC endpoints", service: "ec2", name: "VpcEndpointId", role: Supporting,
        operations: ["ec2:DescribeVpcEndpoints"],
    }
}
