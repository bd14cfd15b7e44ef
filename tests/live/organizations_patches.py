"""What AWS answers of organizations and moto does not."""

from moto.core.exceptions import JsonRESTError
from moto.organizations.responses import OrganizationsResponse

OF_MANAGEMENT = ("list_parents", "list_policies_for_target", "describe_policy")


def apply():
    """AWS lets member accounts read neither the tree nor the policies; moto looks for them in the member's own backend."""
    for name in OF_MANAGEMENT:
        setattr(OrganizationsResponse, name, refusing_members(getattr(OrganizationsResponse, name)))


def refusing_members(answer):
    def answered(self):
        if self.organizations_backend.org is None:
            raise JsonRESTError("AccessDeniedException", "You don't have permissions to access this resource.")
        return answer(self)

    return answered
