"""Aurora DSQL clusters, an entry per variant. They have no names: tests find them by the ARNs that the seeding prints."""

import json

CONNECT = ["dsql:DbConnect", "dsql:DbConnectAdmin"]
OUTSIDE = {"Null": {"aws:SourceVpc": "true"}}


def statement(effect, actions, condition=None):
    return {"Effect": effect, "Principal": "*", "Action": actions, "Resource": "*", "Condition": condition or {}}


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


VPC_ONLY = policy(statement("Deny", CONNECT, OUTSIDE))
GOOD = {"kmsEncryptionKey": "rotated", "deletionProtectionEnabled": True, "tags": {"team": "wallet"}, "policy": VPC_ONLY}

# Cluster -> what differs from the good one; None takes a setting away.
CLUSTERS = {
    "dsql-good": {},
    "dsql-owned-key": {"kmsEncryptionKey": None},
    "dsql-unprotected": {"deletionProtectionEnabled": False},
    "dsql-untagged": {"tags": None},
    "dsql-no-policy": {"policy": None},
    "dsql-admin-from-anywhere": {"policy": policy(statement("Deny", CONNECT[0], OUTSIDE))},
    "dsql-public": {"policy": policy(statement("Allow", CONNECT))},
}


def seed(client, ids):
    """Creates them; returns their ARNs."""
    arns = {}
    for name, difference in CLUSTERS.items():
        settings = {field: value for field, value in (GOOD | difference).items() if value is not None}
        if key := settings.pop("kmsEncryptionKey", None):
            settings["kmsEncryptionKey"] = ids["keys"][key]
        arns[name] = client.create_cluster(**settings)["arn"]
    return arns
