"""DAX clusters: a good one, and ones that differ from it in what their names say."""

TTLS = {"record-ttl-millis": "300000", "query-ttl-millis": "300000"}
# What moto lacks: subnet groups and parameter groups.
SUBNET_GROUPS = {"dax-private": ["private-a", "private-b"], "dax-public": ["public-a", "private-b"]}
PARAMETER_GROUPS = {"dax-ttls": TTLS, "dax-for-ever": TTLS | {"query-ttl-millis": "0"}}

GOOD = {
    "NodeType": "dax.r5.large",
    "ReplicationFactor": 3,
    "AvailabilityZones": "abc",
    "SubnetGroupName": "dax-private",
    "SecurityGroups": ["internal"],
    "NotificationTopicArn": "arn:aws:sns:us-east-1:123456789012:databases",
    "ParameterGroupName": "dax-ttls",
    "IamRoleArn": "arn:aws:iam::123456789012:role/dax",
    "SSESpecification": {"Enabled": True},
    "ClusterEndpointEncryptionType": "TLS",
    "Tags": [{"Key": "team", "Value": "carts"}],
}

# Cluster -> what differs from the good one; None takes a setting away.
CLUSTERS = {
    "dax-good": {},
    "dax-no-tls": {"ClusterEndpointEncryptionType": "NONE"},
    "dax-unencrypted": {"SSESpecification": {"Enabled": False}},
    "dax-one-zone": {"AvailabilityZones": "aaa"},
    "dax-public-subnets": {"SubnetGroupName": "dax-public"},
    "dax-open-group": {"SecurityGroups": ["open-all-protocols"]},
    "dax-silent": {"NotificationTopicArn": None},
    "dax-for-ever": {"ParameterGroupName": "dax-for-ever"},
    "dax-any-table": {"IamRoleArn": "arn:aws:iam::123456789012:role/dax-any-table"},
    "dax-untagged": {"Tags": None},
}


def seed(client, ids):
    """Creates them; returns the ARNs of the clusters."""
    surround(client, ids)
    return {name: create(client, ids, name, difference) for name, difference in CLUSTERS.items()}


def surround(client, ids):
    """Creates the subnet groups that clusters name."""
    for name, subnets in SUBNET_GROUPS.items():
        client.create_subnet_group(SubnetGroupName=name, SubnetIds=[ids["subnets"][subnet] for subnet in subnets])


def create(client, ids, name, difference):
    settings = {field: value for field, value in (GOOD | difference).items() if value is not None}
    settings["SecurityGroupIds"] = [ids["security_groups"][group] for group in settings.pop("SecurityGroups")]
    settings["AvailabilityZones"] = [f"{client.meta.region_name}{zone}" for zone in settings["AvailabilityZones"]]
    return client.create_cluster(ClusterName=name, **settings)["Cluster"]["ClusterArn"]
