"""Seeds the account of account.py and more databases of every kind in it, to measure scans.

Usage: mixed.py ENDPOINT [COUNT]. 800 databases more by default, copies of the variants that account.py makes, good
and bad: of twenty, nine DB instances (three of them in eu-west-1), three Aurora clusters of one instance, four DynamoDB
tables, two ElastiCache replication groups, a MemoryDB cluster and a DAX cluster.
"""

import sys
from itertools import cycle, islice

# The tests must leave no trace in the checkout.
sys.dont_write_bytecode = True

import account
import databases as db
import dax
import dynamodb
import elasticache
import memorydb

COUNT, OF_EACH = 800, 20
PLACED = {"SecurityGroups": ["eu-internal"], "DBSubnetGroupName": "eu-private"}


def main(endpoint, count=COUNT):
    ids = account.seed(endpoint)
    made = int(count) // OF_EACH
    instances(endpoint, account.HOME, ids, 6 * made, {})
    instances(endpoint, account.AWAY, ids[account.AWAY], 3 * made, PLACED)
    clusters(endpoint, ids, 3 * made)
    here = lambda service: account.client(endpoint, account.HOME, service)
    for name, settings in copies(dynamodb.TABLES, 4 * made):
        dynamodb.create(here("dynamodb"), here, ids, name, dynamodb.GOOD | settings)
    for name, difference in copies(elasticache.GROUPS, 2 * made):
        settings = elasticache.resolve(ids, elasticache.GOOD_GROUP | difference)
        here("elasticache").create_replication_group(ReplicationGroupId=name, ReplicationGroupDescription=name, **settings)
    for name, difference in copies(memorydb.CLUSTERS, made):
        memorydb.create(here("memorydb"), ids, name, difference)
    for name, difference in copies(dax.CLUSTERS, made):
        dax.create(here("dax"), ids, name, difference)
    account.post(f"{endpoint}/dbmoat/calls/reset")


def copies(variants, count):
    """So many of the variants, each under a name of its own."""
    return ((f"{name}-{number}", settings) for number, (name, settings) in enumerate(islice(cycle(variants.items()), count)))


def instances(endpoint, region, ids, count, placed):
    rds = account.client(endpoint, region, "rds")
    known = {None, *ids["keys"]}
    variants = {
        name: (engine, difference)
        for name, (engine, difference) in db.INSTANCES.items()
        if engine in ("postgres", "mysql", "mariadb") and difference.get("KmsKeyId") in known
    }
    for name, (engine, difference) in copies(variants, count):
        settings = account.resolve(ids, db.GOOD_INSTANCE | db.ENGINES[engine] | difference | placed)
        rds.create_db_instance(DBInstanceIdentifier=name, Engine=engine, **settings)


def clusters(endpoint, ids, count):
    rds = account.client(endpoint, account.HOME, "rds")
    variants = {name: variant for name, variant in db.CLUSTERS.items() if variant[0].startswith("aurora")}
    for name, (engine, difference, member, _) in copies(variants, count):
        settings = account.resolve(ids, db.GOOD_CLUSTER | difference | {"GlobalClusterIdentifier": None})
        rds.create_db_cluster(DBClusterIdentifier=name, Engine=engine, **settings)
        of_member = account.resolve(ids, member)
        rds.create_db_instance(DBInstanceIdentifier=f"{name}-1", DBClusterIdentifier=name, Engine=engine, **of_member)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), *sys.argv[2:])
