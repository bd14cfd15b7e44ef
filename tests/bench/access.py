"""Measures `dbmoat access --all` on an account of 1,000 roles with five policies each and 1,000 databases, under service control
policies at five levels.

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


def organization():
    """Eight service control policies: the default one at each level, and seven of long lists of actions."""
    management, organization = "444455556666", "o-bench12345"
    services = ["aws-portal:*", "budgets:*", "cloudfront:*", "iam:*", "health:*", "organizations:*", "route53:*", "sts:*", "support:*", "waf:*"]
    condition = lambda operator, key, value: {"Condition": {operator: {key: value}}}
    deny = lambda more: {"Effect": "Deny", "Resource": "*", **more}
    statements = [[allow("*", "*")], [deny({"NotAction": services, **condition("StringNotEquals", "aws:RequestedRegion", [REGION, "eu-west-1"])})]]
    for number in range(6):
        actions = [f"{name.split(':')[0]}:{verb}*" for name in services for verb in ("Create", "Delete", "Put")]
        spared = condition("ArnNotLike", "aws:PrincipalArn", f"arn:aws:iam::*:role/role-{number}*")
        statements.append([deny({"Action": [*actions, "rds:ModifyDBSnapshotAttribute"], **spared}), deny({"Action": ["dynamodb:Scan"], "Resource": arn("dynamodb", f"table/t{number}-*")})])
    base = f"arn:aws:organizations::{management}"
    yield line("AWS::Organizations::Organization", f"{base}:organization/{organization}", "aws-global", {"Id": organization, "FeatureSet": "ALL", "MasterAccountId": management})
    for number, of in enumerate(statements):
        data = {"Id": f"p-{number}", "Name": f"control-{number}", "Content": document(*of)}
        yield line("AWS::Organizations::Policy", f"{base}:policy/{organization}/service_control_policy/p-{number}", "aws-global", data)
    targets = [ACCOUNT, "ou-3", "ou-2", "ou-1", "r-1"]
    levels = [{"TargetId": target, "PolicyIds": ["p-0", *(f"p-{number}" for number in range(1, len(statements)) if number % len(targets) == level)]} for level, target in enumerate(targets)]
    yield line("AWS::Organizations::Account", f"{base}:account/{organization}/{ACCOUNT}", "aws-global", {"Id": ACCOUNT, "ServiceControlPolicies": levels})


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
    yield from organization()
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
