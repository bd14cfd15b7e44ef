"""Timestream: databases and tables of LiveAnalytics, and InfluxDB instances; what a name says is wrong with it."""

TAGS = [{"Key": "team", "Value": "metrics"}]
RETENTION = {"MemoryStoreRetentionPeriodInHours": 24, "MagneticStoreRetentionPeriodInDays": 365}
# The buckets of rejected data, by whether they block public access.
BUCKETS = {"rejected-closed": True, "rejected-open": False}

# Database -> its key, by name, and tags.
DATABASES = {
    "metrics": ("rotated", TAGS),
    "metrics-aws-key": ("alias/aws/timestream", TAGS),
    "metrics-untagged": ("rotated", []),
}


def rejected(bucket, encryption="SSE_KMS"):
    location = {"S3Configuration": {"BucketName": bucket, "EncryptionOption": encryption}}
    return {"EnableMagneticStoreWrites": True, "MagneticStoreRejectedDataLocation": location}


# Tables of `metrics` -> retention, where rejected data goes, tags.
TABLES = {
    "hosts": (RETENTION, rejected("rejected-closed"), TAGS),
    "hosts-short": (RETENTION | {"MagneticStoreRetentionPeriodInDays": 1}, rejected("rejected-closed"), TAGS),
    "hosts-rejected-open": (RETENTION, rejected("rejected-open"), TAGS),
    "hosts-rejected-sse-s3": (RETENTION, rejected("rejected-closed", "SSE_S3"), TAGS),
    "hosts-no-magnetic-writes": (RETENTION, {"EnableMagneticStoreWrites": False}, TAGS),
    "hosts-untagged": (RETENTION, rejected("rejected-closed"), []),
}

# An InfluxDB instance that does everything right; subnets and groups by name.
GOOD = {
    "password": "a-password-of-tests",
    "organization": "tests",
    "bucket": "tests",
    "dbInstanceType": "db.influx.medium",
    "vpcSubnetIds": ["private-a", "private-b"],
    "vpcSecurityGroupIds": ["internal"],
    "publiclyAccessible": False,
    "dbStorageType": "InfluxIOIncludedT1",
    "allocatedStorage": 20,
    "deploymentType": "WITH_MULTIAZ_STANDBY",
    "logDeliveryConfiguration": {"s3Configuration": {"bucketName": "influx-logs", "enabled": True}},
    "networkType": "IPV4",
    # One of the ports that the security groups of the account open.
    "port": 15432,
    "tags": {"team": "metrics"},
}
INSTANCES = {
    "influx-good": {},
    "influx-public": {"publiclyAccessible": True, "vpcSubnetIds": ["public-a", "public-b"], "vpcSecurityGroupIds": ["open-split"]},
    "influx-public-closed": {"publiclyAccessible": True, "vpcSubnetIds": ["public-a", "public-b"]},
    "influx-open-group": {"vpcSecurityGroupIds": ["open-split"]},
    "influx-single-zone": {"deploymentType": "SINGLE_AZ"},
    "influx-no-logs": {"logDeliveryConfiguration": None},
    "influx-logs-off": {"logDeliveryConfiguration": {"s3Configuration": {"bucketName": "influx-logs", "enabled": False}}},
    "influx-untagged": {"tags": None},
}


def seed(client, buckets, ids):
    """Creates them; `client` gives the client of a service."""
    buckets(client("s3"), BUCKETS)
    write = client("timestream-write")
    for name, (key, tags) in DATABASES.items():
        write.create_database(DatabaseName=name, KmsKeyId=ids["keys"].get(key, key), Tags=tags)
    for name, (retention, writes, tags) in TABLES.items():
        properties = {"RetentionProperties": retention, "MagneticStoreWriteProperties": writes}
        write.create_table(DatabaseName="metrics", TableName=name, Tags=tags, **properties)
    influxdb = client("timestream-influxdb")
    for name, difference in INSTANCES.items():
        settings = {field: value for field, value in (GOOD | difference).items() if value is not None}
        settings["vpcSubnetIds"] = [ids["subnets"][subnet] for subnet in settings["vpcSubnetIds"]]
        settings["vpcSecurityGroupIds"] = [ids["security_groups"][group] for group in settings["vpcSecurityGroupIds"]]
        influxdb.create_db_instance(name=name, **settings)
