"""What moto lacks of DAX: subnet and parameter groups, and most settings of a cluster."""

import json

import dax
from moto.dax.models import DaxCluster
from moto.dax.responses import DAXResponse
from moto.ec2.models import ec2_backends


def apply():
    clusters()
    subnet_groups()
    parameters()


def clusters():
    """AWS keeps what it is asked for; moto forgets zones, groups and the topic, and has the cluster wait."""
    create, describe = DAXResponse.create_cluster, DaxCluster.to_json

    def create_cluster(self):
        answer, asked = create(self), json.loads(self.body)
        cluster = self.dax_backend.clusters[asked["ClusterName"]]
        cluster.status, cluster.asked = "available", asked
        return answer

    def to_json(self):
        described, asked = describe(self), self.__dict__.get("asked", {})
        if topic := asked.get("NotificationTopicArn"):
            described["NotificationConfiguration"] = {"TopicArn": topic, "TopicStatus": "active"}
        for node, zone in zip(described.get("Nodes", []), asked.get("AvailabilityZones", []), strict=False):
            node["AvailabilityZone"] = zone
        described["SubnetGroup"] = asked.get("SubnetGroupName", "default")
        described["ParameterGroup"]["ParameterGroupName"] = asked.get("ParameterGroupName", "default.dax1.0")
        groups = asked.get("SecurityGroupIds", [])
        described["SecurityGroups"] = [{"SecurityGroupIdentifier": group, "Status": "active"} for group in groups]
        return described

    DAXResponse.create_cluster = create_cluster
    DaxCluster.to_json = to_json


def subnet_groups():
    def groups(self):
        return self.dax_backend.__dict__.setdefault("subnet_groups", {})

    def create_subnet_group(self):
        asked = json.loads(self.body)
        subnets = ec2_backends[self.current_account][self.region].describe_subnets(subnet_ids=asked["SubnetIds"])
        group = {
            "SubnetGroupName": asked["SubnetGroupName"],
            "VpcId": subnets[0].vpc_id,
            "Subnets": [{"SubnetIdentifier": subnet.id} for subnet in subnets],
        }
        groups(self)[asked["SubnetGroupName"]] = group
        return json.dumps({"SubnetGroup": group})

    def describe_subnet_groups(self):
        return json.dumps({"SubnetGroups": list(groups(self).values())})

    DAXResponse.create_subnet_group = create_subnet_group
    DAXResponse.describe_subnet_groups = describe_subnet_groups


def parameters():
    def describe_parameters(self):
        values = dax.PARAMETER_GROUPS[json.loads(self.body)["ParameterGroupName"]]
        return json.dumps({"Parameters": [{"ParameterName": name, "ParameterValue": value} for name, value in values.items()]})

    DAXResponse.describe_parameters = describe_parameters
