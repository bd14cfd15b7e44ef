"""AWS Backup in the account: a plan of instances and some clusters, what its jobs have done, and vaults good and bad."""

import json
from datetime import timedelta

import account
import clock
import databases as db

PLAN = {"BackupPlanName": "daily", "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "daily"}]}
WEEKLY = {"ScheduleExpression": "cron(0 5 ? * 1 *)", "Lifecycle": {"DeleteAfterDays": 365}}
ANYONE = {"Sid": "Anyone", "Effect": "Allow", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
ROLE = f"arn:aws:iam::{db.OWNER}:role/backup"


def build(endpoint, keys):
    client = account.client(endpoint, account.HOME, "backup")
    managed = account.client(endpoint, account.HOME, "kms").describe_key(KeyId="alias/aws/rds")["KeyMetadata"]["Arn"]
    plan = client.create_backup_plan(BackupPlan=PLAN)["BackupPlanId"]

    def select(name, plan=plan, **selection):
        client.create_backup_selection(
            BackupPlanId=plan, BackupSelection={"SelectionName": name, "IamRoleArn": ROLE, **selection}
        )

    # Every instance of the owner, but one and MariaDB's.
    owned = [{"ConditionKey": "aws:ResourceTag/owner", "ConditionValue": "plat*"}]
    excluded = [arn("db:mysql-bad"), arn("db:mariadb-*")]
    select("instances", Resources=["arn:aws:rds:*:*:db:*"], NotResources=excluded, Conditions={"StringLike": owned})
    # Neptune is not opted in, so that naming its clusters is not enough.
    clusters = ("aurora-pg-good", "docdb-good", "neptune-good", "neptune-weak")
    select("clusters", Resources=[arn(f"cluster:{name}") for name in clusters])

    rules = [PLAN["Rules"][0] | WEEKLY]
    weekly = client.create_backup_plan(BackupPlan={"BackupPlanName": "weekly", "Rules": rules})["BackupPlanId"]
    select("again", plan=weekly, Resources=[arn("cluster:aurora-pg-good")])

    vaults(client, {"managed": managed, **keys})
    copy = {
        "DestinationBackupVaultArn": f"arn:aws:backup:{account.AWAY}:{db.FOREIGN}:backup-vault:air-gapped",
        "DestinationVaultType": "LOGICALLY_AIR_GAPPED_BACKUP_VAULT",
        "State": "COMPLETED",
        "CompletionDate": hours_ago(1),
    }
    continuous = {"RecoveryPointArn": "arn:aws:backup:us-east-1::recovery-point:continuous:db-1", "Status": "AVAILABLE"}
    resources = {
        arn("db:pg-good"): {"type": "RDS", "points": [point(2), point(26), point(50, "locked")], "copies": [copy], "minutes": 35},
        arn("db:mysql-good"): {"type": "RDS", "points": [point(9000) | continuous]},
        arn("db:sqlserver-good"): {"type": "RDS", "points": [point(48), point(60, "denying")], "minutes": 600},
        arn("db:oracle-good"): {"type": "RDS", "points": [point(2, "open") | {"Status": "EXPIRED", "IsEncrypted": False}]},
        # An older answer leaves the type to the vault.
        arn("cluster:aurora-pg-good"): {"type": "Aurora", "points": [point(2) | {"VaultType": None}], "minutes": 35},
        arn("cluster:aurora-mysql-good"): {"type": "Aurora", "points": [point(48)], "copies": [copy]},
        arn("cluster:neptune-good"): {"type": "Neptune", "points": [point(2)]},
    }
    order = {"account": db.OWNER, "region": account.HOME, "resources": resources, "locked": ["locked", "empty"]}
    account.post(f"{endpoint}/dbmoat/protected-resources", order)


def vaults(client, keys):
    """Locked for good or for a while, closed and open; one has nothing of databases."""
    for name in ("daily", "denying", "empty", "locked", "open"):
        key = "managed" if name in ("daily", "empty") else "rotated"
        client.create_backup_vault(BackupVaultName=name, EncryptionKeyArn=keys[key])
    client.put_backup_vault_lock_configuration(BackupVaultName="daily", MinRetentionDays=7)
    denied = ["backup:Delete*", "backup:Put*", "backup:Update*"]
    deny = {"Effect": "Deny", "Principal": "*", "Action": denied, "Resource": "*"}
    for name, statement in (("denying", deny), ("empty", ANYONE), ("open", ANYONE)):
        client.put_backup_vault_access_policy(BackupVaultName=name, Policy=json.dumps({"Statement": [statement]}))


def arn(name):
    return f"arn:aws:rds:{account.HOME}:{db.OWNER}:{name}"


def point(hours, vault="daily"):
    return {
        "RecoveryPointArn": f"arn:aws:backup:{account.HOME}:{db.OWNER}:recovery-point:{hours}",
        "BackupVaultName": vault,
        "VaultType": "BACKUP_VAULT",
        "Status": "COMPLETED",
        "CreationDate": hours_ago(hours),
    }


def hours_ago(hours):
    return (clock.now() - timedelta(hours=hours)).timestamp()
