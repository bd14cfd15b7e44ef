//! The shapes of Timestream: for LiveAnalytics (`timestream`) and for InfluxDB (`timestream-influxdb`).

use super::kinds::kinds;
use super::shape::{Timestamp, shape};

shape! {
    /// `timestream:ListDatabases` → `Databases[]`.
    Database from aws_sdk_timestreamwrite::types::Database {
        Arn: String = arn;
        DatabaseName: String = database_name;
        TableCount: i64 = table_count;
        KmsKeyId: String = kms_key_id;
        CreationTime: Timestamp = creation_time;
    }

    /// `timestream:ListTables` → `Tables[]`.
    Table from aws_sdk_timestreamwrite::types::Table {
        Arn: String = arn;
        TableName: String = table_name;
        DatabaseName: String = database_name;
        TableStatus: String = table_status;
        RetentionProperties: RetentionProperties = retention_properties;
        MagneticStoreWriteProperties: MagneticStoreWriteProperties = magnetic_store_write_properties;
        CreationTime: Timestamp = creation_time;
    }

    /// `RetentionProperties`.
    RetentionProperties from aws_sdk_timestreamwrite::types::RetentionProperties {
        MemoryStoreRetentionPeriodInHours: i64 = memory_store_retention_period_in_hours;
        MagneticStoreRetentionPeriodInDays: i64 = magnetic_store_retention_period_in_days;
    }

    /// `MagneticStoreWriteProperties`.
    MagneticStoreWriteProperties from aws_sdk_timestreamwrite::types::MagneticStoreWriteProperties {
        EnableMagneticStoreWrites: bool = enable_magnetic_store_writes;
        MagneticStoreRejectedDataLocation: RejectedDataLocation = magnetic_store_rejected_data_location;
    }

    /// `MagneticStoreRejectedDataLocation`.
    RejectedDataLocation from aws_sdk_timestreamwrite::types::MagneticStoreRejectedDataLocation {
        S3Configuration: RejectedDataBucket = s3_configuration;
    }

    /// `MagneticStoreRejectedDataLocation.S3Configuration`.
    RejectedDataBucket from aws_sdk_timestreamwrite::types::S3Configuration {
        BucketName: String = bucket_name;
        ObjectKeyPrefix: String = object_key_prefix;
        /// `SSE_S3` or `SSE_KMS`.
        EncryptionOption: String = encryption_option;
        KmsKeyId: String = kms_key_id;
    }

    /// `timestream-influxdb:GetDbInstance`.
    DbInstance from aws_sdk_timestreaminfluxdb::operation::get_db_instance::GetDbInstanceOutput {
        id: String = id;
        name: String = name;
        arn: String = arn;
        status: String = status;
        endpoint: String = endpoint;
        port: i64 = port;
        /// `IPV4` or `DUAL`.
        networkType: String = network_type;
        /// `SINGLE_AZ` or `WITH_MULTIAZ_STANDBY`.
        deploymentType: String = deployment_type;
        publiclyAccessible: bool = publicly_accessible;
        vpcSubnetIds: Vec<String> = vpc_subnet_ids;
        vpcSecurityGroupIds: Vec<String> = vpc_security_group_ids;
        availabilityZone: String = availability_zone;
        secondaryAvailabilityZone: String = secondary_availability_zone;
        logDeliveryConfiguration: LogDeliveryConfiguration = log_delivery_configuration;
        influxAuthParametersSecretArn: String = influx_auth_parameters_secret_arn;
        /// The cluster that it is a node of.
        dbClusterId: String = db_cluster_id;
        dbBackupConfigurations: Vec<DbBackupConfiguration> = db_backup_configurations;
        kmsKeyId: String = kms_key_id;
    }

    /// `timestream-influxdb:GetDbCluster`.
    DbCluster from aws_sdk_timestreaminfluxdb::operation::get_db_cluster::GetDbClusterOutput {
        id: String = id;
        name: String = name;
        arn: String = arn;
        status: String = status;
        endpoint: String = endpoint;
        readerEndpoint: String = reader_endpoint;
        port: i64 = port;
        /// `IPV4` or `DUAL`.
        networkType: String = network_type;
        /// `MULTI_NODE_READ_REPLICAS`.
        deploymentType: String = deployment_type;
        /// `INFLUXDB_V2`, `INFLUXDB_V3_CORE` or `INFLUXDB_V3_ENTERPRISE`.
        engineType: String = engine_type;
        /// `AUTOMATIC` or `NO_FAILOVER`.
        failoverMode: String = failover_mode;
        publiclyAccessible: bool = publicly_accessible;
        vpcSubnetIds: Vec<String> = vpc_subnet_ids;
        vpcSecurityGroupIds: Vec<String> = vpc_security_group_ids;
        logDeliveryConfiguration: LogDeliveryConfiguration = log_delivery_configuration;
        influxAuthParametersSecretArn: String = influx_auth_parameters_secret_arn;
        dbBackupConfigurations: Vec<DbBackupConfiguration> = db_backup_configurations;
        kmsKeyId: String = kms_key_id;
    }

    /// `logDeliveryConfiguration`.
    LogDeliveryConfiguration from aws_sdk_timestreaminfluxdb::types::LogDeliveryConfiguration {
        s3Configuration: LogBucket = s3_configuration;
    }

    /// `logDeliveryConfiguration.s3Configuration`.
    LogBucket from aws_sdk_timestreaminfluxdb::types::S3Configuration {
        bucketName: String = bucket_name;
        enabled: bool = enabled;
    }

    /// `dbBackupConfigurations[]`.
    DbBackupConfiguration from aws_sdk_timestreaminfluxdb::types::DbBackupConfigurationOutput {
        /// `HOURLY`, `DAILY`, `WEEKLY`, `MONTHLY`, `CUSTOM_SCHEDULE` or `CONTINUOUS`.
        r#type: String = r#type;
        retentionDays: i64 = retention_days;
        enabled: bool = enabled;
    }
}

kinds! {
    TIMESTREAM_DATABASE = "AWS::Timestream::Database" as Database {
        noun: "Timestream database" / "Timestream databases", service: "timestream", name: "DatabaseName", role: Judged,
        operations: ["timestream:ListDatabases", "timestream:DescribeEndpoints"],
        tags: "tag:GetResources",
    }
    TIMESTREAM_TABLE = "AWS::Timestream::Table" as Table {
        noun: "Timestream table" / "Timestream tables", service: "timestream", name: "TableName", role: Judged,
        operations: ["timestream:ListTables", "timestream:DescribeEndpoints"],
        tags: "tag:GetResources",
        endpoints: ["timestream.ingest-*", "timestream.query-*"] for ["timestream:Select", "timestream:WriteRecords"],
    }
    INFLUXDB_INSTANCE = "AWS::Timestream::InfluxDBInstance" as DbInstance {
        noun: "InfluxDB instance" / "InfluxDB instances", service: "timestream-influxdb", name: "name", role: Judged,
        operations: ["timestream-influxdb:ListDbInstances"],
        tags: "timestream-influxdb:ListTagsForResource",
        fields: {
            "status": "timestream-influxdb:GetDbInstance",
            "endpoint": "timestream-influxdb:GetDbInstance",
            "port": "timestream-influxdb:GetDbInstance",
            "networkType": "timestream-influxdb:GetDbInstance",
            "deploymentType": "timestream-influxdb:GetDbInstance",
            "publiclyAccessible": "timestream-influxdb:GetDbInstance",
            "vpcSubnetIds": "timestream-influxdb:GetDbInstance",
            "vpcSecurityGroupIds": "timestream-influxdb:GetDbInstance",
            "availabilityZone": "timestream-influxdb:GetDbInstance",
            "secondaryAvailabilityZone": "timestream-influxdb:GetDbInstance",
            "logDeliveryConfiguration": "timestream-influxdb:GetDbInstance",
            "influxAuthParametersSecretArn": "timestream-influxdb:GetDbInstance",
            "dbClusterId": "timestream-influxdb:GetDbInstance",
            "dbBackupConfigurations": "timestream-influxdb:GetDbInstance",
            "kmsKeyId": "timestream-influxdb:GetDbInstance",
        },
    }
    INFLUXDB_CLUSTER = "AWS::Timestream::InfluxDBCluster" as DbCluster {
        noun: "InfluxDB cluster" / "InfluxDB clusters", service: "timestream-influxdb", name: "name", role: Judged,
        operations: ["timestream-influxdb:ListDbClusters"],
        tags: "timestream-influxdb:ListTagsForResource",
        fields: {
            "status": "timestream-influxdb:GetDbCluster",
            "endpoint": "timestream-influxdb:GetDbCluster",
            "readerEndpoint": "timestream-influxdb:GetDbCluster",
            "port": "timestream-influxdb:GetDbCluster",
            "networkType": "timestream-influxdb:GetDbCluster",
            "deploymentType": "timestream-influxdb:GetDbCluster",
            "engineType": "timestream-influxdb:GetDbCluster",
            "failoverMode": "timestream-influxdb:GetDbCluster",
            "publiclyAccessible": "timestream-influxdb:GetDbCluster",
            "vpcSubnetIds": "timestream-influxdb:GetDbCluster",
            "vpcSecurityGroupIds": "timestream-influxdb:GetDbCluster",
            "logDeliveryConfiguration": "timestream-influxdb:GetDbCluster",
            "influxAuthParametersSecretArn": "timestream-influxdb:GetDbCluster",
            "dbBackupConfigurations": "timestream-influxdb:GetDbCluster",
            "kmsKeyId": "timestream-influxdb:GetDbCluster",
        },
    }
}

#[cfg(feature = "live")]
super::shape::required_text!(aws_sdk_timestreaminfluxdb::types::AutomatedDbBackupType);
