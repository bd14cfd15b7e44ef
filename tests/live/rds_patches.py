"""The RDS half of the patches: instances, clusters, snapshots, parameters."""

import base64
import hashlib
from datetime import datetime, timedelta

import clock
import parameters
from control import OVERLAY
from moto.core.responses import ActionResult
from moto.rds.exceptions import DBParameterGroupNotFoundError, InvalidParameterValue
from moto.rds.models import DBCluster, DBInstance, DBInstanceClustered, RDSBackend, rds_backends
from moto.rds.responses import RDSResponse
from moto.rds.utils import ClusterEngine, DbInstanceEngine

CA = "rds-ca-rsa2048-g1"
LIFECYCLE_SUPPORT = "open-source-rds-extended-support"
CERTIFICATES = {
    "rds-ca-rsa2048-g1": datetime(2061, 5, 25),
    "rds-ca-rsa4096-g1": datetime(2121, 5, 25),
    "rds-ca-ecc384-g1": datetime(2121, 5, 25),
}

# Engine, major version -> end of standard support, end of extended support.
LIFECYCLES = {
    ("postgres", "13"): ("2026-02-28", "2029-02-28"),
    ("postgres", "14"): ("2027-02-28", "2030-02-28"),
    ("postgres", "16"): ("2029-02-28", "2032-02-29"),
    ("postgres", "17"): ("2030-02-28", "2033-02-28"),
    ("mysql", "5.7"): ("2024-02-29", "2027-02-28"),
    ("mysql", "8.0"): ("2026-07-31", "2029-07-31"),
    ("mysql", "8.4"): ("2029-07-31", "2032-07-31"),
    ("aurora-postgresql", "13"): ("2026-02-28", "2029-02-28"),
    ("aurora-postgresql", "16"): ("2029-02-28", "2032-02-29"),
    ("aurora-mysql", "5.7"): ("2024-10-31", "2027-02-28"),
    ("aurora-mysql", "8.0"): ("2028-04-30", "2031-04-30"),
}


def apply():
    engine_docdb()
    instances()
    members()
    clusters()
    automated_backups()
    parameter_groups()
    pages()
    reference_data()


def engine_docdb():
    """DocumentDB is managed by the RDS API; moto refuses its engine."""
    for enum, listing in ((DbInstanceEngine, "valid_db_instance_engine"), (ClusterEngine, "list_cluster_engines")):
        known = getattr(enum, listing)()
        setattr(enum, listing, lambda known=known: [*known, "docdb"])
    for model in (DBInstance, DBCluster):
        _default_for_docdb(model, "default_port", 27017)
        _default_for_docdb(model, "default_allocated_storage", 1)


def _default_for_docdb(model, method, value):
    original = getattr(model, method)

    def default(engine, **rest):
        return value if engine == "docdb" else original(engine, **rest)

    setattr(model, method, staticmethod(default))


def instances():
    """Fields AWS always returns: moto leaves them out or gives every instance the same."""
    init = DBInstance.__init__
    create_replica = RDSBackend.create_db_instance_read_replica

    def complete(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.dbi_resource_id = _resource_id(self.arn)
        self.publicly_accessible = bool(self.publicly_accessible)
        if self.ca_certificate_identifier == "rds-ca-default":
            self.ca_certificate_identifier = CA
        if self.db_cluster_identifier is None:
            self.kms_key_id = _key_arn(self, self.kms_key_id)
        self.performance_insights_enabled = bool(kwargs.get("enable_performance_insights"))
        self.performance_insights_kms_key_id = kwargs.get("performance_insights_kms_key_id")
        self.engine_lifecycle_support = kwargs.get("engine_lifecycle_support", LIFECYCLE_SUPPORT)
        self.network_type = kwargs.get("network_type", "IPV4")
        self.backup_target, self.activity_stream_status = "region", "stopped"

    def replica(self, db_kwargs):
        # moto copies the primary whole; AWS makes a new instance without backups.
        if "backup_retention_period" not in db_kwargs:
            db_kwargs["backup_retention_period"] = 0
        created = create_replica(self, db_kwargs)
        created.dbi_resource_id = _resource_id(created.arn)
        return created

    DBInstance.__init__ = complete
    DBInstance.certificate_details = property(_certificate_details)
    DBInstance.latest_restorable_time = property(_latest_restorable_time)
    # moto's own moves with every answer, so that no scan repeats another.
    DBCluster.latest_restorable_time = property(lambda _: (clock.now() - timedelta(minutes=5)).replace(tzinfo=None))
    DBInstance.enhanced_monitoring_resource_arn = property(_monitoring_stream)
    RDSBackend.create_db_instance_read_replica = replica

    # moto asks for a name; AWS lists them all without one.
    describe_option_groups = RDSBackend.describe_option_groups

    def all_option_groups(self, wanted):
        return describe_option_groups(self, {"option_group_name": None} | wanted) if self.option_groups or wanted else []

    RDSBackend.describe_option_groups = all_option_groups


def _resource_id(arn):
    return "db-" + base64.b32encode(hashlib.sha256(arn.encode()).digest()).decode()[:26]


def _key_arn(resource, key):
    """AWS answers the key's ARN, that of alias/aws/rds when none was chosen."""
    if not resource.storage_encrypted:
        return None
    key = "alias/aws/rds" if key in (None, "default_kms_key_id") else key
    return resource.backend.kms.describe_key(key).arn


def _certificate_details(instance):
    return {"CAIdentifier": instance.ca_certificate_identifier, "ValidTill": instance.created + timedelta(days=330)}


def _latest_restorable_time(instance):
    backed_up = instance.backup_retention_period and not isinstance(instance, DBInstanceClustered)
    return (clock.now() - timedelta(minutes=5)).replace(tzinfo=None) if backed_up else None


def _monitoring_stream(instance):
    if not instance.monitoring_interval:
        return None
    stream = f"log-group:RDSOSMetrics:log-stream:{instance.dbi_resource_id}"
    return f"arn:aws:logs:{instance.region}:{instance.account_id}:{stream}"


def members():
    """A member has its cluster's port and subnet group; moto gives the engine's port and none."""
    init = DBInstanceClustered.__init__

    def complete(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.port = self.cluster.port
        if self.cluster.db_subnet_group_name in self.backend.subnet_groups:
            self.db_subnet_group = self.backend.subnet_groups[self.cluster.db_subnet_group_name]

    DBInstanceClustered.__init__ = complete


def clusters():
    """Defaults by engine, encryption keys, Multi-AZ DB clusters, IAM for Neptune."""
    init = DBCluster.__init__
    default_engine_version = DBCluster.default_engine_version
    multi_az = DBCluster.multi_az.fget
    create = RDSBackend.create_db_cluster

    def complete(self, backend, **kwargs):
        # moto knows IAM authentication on Aurora only.
        iam_auth = kwargs.pop("enable_iam_database_authentication", False)
        init(self, backend, **kwargs)
        self.iam_auth = iam_auth
        self._status = "available"
        self.family = parameters.family_of(self.engine, self.engine_version)
        self.parameter_group = kwargs.get("db_cluster_parameter_group_name") or f"default.{self.family}"
        self.kms_key_id = _key_arn(self, self.kms_key_id)
        self.performance_insights_enabled = kwargs.get("enable_performance_insights")
        self.monitoring_interval = kwargs.get("monitoring_interval")
        self._enable_http_endpoint = bool(kwargs.get("enable_http_endpoint"))
        self.engine_lifecycle_support = kwargs.get("engine_lifecycle_support", LIFECYCLE_SUPPORT)
        self.activity_stream_status = "stopped"
        if not _is_multi_az_cluster(self):
            # AWS answers these two for Multi-AZ DB clusters alone.
            self.publicly_accessible = self.auto_minor_version_upgrade = None

    def with_default_group(self, kwargs):
        # AWS has the default group of a family from its first use on; moto never.
        cluster = create(self, kwargs)
        name = f"default.{cluster.family}"
        if cluster.parameter_group == name and name not in self.db_cluster_parameter_groups:
            description = f"Default cluster parameter group for {cluster.family}"
            self.create_db_cluster_parameter_group(name, cluster.family, description, [])
        return cluster

    DBCluster.__init__ = complete
    DBCluster.multi_az = property(lambda self: _is_multi_az_cluster(self) or multi_az(self))
    DBCluster.default_engine_version = staticmethod(lambda e: "5.0.0" if e == "docdb" else default_engine_version(e))
    RDSBackend.create_db_cluster = with_default_group


def _is_multi_az_cluster(cluster):
    return cluster.engine in ("mysql", "postgres")


def automated_snapshots(account, region, count):
    """What AWS makes every night: so many, spread over the instances that stand alone."""
    backend = rds_backends[account][region]
    standing = [name for name, database in backend.databases.items() if database.db_cluster_identifier is None]
    for number in range(count):
        name = standing[number % len(standing)]
        backend.create_auto_snapshot(name, f"rds:{name}-{number}")


def automated_backups():
    """AWS takes none with retention 0 and none of cluster members; moto always takes one."""
    save = DBInstance.save_automated_backup

    def save_if_retained(self):
        if self.backup_retention_period:
            save(self)

    def describe(self):
        wanted = self.params.get("DBInstanceIdentifier")
        backed_up = [i for i in self.backend.describe_db_instances(wanted) if _latest_restorable_time(i)]
        return _page(self, "DBInstanceAutomatedBackups", [_automated_backup(i) for i in backed_up])

    DBInstance.save_automated_backup = save_if_retained
    DBInstanceClustered.save_automated_backup = lambda _self: None
    RDSResponse.describe_db_instance_automated_backups = describe
    RDSResponse.describe_db_cluster_automated_backups = lambda self: _page(self, "DBClusterAutomatedBackups", [])


def _automated_backup(instance):
    # AWS copies the instance's fields; those of the backup itself come first.
    digest = hashlib.sha256(instance.arn.encode()).hexdigest()[:26]
    latest = OVERLAY.get(instance.arn, {}).get("LatestRestorableTime", instance.latest_restorable_time)
    own = {
        "DBInstanceArn": instance.arn,
        "DBInstanceAutomatedBackupsArn": f"arn:aws:rds:{instance.region}:{instance.account_id}:auto-backup:ab-{digest}",
        "Region": instance.region,
        "RestoreWindow": {"EarliestTime": instance.created, "LatestTime": latest},
        "Status": "active",
        "Encrypted": instance.storage_encrypted,
        "VpcId": getattr(getattr(instance, "db_subnet_group", None), "vpc_id", None),
    }
    copied = (
        "db_instance_identifier",
        "dbi_resource_id",
        "allocated_storage",
        "port",
        "availability_zone",
        "instance_create_time",
        "master_username",
        "engine",
        "engine_version",
        "license_model",
        "option_group_name",
        "storage_type",
        "kms_key_id",
        "iam_database_authentication_enabled",
        "backup_retention_period",
        "preferred_backup_window",
        "backup_target",
        "tag_list",
    )
    return own | {name: getattr(instance, name) for name in copied}


def parameter_groups():
    """AWS lists a group's whole family with sources and types; moto what was modified."""

    def default_details(self):
        family = parameters.family_of(self.engine, self.engine_version)
        return family, f"default.{family}"

    def describe(self):
        name = self.params.get("DBParameterGroupName")
        group = self.backend.db_parameter_groups.get(name)
        return _group_parameters(self, name, group, group and group.family, of_cluster=False)

    def describe_of_cluster(self):
        name = self.params.get("DBClusterParameterGroupName")
        group = self.backend.db_cluster_parameter_groups.get(name)
        return _group_parameters(self, name, group, group and group.db_parameter_group_family, of_cluster=True)

    def engine_defaults(self):
        return _engine_defaults(self, of_cluster=False)

    def engine_defaults_of_cluster(self):
        return _engine_defaults(self, of_cluster=True)

    DBInstance.default_db_parameter_group_details = default_details
    RDSResponse.describe_db_parameters = describe
    RDSResponse.describe_db_cluster_parameters = describe_of_cluster
    RDSResponse.describe_engine_default_parameters = engine_defaults
    RDSResponse.describe_engine_default_cluster_parameters = engine_defaults_of_cluster


def _group_parameters(response, name, group, family, of_cluster):
    if group is None:
        raise DBParameterGroupNotFoundError(name)
    found = parameters.defaults(family, of_cluster)
    for parameter, changes in group.parameters.items():
        # moto keeps what ModifyDBParameterGroup was sent, value and apply method.
        found[parameter] = found.get(parameter, {}) | changes | {"Source": "user"}
    source = response.params.get("Source")
    listed = [p for p in found.values() if source in (None, p["Source"])]
    return _page(response, "Parameters", listed)


def _engine_defaults(response, of_cluster):
    family = response.params["DBParameterGroupFamily"]
    page = _page(response, "Parameters", list(parameters.defaults(family, of_cluster).values()))
    return ActionResult({"EngineDefaults": {"DBParameterGroupFamily": family, **page.result}})


def pages():
    """AWS answers at most 100 records and a Marker; moto everything in these."""
    for operation, key in (
        ("describe_db_snapshots", "DBSnapshots"),
        ("describe_db_cluster_snapshots", "DBClusterSnapshots"),
        ("describe_db_clusters", "DBClusters"),
    ):
        _paginate(operation, key)


def _paginate(operation, key):
    answer = getattr(RDSResponse, operation)

    def paginated(self):
        return _page(self, key, list(answer(self).result[key]))

    setattr(RDSResponse, operation, paginated)


def _page(response, key, records):
    size = int(response.params.get("MaxRecords") or 100)
    if not 20 <= size <= 100:
        raise InvalidParameterValue(f"Invalid value {size} for MaxRecords. Must be between 20 and 100")
    marker = response.params.get("Marker")
    start = int(base64.b64decode(marker)) if marker else 0
    end = start + size
    following = base64.b64encode(str(end).encode()).decode() if end < len(records) else None
    return ActionResult({key: records[start:end], "Marker": following})


def reference_data():
    """Operations moto does not have: certificates, maintenance, lifecycles."""

    def certificates(self):
        listed = [
            {
                "CertificateIdentifier": name,
                "CertificateType": "CA",
                "Thumbprint": hashlib.sha1(name.encode()).hexdigest(),
                "ValidFrom": datetime(2021, 5, 25),
                "ValidTill": until,
                "CertificateArn": f"arn:aws:rds:{self.region}::cert:{name}",
                "CustomerOverride": False,
            }
            for name, until in CERTIFICATES.items()
        ]
        answer = _page(self, "Certificates", listed).result
        return ActionResult(answer | {"DefaultCertificateForNewLaunches": CA})

    def pending_maintenance(self):
        pending = OVERLAY.get("pending-maintenance", {})
        fields = ("ResourceIdentifier", "PendingMaintenanceActionDetails")
        of_region = [p for p in pending.items() if f":{self.region}:" in p[0]]
        return _page(self, "PendingMaintenanceActions", [dict(zip(fields, p)) for p in of_region])

    def major_versions(self):
        wanted = {"Engine": self.params.get("Engine"), "MajorEngineVersion": self.params.get("MajorEngineVersion")}
        listed = [_major_version(*key, *ends) for key, ends in LIFECYCLES.items()]
        listed = [v for v in listed if all(w in (None, v[k]) for k, w in wanted.items())]
        return _page(self, "DBMajorEngineVersions", listed)

    RDSResponse.describe_certificates = certificates
    RDSResponse.describe_pending_maintenance_actions = pending_maintenance
    RDSResponse.describe_db_major_engine_versions = major_versions


def _major_version(engine, version, standard_end, extended_end):
    supports = [
        ("open-source-rds-standard-support", "2018-01-01", standard_end),
        ("open-source-rds-extended-support", standard_end, extended_end),
    ]
    fields = ("LifecycleSupportName", "LifecycleSupportStartDate", "LifecycleSupportEndDate")
    return {
        "Engine": engine,
        "MajorEngineVersion": version,
        "SupportedEngineLifecycles": [dict(zip(fields, support)) for support in supports],
    }
