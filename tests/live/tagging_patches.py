"""What moto answers differently from AWS when it is asked for the tags of resources by their ARNs."""

from moto.core.resource_tagging import TaggedResource
from moto.dax.models import dax_backends
from moto.dynamodb.models import dynamodb_backends
from moto.elasticache.models import elasticache_backends
from moto.memorydb.models import memorydb_backends
from moto.rds.models import rds_backends
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend
from moto.timestreamwrite.models import timestreamwrite_backends

# Service of an ARN -> its backends, and the tags that one of them has of an ARN.
TAGS = {
    "dax": (dax_backends, lambda backend, arn: backend._tagger.list_tags_for_resource(arn)["Tags"]),
    "dynamodb": (dynamodb_backends, lambda backend, arn: backend.list_tags_of_resource(arn)),
    "elasticache": (elasticache_backends, lambda backend, arn: backend.tagging_service.list_tags_for_resource(arn)["Tags"]),
    "memorydb": (memorydb_backends, lambda backend, arn: backend.tagger.list_tags_for_resource(arn)["Tags"]),
    "rds": (rds_backends, lambda backend, arn: backend.list_tags_for_resource(arn)),
    "timestream": (timestreamwrite_backends, lambda backend, arn: backend.list_tags_for_resource(arn)["Tags"]),
}


def apply():
    """AWS answers on one page, and names what has tags; moto splits the answer and knows few services."""
    listed = ResourceGroupsTaggingAPIBackend.get_resources

    def get_resources(self, resource_arn_list=None, **more):
        if not resource_arn_list:
            return listed(self, **more)
        found = [TaggedResource(arn, tags(self, arn), "") for arn in resource_arn_list]
        return None, [resource for resource in found if resource.tags]

    def tags(self, arn):
        backends, tags_of = TAGS[arn.split(":")[2]]
        return {tag["Key"]: tag["Value"] for tag in tags_of(backends[self.account_id][self.region_name], arn)}

    ResourceGroupsTaggingAPIBackend.get_resources = get_resources
