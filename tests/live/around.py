"""What surrounds the databases: secrets, alarms, zero-ETL integrations and recommendations. What moto lacks of them, and what
the account has."""

import json

import account
import cbor
import databases as db
import wire
from moto.cloudwatch import urls as cloudwatch_urls
from moto.cloudwatch.models import cloudwatch_backends
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult
from moto.rds.models import rds_backends
from moto.rds.responses import RDSResponse
from moto.secretsmanager.models import FakeSecret

ANYONE = {"Sid": "Anyone", "Effect": "Allow", "Principal": "*", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}


def apply():
    """moto lacks these operations; AWS has them, and rotates the secrets that RDS makes."""

    def describe(name):
        return lambda self: ActionResult({name: getattr(self.backend, "around", {}).get(name, [])})

    def to_dict(self):
        rotation = {"RotationEnabled": True, "LastRotatedDate": self.created_date} if self.owning_service == "rds" else {}
        return plain(self) | rotation

    plain, FakeSecret.to_dict = FakeSecret.to_dict, to_dict
    RDSResponse.describe_integrations = describe("Integrations")
    RDSResponse.describe_db_recommendations = describe("DBRecommendations")
    CloudWatchResponse.put_composite_alarm = CloudWatchResponse.put_metric_alarm
    # The SDK speaks CBOR here, which moto does not.
    cloudwatch_urls.url_paths["{0}/service/GraniteServiceVersion20100801/operation/DescribeAlarms$"] = describe_alarms


def describe_alarms(request, _url, _headers):
    region = wire.SCOPE.search(request.headers["Authorization"])[1]
    found = list(cloudwatch_backends[db.OWNER][region].alarms.values())
    metric = [alarm_document(alarm) | {"Namespace": alarm.namespace} for alarm in found if alarm.rule is None]
    composite = [alarm_document(alarm) | {"AlarmRule": alarm.rule} for alarm in found if alarm.rule is not None]
    headers = {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
    return 200, headers, cbor.encode({"MetricAlarms": metric, "CompositeAlarms": composite})


def alarm_document(alarm):
    actions = {"ActionsEnabled": alarm.actions_enabled, "AlarmActions": alarm.alarm_actions or []}
    return {"AlarmName": alarm.name, "AlarmArn": alarm.alarm_arn, **actions}


def listed(account, region, **listings):
    """The `Integrations` and `DBRecommendations` of a region."""
    rds_backends[account][region].around = listings


def seed(endpoint, keys):
    secrets(account.client(endpoint, account.HOME, "secretsmanager"), keys)
    alarms(account.client(endpoint, account.HOME, "cloudwatch"))
    order = {"account": db.OWNER, "region": account.HOME, **listings(keys["rotated"])}
    account.post(f"{endpoint}/dbmoat/rds-listings", order)


def secrets(client, keys):
    """Those of the proxies: neither rotates, one is open to everyone."""
    client.create_secret(Name="app", SecretString="{}", KmsKeyId=keys["rotated"])
    client.create_secret(Name="apprentice", SecretString="{}")
    policy = json.dumps({"Version": "2012-10-17", "Statement": [ANYONE]})
    client.put_resource_policy(SecretId="apprentice", ResourcePolicy=policy)


def alarms(client):
    """On RDS, on DynamoDB through a composite alarm, on Neptune one that does nothing."""
    topic = [f"arn:aws:sns:{account.HOME}:{db.OWNER}:alerts"]
    rule = {"EvaluationPeriods": 1, "Threshold": 90, "ComparisonOperator": "GreaterThanThreshold"}
    of = lambda name, namespace: rule | {"AlarmName": name, "Namespace": namespace, "MetricName": "Load", "Statistic": "Sum", "Period": 60}
    client.put_metric_alarm(**of("instances", "AWS/RDS"), AlarmActions=topic)
    client.put_metric_alarm(**of("tables", "AWS/DynamoDB"))
    client.put_metric_alarm(**of("graphs", "AWS/Neptune"), AlarmActions=topic, ActionsEnabled=False)
    client.put_metric_alarm(**of("servers", "AWS/EC2"), AlarmActions=topic)
    client.put_composite_alarm(AlarmName="any", AlarmRule='ALARM("tables") OR ALARM(servers)', AlarmActions=topic, ActionsEnabled=True)


def listings(key):
    arn = lambda name: f"arn:aws:rds:{account.HOME}:{db.OWNER}:{name}"

    def integration(name, owner, **more):
        target = f"arn:aws:redshift-serverless:{account.HOME}:{owner}:namespace/n-1"
        return {"IntegrationName": name, "IntegrationArn": arn(f"integration:{name}"), "TargetArn": target, "Status": "active", **more}

    def recommendation(name, severity):
        return {"RecommendationId": name, "Severity": severity, "Status": "active", "ResourceArn": arn("db:pg-good")}

    good, bare = integration("own", db.OWNER, KMSKeyId=key), integration("without-key", db.OWNER)
    away = integration("away", db.FOREIGN, KMSKeyId=key)
    return {"Integrations": [good, bare, away], "DBRecommendations": [recommendation("urgent", "high"), recommendation("idea", "low")]}
