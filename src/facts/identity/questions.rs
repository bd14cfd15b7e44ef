//! What rules ask of a principal: may it do this to whatever resource of a type?

/// One question.
pub struct Question {
    /// The field of the fact.
    pub name: &'static str,
    pub about: &'static str,
    /// Actions, with resources to try them on: the service and the last part of an ARN, with `~` for
    /// any name. That the principal may do one of the actions to one of the resources is a yes.
    pub asks: &'static [(&'static [&'static str], &'static [&'static str])],
    /// Condition keys that narrow a grant well enough.
    pub narrowed_by: &'static [&'static str],
}

/// Every question.
pub static QUESTIONS: &[Question] = &[
    Question {
        name: "cache_connect",
        about: "connecting to any cache or cluster of ElastiCache and MemoryDB, or as any of their users",
        asks: &[
            (&["elasticache:Connect"], &["elasticache replicationgroup:~", "elasticache serverlesscache:~", "elasticache user:~"]),
            (&["memorydb:Connect"], &["memorydb cluster/~", "memorydb user/~"]),
        ],
        narrowed_by: &[],
    },
    Question {
        name: "data_api",
        about: "SQL over the RDS Data API on any cluster",
        asks: &[(&["rds-data:ExecuteStatement", "rds-data:BatchExecuteStatement", "rds-data:ExecuteSql"], &["rds cluster:~"])],
        narrowed_by: &[],
    },
    Question { name: "dax", about: "any action on any DAX cluster", asks: &[(&["dax:~"], &["dax cache/~"])], narrowed_by: &[] },
    Question {
        name: "dsql_admin",
        about: "connecting as administrator to any Aurora DSQL cluster",
        asks: &[(&["dsql:DbConnectAdmin"], &["dsql cluster/~"])],
        narrowed_by: &[],
    },
    Question {
        name: "dynamodb_items",
        about: "reading or writing items of any DynamoDB table without fine-grained conditions",
        asks: &[(
            &[
                "dynamodb:BatchGetItem",
                "dynamodb:BatchWriteItem",
                "dynamodb:DeleteItem",
                "dynamodb:GetItem",
                "dynamodb:PartiQLDelete",
                "dynamodb:PartiQLInsert",
                "dynamodb:PartiQLSelect",
                "dynamodb:PartiQLUpdate",
                "dynamodb:PutItem",
                "dynamodb:Query",
                "dynamodb:Scan",
                "dynamodb:UpdateItem",
            ],
            &["dynamodb table/~"],
        )],
        narrowed_by: &["dynamodb:Attributes", "dynamodb:LeadingKeys", "dynamodb:Select"],
    },
    Question {
        name: "keyspaces_data",
        about: "reading, writing or changing any Keyspaces table",
        asks: &[(
            &["cassandra:Alter", "cassandra:Drop", "cassandra:Modify", "cassandra:Select"],
            &["cassandra /keyspace/~/table/~", "cassandra /keyspace/~/"],
        )],
        narrowed_by: &["aws:PrincipalOrgID", "aws:SourceVpc", "aws:SourceVpce"],
    },
    Question {
        name: "kms_decrypt",
        about: "decrypting with any KMS key",
        asks: &[(&["kms:Decrypt", "kms:ReEncryptFrom"], &["kms key/~"])],
        narrowed_by: &["kms:ViaService"],
    },
    Question {
        name: "neptune_data",
        about: "reading or changing the graph of any Neptune cluster",
        asks: &[(
            &["neptune-db:DeleteDataViaQuery", "neptune-db:ReadDataViaQuery", "neptune-db:WriteDataViaQuery", "neptune-db:connect"],
            &["neptune-db ~/~"],
        )],
        narrowed_by: &[],
    },
    Question {
        name: "rds_db_connect",
        about: "connecting to any database as any of its users",
        asks: &[(&["rds-db:connect"], &["rds-db dbuser:~/~"])],
        narrowed_by: &[],
    },
    Question {
        name: "secrets",
        about: "reading any secret",
        asks: &[(&["secretsmanager:GetSecretValue"], &["secretsmanager secret:~"])],
        narrowed_by: &[],
    },
    Question {
        name: "snapshot_sharing",
        about: "sharing, copying or exporting any snapshot or table",
        asks: &[
            (&["rds:ModifyDBSnapshotAttribute", "rds:CopyDBSnapshot"], &["rds snapshot:~"]),
            (&["rds:ModifyDBClusterSnapshotAttribute", "rds:CopyDBClusterSnapshot"], &["rds cluster-snapshot:~"]),
            (&["rds:StartExportTask"], &["rds snapshot:~", "rds cluster-snapshot:~", "rds cluster:~"]),
            (&["dynamodb:ExportTableToPointInTime"], &["dynamodb table/~"]),
            (&["elasticache:CopySnapshot"], &["elasticache snapshot:~"]),
            (&["elasticache:CopyServerlessCacheSnapshot", "elasticache:ExportServerlessCacheSnapshot"], &["elasticache serverlesscachesnapshot:~"]),
        ],
        narrowed_by: &[],
    },
    Question {
        name: "timestream_data",
        about: "reading or writing any Timestream table",
        // Not `SelectValues`: it reads no table, and IAM knows no resource for it but `*`.
        asks: &[
            (&["timestream:Select", "timestream:WriteRecords"], &["timestream database/~/table/~"]),
            (&["timestream:ExecuteScheduledQuery"], &["timestream scheduled-query/~"]),
        ],
        narrowed_by: &[],
    },
];

/// The services of which `full_control` speaks, with resources to try it on.
pub static SERVICES: &[(&str, &[&str])] = &[
    ("cassandra", &["cassandra /keyspace/~/table/~"]),
    ("dax", &["dax cache/~"]),
    ("docdb-elastic", &["docdb-elastic cluster/~"]),
    ("dsql", &["dsql cluster/~"]),
    ("dynamodb", &["dynamodb table/~"]),
    ("elasticache", &["elasticache cluster:~", "elasticache replicationgroup:~", "elasticache serverlesscache:~"]),
    ("kms", &["kms key/~"]),
    ("lambda", &["lambda function:~"]),
    ("memorydb", &["memorydb cluster/~"]),
    ("neptune-db", &["neptune-db ~/~"]),
    ("neptune-graph", &["neptune-graph graph/~"]),
    ("rds", &["rds db:~", "rds cluster:~"]),
    ("s3", &["s3 ~", "s3 ~/~"]),
    ("secretsmanager", &["secretsmanager secret:~"]),
    ("timestream", &["timestream database/~", "timestream database/~/table/~"]),
    ("timestream-influxdb", &["timestream-influxdb db-instance/~"]),
];
