"""What moto lacks of DynamoDB."""

import json

from moto.core.responses import ActionResult
from moto.dynamodb.exceptions import PolicyNotFoundException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Backup, Table
from moto.dynamodb.responses import DynamoHandler


def apply():
    table_ids()
    kinesis_destinations()
    exports()
    stream_policies()


def table_ids():
    """AWS tells a table from an earlier one of its name by an id, in what describes it and its backups."""
    describe, summary = Table.describe, Backup.summary.fget

    def described(self, base_key="TableDescription"):
        answer = describe(self, base_key)
        answer[base_key]["TableId"] = f"id-of-{self.name}"
        return answer

    Table.describe = described
    Backup.summary = property(lambda self: summary(self) | {"TableId": f"id-of-{self.table.name}"})


def kinesis_destinations():
    """AWS answers with an empty list for a table that streams to nobody."""

    def describe_kinesis_streaming_destination(self):
        return json.dumps({"TableName": self.body["TableName"], "KinesisDataStreamDestinations": []})

    DynamoHandler.describe_kinesis_streaming_destination = describe_kinesis_streaming_destination


def exports():
    """AWS lists the exports of all tables and says how each is encrypted; moto does neither."""

    def made(self):
        return self.dynamodb_backend.__dict__.setdefault("exports", {})

    def export_table_to_point_in_time(self):
        arn = f"{self.body['TableArn']}/export/{len(made(self)):020}"
        fields = ("TableArn", "S3Bucket", "S3BucketOwner", "S3SseAlgorithm", "S3SseKmsKeyId")
        described = {field: self.body[field] for field in fields if field in self.body}
        made(self)[arn] = described | {"ExportArn": arn, "ExportStatus": "COMPLETED"}
        return ActionResult({"ExportDescription": made(self)[arn]})

    def describe_export(self):
        return ActionResult({"ExportDescription": made(self)[self.body["ExportArn"]]})

    def list_exports(self):
        summaries = [{"ExportArn": arn, "ExportStatus": "COMPLETED"} for arn in made(self)]
        return ActionResult({"ExportSummaries": summaries})

    DynamoHandler.export_table_to_point_in_time = export_table_to_point_in_time
    DynamoHandler.describe_export = describe_export
    DynamoHandler.list_exports = list_exports


def stream_policies():
    """A stream has a policy of its own; moto takes the stream's label for the name of a table."""
    of_table = DynamoDBBackend.get_resource_policy

    def get_resource_policy(self, resource_arn):
        if "/stream/" not in resource_arn:
            return of_table(self, resource_arn)
        if resource_arn not in self.resource_policies:
            raise PolicyNotFoundException(f"Resource-based policy not found for the provided ResourceArn: {resource_arn}")
        return self.resource_policies[resource_arn]

    DynamoDBBackend.get_resource_policy = get_resource_policy
