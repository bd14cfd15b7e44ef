"""Engine default parameters per parameter group family, as RDS reports them.

Only those a verdict depends on have their real name and value; the rest of a
family's four hundred is padding, which sorts before `rds.` and `require_` so
that these arrive on the second page.
"""

import re

PADDING = 130


def family_of(engine, version):
    """The parameter group family, e.g. `postgres16`, `sqlserver-se-15.0`."""
    numbers = version.split(".")
    if engine in ("mysql", "mariadb", "neptune", "docdb", "aurora-mysql"):
        release = ".".join(numbers[:2])
        # DocumentDB and Neptune count patch releases: 5.0.0, 1.3.2.1.
        return f"{engine}{release}"
    if engine.startswith("sqlserver"):
        return f"{engine}-{int(numbers[0])}.0"
    if engine.startswith("oracle"):
        return f"{engine}-{numbers[0]}"
    return f"{engine}{numbers[0]}"


def defaults(family, of_cluster):
    """Parameter name -> its entry, in the order AWS lists them."""
    found = {name: _entry(name, *rest) for name, *rest in _table(family, of_cluster)}
    if not family.startswith(("neptune", "docdb")):
        found |= {name: _entry(name) for name in (f"pad_{n:03}" for n in range(PADDING))}
    return dict(sorted(found.items()))


def _entry(name, value=None, data_type="string", apply_type="dynamic"):
    entry = {
        "ParameterName": name,
        "Description": f"Sets {name}.",
        "Source": "engine-default" if value is None else "system",
        "ApplyType": apply_type,
        "DataType": data_type,
        "IsModifiable": True,
        "ApplyMethod": "pending-reboot",
    }
    return entry if value is None else entry | {"ParameterValue": value}


def _table(family, of_cluster):
    engine, version = re.fullmatch(r"(.+?)-?([\d.]+)", family).groups()
    version = tuple(int(number) for number in version.split("."))
    match engine:
        case "postgres":
            return _postgres(version)
        case "aurora-postgresql":
            return _postgres(version) if of_cluster else [("log_connections", None, "boolean")]
        case "mysql":
            return [("require_secure_transport", "0", "boolean"), *_MYSQL_LOGS]
        case "mariadb":
            on = "1" if version >= (11, 8) else "0"
            return [("require_secure_transport", on, "boolean"), *_MYSQL_LOGS]
        case "aurora-mysql":
            secure = [
                ("require_secure_transport", "OFF"),
                ("server_audit_logging", "0", "boolean"),
                ("tls_version", "TLSv1.2,TLSv1.3", "list", "static"),
            ]
            return secure + _MYSQL_LOGS if of_cluster else _MYSQL_LOGS
        case "docdb":
            return _DOCDB if of_cluster else []
        case "neptune":
            return _NEPTUNE if of_cluster else [("neptune_dfe_query_engine", "viaQueryHint")]
    if engine.startswith("sqlserver"):
        return [("rds.force_ssl", "0", "boolean", "static"), ("rds.tls12", "default", "string", "static")]
    return [("audit_trail", "NONE", "string", "static")]


def _postgres(version):
    return [
        ("rds.force_ssl", "1" if version >= (15,) else "0", "boolean"),
        ("log_connections", None, "boolean"),
        ("log_disconnections", None, "boolean"),
        ("password_encryption", "scram-sha-256" if version >= (14,) else "md5"),
        ("shared_preload_libraries", "pg_stat_statements", "list", "static"),
        ("ssl_min_protocol_version", "TLSv1.2"),
    ]


_MYSQL_LOGS = [
    ("general_log", None, "boolean"),
    ("slow_query_log", None, "boolean"),
    ("local_infile", "1", "boolean"),
]
_DOCDB = [
    ("audit_logs", "disabled"),
    ("profiler", "disabled"),
    ("tls", "enabled", "string", "static"),
    ("ttl_monitor", "enabled"),
]
_NEPTUNE = [
    ("neptune_enable_audit_log", "0", "integer", "static"),
    ("neptune_enforce_ssl", "1", "integer", "static"),
    ("neptune_query_timeout", "120000", "integer", "static"),
]
