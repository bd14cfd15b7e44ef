//! What AWS says of engines: versions, their lifecycles, certificate authorities, maintenance.

use crate::inventory::kinds::kinds;
use crate::inventory::shape::{Timestamp, shape};

shape! {
    /// `rds:DescribeCertificates` → `Certificates[]`: the certificate authorities of a region.
    Certificate from aws_sdk_rds::types::Certificate {
        CertificateIdentifier: String = certificate_identifier;
        CertificateArn: String = certificate_arn;
        CertificateType: String = certificate_type;
        ValidFrom: Timestamp = valid_from;
        ValidTill: Timestamp = valid_till;
        CustomerOverride: bool = customer_override;
        CustomerOverrideValidTill: Timestamp = customer_override_valid_till;
    }

    /// `rds:DescribeDBEngineVersions` of one engine.
    DBEngine {
        Engine: String;
        Versions: Vec<DBEngineVersion>;
    }

    /// `DBEngineVersions[]`.
    DBEngineVersion from aws_sdk_rds::types::DbEngineVersion {
        EngineVersion: String = engine_version;
        /// `available` or `deprecated`; of versions that the customer made also `inactive` and others.
        Status: String = status;
    }

    /// `rds:DescribeDBMajorEngineVersions` → `DBMajorEngineVersions[]`.
    DBMajorEngineVersion from aws_sdk_rds::types::DbMajorEngineVersion {
        Engine: String = engine;
        MajorEngineVersion: String = major_engine_version;
        SupportedEngineLifecycles: Vec<SupportedEngineLifecycle> = supported_engine_lifecycles;
    }

    /// `SupportedEngineLifecycles[]`: from when to when AWS gives which support.
    SupportedEngineLifecycle from aws_sdk_rds::types::SupportedEngineLifecycle {
        /// `open-source-rds-standard-support` or `open-source-rds-extended-support`.
        LifecycleSupportName: String = lifecycle_support_name;
        LifecycleSupportEndDate: Timestamp = lifecycle_support_end_date;
    }

    /// `rds:DescribePendingMaintenanceActions` → `PendingMaintenanceActions[]`.
    PendingMaintenance from aws_sdk_rds::types::ResourcePendingMaintenanceActions {
        ResourceIdentifier: String = resource_identifier;
        PendingMaintenanceActionDetails: Vec<PendingMaintenanceAction> = pending_maintenance_action_details;
    }

    /// `PendingMaintenanceActionDetails[]`.
    PendingMaintenanceAction from aws_sdk_rds::types::PendingMaintenanceAction {
        Action: String = action;
        AutoAppliedAfterDate: Timestamp = auto_applied_after_date;
        ForcedApplyDate: Timestamp = forced_apply_date;
        CurrentApplyDate: Timestamp = current_apply_date;
        OptInStatus: String = opt_in_status;
        Description: String = description;
    }
}

kinds! {
    CERTIFICATE = "AWS::RDS::Certificate" as Certificate {
        noun: "certificate authority" / "certificate authorities", service: "rds", name: "CertificateIdentifier", role: Supporting,
        operations: ["rds:DescribeCertificates"],
    }
    DB_ENGINE = "AWS::RDS::DBEngine" as DBEngine {
        noun: "database engine" / "database engines", service: "rds", name: "Engine", role: Supporting,
        operations: ["rds:DescribeDBEngineVersions"],
    }
    DB_MAJOR_ENGINE_VERSION = "AWS::RDS::DBMajorEngineVersion" as DBMajorEngineVersion {
        noun: "major engine version" / "major engine versions", service: "rds", name: "MajorEngineVersion", role: Supporting,
        operations: ["rds:DescribeDBMajorEngineVersions"],
    }
    PENDING_MAINTENANCE = "AWS::RDS::PendingMaintenanceActions" as PendingMaintenance {
        noun: "pending maintenance action" / "pending maintenance actions", service: "rds", name: "ResourceIdentifier", role: Supporting,
        operations: ["rds:DescribePendingMaintenanceActions"],
    }
}
