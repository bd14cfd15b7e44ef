"""Measures `dbmoat access --all` on an account of 1,000 roles with five policies each and 1,000 databases.

    python3 tests/bench/access.py [BINARY [FILE]]

writes the inventory to FILE (a temporary one by default) and runs BINARY (target/debug/dbmoat) on it.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time

ACCOUNT, REGION = "111122223333", "us-east-1"
ROLES, MANAGED, TABLES, INSTANCES, CLUSTERS, SNAPSHOTS = 1000, 100, 400, 300, 200, 100
TEAMS = 50


def arn(service, rest, region=REGION):
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{rest}"


def line(kind, of, region, data, tags=None):
    return {"kind": kind, "arn": of, "account": ACCOUNT, "region": region, "tags": tags or {}, "data": data}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions, resources, condition=None):
    statement = {"Effect": "Allow", "Action": actions, "Resource": resources}
    return {**statement, "Condition": condition} if condition else statement


def role(number):
    team = number % TEAMS
    inline = [
        document(allow(["dynamodb:GetItem", "dynamodb:Query"], [arn("dynamodb", f"table/t{team}-{number % 8}"), arn("dynamodb", f"table/t{team}-{number % 8}/index/*")])),
        document(allow("rds-db:connect", arn("rds-db", f"dbuser:db-{number % INSTANCES}/app{number}"))),
        document(
            allow("rds:*", arn("rds", f"db:i{team}-*"), {"StringEquals": {"aws:ResourceTag/team": f"t{team}"}}),
            {"Effect": "Deny", "Action": "rds:ModifyDBInstance", "Resource": "*", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}},
        ),
    ]
    attached = [f"policy-{number % MANAGED}", f"policy-{(number * 7 + 3) % MANAGED}"]
    trust = {"AWS": "arn:aws:iam::444455556666:root"} if number % 100 == 0 else {"Service": "ec2.amazonaws.com"}
    data = {
        "RoleName": f"role-{number}", "Path": "/", "Arn": arn("iam", f"role/role-{number}", ""),
        "AssumeRolePolicyDocument": document({"Effect": "Allow", "Principal": trust, "Action": "sts:AssumeRole"}),
        "RolePolicyList": [{"PolicyName": f"inline-{position}", "PolicyDocument": text} for position, text in enumerate(inline)],
        "AttachedManagedPolicies": [{"PolicyName": name, "PolicyArn": arn("iam", f"policy/{name}", "")} for name in attached],
    }
    return line("AWS::IAM::Role", data["Arn"], "aws-global", data)


def managed(number):
    # One in fifty reads everything, as administrators do; the others what belongs to a team.
    statement = allow("dynamodb:*", "*") if number % 50 == 0 else allow(["dynamodb:Scan", "rds:ModifyDBCluster", "rds-data:*"], [arn("dynamodb", f"table/t{number % TEAMS}-*"), arn("rds", f"cluster:c{number % TEAMS}-*")])
    name = f"policy-{number}"
    data = {"PolicyName": name, "Path": "/", "Arn": arn("iam", f"policy/{name}", ""), "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": True, "Document": document(statement)}]}
    return line("AWS::IAM::ManagedPolicy", data["Arn"], "aws-global", data)


def databases():
    for number in range(TABLES):
        name = f"t{number % TEAMS}-{number // TEAMS}"
        yield line("AWS::DynamoDB::Table", arn("dynamodb", f"table/{name}"), REGION, {"TableName": name}, {"team": f"t{number % TEAMS}"})
    for number in range(INSTANCES):
        name = f"i{number % TEAMS}-{number // TEAMS}"
        data = {"DBInstanceIdentifier": name, "DbiResourceId": f"db-{number}", "Engine": "postgres", "IAMDatabaseAuthenticationEnabled": True}
        yield line("AWS::RDS::DBInstance", arn("rds", f"db:{name}"), REGION, data, {"team": f"t{number % TEAMS}"})
    for number in range(CLUSTERS):
        name = f"c{number % TEAMS}-{number // TEAMS}"
        data = {"DBClusterIdentifier": name, "DbClusterResourceId": f"cluster-{number}", "Engine": "aurora-postgresql", "IAMDatabaseAuthenticationEnabled": True, "HttpEndpointEnabled": True}
        yield line("AWS::RDS::DBCluster", arn("rds", f"cluster:{name}"), REGION, data)
    for number in range(SNAPSHOTS):
        name = f"s{number}"
        yield line("AWS::RDS::DBSnapshot", arn("rds", f"snapshot:{name}"), REGION, {"DBSnapshotIdentifier": name, "SnapshotType": "manual"})


def inventory():
    yield {"inventory": 1, "tool": "bench", "collected_at": "2026-11-22T09:00:00Z"}
    yield from (role(number) for number in range(ROLES))
    yield from (managed(number) for number in range(MANAGED))
    yield {"scope": {"account": ACCOUNT, "region": "aws-global"}, "complete": True}
    yield from databases()
    yield {"scope": {"account": ACCOUNT, "region": REGION}, "complete": True}


def main(binary="target/debug/dbmoat", file=None):
    with open(file, "w") if file else tempfile.NamedTemporaryFile("w", suffix=".jsonl") as out:
        for entry in inventory():
            out.write(json.dumps(entry) + "\n")
        out.flush()
        began = time.monotonic()
        ran = subprocess.run([binary, "access", "--all", "--inventory", out.name, "-f", "json"], stdout=subprocess.PIPE, check=True)
        seconds = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    report = json.loads(ran.stdout)
    rows = sum(len(database["access"]) for database in report["databases"])
    print(f"{len(report['databases'])} databases, {ROLES} roles, {rows} grants: {seconds:.1f} s, {used.ru_utime + used.ru_stime:.1f} s of processor time, {used.ru_maxrss / 1024:.0f} MiB at most")


if __name__ == "__main__":
    main(*sys.argv[1:])
