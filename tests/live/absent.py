"""Listings of services that moto does not have, or not in every region: answered as AWS
answers where nothing is; an account has regions."""

LISTINGS = {
    "account:ListRegions": {
        "Regions": [
            {"RegionName": "eu-west-1", "RegionOptStatus": "ENABLED_BY_DEFAULT"},
            {"RegionName": "me-south-1", "RegionOptStatus": "DISABLED"},
            {"RegionName": "us-east-1", "RegionOptStatus": "ENABLED_BY_DEFAULT"},
        ]
    },
    "docdb-elastic:ListClusters": {"clusters": []},
    "neptune-graph:ListGraphs": {"graphs": []},
    "neptune-graph:ListGraphSnapshots": {"graphSnapshots": []},
}
# moto has Aurora DSQL in these regions only.
DSQL_REGIONS = ("us-east-1", "us-east-2")


def listing(call):
    """The empty answer to a call, or None where moto has one of its own."""
    if call.action == "dsql:ListClusters" and call.region not in DSQL_REGIONS:
        return {"clusters": []}
    # moto refuses the namespace.
    if call.action == "application-autoscaling:DescribeScalableTargets" and call.parameters.get("ServiceNamespace") == "neptune":
        return {"ScalableTargets": []}
    return LISTINGS.get(call.action)
