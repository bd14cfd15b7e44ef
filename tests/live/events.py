"""Event subscriptions of the test account, and the SNS topics that they write to."""

import json

EVERYBODY = {"Sid": "Everybody", "Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": "*"}

# Subscription -> topic, what it subscribes to, tags.
SUBSCRIPTIONS = {
    # More than what is critical.
    "instances": (
        "alerts",
        {"SourceType": "db-instance", "EventCategories": ["availability", "configuration change", "failure", "maintenance"]},
        True,
    ),
    # All categories, but not of all clusters.
    "some-clusters": ("alerts", {"SourceType": "db-cluster", "SourceIds": ["docdb-good", "neptune-good"]}, True),
    "parameters-off": ("alerts", {"SourceType": "db-parameter-group", "Enabled": False}, True),
    "unheard": ("public", {"SourceType": "db-snapshot"}, False),
    "gone": ("deleted", {"SourceType": "db-snapshot"}, True),
}
AWAY = {"everything": ("alerts", {}, True)}


def seed(rds, sns, subscriptions=SUBSCRIPTIONS):
    topics = {name: sns.create_topic(Name=name)["TopicArn"] for name in {topic for topic, _, _ in subscriptions.values()}}
    queue = "arn:aws:sqs:us-east-1:123456789012:alerts"
    sns.subscribe(TopicArn=topics["alerts"], Protocol="sqs", Endpoint=queue)
    if "public" in topics:
        policy = json.dumps({"Version": "2012-10-17", "Statement": [EVERYBODY]})
        sns.set_topic_attributes(TopicArn=topics["public"], AttributeName="Policy", AttributeValue=policy)
    if "deleted" in topics:
        sns.delete_topic(TopicArn=topics["deleted"])
    for name, (topic, wanted, tagged) in subscriptions.items():
        tags = [{"Key": "owner", "Value": "platform"}] if tagged else []
        settings = {"Enabled": True, "Tags": tags} | wanted
        rds.create_event_subscription(SubscriptionName=name, SnsTopicArn=topics[topic], **settings)
