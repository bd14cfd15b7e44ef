//! GuardDuty's detector, one a region where it was ever switched on.

use super::Resource;
use super::kinds::kinds;
use super::shape::shape;

shape! {
    /// `guardduty:ListDetectors` → `DetectorIds[]`; all else is the answer of `guardduty:GetDetector`.
    Detector {
        DetectorId: String;
        /// `ENABLED`, or `DISABLED` where GuardDuty is suspended.
        Status: String;
        Features: Vec<DetectorFeature>;
    }

    /// `Features[]`.
    DetectorFeature from aws_sdk_guardduty::types::DetectorFeatureConfigurationResult {
        /// Such as `RDS_LOGIN_EVENTS`.
        Name: String = name;
        /// `ENABLED` or `DISABLED`.
        Status: String = status;
    }
}

kinds! {
    DETECTOR = "AWS::GuardDuty::Detector" as Detector {
        noun: "GuardDuty detector" / "GuardDuty detectors", service: "guardduty", name: "DetectorId", role: Supporting,
        operations: ["guardduty:ListDetectors"],
        fields: { "Status": "guardduty:GetDetector", "Features": "guardduty:GetDetector" },
    }
}

/// Whether RDS Protection can watch the logins of a resource: of Aurora, and of RDS for PostgreSQL.
pub fn is_watched(resource: &Resource) -> bool {
    #[derive(serde::Deserialize)]
    struct Engine {
        #[serde(rename = "Engine")]
        engine: Option<String>,
    }
    let has_engine = |engine: &Engine| matches!(engine.engine.as_deref(), Some("aurora-mysql" | "aurora-postgresql" | "postgres"));
    ["AWS::RDS::DBInstance", "AWS::RDS::DBCluster"].contains(&resource.kind.name) && resource.read().is_ok_and(has_engine)
}
