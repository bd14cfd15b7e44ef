"""Seeds an organization and prints its accounts as JSON.

Usage: organization.py ENDPOINT. The management account is 123456789012. Below it
are `orders` and `archive` in an organizational unit, `sandbox` beside it and
`closed`, which is suspended. All but that have a DB instance in us-east-1 that is
named after them.
"""

import json
import sys

# The tests must leave no trace in the checkout.
sys.dont_write_bytecode = True

import account
import boto3
import databases as db

ROLE = "Audit"


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
    organizations.close_account(AccountId=ids["closed"])
    database(account.client(endpoint, account.HOME, "rds"), "management")
    sts = account.client(endpoint, account.HOME, "sts")
    for name in ("orders", "archive", "sandbox"):
        role = sts.assume_role(RoleArn=f"arn:aws:iam::{ids[name]}:role/{ROLE}", RoleSessionName="seed")
        keys = (role["Credentials"][part] for part in ("AccessKeyId", "SecretAccessKey", "SessionToken"))
        database(boto3.Session(*keys, region_name=account.HOME).client("rds", endpoint_url=endpoint), name)
    account.post(f"{endpoint}/dbmoat/calls/reset")
    print(json.dumps({"management": db.OWNER, **ids, "unit": unit, "role": ROLE}))


def database(rds, name):
    rds.create_db_instance(
        DBInstanceIdentifier=name, DBInstanceClass="db.t3.micro", Engine="postgres", PubliclyAccessible=True
    )


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
