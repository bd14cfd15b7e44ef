"""What AWS answers of RDS proxies and moto does not."""

from moto.core.responses import ActionResult
from moto.rds.models import DBProxy
from moto.rds.responses import RDSResponse


def apply():
    """AWS says how users without a secret log in and of what network type an endpoint is, and has endpoints."""
    DBProxy.default_auth_scheme, DBProxy.endpoint_network_type = "NONE", "IPV4"

    def endpoints(self):
        return self.backend.__dict__.setdefault("db_proxy_endpoints", [])

    def create_db_proxy_endpoint(self):
        name = self.params["DBProxyEndpointName"]
        proxy = self.backend.db_proxies[self.params["DBProxyName"]]
        arn = f"arn:aws:rds:{self.region}:{self.current_account}:db-proxy-endpoint:prx-endpoint-{name}"
        fields = ("DBProxyEndpointName", "DBProxyName", "VpcSubnetIds", "VpcSecurityGroupIds")
        endpoint = {field: self.params[field] for field in fields}
        own = {"DBProxyEndpointArn": arn, "Status": "available", "VpcId": proxy.vpc_id}
        endpoint |= own | {"TargetRole": "READ_WRITE", "IsDefault": False, "EndpointNetworkType": "IPV4"}
        endpoints(self).append(endpoint)
        return ActionResult({"DBProxyEndpoint": endpoint})

    def describe_db_proxy_endpoints(self):
        return ActionResult({"DBProxyEndpoints": endpoints(self)})

    RDSResponse.create_db_proxy_endpoint = create_db_proxy_endpoint
    RDSResponse.describe_db_proxy_endpoints = describe_db_proxy_endpoints
