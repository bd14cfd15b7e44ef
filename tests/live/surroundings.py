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
    instances(ec2, ids)


def instances(ec2, ids):
    """One that only the web reaches and one that may run a database, each behind a group of its own."""
    ids["interfaces"] = {}
    for name, port in (("web", 443), ("forgotten", 27017)):
        group = ec2.create_security_group(GroupName=name, Description=name, VpcId=ids["vpcs"]["app"])["GroupId"]
        rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
        placed = {"SubnetId": ids["subnets"]["private-a"], "SecurityGroupIds": [group]}
        made = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, InstanceType="t3.micro", **placed)
        ids["interfaces"][name] = made["Instances"][0]["NetworkInterfaces"][0]["NetworkInterfaceId"]
