"""What moto answers differently from MemoryDB, put right where a verdict depends on it."""

import json

from moto.core.responses import ActionResult
from moto.memorydb.models import MemoryDBBackend, MemoryDBCluster
from moto.memorydb.responses import MemoryDBResponse


def apply():
    clusters()
    access_control_lists()
    service_updates()
    snapshots()


def clusters():
    """AWS names the engine, writes the availability mode in lower case, and has clusters without replicas.

    moto names no engine and takes 0 replicas for the default.
    """
    create, describe = MemoryDBCluster.__init__, MemoryDBCluster.to_dict

    def init(self, *arguments, num_replicas_per_shard, **more):
        create(self, *arguments, num_replicas_per_shard=num_replicas_per_shard, **more)
        if num_replicas_per_shard == 0:
            self.num_replicas_per_shard = 0
            self.shards = self.get_shard_details()
            self.availability_mode = "SingleAZ"

    def to_dict(self):
        described = describe(self)
        return described | {"Engine": "valkey", "AvailabilityMode": described["AvailabilityMode"].lower()}

    MemoryDBCluster.__init__ = init
    MemoryDBCluster.to_dict = to_dict


def access_control_lists():
    """moto lacks ACLs. AWS has `open-access`, of the user `default`, in every account."""

    def lists(self):
        backend = self.memorydb_backend
        default = {"open-access": ["default"]}
        return backend.__dict__.setdefault("access_control_lists", default)

    def described(self, name):
        arn = f"arn:aws:memorydb:{self.region}:{self.current_account}:acl/{name}"
        return {"Name": name, "Status": "active", "UserNames": lists(self)[name], "ARN": arn}

    def create_acl(self):
        asked = json.loads(self.body)
        lists(self)[asked["ACLName"]] = asked.get("UserNames", [])
        return ActionResult({"ACL": described(self, asked["ACLName"])})

    def describe_acls(self):
        return ActionResult({"ACLs": [described(self, name) for name in lists(self)]})

    MemoryDBResponse.create_acl = create_acl
    # As moto spells DescribeACLs in lower case.
    MemoryDBResponse.describe_ac_ls = describe_acls


def service_updates():
    """moto lacks service updates; an update waits for each cluster whose name says so."""
    past, future = 1_760_000_000, 4_000_000_000

    def describe_service_updates(self):
        asked = json.loads(self.body).get("ClusterNames", [])
        starts = {name: past for name in asked if name.endswith("overdue")} | {name: future for name in asked if name.endswith("good")}
        updates = [
            {"ClusterName": name, "ServiceUpdateName": "memorydb-update", "Status": "available", "AutoUpdateStartDate": start}
            for name, start in starts.items()
        ]
        return ActionResult({"ServiceUpdates": updates})

    MemoryDBResponse.describe_service_updates = describe_service_updates


def snapshots():
    """AWS filters by who made a snapshot, `user` or `system`; moto by what the answer says, `manual` or `automated`."""
    describe = MemoryDBBackend.describe_snapshots

    def describe_snapshots(self, cluster_name=None, snapshot_name=None, source=None):
        return describe(self, cluster_name, snapshot_name, {"user": "manual", "system": "automated"}.get(source))

    MemoryDBBackend.describe_snapshots = describe_snapshots
