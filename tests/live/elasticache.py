"""The caches of the test account: a good one of each sort, and variants that say what differs."""

from datetime import timedelta

import clock
import databases as db

PORT = 15432  # One that the security groups of network.py speak of.
LOG = {"DestinationType": "cloudwatch-logs", "DestinationDetails": {"CloudWatchLogsDetails": {"LogGroup": "caches"}}, "LogFormat": "json"}
LOGS = [{"LogType": log} | LOG for log in ("slow-log", "engine-log")]
TOPIC = f"arn:aws:sns:us-east-1:{db.OWNER}:caches"
TAGS = [{"Key": "team", "Value": "shop"}]

GOOD_GROUP = {
    "Engine": "valkey",
    "EngineVersion": "8.0.1",
    "CacheNodeType": "cache.r7g.large",
    "ClusterMode": "enabled",
    "NumNodeGroups": 1,
    "ReplicasPerNodeGroup": 1,
    "AutomaticFailoverEnabled": True,
    "MultiAZEnabled": True,
    "Port": PORT,
    "SnapshotRetentionLimit": 7,
    "TransitEncryptionEnabled": True,
    "TransitEncryptionMode": "required",
    "AtRestEncryptionEnabled": True,
    "KmsKeyId": "rotated",
    "UserGroupIds": ["cache-users"],
    "CacheSubnetGroupName": "caches-private",
    "SecurityGroupIds": ["internal"],
    "NotificationTopicArn": TOPIC,
    "LogDeliveryConfigurations": LOGS,
    "Tags": TAGS,
}

# Replication group -> what differs from the good one; None takes a setting away.
GROUPS = {
    "cache-good": {},
    # Everything wrong that can be, on an engine that could do better.
    "cache-bad": {
        "Engine": "redis",
        "EngineVersion": "6.2.6",
        "CacheNodeType": "cache.m3.medium",
        "ClusterMode": "disabled",
        "ReplicasPerNodeGroup": None,
        "AutomaticFailoverEnabled": False,
        "MultiAZEnabled": False,
        "Port": 6379,
        "SnapshotRetentionLimit": 0,
        "TransitEncryptionEnabled": False,
        "TransitEncryptionMode": None,
        "AtRestEncryptionEnabled": False,
        "KmsKeyId": None,
        "UserGroupIds": None,
        "CacheSubnetGroupName": "default",
        "SecurityGroupIds": ["open-all-protocols"],
        "NotificationTopicArn": None,
        "LogDeliveryConfigurations": None,
        "AutoMinorVersionUpgrade": False,
        "Tags": None,
    },
    # TLS that is preferred still takes plain text, and the stock default user everybody.
    "cache-preferred": {"TransitEncryptionMode": "preferred", "UserGroupIds": ["stock-users"]},
    # AWS owns the key: encrypted, though not with the customer's key.
    "cache-aws-owned-key": {"KmsKeyId": None},
    # Before 6.0 there is AUTH alone, and half of a half-open network is still public.
    "cache-redis5": {"Engine": "redis", "EngineVersion": "5.0.6", "UserGroupIds": None, "SecurityGroupIds": ["open-low-half"]},
    "cache-redis5-auth": {"Engine": "redis", "EngineVersion": "5.0.6", "UserGroupIds": None, "AuthToken": "not-a-real-token-1"},
}

GOOD_CLUSTER = {
    "Engine": "memcached",
    "EngineVersion": "1.6.22",
    "CacheNodeType": "cache.r7g.large",
    "NumCacheNodes": 2,
    "PreferredAvailabilityZones": ["us-east-1a", "us-east-1b"],
    "Port": PORT,
    "TransitEncryptionEnabled": True,
    "AutoMinorVersionUpgrade": True,
    "CacheSubnetGroupName": "caches-private",
    "SecurityGroupIds": ["group-source"],
    "NotificationTopicArn": TOPIC,
    "Tags": TAGS,
}

CLUSTERS = {
    "pages-good": {},
    "pages-bad": {
        "EngineVersion": "1.5.16",
        "NumCacheNodes": 1,
        "PreferredAvailabilityZones": ["us-east-1a"],
        "Port": 11211,
        "TransitEncryptionEnabled": False,
        "AutoMinorVersionUpgrade": False,
        "CacheSubnetGroupName": "default",
        "SecurityGroupIds": ["open-all-protocols"],
        "Tags": None,
    },
    # No public source, but all of 10.0.0.0/8.
    "pages-wide": {"SecurityGroupIds": ["internal"]},
    "single-redis": {
        "Engine": "redis",
        "EngineVersion": "7.1.0",
        "NumCacheNodes": 1,
        "PreferredAvailabilityZones": ["us-east-1a"],
        "TransitEncryptionEnabled": False,
        "SnapshotRetentionLimit": 3,
    },
}

GOOD_SERVERLESS = {
    "Engine": "valkey",
    "KmsKeyId": "rotated",
    "SubnetIds": ["private-a", "private-b"],
    "SecurityGroupIds": ["internal"],
    "UserGroupId": "cache-users",
    "SnapshotRetentionLimit": 7,
    "Tags": TAGS,
}

SERVERLESS = {
    "carts-good": {},
    "carts-bad": {
        "KmsKeyId": None,
        "SubnetIds": ["public-a", "private-b"],
        "SecurityGroupIds": ["open-all-protocols"],
        "UserGroupId": None,
        "SnapshotRetentionLimit": 0,
        "Tags": None,
    },
    # In no VPC: neither subnets nor security groups.
    "carts-public": {"ConnectionType": "public", "SubnetIds": None, "SecurityGroupIds": None, "UserGroupId": "stock-users"},
    "carts-memcached": {"Engine": "memcached", "UserGroupId": None, "SnapshotRetentionLimit": 0},
}

# User -> name, rights, way to sign in. `default` is there from the start: on, without a password.
USERS = {
    "app": ("app", "on ~app:* +@all -@dangerous", {"AuthenticationMode": {"Type": "iam"}}),
    "cache-default": ("default", "off -@all", {"NoPasswordRequired": True}),
    "operator": ("operator", "on ~* +@all", {"Passwords": ["not-a-real-password-1"]}),
}
USER_GROUPS = {"cache-users": ["app", "cache-default"], "stock-users": ["app", "default", "operator"]}

SNAPSHOTS = {"cache-snap-good": ("cache-good", "rotated"), "cache-snap-bad": ("cache-bad", None)}


def build(elasticache, ids):
    """Creates the caches of us-east-1."""
    surround(elasticache, ids)
    for name, difference in GROUPS.items():
        create_group(elasticache, ids, name, difference)
    for name, difference in CLUSTERS.items():
        elasticache.create_cache_cluster(CacheClusterId=name, **resolve(ids, GOOD_CLUSTER | difference))
    for name, difference in SERVERLESS.items():
        elasticache.create_serverless_cache(ServerlessCacheName=name, **resolve(ids, GOOD_SERVERLESS | difference))
    for name, (group, key) in SNAPSHOTS.items():
        key = {"KmsKeyId": ids["keys"][key]} if key else {}
        elasticache.create_snapshot(SnapshotName=name, ReplicationGroupId=group, **key)


def surround(elasticache, ids):
    """Creates the subnet groups, users and user groups that caches name."""
    for name, subnets in {"caches-private": ("private-a", "private-b"), "default": ("public-a", "public-b")}.items():
        elasticache.create_cache_subnet_group(
            CacheSubnetGroupName=name,
            CacheSubnetGroupDescription=name,
            SubnetIds=[ids["subnets"][subnet] for subnet in subnets],
        )
    for user, (name, rights, authentication) in USERS.items():
        elasticache.create_user(UserId=user, UserName=name, Engine="valkey", AccessString=rights, **authentication)
    for group, users in USER_GROUPS.items():
        elasticache.create_user_group(UserGroupId=group, Engine="valkey", UserIds=users)


def create_group(elasticache, ids, name, difference):
    settings = resolve(ids, GOOD_GROUP | difference)
    elasticache.create_replication_group(ReplicationGroupId=name, ReplicationGroupDescription=name, **settings)


def resolve(ids, settings):
    """Names to ids; drops what a variant took away."""
    settings = {name: value for name, value in settings.items() if value is not None}
    for field, kind in (("SecurityGroupIds", "security_groups"), ("SubnetIds", "subnets")):
        if field in settings:
            settings[field] = [ids[kind][name] for name in settings[field]]
    if "KmsKeyId" in settings:
        settings["KmsKeyId"] = ids["keys"][settings["KmsKeyId"]]
    return settings


def overlays():
    """A security update that a group should have had two weeks ago."""
    overdue = (clock.now() - timedelta(days=14)).strftime("%Y-%m-%dT%H:%M:%SZ")
    update = {
        "ReplicationGroupId": "cache-preferred",
        "ServiceUpdateName": "elasticache-20261001",
        "ServiceUpdateType": "security-update",
        "ServiceUpdateStatus": "available",
        "ServiceUpdateRecommendedApplyByDate": overdue,
        "UpdateActionStatus": "not-applied",
    }
    return {"cache-updates": {"us-east-1": [update]}}
