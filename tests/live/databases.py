"""The databases of the test account, an entry each, named for what they are for.

Every entry is the difference from a database that violates nothing; None takes a
setting away. `SecurityGroups` and `KmsKeyId` are names of network.py and
account.py. An overlay is what no API call can set; @ marks days from now.
"""

OWNER = "123456789012"
FOREIGN = "210987654321"

PUBLIC_OPEN = {"PubliclyAccessible": True, "SecurityGroups": ["open"], "DBSubnetGroupName": "app-public"}
AURORA_MYSQL = "8.0.mysql_aurora.3.08.0"
MYSQL_LOGS = ["audit", "error", "general", "slowquery"]
PASSWORD = {"ManageMasterUserPassword": None, "MasterUserPassword": "correct-horse-battery"}

GOOD_INSTANCE = {
    "DBInstanceClass": "db.r6g.large",
    "AllocatedStorage": 100,
    "MaxAllocatedStorage": 500,
    "StorageType": "gp3",
    "StorageEncrypted": True,
    "KmsKeyId": "rotated",
    "MasterUsername": "appowner",
    "ManageMasterUserPassword": True,
    "PubliclyAccessible": False,
    "SecurityGroups": ["internal"],
    "DBSubnetGroupName": "app-private",
    "BackupRetentionPeriod": 14,
    "MultiAZ": True,
    "AutoMinorVersionUpgrade": True,
    "DeletionProtection": True,
    "CopyTagsToSnapshot": True,
    "MonitoringInterval": 60,
    "MonitoringRoleArn": f"arn:aws:iam::{OWNER}:role/rds-monitoring",
    "EnablePerformanceInsights": True,
    "PerformanceInsightsKMSKeyId": "rotated",
    "Tags": [{"Key": "owner", "Value": "platform"}],
}

# Everything wrong at once.
BAD_INSTANCE = {
    **PUBLIC_OPEN,
    **PASSWORD,
    "MasterUsername": "admin",
    "Port": 3306,
    "StorageEncrypted": False,
    "KmsKeyId": None,
    "BackupRetentionPeriod": 0,
    "MultiAZ": False,
    "AutoMinorVersionUpgrade": False,
    "DeletionProtection": False,
    "CopyTagsToSnapshot": False,
    "MonitoringInterval": None,
    "MonitoringRoleArn": None,
    "EnablePerformanceInsights": False,
    "PerformanceInsightsKMSKeyId": None,
    "EnableIAMDatabaseAuthentication": False,
    "EnableCloudwatchLogsExports": None,
    "DBParameterGroupName": None,
    "Tags": None,
}

# Engine -> what its good instance has beside GOOD_INSTANCE.
ENGINES = {
    "postgres": {
        "EngineVersion": "17.4",
        "Port": 15432,
        "DBParameterGroupName": "pg17-tls",
        "EnableIAMDatabaseAuthentication": True,
        "EnableCloudwatchLogsExports": ["postgresql", "upgrade"],
    },
    "mysql": {
        "EngineVersion": "8.4.4",
        "Port": 13306,
        "DBParameterGroupName": "mysql84-tls-1",
        "EnableIAMDatabaseAuthentication": True,
        "EnableCloudwatchLogsExports": MYSQL_LOGS,
    },
    "mariadb": {
        "EngineVersion": "11.8.2",
        "Port": 13306,
        "EnableIAMDatabaseAuthentication": True,
        "EnableCloudwatchLogsExports": MYSQL_LOGS,
    },
    "sqlserver-se": {
        "EngineVersion": "15.00.4345.5.v1",
        "Port": 11433,
        "LicenseModel": "license-included",
        "DBParameterGroupName": "mssql15-tls",
        "EnableCloudwatchLogsExports": ["agent", "error"],
    },
    "oracle-se2": {
        "EngineVersion": "19.0.0.0.ru-2024-07.rur-2024-07.r1",
        "Port": 11521,
        "LicenseModel": "license-included",
        "OptionGroupName": "oracle19-nne",
        "EnableCloudwatchLogsExports": ["alert", "audit", "listener", "trace"],
    },
}

# Parameter group -> family, what it sets.
PARAMETER_GROUPS = {
    "pg17-tls": ("postgres17", {"rds.force_ssl": "1"}),
    "pg17-no-tls": ("postgres17", {"rds.force_ssl": "0"}),
    "mysql84-tls-1": ("mysql8.4", {"require_secure_transport": "1"}),
    "mysql84-tls-on": ("mysql8.4", {"require_secure_transport": "ON"}),
    "mssql15-tls": ("sqlserver-se-15.0", {"rds.force_ssl": "1"}),
}
CLUSTER_PARAMETER_GROUPS = {
    "aurora-mysql-tls": ("aurora-mysql8.0", {"require_secure_transport": "ON", "server_audit_logging": "1"}),
    "docdb-tls": ("docdb5.0", {"tls": "tls1.2+", "audit_logs": "enabled"}),
    "docdb-no-tls": ("docdb5.0", {"tls": "disabled"}),
    "neptune-audit": ("neptune1.4", {"neptune_enable_audit_log": "1"}),
}

# Name -> engine, difference.
INSTANCES = {
    "pg-good": ("postgres", {}),
    "mysql-good": ("mysql", {}),
    "mariadb-good": ("mariadb", {}),
    "sqlserver-good": ("sqlserver-se", {}),
    "oracle-good": ("oracle-se2", {}),
    # Reachability: flag, security groups, subnets.
    "pg-public-reachable": ("postgres", PUBLIC_OPEN),
    "pg-public-closed-sg": ("postgres", {**PUBLIC_OPEN, "SecurityGroups": ["closed"]}),
    "pg-public-internal-sg": ("postgres", {**PUBLIC_OPEN, "SecurityGroups": ["internal"]}),
    "pg-public-group-source": ("postgres", {**PUBLIC_OPEN, "SecurityGroups": ["group-source"]}),
    "pg-public-other-port": ("postgres", {**PUBLIC_OPEN, "SecurityGroups": ["other-port"]}),
    "pg-public-private-subnet": ("postgres", {**PUBLIC_OPEN, "DBSubnetGroupName": "app-private"}),
    "pg-public-mixed-subnets": ("postgres", {**PUBLIC_OPEN, "DBSubnetGroupName": "app-mixed"}),
    "pg-public-nat-subnet": ("postgres", {**PUBLIC_OPEN, "DBSubnetGroupName": "app-nat"}),
    "pg-public-main-table-igw": (
        "postgres",
        {**PUBLIC_OPEN, "SecurityGroups": ["edge-open"], "DBSubnetGroupName": "edge-main"},
    ),
    "pg-public-nacl-inbound": ("postgres", {**PUBLIC_OPEN, "DBSubnetGroupName": "app-nacl-inbound"}),
    "pg-public-nacl-outbound": ("postgres", {**PUBLIC_OPEN, "DBSubnetGroupName": "app-nacl-outbound"}),
    "pg-public-split-cidr": ("postgres", {**PUBLIC_OPEN, "SecurityGroups": ["open-split"]}),
    "pg-public-split-groups": ("postgres", {**PUBLIC_OPEN, "SecurityGroups": ["open-low-half", "open-high-half"]}),
    "pg-public-half": ("postgres", {**PUBLIC_OPEN, "SecurityGroups": ["open-low-half"]}),
    "pg-public-ipv6": ("postgres", {**PUBLIC_OPEN, "SecurityGroups": ["open-ipv6"], "NetworkType": "DUAL"}),
    "pg-public-prefix-list": ("postgres", {**PUBLIC_OPEN, "SecurityGroups": ["open-prefix-list"]}),
    "pg-public-all-protocols": ("postgres", {**PUBLIC_OPEN, "SecurityGroups": ["open-all-protocols"]}),
    "pg-public-wide": ("postgres", {**PUBLIC_OPEN, "SecurityGroups": ["wide-public"]}),
    "pg-private-open-sg": ("postgres", {"SecurityGroups": ["open"]}),
    "mysql-public-reachable": ("mysql", PUBLIC_OPEN),
    "sqlserver-public-reachable": ("sqlserver-se", PUBLIC_OPEN),
    "oracle-public-reachable": ("oracle-se2", PUBLIC_OPEN),
    "pg-default-port": ("postgres", {"Port": 5432}),
    # Encryption at rest and its keys.
    "pg-unencrypted": ("postgres", {"StorageEncrypted": False, "KmsKeyId": None}),
    "pg-key-aws-managed": ("postgres", {"KmsKeyId": None}),
    "pg-key-unrotated": ("postgres", {"KmsKeyId": "unrotated"}),
    "pg-key-pending-deletion": ("postgres", {"KmsKeyId": "pending-deletion"}),
    "pg-key-disabled": ("postgres", {"KmsKeyId": "disabled"}),
    "pg-key-open-policy": ("postgres", {"KmsKeyId": "open-policy"}),
    "pg-key-caller-account": ("postgres", {"KmsKeyId": "caller-account"}),
    # Encryption in transit.
    "pg-tls-off": ("postgres", {"DBParameterGroupName": "pg17-no-tls"}),
    "pg-tls-default-on": ("postgres", {"DBParameterGroupName": None}),
    "pg14-tls-default-off": ("postgres", {"EngineVersion": "14.17", "DBParameterGroupName": None}),
    "pg-tls-pending-reboot": ("postgres", {}),
    "pg-certificate-10-days": ("postgres", {}),
    "mysql-require-tls-on": ("mysql", {"DBParameterGroupName": "mysql84-tls-on"}),
    "mysql-require-tls-absent": ("mysql", {"DBParameterGroupName": None}),
    "mariadb-require-tls-absent": ("mariadb", {"EngineVersion": "10.11.11"}),
    "sqlserver-tls-default-off": ("sqlserver-se", {"DBParameterGroupName": None}),
    "oracle-no-nne": ("oracle-se2", {"OptionGroupName": None}),
    # Backups and durability.
    "pg-retention-0": ("postgres", {"BackupRetentionPeriod": 0}),
    "pg-retention-3": ("postgres", {"BackupRetentionPeriod": 3}),
    "pg-retention-7": ("postgres", {"BackupRetentionPeriod": 7}),
    "pg-restorable-stale": ("postgres", {}),
    "pg-stopped": ("postgres", {}),
    "pg-single-az": ("postgres", {"MultiAZ": False}),
    "pg-no-deletion-protection": ("postgres", {"DeletionProtection": False}),
    "pg-no-copy-tags": ("postgres", {"CopyTagsToSnapshot": False}),
    "pg-storage-standard": ("postgres", {"StorageType": "standard"}),
    "pg-no-autoscaling": ("postgres", {"MaxAllocatedStorage": None}),
    # Access, upkeep, observation.
    "pg-no-iam-auth": ("postgres", {"EnableIAMDatabaseAuthentication": False}),
    "mysql-master-admin": ("mysql", {"MasterUsername": "admin"}),
    "pg-master-postgres": ("postgres", {"MasterUsername": "postgres"}),
    "pg-unmanaged-password": ("postgres", PASSWORD),
    "pg-no-minor-upgrade": ("postgres", {"AutoMinorVersionUpgrade": False}),
    "pg13-extended-support": ("postgres", {"EngineVersion": "13.20", "DBParameterGroupName": None}),
    "pg-no-log-exports": ("postgres", {"EnableCloudwatchLogsExports": None}),
    "pg-no-monitoring": ("postgres", {"MonitoringInterval": None, "MonitoringRoleArn": None}),
    "pg-no-performance-insights": (
        "postgres",
        {"EnablePerformanceInsights": False, "PerformanceInsightsKMSKeyId": None},
    ),
    "pg-untagged": ("postgres", {"Tags": None}),
    "mysql-bad": ("mysql", BAD_INSTANCE),
}

# Replica -> its source. AWS gives a replica retention 0.
REPLICAS = {"pg-replica": "pg-good"}

OVERLAYS = {
    "pg-tls-pending-reboot": {
        "DBParameterGroups": [{"DBParameterGroupName": "pg17-tls", "ParameterApplyStatus": "pending-reboot"}]
    },
    "pg-certificate-10-days": {"CertificateDetails": {"CAIdentifier": "rds-ca-rsa2048-g1", "ValidTill": "@10"}},
    "pg-restorable-stale": {"LatestRestorableTime": "@-3"},
    "pg-stopped": {"DBInstanceStatus": "stopped", "LatestRestorableTime": "@-3"},
    "aurora-mysql-tls-pending": {
        "DBClusterMembers": [
            {
                "DBInstanceIdentifier": "aurora-mysql-tls-pending-1",
                "IsClusterWriter": True,
                "DBClusterParameterGroupStatus": "pending-reboot",
                "PromotionTier": 1,
            }
        ]
    },
}

GOOD_CLUSTER = {
    "StorageEncrypted": True,
    "KmsKeyId": "rotated",
    "MasterUsername": "appowner",
    "ManageMasterUserPassword": True,
    "SecurityGroups": ["internal"],
    "DBSubnetGroupName": "app-private",
    "BackupRetentionPeriod": 14,
    "DeletionProtection": True,
    "CopyTagsToSnapshot": True,
    "EnableIAMDatabaseAuthentication": True,
    "Tags": [{"Key": "owner", "Value": "platform"}],
}
WEAK_CLUSTER = {
    "StorageEncrypted": False,
    "KmsKeyId": None,
    "BackupRetentionPeriod": 1,
    "DeletionProtection": False,
    "CopyTagsToSnapshot": False,
    "EnableIAMDatabaseAuthentication": False,
    "Tags": None,
}

MEMBER = {
    "DBInstanceClass": "db.r6g.large",
    "PubliclyAccessible": False,
    "AutoMinorVersionUpgrade": True,
    "MonitoringInterval": 60,
    "MonitoringRoleArn": GOOD_INSTANCE["MonitoringRoleArn"],
    "EnablePerformanceInsights": True,
}
PUBLIC_MEMBER = {
    **MEMBER,
    "PubliclyAccessible": True,
    "AutoMinorVersionUpgrade": False,
    "MonitoringInterval": None,
    "MonitoringRoleArn": None,
    "EnablePerformanceInsights": False,
}

# Name -> engine, difference, member template, zones of the members.
CLUSTERS = {
    "aurora-pg-good": (
        "aurora-postgresql",
        {
            "EngineVersion": "16.6",
            "Port": 15432,
            "EnableCloudwatchLogsExports": ["postgresql"],
            "GlobalClusterIdentifier": "orders-global",
        },
        MEMBER,
        "ab",
    ),
    "aurora-mysql-good": (
        "aurora-mysql",
        {
            "EngineVersion": AURORA_MYSQL,
            "Port": 13306,
            "DBClusterParameterGroupName": "aurora-mysql-tls",
            "BacktrackWindow": 86400,
            "EnableCloudwatchLogsExports": MYSQL_LOGS,
        },
        MEMBER,
        "ab",
    ),
    "aurora-mysql-tls-pending": (
        "aurora-mysql",
        {
            "EngineVersion": AURORA_MYSQL,
            "Port": 13306,
            "DBClusterParameterGroupName": "aurora-mysql-tls",
            "BacktrackWindow": 86400,
            "EnableCloudwatchLogsExports": MYSQL_LOGS,
        },
        MEMBER,
        "a",
    ),
    "aurora-mysql-public": (
        "aurora-mysql",
        {
            **WEAK_CLUSTER,
            **PASSWORD,
            "EngineVersion": AURORA_MYSQL,
            "Port": 13306,
            "MasterUsername": "admin",
            "SecurityGroups": ["open"],
            "DBSubnetGroupName": "app-public",
        },
        PUBLIC_MEMBER,
        "a",
    ),
    "pg-multi-az-cluster": (
        "postgres",
        {
            "EngineVersion": "17.4",
            "Port": 15432,
            "DBClusterInstanceClass": "db.m6gd.large",
            "AllocatedStorage": 100,
            "StorageType": "io1",
            "Iops": 1000,
            "AutoMinorVersionUpgrade": True,
            "PubliclyAccessible": False,
            "EnablePerformanceInsights": True,
            "EnableCloudwatchLogsExports": ["postgresql", "upgrade"],
        },
        MEMBER,
        "abc",
    ),
    "neptune-good": (
        "neptune",
        {
            "EngineVersion": "1.4.5.0",
            "Port": 18182,
            "MasterUsername": None,
            "ManageMasterUserPassword": None,
            "DBClusterParameterGroupName": "neptune-audit",
            "EnableCloudwatchLogsExports": ["audit"],
        },
        MEMBER,
        "ab",
    ),
    "neptune-weak": (
        "neptune",
        {
            **WEAK_CLUSTER,
            "EngineVersion": "1.4.5.0",
            "Port": 18182,
            "MasterUsername": None,
            "ManageMasterUserPassword": None,
        },
        PUBLIC_MEMBER,
        "a",
    ),
    "docdb-good": (
        "docdb",
        {
            "EngineVersion": "5.0.0",
            "Port": 37017,
            "DBClusterParameterGroupName": "docdb-tls",
            "EnableIAMDatabaseAuthentication": None,
            "EnableCloudwatchLogsExports": ["audit", "profiler"],
        },
        MEMBER,
        "ab",
    ),
    "docdb-weak": (
        "docdb",
        {
            **WEAK_CLUSTER,
            **PASSWORD,
            "EngineVersion": "5.0.0",
            "Port": 37017,
            "DBClusterParameterGroupName": "docdb-no-tls",
            "EnableIAMDatabaseAuthentication": None,
        },
        MEMBER,
        "a",
    ),
}

# Manual snapshot -> its database, whom it is shared with. Only an unencrypted one
# can be public.
SNAPSHOTS = {
    "snap-private": ("pg-good", []),
    "snap-unencrypted": ("pg-unencrypted", []),
    "snap-public": ("pg-unencrypted", ["all"]),
    "snap-public-and-shared": ("pg-unencrypted", ["all", OWNER]),
    "snap-shared-foreign": ("pg-good", [FOREIGN]),
}
CLUSTER_SNAPSHOTS = {
    "cluster-snap-private": ("aurora-pg-good", []),
    "cluster-snap-unencrypted": ("aurora-mysql-public", []),
    "cluster-snap-public": ("aurora-mysql-public", ["all"]),
    "cluster-snap-public-and-shared": ("aurora-mysql-public", ["all", OWNER]),
    "cluster-snap-shared-foreign": ("aurora-pg-good", [FOREIGN]),
    "docdb-snap-public": ("docdb-weak", ["all"]),
    "neptune-snap-shared-foreign": ("neptune-good", [FOREIGN]),
}

# eu-west-1: one good instance whose snapshots fill two pages, the only shared on
# the second.
EU_INSTANCE = "pg-eu"
EU_SNAPSHOTS = 125
EU_SHARED_SNAPSHOT = "pg-eu-snap-119"
