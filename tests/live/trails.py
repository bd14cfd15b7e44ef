"""CloudTrail: what moto lacks of it, and the account's trails."""

import json

from moto.cloudtrail.responses import CloudTrailResponse

COMPLETE, LOOSE, STOPPED = "management-events", "no-key", "stopped"


def apply():
    """moto has no event data stores."""
    CloudTrailResponse.list_event_data_stores = lambda self: json.dumps({"EventDataStores": []})


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
