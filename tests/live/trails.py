"""CloudTrail: what moto lacks of it, and the account's trails."""

import json

from moto.cloudtrail.models import Trail
from moto.cloudtrail.responses import CloudTrailResponse

COMPLETE, LOOSE, STOPPED = "management-events", "no-key", "stopped"

# The history of events: the name of a resource, and the events that name it, the newest first.
ANN = {"type": "IAMUser", "arn": "arn:aws:iam::123456789012:user/ann"}
HISTORY = {
    "pg-unencrypted": [
        {"EventName": "DescribeDBInstances", "ReadOnly": "true"},
        {"EventName": "ModifyDBInstance", "ReadOnly": "false", "record": {"userIdentity": ANN, "errorCode": "AccessDenied"}},
        {"EventName": "CreateDBInstance", "ReadOnly": "false", "record": {"userIdentity": ANN}},
    ],
}

# What a trail records until somebody says otherwise.
DEFAULT_SELECTOR = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}


def apply():
    """moto has no event data stores, no history, and no selectors of a trail that was given none."""
    CloudTrailResponse.list_event_data_stores = lambda self: json.dumps({"EventDataStores": []})
    CloudTrailResponse.lookup_events = lambda self: json.dumps({"Events": _history(self._get_param("LookupAttributes"))})
    selectors = Trail.get_event_selectors

    def with_default(self):
        basic, advanced = selectors(self)
        return basic or ([] if advanced else [DEFAULT_SELECTOR]), advanced

    Trail.get_event_selectors = with_default


def seed(cloudtrail, s3, key):
    """A trail that does everything right, one without key, validation and other regions, one that stands still."""
    s3.create_bucket(Bucket="audit")
    settings = {"S3BucketName": "audit", "EnableLogFileValidation": True, "KmsKeyId": key}
    data_api = {"Field": "resources.type", "Equals": ["AWS::RDS::DBCluster"]}
    selectors = [_selector("Management"), _selector("Data", data_api)]
    cloudtrail.create_trail(Name=COMPLETE, IsMultiRegionTrail=True, **settings)
    cloudtrail.put_event_selectors(TrailName=COMPLETE, AdvancedEventSelectors=selectors)
    cloudtrail.create_trail(Name=LOOSE, S3BucketName="audit", IsMultiRegionTrail=False, EnableLogFileValidation=False)
    cloudtrail.create_trail(Name=STOPPED, IsMultiRegionTrail=True, **settings)
    for name in (COMPLETE, LOOSE):
        cloudtrail.start_logging(Name=name)


def _selector(category, *fields):
    return {"FieldSelectors": [{"Field": "eventCategory", "Equals": [category]}, *fields]}


def _history(attributes):
    name = attributes[0]["AttributeValue"]
    common = {"EventSource": "rds.amazonaws.com", "EventTime": 1795000000.0}
    return [
        common | {field: value for field, value in event.items() if field != "record"} | {"CloudTrailEvent": json.dumps(event.get("record", {}))}
        for event in HISTORY.get(name, [])
    ]
