"""What moto lacks of DynamoDB."""

import json

from moto.dynamodb.responses import DynamoHandler


def apply():
    kinesis_destinations()


def kinesis_destinations():
    """AWS answers with an empty list for a table that streams to nobody."""

    def describe_kinesis_streaming_destination(self):
        return json.dumps({"TableName": self.body["TableName"], "KinesisDataStreamDestinations": []})

    DynamoHandler.describe_kinesis_streaming_destination = describe_kinesis_streaming_destination
