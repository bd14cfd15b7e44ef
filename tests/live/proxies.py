"""RDS proxies of the test account, good and bad, and endpoints of one of them."""

SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:app"
GOOD = {
    "EngineFamily": "POSTGRESQL",
    "Auth": [{"SecretArn": SECRET, "IAMAuth": "REQUIRED", "ClientPasswordAuthType": "POSTGRES_SCRAM_SHA_256"}],
    "RequireTLS": True,
    "DebugLogging": False,
    "Tags": [{"Key": "owner", "Value": "platform"}],
}
# Proxy -> what differs, its security group, the kind of its subnets.
PROXIES = {
    "proxy-good": ({}, "internal", "private"),
    # Open on the port of databases of another family: no way in.
    "proxy-other-port": ({"EngineFamily": "SQLSERVER"}, "open", "private"),
    "proxy-weak": (
        {
            "EngineFamily": "MYSQL",
            # The last one does not exist.
            "Auth": [
                {"SecretArn": secret, "IAMAuth": "DISABLED", "ClientPasswordAuthType": "MYSQL_NATIVE_PASSWORD"}
                for secret in (SECRET, f"{SECRET}rentice", f"{SECRET}-of-old")
            ],
            "RequireTLS": False,
            "DebugLogging": True,
            "Tags": [],
        },
        "open",
        "public",
    ),
}
ENDPOINTS = {"endpoint-private": ("proxy-good", "internal", "private"), "endpoint-public": ("proxy-good", "open", "public")}


def seed(rds, ids):
    # The weak proxy has a role of its own name.
    role = lambda name: f"arn:aws:iam::123456789012:role/{'proxy-weak' if name == 'proxy-weak' else 'proxy'}"
    for name, (difference, group, subnets) in PROXIES.items():
        rds.create_db_proxy(DBProxyName=name, RoleArn=role(name), **place(ids, group, subnets), **GOOD | difference)
    for name, (proxy, group, subnets) in ENDPOINTS.items():
        rds.create_db_proxy_endpoint(DBProxyEndpointName=name, DBProxyName=proxy, **place(ids, group, subnets))


def place(ids, group, subnets):
    return {
        "VpcSecurityGroupIds": [ids["security_groups"][group]],
        "VpcSubnetIds": [ids["subnets"][f"{subnets}-{zone}"] for zone in "ab"],
    }
