"""Engine versions, log groups and resource shares: what moto lacks of them, and what the account has."""

import json

from moto.core.responses import ActionResult
from moto.ram import urls as ram_urls
from moto.ram.responses import ResourceAccessManagerResponse
from moto.rds.responses import RDSResponse

# Engine -> the versions on offer. Not here: PostgreSQL 13.20.
OFFERED = {
    "postgres": ["14.17", "17.4"],
    "mysql": ["8.4.4"],
    "mariadb": ["10.11.11", "11.8.2"],
    "sqlserver-se": ["15.00.4345.5.v1"],
    "oracle-se2": ["19.0.0.0.ru-2024-07.rur-2024-07.r1"],
    "aurora-postgresql": ["16.6"],
    "aurora-mysql": ["8.0.mysql_aurora.3.08.0"],
    "neptune": ["1.4.5.0"],
    "docdb": ["5.0.0"],
}

# Whose logs never expire, or have no key.
FOREVER, WITHOUT_KEY = "pg-retention-7", "aurora-mysql-tls-pending"
TAGGED = "app-private"
SHARED, STRANGER = "aurora-mysql-good", "210987654321"


def apply():
    """moto lacks these operations; AWS has them."""

    def engine_versions(self):
        engine = self.params.get("Engine")
        versions = [{"Engine": engine, "EngineVersion": v, "Status": "available"} for v in OFFERED.get(engine, [])]
        return ActionResult({"DBEngineVersions": versions})

    def shares(self):
        return [s for s in self.ram_backend.resource_shares if s.status == "ACTIVE"]

    def list_resources(self):
        found = [(arn, s.arn) for s in shares(self) for arn in s.resource_arns]
        listed = [{"arn": arn, "resourceShareArn": share, "type": "rds:Cluster"} for arn, share in found]
        return json.dumps({"resources": listed})

    def list_principals(self):
        found = [{"id": p, "resourceShareArn": s.arn, "external": True} for s in shares(self) for p in s.principals]
        return json.dumps({"principals": found})

    RDSResponse.describe_db_engine_versions = engine_versions
    ResourceAccessManagerResponse.list_resources = list_resources
    ResourceAccessManagerResponse.list_principals = list_principals
    for path in ("listresources", "listprincipals"):
        ram_urls.url_paths[f"{{0}}/{path}$"] = ResourceAccessManagerResponse.dispatch


def seed(rds, logs, ram, key):
    """The log groups of every export, one share with a stranger, one subnet group with a tag."""
    for group in rds.describe_db_subnet_groups()["DBSubnetGroups"]:
        if group["DBSubnetGroupName"] == TAGGED:
            tag = {"Key": "owner", "Value": "platform"}
            rds.add_tags_to_resource(ResourceName=group["DBSubnetGroupArn"], Tags=[tag])
    for instance in rds.describe_db_instances()["DBInstances"]:
        if "DBClusterIdentifier" not in instance:
            _log_groups(logs, "instance", instance["DBInstanceIdentifier"], instance, key)
    for cluster in rds.describe_db_clusters()["DBClusters"]:
        _log_groups(logs, "cluster", cluster["DBClusterIdentifier"], cluster, key)
        if cluster["DBClusterIdentifier"] == SHARED:
            ram.create_resource_share(name="clones", resourceArns=[cluster["DBClusterArn"]], principals=[STRANGER])


def _log_groups(logs, level, name, database, key):
    if database["Engine"] in ("docdb", "neptune"):
        return
    for log in database.get("EnabledCloudwatchLogsExports", []):
        group = {"logGroupName": f"/aws/rds/{level}/{name}/{log}"}
        logs.create_log_group(**group, **({} if name == WITHOUT_KEY else {"kmsKeyId": key}))
        if name != FOREVER:
            logs.put_retention_policy(**group, retentionInDays=400)
