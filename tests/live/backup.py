"""AWS Backup in the account: a plan of instances and some clusters, and what its jobs have done."""

from datetime import timedelta

import account
import boto3
import clock
import databases as db

PLAN = {"BackupPlanName": "daily", "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "daily"}]}
ROLE = f"arn:aws:iam::{db.OWNER}:role/backup"


def build(endpoint):
    client = boto3.Session("testing", "testing", region_name=account.HOME).client("backup", endpoint_url=endpoint)
    client.create_backup_vault(BackupVaultName="daily")
    plan = client.create_backup_plan(BackupPlan=PLAN)["BackupPlanId"]

    def select(name, **selection):
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

    copy = {
        "DestinationBackupVaultArn": f"arn:aws:backup:{account.AWAY}:{db.FOREIGN}:backup-vault:air-gapped",
        "DestinationVaultType": "LOGICALLY_AIR_GAPPED_BACKUP_VAULT",
        "State": "COMPLETED",
        "CompletionDate": hours_ago(1),
    }
    continuous = {"RecoveryPointArn": "arn:aws:backup:us-east-1::recovery-point:continuous:db-1", "Status": "AVAILABLE"}
    resources = {
        arn("db:pg-good"): {"type": "RDS", "points": [point(2), point(26)], "copies": [copy], "minutes": 35},
        arn("db:mysql-good"): {"type": "RDS", "points": [point(9000) | continuous]},
        arn("db:sqlserver-good"): {"type": "RDS", "points": [point(48)], "minutes": 600},
        arn("db:oracle-good"): {"type": "RDS", "points": [point(2) | {"Status": "EXPIRED"}]},
        # An older answer leaves the type to the vault.
        arn("cluster:aurora-pg-good"): {"type": "Aurora", "points": [point(2) | {"VaultType": None}], "minutes": 35},
        arn("cluster:aurora-mysql-good"): {"type": "Aurora", "points": [point(48)], "copies": [copy]},
        arn("cluster:neptune-good"): {"type": "Neptune", "points": [point(2)]},
    }
    order = {"account": db.OWNER, "region": account.HOME, "resources": resources}
    account.post(f"{endpoint}/dbmoat/protected-resources", order)


def arn(name):
    return f"arn:aws:rds:{account.HOME}:{db.OWNER}:{name}"


def point(hours):
    return {
        "RecoveryPointArn": f"arn:aws:backup:{account.HOME}:{db.OWNER}:recovery-point:{hours}",
        "BackupVaultName": "daily",
        "VaultType": "BACKUP_VAULT",
        "Status": "COMPLETED",
        "CreationDate": hours_ago(hours),
    }


def hours_ago(hours):
    return (clock.now() - timedelta(hours=hours)).timestamp()
