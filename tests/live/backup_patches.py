"""What moto lacks of AWS Backup: selections, protected resources, recovery points, copy jobs and policies of vaults."""

import json

from moto.backup import urls
from moto.backup.models import BackupBackend, backup_backends
from moto.backup.responses import BackupResponse
from moto.core.exceptions import JsonRESTError

OPT_IN = {"Aurora": True, "DocumentDB": True, "DynamoDB": True, "Neptune": False, "RDS": True, "Timestream": True}


def apply():
    of_vault = "backup-vaults/(?P<name>[^/]+)"
    vaults = ("backup-vaults", f"{of_vault}/recovery-points", f"{of_vault}/access-policy")
    for path in ("account-settings", "resources", "resources/(?P<resource>.+)", "copy-jobs", *vaults):
        urls.url_paths[f"{{0}}/{path}/?$"] = urls.response.dispatch
    BackupBackend.selections = property(lambda self: self.__dict__.setdefault("_selections", {}))
    BackupBackend.protected = property(lambda self: self.__dict__.setdefault("_protected", {}))
    for method in (create_backup_selection, list_backup_selections, get_backup_selection, describe_region_settings):
        setattr(BackupResponse, method.__name__, method)
    for method in (list_backup_vaults, list_recovery_points_by_backup_vault, put_backup_vault_access_policy, get_backup_vault_access_policy):
        setattr(BackupResponse, method.__name__, method)
    for method in (list_protected_resources, describe_protected_resource, list_recovery_points_by_resource, list_copy_jobs):
        setattr(BackupResponse, method.__name__, method)


def protected_resources(account, region, resources, locked=()):
    """What jobs have done: resources with `points`, `copies` and `minutes` of the latest restore; and the
    vaults whose lock has outlived its grace time."""
    backend = backup_backends[account][region]
    backend.protected.update(resources)
    for name in locked:
        backend.vaults[name].locked, backend.vaults[name].lock_date = True, 1_700_000_000


def create_backup_selection(self):
    plan = self.uri_match["backupPlanId"]
    selections = self.backup_backend.selections.setdefault(plan, {})
    name = f"selection-{plan[:8]}-{len(selections)}"
    selections[name] = json.loads(self.body)["BackupSelection"]
    return json.dumps({"SelectionId": name, "BackupPlanId": plan})


def list_backup_selections(self):
    plan = self.uri_match["backupPlanId"]
    found = self.backup_backend.selections.get(plan, {})
    listed = [{"SelectionId": i, "SelectionName": s["SelectionName"], "BackupPlanId": plan} for i, s in found.items()]
    return json.dumps({"BackupSelectionsList": listed})


def get_backup_selection(self):
    plan, name = self.uri_match["backupPlanId"], self.uri_match["selectionId"]
    # AWS answers with empty lists for what was not given.
    empty = {"Resources": [], "NotResources": [], "ListOfTags": []}
    conditions = {name: [] for name in ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike")}
    given = self.backup_backend.selections[plan][name]
    selection = empty | given | {"Conditions": conditions | given.get("Conditions", {})}
    return json.dumps({"SelectionId": name, "BackupPlanId": plan, "BackupSelection": selection})


def describe_region_settings(self):
    return json.dumps({"ResourceTypeOptInPreference": OPT_IN})


def list_backup_vaults(self):
    vaults = [vault.to_list_dict() | {"VaultType": "BACKUP_VAULT"} for vault in self.backup_backend.vaults.values()]
    return json.dumps({"BackupVaultList": vaults})


def list_recovery_points_by_backup_vault(self):
    name, wanted = self.uri_match["backupVaultName"], self._get_params().get("resourceType")
    of_type = [(arn, found) for arn, found in self.backup_backend.protected.items() if wanted in (None, found["type"])]
    points = [{"ResourceArn": arn, "ResourceType": found["type"], "IsEncrypted": True, **point} for arn, found in of_type for point in found.get("points", [])]
    return json.dumps({"RecoveryPoints": [point for point in points if point["BackupVaultName"] == name]})


def put_backup_vault_access_policy(self):
    self.backup_backend.vaults[self.uri_match["backupVaultName"]].policy = json.loads(self.body)["Policy"]
    return "{}"


def get_backup_vault_access_policy(self):
    policy = getattr(self.backup_backend.vaults[self.uri_match["backupVaultName"]], "policy", None)
    if policy is None:
        raise JsonRESTError("ResourceNotFoundException", "the vault has no policy")
    return json.dumps({"Policy": policy})


def list_protected_resources(self):
    listed = [{"ResourceArn": arn, "ResourceType": found["type"]} for arn, found in self.backup_backend.protected.items()]
    return json.dumps({"Results": listed})


def describe_protected_resource(self):
    arn = self.uri_match["resourceArn"]
    answer = {"ResourceArn": arn}
    if minutes := self.backup_backend.protected[arn].get("minutes"):
        answer["LatestRestoreExecutionTimeMinutes"] = minutes
    return json.dumps(answer)


def list_recovery_points_by_resource(self):
    found = self.backup_backend.protected[self.uri_match["resourceArn"]]
    return json.dumps({"RecoveryPoints": found.get("points", [])})


def list_copy_jobs(self):
    wanted = self._get_params().get("resourceType")
    of_type = [(arn, found) for arn, found in self.backup_backend.protected.items() if found["type"] == wanted]
    return json.dumps({"CopyJobs": [{"ResourceArn": arn, **copy} for arn, found in of_type for copy in found.get("copies", [])]})
