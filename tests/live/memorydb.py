"""The MemoryDB clusters of the test account: a good one, and ones that differ from it in what their names say."""

GOOD = {
    "NodeType": "db.r7g.large",
    "ACLName": "app",
    "SubnetGroupName": "memory-private",
    "SecurityGroups": ["internal"],
    "Port": 15432,
    "KmsKeyId": "rotated",
    "TLSEnabled": True,
    "NumReplicasPerShard": 1,
    "SnapshotRetentionLimit": 7,
    "SnsTopicArn": "arn:aws:sns:us-east-1:123456789012:databases",
    "AutoMinorVersionUpgrade": True,
    "Tags": [{"Key": "team", "Value": "carts"}],
}

# Cluster -> what differs from the good one; None takes a setting away.
CLUSTERS = {
    "memory-good": {},
    "memory-no-tls": {"TLSEnabled": False},
    "memory-open-access": {"ACLName": "open-access"},
    "memory-guests": {"ACLName": "guests"},
    "memory-admins": {"ACLName": "admins"},
    "memory-one-node": {"NumReplicasPerShard": 0},
    "memory-aws-key": {"KmsKeyId": None},
    "memory-no-snapshots": {"SnapshotRetentionLimit": 0},
    "memory-public-subnets": {"SubnetGroupName": "memory-public"},
    "memory-split": {"SecurityGroups": ["open-split"]},
    "memory-silent": {"SnsTopicArn": None},
    "memory-fixed-version": {"AutoMinorVersionUpgrade": False},
    "memory-untagged": {"Tags": None},
    "memory-overdue": {},
}

# User -> access string, and how it authenticates; moto makes users without a password, AWS has only `default`.
USERS = {
    "app": ("on ~app:* resetchannels -@all +@read +@write", "iam"),
    "guest": ("on ~public:* -@all +@read", "no-password"),
    "retired": ("off ~* &* +@all", "no-password"),
    "admin": ("on allkeys allchannels allcommands", "password"),
}
LISTS = {"app": ["app", "retired"], "guests": ["app", "guest"], "admins": ["app", "admin"]}
SNAPSHOTS = {"memory-snapshot-good": "memory-good", "memory-snapshot-aws-key": "memory-aws-key"}


def seed(client, ids):
    """Creates them; returns the ARNs of the clusters."""
    surround(client, ids)
    arns = {name: create(client, ids, name, difference) for name, difference in CLUSTERS.items()}
    for name, cluster in SNAPSHOTS.items():
        client.create_snapshot(ClusterName=cluster, SnapshotName=name)
    return arns


def surround(client, ids):
    """Creates the subnet groups, users and access control lists that clusters name."""
    for name, subnets in {"memory-private": ["private-a", "private-b"], "memory-public": ["public-a", "private-b"]}.items():
        client.create_subnet_group(SubnetGroupName=name, SubnetIds=[ids["subnets"][subnet] for subnet in subnets])
    for name, (access, method) in USERS.items():
        passwords = {"Passwords": ["a-password-of-tests"]} if method == "password" else {}
        client.create_user(UserName=name, AuthenticationMode={"Type": method, **passwords}, AccessString=access)
    for name, users in LISTS.items():
        client.create_acl(ACLName=name, UserNames=users)


def create(client, ids, name, difference):
    settings = {field: value for field, value in (GOOD | difference).items() if value is not None}
    settings["SecurityGroupIds"] = [ids["security_groups"][group] for group in settings.pop("SecurityGroups")]
    if "KmsKeyId" in settings:
        settings["KmsKeyId"] = ids["keys"][settings["KmsKeyId"]]
    return client.create_cluster(ClusterName=name, **settings)["Cluster"]["ARN"]
