"""Seeds an organization and prints its accounts as JSON.

Usage: organization.py ENDPOINT. The management account is 123456789012. Below it
are `orders` and `archive` in an organizational unit, `sandbox` beside it and
`closed`, which is suspended. All but that have a DB instance in us-east-1 that is
named after them. `orders` and `sandbox` have the same roles and tables, but service
control policies of the unit keep the roles of `orders` from most.
"""

import json
import sys

# The tests must leave no trace in the checkout.
sys.dont_write_bytecode = True

import account
import boto3
import databases as db
from identities import allow, deny, document, trust_of

ROLE = "Audit"
OUR_REGIONS = {"Condition": {"StringNotEquals": {"aws:RequestedRegion": ["us-east-1"]}}}
BUT_ADMINS = {"Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/exposes"}}}
WITH_MFA = {"Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}
# The service control policies of the unit, beside the default one.
CONTROLS = {
    "exposure": [deny("rds:ModifyDBInstance", **BUT_ADMINS), deny("rds:*Snapshot*")],
    "regions": [deny("dynamodb:*", **OUR_REGIONS), deny("dynamodb:GetItem", **WITH_MFA)],
    "data-api": [deny("rds-data:*")],
}
ROLES = {
    "exposes": [allow("rds:*")],
    "modifies": [allow("rds:ModifyDBInstance")],
    "gets": [allow("dynamodb:GetItem")],
    "scans": [allow("dynamodb:Scan")],
    "queries": [allow(["rds-data:ExecuteStatement", "secretsmanager:GetSecretValue"])],
}


def main(endpoint):
    for order in ("moto-api/reset", "dbmoat/reset", "moto-api/seed?a=42"):
        account.post(f"{endpoint}/{order}")
    organizations = account.client(endpoint, account.HOME, "organizations")
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    unit = organizations.create_organizational_unit(ParentId=root, Name="data")["OrganizationalUnit"]["Id"]
    deeper = organizations.create_organizational_unit(ParentId=unit, Name="old")["OrganizationalUnit"]["Id"]
    ids = {}
    for name, parent in {"orders": unit, "archive": deeper, "sandbox": root, "closed": unit}.items():
        status = organizations.create_account(Email=f"{name}@example.com", AccountName=name)["CreateAccountStatus"]
        ids[name] = status["AccountId"]
        if parent != root:
            organizations.move_account(AccountId=ids[name], SourceParentId=root, DestinationParentId=parent)
    for name, statements in CONTROLS.items():
        policy = organizations.create_policy(Name=name, Description="", Type="SERVICE_CONTROL_POLICY", Content=document(statements))
        organizations.attach_policy(PolicyId=policy["Policy"]["PolicySummary"]["Id"], TargetId=unit)
    organizations.close_account(AccountId=ids["closed"])
    database(account.client(endpoint, account.HOME, "rds"), "management")
    sts = account.client(endpoint, account.HOME, "sts")
    for name in ("orders", "archive", "sandbox"):
        role = sts.assume_role(RoleArn=f"arn:aws:iam::{ids[name]}:role/{ROLE}", RoleSessionName="seed")
        keys = (role["Credentials"][part] for part in ("AccessKeyId", "SecretAccessKey", "SessionToken"))
        session = boto3.Session(*keys, region_name=account.HOME)
        database(session.client("rds", endpoint_url=endpoint), name)
        if name != "archive":
            principals(session.client("iam", endpoint_url=endpoint))
            for region in (account.HOME, "eu-west-1"):
                table(session.client("dynamodb", region_name=region, endpoint_url=endpoint))
    account.post(f"{endpoint}/dbmoat/calls/reset")
    print(json.dumps({"management": db.OWNER, **ids, "unit": unit, "role": ROLE}))


def database(rds, name):
    rds.create_db_instance(
        DBInstanceIdentifier=name, DBInstanceClass="db.t3.micro", Engine="postgres", PubliclyAccessible=True
    )


def principals(iam):
    for name, statements in ROLES.items():
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust_of("ecs-tasks.amazonaws.com"))
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(statements))


def table(dynamodb):
    keys = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}
    dynamodb.create_table(TableName="carts", BillingMode="PAY_PER_REQUEST", **keys)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
