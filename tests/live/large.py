"""Seeds a large account in the emulator, to count the calls that a scan of it takes.

Usage: large.py ENDPOINT. 300 DB instances, 100 Aurora clusters of one instance
each, 500 manual snapshots and 5,000 automated ones, all in us-east-1.
"""

import sys

# The tests must leave no trace in the checkout.
sys.dont_write_bytecode = True

import account
import databases as db
import network

INSTANCES, CLUSTERS, SNAPSHOTS, AUTOMATED = 300, 100, 500, 5_000


def main(endpoint):
    for order in ("moto-api/reset", "dbmoat/reset", "moto-api/seed?a=42"):
        account.post(f"{endpoint}/{order}")
    ec2, rds, kms = account.clients(endpoint, account.HOME)
    ids = network.build(ec2, rds)
    ids["keys"] = {"rotated": account.create_key(kms, "rotated", rotation=True)}
    account.parameter_groups(rds)
    standing = account.resolve(ids, db.GOOD_INSTANCE | db.ENGINES["postgres"])
    for number in range(INSTANCES):
        rds.create_db_instance(DBInstanceIdentifier=f"orders-{number}", Engine="postgres", **standing)
    _, difference, member, _ = db.CLUSTERS["aurora-pg-good"]
    difference = difference | {"GlobalClusterIdentifier": None}
    shared, member = (account.resolve(ids, settings) for settings in (db.GOOD_CLUSTER | difference, member))
    for number in range(CLUSTERS):
        name = f"shop-{number}"
        rds.create_db_cluster(DBClusterIdentifier=name, Engine="aurora-postgresql", **shared)
        rds.create_db_instance(
            DBInstanceIdentifier=f"{name}-1",
            DBClusterIdentifier=name,
            Engine="aurora-postgresql",
            **member,
        )
    for number in range(SNAPSHOTS):
        source = f"orders-{number % INSTANCES}"
        rds.create_db_snapshot(DBSnapshotIdentifier=f"{source}-{number}", DBInstanceIdentifier=source)
    automated = {"account": db.OWNER, "region": account.HOME, "count": AUTOMATED}
    account.post(f"{endpoint}/dbmoat/automated-snapshots", automated)
    account.post(f"{endpoint}/dbmoat/calls/reset")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
