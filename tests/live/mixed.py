"""Seeds the account of account.py and more databases of every kind in it, to measure scans.

Usage: mixed.py ENDPOINT [COUNT]. 800 databases more by default, in halves in us-east-1 and eu-west-1, copies of the
variants that account.py makes, good and bad: of twenty, nine DB instances, three Aurora clusters of one instance, four
DynamoDB tables, two ElastiCache replication groups, a MemoryDB cluster and a DAX cluster. What AWS leaves off unless
it is asked for, and a scan pays for with a call, every third has: a password that RDS keeps in a secret, a stream of a
table. Every Nth has it with N in the environment variable EVERY.
"""

import os
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
import network

COUNT, OF_EACH = 800, 20
EVERY = int(os.environ.get("EVERY", 3))


def main(endpoint, count=COUNT):
    ids = account.seed(endpoint)
    made = int(count) // OF_EACH
    seed(endpoint, account.HOME, ids, made - made // 2)
    seed(endpoint, account.AWAY, surround(endpoint, account.AWAY, ids[account.AWAY]["keys"]), made // 2)
    account.post(f"{endpoint}/dbmoat/calls/reset")


def surround(endpoint, region, keys):
    """Creates in a region what databases are placed in; returns its ids."""
    client = lambda service: account.client(endpoint, region, service)
    ids = network.build(client("ec2"), client("rds")) | {"keys": keys}
    for service in (elasticache, memorydb, dax):
        service.surround(client(service.__name__), ids)
    return ids


def seed(endpoint, region, ids, made):
    client = lambda service: account.client(endpoint, region, service)
    instances(client("rds"), ids, 9 * made)
    clusters(client("rds"), ids, 3 * made)
    for number, (name, difference) in enumerate(copies(dynamodb.TABLES, 4 * made)):
        settings = dynamodb.GOOD | difference | unless_every(number, {"StreamSpecification": None, "pipe": None})
        dynamodb.create(client("dynamodb"), client, ids, name, settings)
    for name, difference in copies(elasticache.GROUPS, 2 * made):
        elasticache.create_group(client("elasticache"), ids, name, difference)
    for name, difference in copies(memorydb.CLUSTERS, made):
        memorydb.create(client("memorydb"), ids, name, difference)
    for name, difference in copies(dax.CLUSTERS, made):
        dax.create(client("dax"), ids, name, difference)


def copies(variants, count):
    """So many of the variants, each under a name of its own."""
    return ((f"{name}-{number}", settings) for number, (name, settings) in enumerate(islice(cycle(variants.items()), count)))


def instances(rds, ids, count):
    variants = {
        name: (engine, difference)
        for name, (engine, difference) in db.INSTANCES.items()
        if engine in ("postgres", "mysql", "mariadb") and has_key(ids, difference)
    }
    for number, (name, (engine, difference)) in enumerate(copies(variants, count)):
        settings = account.resolve(ids, db.GOOD_INSTANCE | db.ENGINES[engine] | difference | unless_every(number, db.PASSWORD))
        rds.create_db_instance(DBInstanceIdentifier=name, Engine=engine, **settings)


def clusters(rds, ids, count):
    variants = {name: variant for name, variant in db.CLUSTERS.items() if variant[0].startswith("aurora") and has_key(ids, variant[1])}
    for number, (name, (engine, difference, member, _)) in enumerate(copies(variants, count)):
        difference = difference | unless_every(number, db.PASSWORD) | {"GlobalClusterIdentifier": None}
        rds.create_db_cluster(DBClusterIdentifier=name, Engine=engine, **account.resolve(ids, db.GOOD_CLUSTER | difference))
        of_member = account.resolve(ids, member)
        rds.create_db_instance(DBInstanceIdentifier=f"{name}-1", DBClusterIdentifier=name, Engine=engine, **of_member)


def has_key(ids, difference):
    return difference.get("KmsKeyId") in {None, *ids["keys"]}


def unless_every(number, difference):
    return {} if number % EVERY == 0 else difference


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), *sys.argv[2:])
