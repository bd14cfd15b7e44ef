"""What watches and records the databases of the test account: something in us-east-1, nothing in eu-west-1."""

# AWS Config is not told of DynamoDB.
RECORDED = ["AWS::RDS::DBCluster", "AWS::RDS::DBClusterSnapshot", "AWS::RDS::DBInstance", "AWS::RDS::DBSnapshot"]


def seed(guardduty, config, ec2, ids):
    guardduty.create_detector(Enable=True, Features=[{"Name": "RDS_LOGIN_EVENTS", "Status": "ENABLED"}])
    recorder = {"name": "default", "roleARN": "arn:aws:iam::123456789012:role/config", "recordingGroup": {"resourceTypes": RECORDED}}
    config.put_configuration_recorder(ConfigurationRecorder=recorder)
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "audit"})
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    for vpc, traffic in (("app", "ALL"), ("edge", "ACCEPT")):
        destination = {"LogDestinationType": "s3", "LogDestination": "arn:aws:s3:::audit"}
        ec2.create_flow_logs(ResourceIds=[ids["vpcs"][vpc]], ResourceType="VPC", TrafficType=traffic, **destination)
