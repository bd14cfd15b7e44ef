"""Users, groups and roles: who may do something to any resource of a type, and who only seems to."""

import json

import boto3

OWNER = "123456789012"


def allow(actions, resources="*", **more):
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def deny(actions, resources="*", **more):
    return allow(actions, resources, **more) | {"Effect": "Deny"}


TABLES = f"arn:aws:dynamodb:us-east-1:{OWNER}:table/"
DATABASE_USERS = f"arn:aws:rds-db:us-east-1:{OWNER}:dbuser:"
SECRETS = f"arn:aws:secretsmanager:us-east-1:{OWNER}:secret:"
MFA = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
VIA_RDS = {"Condition": {"StringEquals": {"kms:ViaService": "rds.us-east-1.amazonaws.com"}}}

# The statements of each role's own policy.
ROLES = {
    "administrator": [allow("*")],
    "connects-as-anyone": [allow("rds-db:connect", DATABASE_USERS + "*/*")],
    "connects-as-app": [allow("rds-db:connect", DATABASE_USERS + "db-ABCDEFGHIJKL01234/app")],
    "decrypts-anything": [allow(["kms:Decrypt", "kms:DescribeKey"])],
    "decrypts-with-mfa": [allow("kms:Decrypt", **MFA)],
    "decrypts-through-rds": [allow("kms:Decrypt", **VIA_RDS)],
    "denied-to-decrypt": [allow("kms:*"), deny("kms:*")],
    "reads-any-table": [allow(["dynamodb:GetItem", "dynamodb:Query"], TABLES + "*")],
    "reads-one-table": [allow("dynamodb:*", [TABLES + "orders", TABLES + "orders/index/*"])],
    "proxy": [allow("secretsmanager:GetSecretValue", SECRETS + "app"), allow("kms:Decrypt", **VIA_RDS)],
    "proxy-weak": [allow("secretsmanager:GetSecretValue", SECRETS + "ap*")],
    "rds-monitoring": [allow("logs:PutLogEvents", f"arn:aws:logs:*:{OWNER}:log-group:RDSOSMetrics:*")],
    "not-iam": [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}],
}
# Users and the days on which their passwords for Amazon Keyspaces were made.
PASSWORDS = {"alone": "2026-11-01T09:00:00Z", "in-group": "2026-02-01T09:00:00Z"}
# Roles that DAX acts with.
CACHES = {
    "dax": [allow(["dynamodb:GetItem", "dynamodb:Query"], TABLES + "carts")],
    "dax-any-table": [allow("dynamodb:*", TABLES + "*")],
}
BOUNDED, BOUNDARY = "bounded", [allow("dynamodb:GetItem", TABLES + "orders")]


def build(endpoint):
    iam = boto3.client("iam", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing")
    trust = trust_of("ecs-tasks.amazonaws.com")
    for name, statements in ROLES.items():
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(statements))
    for name, statements in CACHES.items():
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust_of("dax.amazonaws.com"))
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(statements))
    boundary = managed(iam, "boundary", BOUNDARY)
    iam.create_role(RoleName=BOUNDED, AssumeRolePolicyDocument=trust, PermissionsBoundary=boundary)
    iam.put_role_policy(RoleName=BOUNDED, PolicyName="own", PolicyDocument=document([allow("dynamodb:*")]))
    shared = managed(iam, "any-table", [allow("dynamodb:*")])
    managed(iam, "nobody-has-it", [allow("*")])
    iam.create_group(GroupName="developers")
    iam.attach_group_policy(GroupName="developers", PolicyArn=shared)
    for user in ("in-group", "alone"):
        iam.create_user(UserName=user)
    iam.add_user_to_group(GroupName="developers", UserName="in-group")


def trust_of(service):
    return document([{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}])


def managed(iam, name, statements):
    return iam.create_policy(PolicyName=name, PolicyDocument=document(statements))["Policy"]["Arn"]


def document(statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
