"""What moto answers differently from AWS, put right where a verdict depends on it.

Each patch says what AWS does. Ours are methods and properties on moto's own
classes, never edits of the serialized answer. RDS has its file of its own.
"""

import json

import around
import elasticache_patches
import backup_patches
import lifecycle
import dax_patches
import dynamodb_patches
import iam_patches
import memorydb_patches
import organizations_patches
import proxy_patches
import rds_patches
import sns_patches
import tagging_patches
import trails
from control import OVERLAY
from moto.core.responses import ActionResult
from moto.core.serialize import XFormedAttributePicker
from moto.core.utils import utcnow
from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response
from moto.kms.models import Key, KmsBackend
from moto.kms.responses import KmsResponse
from moto.kms.utils import RESERVED_ALIASE_TARGET_KEY_IDS, RESERVED_ALIASES

ENABLED_REGIONS = {
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
    "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1",
    "us-east-1", "us-east-2", "us-west-1", "us-west-2",
}  # fmt: skip

# What can be ordered beside what control.py knows.
ORDERS = {
    "automated-snapshots": rds_patches.automated_snapshots,
    "protected-resources": backup_patches.protected_resources,
    "rds-listings": around.listed,
}


def apply():
    overlay()
    ec2_regions()
    ec2_block_public_access()
    kms_aws_managed_keys()
    kms_rotation_status()
    dax_patches.apply()
    dynamodb_patches.apply()
    iam_patches.apply()
    rds_patches.apply()
    proxy_patches.apply()
    sns_patches.apply()
    tagging_patches.apply()
    lifecycle.apply()
    memorydb_patches.apply()
    organizations_patches.apply()
    trails.apply()
    elasticache_patches.apply()
    backup_patches.apply()
    around.apply()


def overlay():
    """Fields no API call can set (a certificate's expiry, a pending parameter)."""
    pick = XFormedAttributePicker.__call__

    def overlaid(self, context):
        arn = OVERLAY and getattr(context.obj, "arn", None)
        if isinstance(arn, str):
            for key in (arn, arn.rpartition(":")[2]):
                if context.key in OVERLAY.get(key, {}):
                    return OVERLAY[key][context.key]
        return pick(self, context)

    XFormedAttributePicker.__call__ = overlaid


def ec2_regions():
    """AWS lists the regions enabled for the account, others only with AllRegions.

    moto ignores filters, and mixes in opt-in regions and those of other partitions.
    """

    def describe_regions(self):
        regions = [
            {
                "RegionName": region.name,
                "Endpoint": region.endpoint,
                "OptInStatus": "opt-in-not-required" if region.name in ENABLED_REGIONS else "not-opted-in",
            }
            for region in self.ec2_backend.describe_regions(self._get_param("RegionNames", []))
            if not region.name.startswith(("cn-", "us-gov-"))
        ]
        if not self._get_param("AllRegions"):
            regions = [r for r in regions if r["OptInStatus"] != "not-opted-in"]
        for name, values in self._filters_from_querystring().items():
            field = {"region-name": "RegionName", "opt-in-status": "OptInStatus"}[name]
            regions = [r for r in regions if r[field] in values]
        return ActionResult({"Regions": regions})

    EC2Response.describe_regions = describe_regions


def ec2_block_public_access():
    """moto lacks VPC Block Public Access. AWS answers mode `off` until it is changed."""
    EC2Backend.block_public_access_mode = "off"

    def options(self):
        backend = self.ec2_backend
        mode = backend.block_public_access_mode
        found = {
            "AwsAccountId": self.current_account,
            "AwsRegion": self.region,
            "State": "default-state" if mode == "off" else "update-complete",
            "InternetGatewayBlockMode": mode,
            "LastUpdateTimestamp": utcnow(),
            "ManagedBy": "account",
            "ExclusionsAllowed": "allowed",
        }
        overlaid = OVERLAY.get("vpc-block-public-access", {})
        return {"VpcBlockPublicAccessOptions": found | overlaid}

    def describe_options(self):
        return ActionResult(options(self))

    def modify_options(self):
        self.ec2_backend.block_public_access_mode = self._get_param("InternetGatewayBlockMode")
        return ActionResult(options(self))

    def exclusions(self):
        return self.ec2_backend.__dict__.setdefault("block_public_access_exclusions", [])

    def describe_exclusions(self):
        return ActionResult({"VpcBlockPublicAccessExclusions": exclusions(self)})

    def create_exclusion(self):
        subnet, vpc = self._get_param("SubnetId"), self._get_param("VpcId")
        resource = f"subnet/{subnet}" if subnet else f"vpc/{vpc}"
        exclusion = {
            "ExclusionId": f"vpcbpa-exclude-{len(exclusions(self)):017x}",
            "InternetGatewayExclusionMode": self._get_param("InternetGatewayExclusionMode"),
            "ResourceArn": f"arn:aws:ec2:{self.region}:{self.current_account}:{resource}",
            "State": "create-complete",
            "CreationTimestamp": utcnow(),
        }
        exclusions(self).append(exclusion)
        return ActionResult({"VpcBlockPublicAccessExclusion": exclusion})

    EC2Response.describe_vpc_block_public_access_options = describe_options
    EC2Response.modify_vpc_block_public_access_options = modify_options
    EC2Response.describe_vpc_block_public_access_exclusions = describe_exclusions
    EC2Response.create_vpc_block_public_access_exclusion = create_exclusion


def kms_aws_managed_keys():
    """AWS's own keys say KeyManager AWS, rotate, and have a policy open to the account.

    moto reports them as CUSTOMER, unrotated, under an id unlike its ListAliases, and knows none of Timestream.
    """
    RESERVED_ALIASE_TARGET_KEY_IDS["alias/aws/timestream"] = "0e1f2a3b-0000-4000-8000-00000000aaaa"
    RESERVED_ALIASES.append("alias/aws/timestream")
    generate = KmsBackend._generate_default_keys

    def generate_aws_managed(self, alias):
        generated = generate(self, alias)
        if generated is None:
            return None
        key = self.keys.pop(generated)
        key.id = RESERVED_ALIASE_TARGET_KEY_IDS[alias]
        key.arn = f"arn:aws:kms:{self.region_name}:{self.account_id}:key/{key.id}"
        service = alias.removeprefix("alias/aws/")
        key.description = f"Default key that protects my data when no other key is defined ({service})"
        key.policy = _aws_managed_policy(self.account_id, f"{service}.{self.region_name}.amazonaws.com")
        key.key_rotation_status = True
        self.keys[key.id] = key
        self.create_alias(key.id, alias)
        return key.id

    def key_manager(self):
        return "AWS" if any(a.startswith("alias/aws/") for a in self.aliases) else "CUSTOMER"

    KmsBackend._generate_default_keys = generate_aws_managed
    Key.key_manager = property(key_manager, lambda _self, _value: None)


def _aws_managed_policy(account, service):
    caller = {"kms:CallerAccount": account, "kms:ViaService": service}
    use = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey"]
    read = ["kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"]
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    statements = [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": use,
            "Resource": "*",
            "Condition": {"StringEquals": caller},
        },
        {"Effect": "Allow", "Principal": root, "Action": read, "Resource": "*"},
    ]
    return json.dumps({"Version": "2012-10-17", "Id": "auto-1", "Statement": statements})


def kms_rotation_status():
    """AWS adds the key's id and period, and says false while a deletion is pending."""

    def get_key_rotation_status(self):
        key_id = self._get_param("KeyId")
        self._validate_cmk_id(key_id)
        key = self.kms_backend.describe_key(key_id)
        rotates = key.key_rotation_status and key.key_state != "PendingDeletion"
        status = {"KeyId": key.arn, "KeyRotationEnabled": rotates}
        if rotates:
            status["RotationPeriodInDays"] = 365
        return json.dumps(status)

    KmsResponse.get_key_rotation_status = get_key_rotation_status
