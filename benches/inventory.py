#!/usr/bin/env python3
"""Writes an inventory of many databases, always the same: copies of the regions of the demo.

The demo (fixtures/demo.jsonl) has databases of every kind, good and bad, with the networks, keys,
groups and backups around them, and one region in which EC2 may not be read. Each region written here
is one of its regions over and over, every copy under names of its own. What a region has once, such
as engine versions, it has once; each account has its users and roles.

    python3 benches/inventory.py --databases 1000000 --scopes 200 inventory.jsonl
"""

import argparse
import json
import pathlib
import re
import sys

DEMO = pathlib.Path(__file__).parent.parent / "fixtures" / "demo.jsonl"
ACCOUNT = "111122223333"
REGIONS = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2", "ap-northeast-1", "sa-east-1"]
# What a region or account has once, not with each network.
ONCE = re.compile(
    r"AWS::::Account|AWS::CloudTrail::|AWS::IAM::|AWS::RDS::(Certificate|DBEngine|DBMajorEngineVersion|EventSubscription)|.*Family$|"
    r"AWS::ElastiCache::CacheEngineVersion|AWS::Backup::RegionSettings|AWS::EC2::VPCBlockPublicAccess|AWS::SNS::")
# Of which AWS lets a region have some twenty: they are written with the first ten copies.
FEW = re.compile(r"AWS::EC2::VPCEndpoint$")
# What databases share by name: it is written with every copy, under its own name.
SHARED = re.compile(r".*::(LogGroup|ACL|User|UserGroup|BackupVault|BackupSelection)$")
DATABASE = re.compile(r".*::(DBInstance|DBCluster|CacheCluster|ReplicationGroup|ServerlessCache|Cluster|Graph|Table|InfluxDBInstance)$")
COPY, OF_ACCOUNT, OF_REGION = "\x00", "\x01", "\x02"


class Region:
    """A region of the demo, made ready to be copied."""

    def __init__(self, account, region, resources, end):
        self.complete = end["complete"]
        self.databases = sum(bool(DATABASE.match(resource["kind"])) for resource in resources)
        once = [resource for resource in resources if ONCE.match(resource["kind"])]
        copied = [resource for resource in resources if not ONCE.match(resource["kind"])]
        names = {name for resource in copied for name in names_of(resource)} - {name for resource in once for name in names_of(resource)}
        # Longest first, so that no name is taken for a part of another.
        names = sorted(names, key=lambda name: (-len(name), name))
        named = re.compile(r"(?<!role/)(?<![\w-])(" + "|".join(map(re.escape, names)) + r")(?![\w-])") if names else None

        def text(value, copy):
            line = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
            if copy and named:
                line = re.sub(r'(?<=:|\[|,|\{)"((?:[^"\\]|\\.)*)"(?!:)', lambda match: '"' + named.sub(lambda name: name[0] + COPY, match[1]) + '"', line)
            return line.replace(account, OF_ACCOUNT).replace(region, OF_REGION) + "\n"

        self.once = "".join(text(resource, False) for resource in once)
        self.copied = "".join(text(resource, True) for resource in copied if not FEW.match(resource["kind"]))
        self.few = "".join(text(resource, True) for resource in copied if FEW.match(resource["kind"]))
        self.end = text(end, False)

    def write(self, out, account, region, copies):
        """Writes a scope of so many copies; returns how many databases it has."""
        def named(text):
            return text.replace(OF_ACCOUNT, account).replace(OF_REGION, region)

        out.write(named(self.once))
        few, copied = named(self.few), named(self.copied)
        for copy in range(copies):
            out.write(((few if copy < 10 else "") + copied).replace(COPY, f"-{copy:04}"))
        out.write(named(self.end))
        return self.databases * copies


def names_of(resource):
    """What a resource is called, at the end of its ARN; and the ids that AWS gives databases."""
    if SHARED.match(resource["kind"]):
        return []
    name = re.split("[:/]", resource["arn"])[-1]
    # A group that is called `public` is called what fields of others say too.
    return ([name] if len(name) > 2 and not name.startswith("default") and name != "public" else []) + re.findall(r"(?:cluster|db)-[A-Z0-9]{10,}", json.dumps(resource))


def demo():
    """The regions of the demo, those of an account as a whole apart."""
    regions, of_account, resources = [], [], []
    for line in DEMO.read_text(encoding="utf-8").splitlines()[1:]:
        value = json.loads(line)
        if "kind" in value:
            resources.append(value)
            continue
        account, region = value["scope"]["account"], value["scope"]["region"]
        (of_account if region == "aws-global" else regions).append(Region(account, region, resources, value))
        resources = []
    return regions, of_account


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--databases", type=int, default=1_000_000)
    parser.add_argument("--scopes", type=int, default=200, help="those of accounts as a whole included")
    parser.add_argument("file", type=pathlib.Path)
    args = parser.parse_args()
    regions, of_account = demo()
    complete = [region for region in regions if region.complete]
    incomplete = [region for region in regions if not region.complete]
    accounts = -(-args.scopes // (len(REGIONS) + 1))
    each = args.databases / (args.scopes - accounts)
    written = 0
    with args.file.open("w", encoding="utf-8") as out:
        out.write(json.dumps({"inventory": 1, "tool": "benches/inventory.py", "collected_at": "2026-11-22T09:00:00Z", "scopes": args.scopes}) + "\n")
        for number in range(args.scopes):
            position, account = divmod(number, accounts)
            name = str(int(ACCOUNT) + account)
            if position == 0:
                of_account[account % len(of_account)].write(out, name, "aws-global", 1)
                continue
            region = complete[number % len(complete)] if number % 10 else incomplete[number % len(incomplete)]
            written += region.write(out, name, REGIONS[position - 1], max(1, round(each * (number - accounts + 1) - written) // region.databases))
    print(f"{written} databases in {args.scopes} scopes of {accounts} accounts", file=sys.stderr)


if __name__ == "__main__":
    main()
