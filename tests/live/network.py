"""The networks of the test account: what can and what cannot be reached.

us-east-1 holds two VPCs beside the default one, which are a trap together:
`app` keeps its main route table without a way out and gives public subnets a
table of their own; `edge` has the internet gateway on its MAIN table. Who takes
any main table for a subnet's own believes the private subnets of `app` public.
"""

ANYWHERE = "0.0.0.0/0"

# The ports of databases.py: most are not their engine's default, two variants are.
DB_PORTS = (3306, 5432, 11433, 11521, 13306, 15432, 18182, 37017)

# VPC -> network, route of its main table, subnets as (zone, route, network ACL).
# A route of None means: no table of its own, the VPC's main table applies.
VPCS = {
    "app": (
        "10.0",
        "local",
        {
            "public-a": ("a", "igw", None),
            "public-b": ("b", "igw", None),
            "private-a": ("a", None, None),
            "private-b": ("b", None, None),
            "nat-a": ("a", "nat", None),
            "nat-b": ("b", "nat", None),
            "nacl-inbound-a": ("a", "igw", "deny-inbound"),
            "nacl-inbound-b": ("b", "igw", "deny-inbound"),
            "nacl-outbound-a": ("a", "igw", "deny-ephemeral-outbound"),
            "nacl-outbound-b": ("b", "igw", "deny-ephemeral-outbound"),
        },
    ),
    "edge": ("10.1", "igw", {"main-a": ("a", None, None), "main-b": ("b", None, None)}),
}

# ACL -> denied (egress?, ports), before a rule that allows everything both ways.
NETWORK_ACLS = {
    "deny-inbound": (False, (15432, 15432)),
    "deny-ephemeral-outbound": (True, (1024, 65535)),
}

SUBNET_GROUPS = {
    "app-public": ["public-a", "public-b"],
    "app-private": ["private-a", "private-b"],
    "app-mixed": ["public-a", "private-b"],
    "app-nat": ["nat-a", "nat-b"],
    "app-nacl-inbound": ["nacl-inbound-a", "nacl-inbound-b"],
    "app-nacl-outbound": ["nacl-outbound-a", "nacl-outbound-b"],
    "edge-main": ["main-a", "main-b"],
}


def _db(**source):
    """Inbound rules on every database port from one source."""
    return [_rule("tcp", port, port, **source) for port in DB_PORTS]


def _rule(protocol, first, last, cidr=None, ipv6=None, prefix_list=None, group=None):
    rule = {"IpProtocol": protocol}
    if protocol != "-1":
        rule |= {"FromPort": first, "ToPort": last}
    if cidr:
        return rule | {"IpRanges": [{"CidrIp": cidr}]}
    if ipv6:
        return rule | {"Ipv6Ranges": [{"CidrIpv6": ipv6}]}
    if prefix_list:
        return rule | {"PrefixListIds": [{"PrefixListId": prefix_list}]}
    return rule | {"UserIdGroupPairs": [{"GroupId": group}]}


def security_groups(prefix_list, other_group):
    """Security group -> inbound rules. `open` is the only one that looks it."""
    return {
        "closed": [],
        "internal": _db(cidr="10.0.0.0/8"),
        "group-source": _db(group=other_group),
        "other-port": [_rule("tcp", 22, 22, cidr=ANYWHERE)],
        "open": _db(cidr=ANYWHERE),
        "open-ipv6": _db(ipv6="::/0"),
        "open-split": _db(cidr="0.0.0.0/1") + _db(cidr="128.0.0.0/1"),
        "open-low-half": _db(cidr="0.0.0.0/1"),
        "open-high-half": _db(cidr="128.0.0.0/1"),
        "open-prefix-list": _db(prefix_list=prefix_list),
        "open-all-protocols": [_rule("-1", None, None, cidr=ANYWHERE)],
        "wide-public": _db(cidr="52.0.0.0/8"),
    }


def build(ec2, rds):
    """Creates all of us-east-1's network and returns its ids by name."""
    ids = {"vpcs": {}, "subnets": {}, "security_groups": {}}
    for name, (network, main_route, subnets) in VPCS.items():
        _vpc(ec2, ids, name, network, main_route, subnets)
    for name, subnets in SUBNET_GROUPS.items():
        _subnet_group(rds, name, [ids["subnets"][s] for s in subnets])
    ids["prefix_lists"] = {"anywhere": _prefix_list(ec2)}
    client = _security_group(ec2, ids["vpcs"]["app"], "application")
    rules = security_groups(ids["prefix_lists"]["anywhere"], client)
    for name, inbound in rules.items():
        group = _security_group(ec2, ids["vpcs"]["app"], name, inbound)
        ids["security_groups"][name] = group
    edge = _security_group(ec2, ids["vpcs"]["edge"], "edge-open", rules["open"])
    ids["security_groups"]["edge-open"] = edge
    return ids


def build_private(ec2, rds):
    """A second region's small network, all of it private."""
    ids = {"vpcs": {}, "subnets": {}, "security_groups": {}}
    subnets = {"eu-a": ("a", None, None), "eu-b": ("b", None, None)}
    _vpc(ec2, ids, "eu", "10.2", "local", subnets)
    _subnet_group(rds, "eu-private", list(ids["subnets"].values()))
    ids["security_groups"]["eu-internal"] = _security_group(
        ec2, ids["vpcs"]["eu"], "eu-internal", _db(cidr="10.0.0.0/8")
    )
    return ids


def _vpc(ec2, ids, name, network, main_route, subnets):
    vpc = ec2.create_vpc(CidrBlock=f"{network}.0.0/16")["Vpc"]["VpcId"]
    _name(ec2, vpc, name)
    ids["vpcs"][name] = vpc
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    if main_route == "igw":
        _route(ec2, _main_table(ec2, vpc), {"GatewayId": gateway})
    tables = {}
    acls = {}
    for number, (subnet_name, (zone, route, acl)) in enumerate(subnets.items()):
        subnet = ec2.create_subnet(
            VpcId=vpc,
            CidrBlock=f"{network}.{number}.0/24",
            AvailabilityZone=f"{ec2.meta.region_name}{zone}",
        )["Subnet"]["SubnetId"]
        _name(ec2, subnet, subnet_name)
        ids["subnets"][subnet_name] = subnet
        if route:
            if route not in tables:
                tables[route] = _table(ec2, ids, vpc, route, gateway)
            ec2.associate_route_table(RouteTableId=tables[route], SubnetId=subnet)
        if acl:
            if acl not in acls:
                acls[acl] = _network_acl(ec2, vpc, *NETWORK_ACLS[acl])
            _use_acl(ec2, subnet, acls[acl])


def _main_table(ec2, vpc):
    filters = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "association.main", "Values": ["true"]}]
    return ec2.describe_route_tables(Filters=filters)["RouteTables"][0]["RouteTableId"]


def _table(ec2, ids, vpc, route, gateway):
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    if route == "nat":
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        nat = ec2.create_nat_gateway(SubnetId=ids["subnets"]["public-a"], AllocationId=address)
        _route(ec2, table, {"NatGatewayId": nat["NatGateway"]["NatGatewayId"]})
    else:
        _route(ec2, table, {"GatewayId": gateway})
        ec2.create_route(RouteTableId=table, DestinationIpv6CidrBlock="::/0", GatewayId=gateway)
    return table


def _route(ec2, table, target):
    ec2.create_route(RouteTableId=table, DestinationCidrBlock=ANYWHERE, **target)


def _network_acl(ec2, vpc, denied_egress, ports):
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    for egress in (False, True):
        allow = {"RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": ANYWHERE}
        ec2.create_network_acl_entry(NetworkAclId=acl, Egress=egress, **allow)
    deny = {"RuleNumber": 90, "Protocol": "6", "RuleAction": "deny", "CidrBlock": ANYWHERE}
    port_range = {"From": ports[0], "To": ports[1]}
    ec2.create_network_acl_entry(NetworkAclId=acl, Egress=denied_egress, PortRange=port_range, **deny)
    return acl


def _use_acl(ec2, subnet, acl):
    filters = [{"Name": "association.subnet-id", "Values": [subnet]}]
    for found in ec2.describe_network_acls(Filters=filters)["NetworkAcls"]:
        for association in found["Associations"]:
            if association["SubnetId"] == subnet:
                current = association["NetworkAclAssociationId"]
                ec2.replace_network_acl_association(AssociationId=current, NetworkAclId=acl)


def _subnet_group(rds, name, subnets):
    rds.create_db_subnet_group(DBSubnetGroupName=name, DBSubnetGroupDescription=name, SubnetIds=subnets)


def _prefix_list(ec2):
    created = ec2.create_managed_prefix_list(
        PrefixListName="anywhere",
        AddressFamily="IPv4",
        MaxEntries=2,
        Entries=[{"Cidr": ANYWHERE, "Description": "everyone"}],
    )
    return created["PrefixList"]["PrefixListId"]


def _security_group(ec2, vpc, name, inbound=()):
    group = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
    if inbound:
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=list(inbound))
    return group


def _name(ec2, resource, name):
    ec2.create_tags(Resources=[resource], Tags=[{"Key": "Name", "Value": name}])
