"""What moto answers differently from AWS about ElastiCache, put right where a verdict depends on it."""

import inspect

from control import OVERLAY
from moto.core.responses import ActionResult
from moto.elasticache.models import CacheCluster, ElastiCacheBackend, ReplicationGroup
from moto.elasticache.responses import ElastiCacheResponse

VERSIONS = {"redis": ("5.0.6", "6.0", "6.2", "7.0", "7.1"), "valkey": ("7.2", "8.0"), "memcached": ("1.5.16", "1.6.22")}


def apply():
    clusters()
    replication_groups()
    users()
    serverless()
    reference_data()


def clusters():
    """Fields AWS returns of a cluster; moto takes them and keeps them to itself."""
    init = CacheCluster.__init__

    def complete(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.replication_group_id = kwargs["replication_group_id"]
        self.num_cache_nodes = kwargs["num_cache_nodes"] or 1
        # moto believes that every engine has Redis's port.
        port = int(kwargs["port"] or (11211 if self.engine == "memcached" else 6379))
        endpoint = {"Address": f"{self.cache_cluster_id}.use1.cache.amazonaws.com", "Port": port}
        zones = kwargs["preferred_availability_zones"] or ["us-east-1a"] * self.num_cache_nodes
        self.cache_nodes = [
            {"CacheNodeId": f"{number:04}", "CustomerAvailabilityZone": zone, "Endpoint": endpoint}
            for number, zone in enumerate(zones, 1)
        ]
        self.configuration_endpoint = endpoint if self.engine == "memcached" else None
        self.security_groups = [{"SecurityGroupId": group, "Status": "active"} for group in self.security_group_ids]
        self.cache_security_groups = []
        self.cache_subnet_group_name = self.cache_subnet_group_name or "default"
        self.at_rest_encryption_enabled = False
        self.transit_encryption_enabled = bool(self.transit_encryption_enabled)
        topic = self.notification_topic_arn
        self.notification_configuration = {"TopicArn": topic, "TopicStatus": "active"} if topic else None

    CacheCluster.__init__ = complete


def replication_groups():
    """AWS makes the member clusters of a group, and says how it is encrypted."""
    init = ReplicationGroup.__init__
    create = ElastiCacheBackend.create_replication_group
    of_cluster = inspect.signature(ElastiCacheBackend.create_cache_cluster).parameters

    def complete(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.auto_minor_version_upgrade = str(self.auto_minor_version_upgrade).lower() != "false"
        kind = "sse-kms" if self.kms_key_id else "sse-elasticache"
        self.storage_encryption_type = kind if self.at_rest_encryption_enabled else "none"

    def create_with_members(self, **given):
        group = create(self, **given)
        settings = {name: given.get(name) for name in of_cluster if name != "self"}
        for member in group.member_clusters:
            of_member = {"cache_cluster_id": member, "engine": group.engine, "tags": None, "log_delivery_configurations": None}
            self.create_cache_cluster(**settings | of_member)
        return group

    ReplicationGroup.__init__ = complete
    ElastiCacheBackend.create_replication_group = create_with_members


def users():
    """moto has users and no groups of them."""

    def create_user_group(self):
        params = self._get_params()
        group = {"UserGroupId": params["UserGroupId"], "Engine": params["Engine"], "UserIds": params["UserIds"]}
        group |= {"ARN": _arn(self, "usergroup", group["UserGroupId"]), "Status": "active"}
        _stored(self, "user_groups").append(group)
        return ActionResult(group)

    ElastiCacheResponse.create_user_group = create_user_group
    ElastiCacheResponse.describe_user_groups = _listing("UserGroups", "user_groups")


def serverless():
    """moto lacks serverless caches. AWS gives them ports of their own and tags."""
    fields = ("ServerlessCacheName", "Engine", "KmsKeyId", "SubnetIds", "SecurityGroupIds", "UserGroupId", "ConnectionType")

    def create_serverless_cache(self):
        params = self._get_params()
        name = params["ServerlessCacheName"]
        port = 11211 if params["Engine"] == "memcached" else 6379
        cache = {field: params[field] for field in fields if field in params} | {
            "ARN": _arn(self, "serverlesscache", name),
            "Status": "available",
            "StorageEncryptionType": "sse-kms" if "KmsKeyId" in params else "sse-elasticache",
            "SnapshotRetentionLimit": int(params.get("SnapshotRetentionLimit", 0)),
            "Endpoint": {"Address": f"{name}.serverless.use1.cache.amazonaws.com", "Port": port},
            "ReaderEndpoint": {"Address": f"{name}.serverless.use1.cache.amazonaws.com", "Port": port + 1},
        }
        _stored(self, "serverless_caches").append(cache)
        self.elasticache_backend.tagging_service.tag_resource(cache["ARN"], params.get("Tags", []))
        return ActionResult({"ServerlessCache": cache})

    ElastiCacheResponse.create_serverless_cache = create_serverless_cache
    ElastiCacheResponse.describe_serverless_caches = _listing("ServerlessCaches", "serverless_caches")
    ElastiCacheResponse.describe_serverless_cache_snapshots = _listing("ServerlessCacheSnapshots", "serverless_snapshots")


def reference_data():
    """The versions on offer, updates from an overlay, and what the account has none of."""

    def describe_cache_engine_versions(self):
        versions = [{"Engine": engine, "EngineVersion": version} for engine, known in VERSIONS.items() for version in known]
        return ActionResult({"CacheEngineVersions": versions})

    def describe_update_actions(self):
        return ActionResult({"UpdateActions": OVERLAY.get("cache-updates", {}).get(self.region, [])})

    ElastiCacheResponse.describe_cache_engine_versions = describe_cache_engine_versions
    ElastiCacheResponse.describe_update_actions = describe_update_actions
    ElastiCacheResponse.describe_global_replication_groups = _listing("GlobalReplicationGroups", "global_groups")


def _listing(field, name):
    return lambda self: ActionResult({field: _stored(self, name)})


def _stored(self, name):
    return self.elasticache_backend.__dict__.setdefault(name, [])


def _arn(self, kind, name):
    return f"arn:aws:elasticache:{self.region}:{self.current_account}:{kind}:{name}"
