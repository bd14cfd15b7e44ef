"""DynamoDB tables, an entry per variant, what reads and scales them, their exports, and a VPC endpoint to them."""

import json

KEY = [{"AttributeName": "id", "KeyType": "HASH"}]
ATTRIBUTES = [{"AttributeName": "id", "AttributeType": "S"}]
TAGS = [{"Key": "team", "Value": "orders"}]
SENSITIVE = [*TAGS, {"Key": "data-classification", "Value": "restricted"}]
STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
PROVISIONED = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}}


def deny_unless(condition):
    statement = {"Effect": "Deny", "Principal": "*", "Action": "dynamodb:*", "Resource": "*", "Condition": condition}
    return {"Version": "2012-10-17", "Statement": [statement]}


ONE_ENDPOINT = deny_unless({"StringNotEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}})
ANY_ENDPOINT = deny_unless({"Null": {"aws:SourceVpce": "true"}})

# A table that does everything right; a None takes a setting away. `key` is a name of the seeding.
GOOD = {
    "key": "rotated",
    "DeletionProtectionEnabled": True,
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": STREAM,
    "Tags": TAGS,
    "recovery": True,
    "backup": True,
    "pipe": "RUNNING",
    "scaled": (),
    "policy": None,
}
TABLES = {
    "ddb-good": {},
    "ddb-owned-key": {"key": None},
    "ddb-aws-managed-key": {"key": "alias/aws/dynamodb"},
    "ddb-unprotected": {"DeletionProtectionEnabled": False},
    "ddb-no-recovery": {"recovery": False},
    "ddb-no-backup": {"backup": False},
    "ddb-untagged": {"Tags": None},
    "ddb-provisioned": PROVISIONED,
    "ddb-half-scaled": PROVISIONED | {"scaled": ("Read",)},
    "ddb-scaled": PROVISIONED | {"scaled": ("Read", "Write")},
    "ddb-no-stream": {"StreamSpecification": None, "pipe": None},
    "ddb-unread-stream": {"pipe": None},
    "ddb-sensitive": {"Tags": SENSITIVE, "policy": ONE_ENDPOINT},
    "ddb-sensitive-open": {"Tags": SENSITIVE},
    "ddb-sensitive-any-vpc": {"Tags": SENSITIVE, "policy": ANY_ENDPOINT},
}

# Export -> its bucket and encryption; the buckets, by whether they block public access.
EXPORTS = {
    "ddb-good": {"S3Bucket": "exports-closed", "S3SseAlgorithm": "KMS"},
    "ddb-owned-key": {"S3Bucket": "exports-closed", "S3SseAlgorithm": "AES256"},
    "ddb-unprotected": {"S3Bucket": "exports-open", "S3SseAlgorithm": "KMS"},
}
BUCKETS = {"exports-closed": True, "exports-open": False}
SETTINGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")

FULL_ACCESS = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def seed(dynamodb, client, ids):
    """Creates them; `client` gives the client of a service."""
    buckets(client("s3"), BUCKETS)
    ids["tables"] = {name: create(dynamodb, client, ids, name, GOOD | difference) for name, difference in TABLES.items()}
    for name, settings in EXPORTS.items():
        dynamodb.export_table_to_point_in_time(TableArn=ids["tables"][name], **settings)
    policy = {"Version": "2012-10-17", "Statement": [FULL_ACCESS]}
    ec2 = client("ec2")
    ec2.create_vpc_endpoint(
        VpcId=ec2.describe_vpcs()["Vpcs"][0]["VpcId"],
        ServiceName="com.amazonaws.us-east-1.dynamodb",
        VpcEndpointType="Gateway",
        RouteTableIds=[ec2.describe_route_tables()["RouteTables"][0]["RouteTableId"]],
        PolicyDocument=json.dumps(policy),
    )


def buckets(s3, named):
    """Buckets that block all public access, or whose settings leave out one way."""
    for name, closed in named.items():
        s3.create_bucket(Bucket=name)
        block = dict.fromkeys(SETTINGS, True) | {"BlockPublicPolicy": closed}
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=block)


def create(dynamodb, client, ids, name, settings):
    settings = {field: value for field, value in settings.items() if value is not None}
    key, recovery, backup, pipe = (settings.pop(field, None) for field in ("key", "recovery", "backup", "pipe"))
    scaled, policy = settings.pop("scaled"), settings.pop("policy", None)
    if key:
        key = ids["keys"].get(key, key)
        settings["SSESpecification"] = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
        if key.startswith("alias/aws/"):
            del settings["SSESpecification"]["KMSMasterKeyId"]
    created = dynamodb.create_table(TableName=name, KeySchema=KEY, AttributeDefinitions=ATTRIBUTES, **settings)
    arn = created["TableDescription"]["TableArn"]
    if recovery:
        dynamodb.update_continuous_backups(
            TableName=name,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        )
    if backup:
        dynamodb.create_backup(TableName=name, BackupName=name)
    if pipe:
        read(client("pipes"), name, created["TableDescription"]["LatestStreamArn"], pipe)
    for way in scaled:
        scale(client("application-autoscaling"), name, way)
    if policy:
        dynamodb.put_resource_policy(ResourceArn=arn, Policy=json.dumps(policy))
    return arn


def read(pipes, name, stream, state):
    """A pipe that reads the stream, or one that was stopped."""
    pipes.create_pipe(
        Name=name,
        Source=stream,
        SourceParameters={"DynamoDBStreamParameters": {"StartingPosition": "LATEST"}},
        Target="arn:aws:sqs:us-east-1:123456789012:changes",
        RoleArn="arn:aws:iam::123456789012:role/pipes",
    )
    if state == "STOPPED":
        pipes.stop_pipe(Name=name)


def scale(autoscaling, name, way):
    autoscaling.register_scalable_target(
        ServiceNamespace="dynamodb",
        ResourceId=f"table/{name}",
        ScalableDimension=f"dynamodb:table:{way}CapacityUnits",
        MinCapacity=5,
        MaxCapacity=50,
    )
