"""Seeds an account for the question of who has access to what, and prints the ARNs of its databases as JSON.

Usage: access.py ENDPOINT. Each role, user and policy is one way in, or one that is closed.
"""

import json
import sys

# The tests must leave no trace in the checkout.
sys.dont_write_bytecode = True

import account
from identities import OWNER, allow, deny, document, managed

TABLES = f"arn:aws:dynamodb:us-east-1:{OWNER}:table/"
PARTNER = "444455556666"
SERVICE = document([{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}])
EXTERNAL = {"Condition": {"StringEquals": {"sts:ExternalId": "x"}}}
CROSS_ACCOUNT = document([{"Effect": "Allow", "Principal": {"AWS": PARTNER}, "Action": "sts:AssumeRole", **EXTERNAL}])
OFFICE = {"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}

# The statements of each role's own policy; `PROXY` stands for the id of the proxy.
ROLES = {
    "gets-orders": [allow("dynamodb:GetItem", TABLES + "orders")],
    "queries-index": [allow("dynamodb:Query", TABLES + "orders/index/*")],
    "scans-any-table": [allow("dynamodb:Sc?n", "arn:aws:dynamodb:*:*:table/*")],
    "from-the-office": [allow("dynamodb:GetItem", TABLES + "stock", **OFFICE)],
    "kept-from-orders": [allow("dynamodb:*"), deny("dynamodb:*", [TABLES + "orders", TABLES + "orders/*"])],
    "any-but-orders": [{"Effect": "Allow", "Action": "dynamodb:Scan", "NotResource": TABLES + "orders"}],
    "connects-to-any": [allow("rds-db:connect", f"arn:aws:rds-db:*:{OWNER}:dbuser:*/*")],
    "connects-to-proxy": [allow("rds-db:connect", f"arn:aws:rds-db:us-east-1:{OWNER}:dbuser:PROXY/app")],
    "administers-dsql": [allow("dsql:DbConnectAdmin")],
    "named-by-table": [],
}
# Roles with a boundary: their own policy, and the boundary.
BOUNDED = {
    "bounded": ([allow("dynamodb:*")], [allow("dynamodb:GetItem", TABLES + "orders")]),
    "named-and-bounded": ([], [allow("dynamodb:GetItem", TABLES + "stock")]),
}


def main(endpoint):
    for order in ("moto-api/reset", "dbmoat/reset", "moto-api/seed?a=42"):
        account.post(f"{endpoint}/{order}")
    iam, rds, dynamodb, dsql = (account.client(endpoint, account.HOME, name) for name in ("iam", "rds", "dynamodb", "dsql"))
    subnet = account.client(endpoint, account.HOME, "ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    ids = {"database": database(rds), "proxy": proxy(rds, subnet), "cluster": cluster(dsql)}
    principals(iam, ids["proxy"].rpartition(":")[2])
    for name in ("orders", "stock"):
        ids[name] = table(dynamodb, name)
    let_in = [f"arn:aws:iam::{OWNER}:role/named-by-table", f"arn:aws:iam::{OWNER}:role/named-and-bounded", f"arn:aws:iam::{PARTNER}:role/restore"]
    policy = [{"Sid": "Named", **allow("dynamodb:GetItem"), "Principal": {"AWS": let_in}}]
    dynamodb.put_resource_policy(ResourceArn=ids["orders"], Policy=document(policy))
    account.post(f"{endpoint}/dbmoat/calls/reset")
    print(json.dumps(ids))


def principals(iam, proxy):
    for name, statements in ROLES.items():
        trust = CROSS_ACCOUNT if name == "connects-to-any" else SERVICE
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(statements).replace("PROXY", proxy))
    for name, (statements, boundary) in BOUNDED.items():
        bound = managed(iam, f"bound-of-{name}", boundary)
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=SERVICE, PermissionsBoundary=bound)
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(statements))
    iam.create_group(GroupName="readers")
    iam.attach_group_policy(GroupName="readers", PolicyArn=managed(iam, "reads-stock", [allow("dynamodb:BatchGetItem", TABLES + "stock")]))
    iam.create_user(UserName="ann")
    iam.add_user_to_group(GroupName="readers", UserName="ann")
    # The user is named after the table that the policy lets each user read.
    iam.create_user(UserName="stock")
    iam.attach_user_policy(UserName="stock", PolicyArn=managed(iam, "reads-own", [allow("dynamodb:GetItem", TABLES + "${aws:username}")]))


def table(dynamodb, name):
    index = {"IndexName": "by-customer", "KeySchema": [{"AttributeName": "customer", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}
    created = dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": attribute, "AttributeType": "S"} for attribute in ("id", "customer")],
        GlobalSecondaryIndexes=[index],
        BillingMode="PAY_PER_REQUEST",
    )
    return created["TableDescription"]["TableArn"]


def database(rds):
    created = rds.create_db_instance(
        DBInstanceIdentifier="orders", DBInstanceClass="db.t3.micro", Engine="postgres", EnableIAMDatabaseAuthentication=True
    )
    return created["DBInstance"]["DBInstanceArn"]


def proxy(rds, subnet):
    secret = f"arn:aws:secretsmanager:us-east-1:{OWNER}:secret:app"
    created = rds.create_db_proxy(
        DBProxyName="orders",
        EngineFamily="POSTGRESQL",
        Auth=[{"SecretArn": secret, "IAMAuth": "REQUIRED"}],
        RoleArn=f"arn:aws:iam::{OWNER}:role/proxy",
        VpcSubnetIds=[subnet],
    )
    return created["DBProxy"]["DBProxyArn"]


def cluster(dsql):
    outside = deny(["dsql:DbConnect", "dsql:DbConnectAdmin"], Principal="*", Condition={"Null": {"aws:SourceVpc": "true"}})
    return dsql.create_cluster(policy=document([outside]))["arn"]


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
