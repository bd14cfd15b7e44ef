"""What moto lacks of IAM."""

import identities
from moto.core.responses import ActionResult
from moto.iam.responses import IamResponse


def apply():
    service_specific_credentials()


def service_specific_credentials():
    """The passwords of users for one service, listed of all users; moto lacks them."""

    def list_service_specific_credentials(self):
        users = {user.name for user in self.backend.users.values()}
        credentials = [
            {
                "UserName": user,
                "Status": "Active",
                "ServiceUserName": f"{user}-at-123456789012",
                "CreateDate": created,
                "ServiceSpecificCredentialId": f"ACCA{user.upper()}",
                "ServiceName": "cassandra.amazonaws.com",
            }
            for user, created in identities.PASSWORDS.items()
            if user in users
        ]
        return ActionResult({"ServiceSpecificCredentials": credentials, "IsTruncated": False})

    IamResponse.list_service_specific_credentials = list_service_specific_credentials
