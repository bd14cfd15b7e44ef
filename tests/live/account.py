"""Seeds one AWS account in the emulator and prints the ids a test may need.

Usage: account.py ENDPOINT, e.g. http://127.0.0.1:5000. Starts from an empty
account, creates the same names and ids every time, prints one JSON object.
"""

import json
import sys
import urllib.request
from datetime import timedelta

# The tests must leave no trace in the checkout.
sys.dont_write_bytecode = True

import around
import backup
import boto3
import clock
import databases as db
import elasticache
import dax
import dsql
import dynamodb
import events
import identities
import lifecycle
import memorydb
import network
import proxies
import surroundings
import timestream
import trails

HOME, AWAY = "us-east-1", "eu-west-1"

# Where a statement of a key policy lets everybody in, and where it only seems to.
EVERYBODY = {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}
OWN_ACCOUNT = {"Condition": {"StringEquals": {"kms:CallerAccount": db.OWNER}}}
ROOT = {**EVERYBODY, "Principal": {"AWS": f"arn:aws:iam::{db.OWNER}:root"}}
KEYS = {
    "rotated": {"rotation": True},
    "unrotated": {"rotation": False},
    "pending-deletion": {"rotation": True},
    "disabled": {"rotation": True},
    "open-policy": {"rotation": True, "statements": [ROOT, EVERYBODY]},
    "caller-account": {"rotation": True, "statements": [ROOT, EVERYBODY | OWN_ACCOUNT]},
}
# Grants by key: to whom, of what.
GRANTS = {
    "caller-account": [("arn:aws:iam::444455556666:role/restore", ["DescribeKey", "Decrypt"])],
    "rotated": [(f"arn:aws:iam::{db.OWNER}:role/app", ["Decrypt"]), ("arn:aws:iam::444455556666:role/watch", ["DescribeKey", "RetireGrant"]), ("rds.us-east-1.amazonaws.com", ["Decrypt", "CreateGrant"])],
}


def main(endpoint):
    print(json.dumps(seed(endpoint), indent=2))


def seed(endpoint):
    """Makes the account; returns the ids of what is in it, by kind and name."""
    for order in ("moto-api/reset", "dbmoat/reset", "moto-api/seed?a=42"):
        post(f"{endpoint}/{order}")
    ec2, rds, kms = clients(endpoint, HOME)
    ids = network.build(ec2, rds)
    ids["keys"] = {name: create_key(kms, name, **key) for name, key in KEYS.items()}
    identities.build(endpoint)
    parameter_groups(rds)
    option_group(rds)
    ids["instances"] = create_instances(rds, ids)
    ids["clusters"] = create_clusters(rds, ids)
    ids["snapshots"] = create_snapshots(rds)
    ids["cluster_snapshots"] = create_cluster_snapshots(rds)
    proxies.seed(rds, ids)
    events.seed(rds, client(endpoint, HOME, "sns"))
    trails.seed(client(endpoint, HOME, "cloudtrail"), client(endpoint, HOME, "s3"), ids["keys"]["rotated"])
    seed_lifecycle(endpoint, rds, HOME, ids)
    elasticache.build(client(endpoint, HOME, "elasticache"), ids)
    dynamodb.seed(client(endpoint, HOME, "dynamodb"), lambda service: client(endpoint, HOME, service), ids)
    ids["dax"] = dax.seed(client(endpoint, HOME, "dax"), ids)
    ids["dsql"] = dsql.seed(client(endpoint, HOME, "dsql"), ids)
    timestream.seed(lambda service: client(endpoint, HOME, service), dynamodb.buckets, ids)
    for key, grants in GRANTS.items():
        for principal, operations in grants:
            kms.create_grant(KeyId=key_id(ids, key), GranteePrincipal=principal, Operations=operations)
    kms.schedule_key_deletion(KeyId=key_id(ids, "pending-deletion"), PendingWindowInDays=7)
    kms.disable_key(KeyId=key_id(ids, "disabled"))
    post(f"{endpoint}/dbmoat/overlay", overlays(ids["instances"] | ids["clusters"]) | elasticache.overlays())
    ids["memorydb"] = memorydb.seed(client(endpoint, HOME, "memorydb"), ids)
    backup.build(endpoint, ids["keys"])
    surroundings.seed(*(client(endpoint, HOME, name) for name in ("guardduty", "config", "ec2")), ids)
    around.seed(endpoint, ids["keys"])
    away = seed_away(endpoint)
    post(f"{endpoint}/dbmoat/calls/reset")
    return {"account": db.OWNER, **ids, AWAY: away}


def post(url, document=None):
    body = json.dumps(document or {}).encode()
    headers = {"Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(url, body, headers)).close()


def clients(endpoint, region):
    return [client(endpoint, region, name) for name in ("ec2", "rds", "kms")]


def client(endpoint, region, service):
    # moto knows an account by its key; a key it did not issue means account OWNER.
    return boto3.Session("testing", "testing", region_name=region).client(service, endpoint_url=endpoint)


def seed_lifecycle(endpoint, rds, region, ids):
    logs, ram = (client(endpoint, region, name) for name in ("logs", "ram"))
    lifecycle.seed(rds, logs, ram, ids["keys"]["rotated"])


def create_key(kms, name, rotation, statements=(ROOT,)):
    policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    key = kms.create_key(Description=name, Policy=policy)["KeyMetadata"]
    kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=key["KeyId"])
    if rotation:
        kms.enable_key_rotation(KeyId=key["KeyId"])
    return key["Arn"]


def key_id(ids, name):
    return ids["keys"][name].rpartition("/")[2]


def parameter_groups(rds):
    for name, (family, values) in db.PARAMETER_GROUPS.items():
        rds.create_db_parameter_group(DBParameterGroupName=name, DBParameterGroupFamily=family, Description=name)
        rds.modify_db_parameter_group(DBParameterGroupName=name, Parameters=changes(values))
    for name, (family, values) in db.CLUSTER_PARAMETER_GROUPS.items():
        rds.create_db_cluster_parameter_group(
            DBClusterParameterGroupName=name, DBParameterGroupFamily=family, Description=name
        )
        rds.modify_db_cluster_parameter_group(DBClusterParameterGroupName=name, Parameters=changes(values))


def changes(values):
    return [
        {"ParameterName": name, "ParameterValue": value, "ApplyMethod": "pending-reboot"}
        for name, value in values.items()
    ]


def option_group(rds):
    """Oracle's encryption in transit: native network encryption, required."""
    name = "oracle19-nne"
    rds.create_option_group(
        OptionGroupName=name,
        EngineName="oracle-se2",
        MajorEngineVersion="19",
        OptionGroupDescription=name,
    )
    required = {"Name": "SQLNET.ENCRYPTION_SERVER", "Value": "REQUIRED"}
    option = {"OptionName": "NATIVE_NETWORK_ENCRYPTION", "OptionSettings": [required]}
    rds.modify_option_group(OptionGroupName=name, OptionsToInclude=[option], ApplyImmediately=True)


def create_instances(rds, ids):
    arns = {}
    for name, (engine, difference) in db.INSTANCES.items():
        settings = resolve(ids, db.GOOD_INSTANCE | db.ENGINES[engine] | difference)
        created = rds.create_db_instance(DBInstanceIdentifier=name, Engine=engine, **settings)
        arns[name] = created["DBInstance"]["DBInstanceArn"]
    for name, source in db.REPLICAS.items():
        created = rds.create_db_instance_read_replica(DBInstanceIdentifier=name, SourceDBInstanceIdentifier=source)
        arns[name] = created["DBInstance"]["DBInstanceArn"]
    return arns


def create_clusters(rds, ids):
    rds.create_global_cluster(
        GlobalClusterIdentifier="orders-global",
        Engine="aurora-postgresql",
        EngineVersion="16.6",
        StorageEncrypted=True,
        DeletionProtection=True,
    )
    arns = {}
    for name, (engine, difference, member, zones) in db.CLUSTERS.items():
        settings = resolve(ids, db.GOOD_CLUSTER | difference)
        created = rds.create_db_cluster(DBClusterIdentifier=name, Engine=engine, **settings)
        arns[name] = created["DBCluster"]["DBClusterArn"]
        # AWS makes the members of a Multi-AZ DB cluster itself; moto needs to be told.
        for number, zone in enumerate(zones, 1):
            rds.create_db_instance(
                DBInstanceIdentifier=f"{name}-{number}",
                DBClusterIdentifier=name,
                Engine=engine,
                AvailabilityZone=f"{HOME}{zone}",
                **resolve(ids, member),
            )
    return arns


def resolve(ids, settings):
    """Names to ids; drops what a variant took away."""
    settings = {name: value for name, value in settings.items() if value is not None}
    groups = settings.pop("SecurityGroups", None)
    if groups:
        settings["VpcSecurityGroupIds"] = [ids["security_groups"][g] for g in groups]
    for field in ("KmsKeyId", "PerformanceInsightsKMSKeyId"):
        if field in settings:
            settings[field] = ids["keys"][settings[field]]
    return settings


def create_snapshots(rds):
    arns = {}
    for name, (source, shared) in db.SNAPSHOTS.items():
        created = rds.create_db_snapshot(DBSnapshotIdentifier=name, DBInstanceIdentifier=source)
        arns[name] = created["DBSnapshot"]["DBSnapshotArn"]
        if shared:
            rds.modify_db_snapshot_attribute(DBSnapshotIdentifier=name, AttributeName="restore", ValuesToAdd=shared)
    return arns


def create_cluster_snapshots(rds):
    arns = {}
    for name, (source, shared) in db.CLUSTER_SNAPSHOTS.items():
        created = rds.create_db_cluster_snapshot(DBClusterSnapshotIdentifier=name, DBClusterIdentifier=source)
        arns[name] = created["DBClusterSnapshot"]["DBClusterSnapshotArn"]
        if shared:
            rds.modify_db_cluster_snapshot_attribute(
                DBClusterSnapshotIdentifier=name, AttributeName="restore", ValuesToAdd=shared
            )
    return arns


def overlays(arns):
    return {arns[name]: dated(fields) for name, fields in db.OVERLAYS.items()}


def dated(value):
    """`@10` to the time ten days from now, in whatever it stands."""
    if isinstance(value, dict):
        return {key: dated(inner) for key, inner in value.items()}
    if isinstance(value, str) and value.startswith("@"):
        moment = clock.now() + timedelta(days=int(value[1:]))
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


def seed_away(endpoint):
    ec2, rds, kms = clients(endpoint, AWAY)
    ids = network.build_private(ec2, rds)
    ids["keys"] = {"rotated": create_key(kms, "rotated", rotation=True)}
    parameter_groups(rds)
    placed = {"SecurityGroups": ["eu-internal"], "DBSubnetGroupName": "eu-private"}
    settings = resolve(ids, db.GOOD_INSTANCE | db.ENGINES["postgres"] | placed)
    created = rds.create_db_instance(DBInstanceIdentifier=db.EU_INSTANCE, Engine="postgres", **settings)
    ids["instances"] = {db.EU_INSTANCE: created["DBInstance"]["DBInstanceArn"]}
    for number in range(1, db.EU_SNAPSHOTS + 1):
        name = f"{db.EU_INSTANCE}-snap-{number:03}"
        rds.create_db_snapshot(DBSnapshotIdentifier=name, DBInstanceIdentifier=db.EU_INSTANCE)
    rds.modify_db_snapshot_attribute(
        DBSnapshotIdentifier=db.EU_SHARED_SNAPSHOT,
        AttributeName="restore",
        ValuesToAdd=[db.FOREIGN],
    )
    seed_lifecycle(endpoint, rds, AWAY, ids)
    ids["shared_snapshot"] = db.EU_SHARED_SNAPSHOT
    events.seed(rds, client(endpoint, AWAY, "sns"), events.AWAY)
    return ids


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
