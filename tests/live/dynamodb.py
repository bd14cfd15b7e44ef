"""DynamoDB tables, an entry per variant, and a VPC endpoint to them."""

import json

KEY = [{"AttributeName": "id", "KeyType": "HASH"}]
ATTRIBUTES = [{"AttributeName": "id", "AttributeType": "S"}]
TAGS = [{"Key": "team", "Value": "orders"}]

# A table that does everything right; a None takes a setting away. `key` is a name of the seeding.
GOOD = {"key": "rotated", "DeletionProtectionEnabled": True, "recovery": True, "Tags": TAGS}
TABLES = {
    "ddb-good": {},
    "ddb-owned-key": {"key": None},
    "ddb-aws-managed-key": {"key": "alias/aws/dynamodb"},
    "ddb-unprotected": {"DeletionProtectionEnabled": False},
    "ddb-no-recovery": {"recovery": False},
    "ddb-untagged": {"Tags": None},
}

FULL_ACCESS = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def seed(dynamodb, ec2, ids):
    ids["tables"] = {name: create(dynamodb, ids, name, GOOD | difference) for name, difference in TABLES.items()}
    policy = {"Version": "2012-10-17", "Statement": [FULL_ACCESS]}
    ec2.create_vpc_endpoint(
        VpcId=ec2.describe_vpcs()["Vpcs"][0]["VpcId"],
        ServiceName="com.amazonaws.us-east-1.dynamodb",
        VpcEndpointType="Gateway",
        RouteTableIds=[ec2.describe_route_tables()["RouteTables"][0]["RouteTableId"]],
        PolicyDocument=json.dumps(policy),
    )


def create(dynamodb, ids, name, settings):
    settings = {field: value for field, value in settings.items() if value is not None}
    key, recovery = settings.pop("key", None), settings.pop("recovery")
    if key:
        key = ids["keys"].get(key, key)
        settings["SSESpecification"] = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
        if key.startswith("alias/aws/"):
            del settings["SSESpecification"]["KMSMasterKeyId"]
    created = dynamodb.create_table(
        TableName=name,
        KeySchema=KEY,
        AttributeDefinitions=ATTRIBUTES,
        BillingMode="PAY_PER_REQUEST",
        **settings,
    )
    if recovery:
        dynamodb.update_continuous_backups(
            TableName=name,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        )
    return created["TableDescription"]["TableArn"]
