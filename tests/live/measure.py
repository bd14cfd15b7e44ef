"""Scans a large account behind a slow network, and prints the calls, the time and the memory that it takes.

Usage: measure.py DBMOAT SEED COUNT [MILLISECONDS] [ARGUMENT...], with the program to measure; `mixed` or `large_tables`,
the script that seeds the account, and how many databases it makes; what is added to every answer, 50 ms by default;
and what the scan is called with besides.
"""

import importlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter

# The tests must leave no trace in the checkout.
sys.dont_write_bytecode = True

import account

HERE = pathlib.Path(__file__).parent
NAMED = 3

# What counts as a database, which no copy of one is, and no node of a cache.
DATABASES = {
    "AWS::Cassandra::Table", "AWS::DAX::Cluster", "AWS::DSQL::Cluster", "AWS::DocDB::DBCluster", "AWS::DynamoDB::Table",
    "AWS::ElastiCache::CacheCluster", "AWS::ElastiCache::ReplicationGroup", "AWS::ElastiCache::ServerlessCache",
    "AWS::MemoryDB::Cluster", "AWS::Neptune::DBCluster", "AWS::RDS::DBCluster", "AWS::RDS::DBInstance",
    "AWS::Timestream::InfluxDBCluster", "AWS::Timestream::InfluxDBInstance", "AWS::Timestream::Table",
}  # fmt: skip


def main(dbmoat, seed, count, milliseconds=50, *arguments):
    server = subprocess.Popen(
        [sys.executable, HERE / "server.py", "0", "--with-parent"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    endpoint = "http://" + server.stdout.readline().strip().removeprefix("listening on ")
    importlib.import_module(seed).main(endpoint, count)
    account.post(f"{endpoint}/dbmoat/latency", {"milliseconds": int(milliseconds)})
    seconds, usage, own, mapped = scan(dbmoat, endpoint, arguments)
    calls = Counter(call["operation"] for call in ask(endpoint, "calls"))
    busy = ask(endpoint, "busy")
    account.post(f"{endpoint}/dbmoat/latency", {"milliseconds": 0})
    found, whole = databases(dbmoat, endpoint)
    server.kill()
    report(calls, int(count), rules(dbmoat))
    total = calls.total()
    print(f"{found:7,}  databases; {whole:,} if a cluster and its members are one, of which {seed} made {int(count):,}")
    print(f"{total:7,}  calls, {total / found:.2f} a database, {total / whole:.2f} a cluster or database outside one")
    print(f"{total * int(milliseconds) / 1000:7,.0f}  seconds of added latency, if one call followed the other")
    print(f"{seconds:7.1f}  seconds, of which the program computed {usage.ru_utime + usage.ru_stime:.1f}")
    print(f"{busy:7.1f}  seconds in which the emulator, one call at a time, made its answers")
    print(f"{own / 1024:7.0f}  MiB of memory of its own at most, and {mapped / 1024:.0f} MiB of the program's file")


def ask(endpoint, order):
    with urllib.request.urlopen(f"{endpoint}/dbmoat/{order}") as answer:
        return json.load(answer)


def rules(dbmoat):
    """The ids of the rules that need each operation."""
    listed = json.loads(subprocess.run([dbmoat, "rules", "list", "-f", "json"], capture_output=True, check=True).stdout)
    needing = {}
    for rule in listed:
        for operation in rule["operations"]:
            needing.setdefault(operation, []).append(rule["id"])
    return needing


def report(calls, count, needing):
    """The calls by operation; of those that are made once a resource, the rules that need them."""
    for operation, number in calls.most_common():
        ids = needing.get(operation, []) if number > count / 50 else []
        named = ", ".join(ids[:NAMED]) + (f" and {len(ids) - NAMED} more" if len(ids) > NAMED else "")
        print(f"{number:7,}  {operation}{': ' if named else ''}{named}")


def databases(dbmoat, endpoint):
    """How many databases the account has, and how many without the instances of DB clusters."""
    with tempfile.TemporaryDirectory() as folder:
        inventory = pathlib.Path(folder) / "inventory.jsonl"
        # Rules about tags list every database and ask little besides.
        start(dbmoat, "collect", endpoint, "--rule", "*-tagged", "-o", str(inventory)).wait()
        resources = [json.loads(line) for line in inventory.read_text().splitlines()]
    found = [resource for resource in resources if resource.get("kind") in DATABASES]
    found = [resource for resource in found if resource["kind"] != "AWS::ElastiCache::CacheCluster" or "ReplicationGroupId" not in resource["data"]]
    members = [resource for resource in found if resource["kind"] == "AWS::RDS::DBInstance" and "DBClusterIdentifier" in resource["data"]]
    return len(found), len(found) - len(members)


def start(dbmoat, command, endpoint, *arguments):
    # The AWS configuration of the caller must not matter.
    settings = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    settings |= {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_EC2_METADATA_DISABLED": "true"}
    where = ["--region", f"{account.HOME},{account.AWAY}", "--endpoint-url", endpoint]
    return subprocess.Popen([dbmoat, command, *where, *arguments], env=settings, stderr=subprocess.DEVNULL)


def scan(dbmoat, endpoint, arguments):
    """The seconds, the usage, and the most KiB of memory of its own and of files that a scan has at once."""
    started = time.monotonic()
    program = start(dbmoat, "scan", endpoint, "--exit-zero", "-o", f"json={os.devnull}", *arguments)
    own = mapped = 0
    while True:
        # Not the maximum that the kernel reports: it begins with the memory of this program.
        status = pathlib.Path(f"/proc/{program.pid}/status").read_text()
        own, mapped = (max(most, kibibytes(status, name)) for most, name in ((own, "RssAnon"), (mapped, "RssFile")))
        process, code, usage = os.wait4(program.pid, os.WNOHANG)
        if process:
            break
        time.sleep(0.02)
    if code:
        sys.exit(f"the scan ended with {os.waitstatus_to_exitcode(code)}")
    return time.monotonic() - started, usage, own, mapped


def kibibytes(status, name):
    found = re.search(rf"{name}:\s+(\d+)", status)
    return int(found[1]) if found else 0


if __name__ == "__main__":
    main(*sys.argv[1:])
