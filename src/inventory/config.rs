//! What AWS Config records of a region.

use super::kinds::{Kind, kinds};
use super::shape::shape;

shape! {
    /// `config:DescribeConfigurationRecorders` → `ConfigurationRecorders[]`; `recording` is the answer of
    /// `config:DescribeConfigurationRecorderStatus`.
    ConfigurationRecorder from aws_sdk_config::types::ConfigurationRecorder {
        name: String = name;
        /// The service that made the recorder for itself; none of one that the account made.
        servicePrincipal: String = service_principal;
        recordingGroup: RecordingGroup = recording_group;
        recording: bool;
    }

    /// `recordingGroup`: which types of resource are recorded.
    RecordingGroup from aws_sdk_config::types::RecordingGroup {
        allSupported: bool = all_supported;
        resourceTypes: Vec<String> = resource_types;
        exclusionByResourceTypes: ExclusionByResourceTypes = exclusion_by_resource_types;
        recordingStrategy: RecordingStrategy = recording_strategy;
    }

    /// `exclusionByResourceTypes`.
    ExclusionByResourceTypes from aws_sdk_config::types::ExclusionByResourceTypes {
        resourceTypes: Vec<String> = resource_types;
    }

    /// `recordingStrategy`.
    RecordingStrategy from aws_sdk_config::types::RecordingStrategy {
        /// `ALL_SUPPORTED_RESOURCE_TYPES`, `INCLUSION_BY_RESOURCE_TYPES` or `EXCLUSION_BY_RESOURCE_TYPES`.
        useOnly: String = use_only;
    }
}

kinds! {
    CONFIGURATION_RECORDER = "AWS::Config::ConfigurationRecorder" as ConfigurationRecorder {
        noun: "configuration recorder" / "configuration recorders", service: "config", name: "name", role: Supporting,
        operations: ["config:DescribeConfigurationRecorders"],
        fields: { "recording": "config:DescribeConfigurationRecorderStatus" },
    }
}

/// The type under which AWS Config records resources of a kind that holds data, if it does. It knows
/// DocumentDB and Neptune as RDS.
pub fn recorded_as(kind: Kind) -> Option<&'static str> {
    Some(match kind.name {
        "AWS::RDS::DBInstance" | "AWS::DocDB::DBInstance" | "AWS::Neptune::DBInstance" => "AWS::RDS::DBInstance",
        "AWS::RDS::DBCluster" | "AWS::DocDB::DBCluster" | "AWS::Neptune::DBCluster" => "AWS::RDS::DBCluster",
        "AWS::RDS::DBSnapshot" => "AWS::RDS::DBSnapshot",
        "AWS::RDS::DBClusterSnapshot" | "AWS::DocDB::DBClusterSnapshot" | "AWS::Neptune::DBClusterSnapshot" => "AWS::RDS::DBClusterSnapshot",
        "AWS::DynamoDB::Table" => "AWS::DynamoDB::Table",
        "AWS::Cassandra::Keyspace" => "AWS::Cassandra::Keyspace",
        _ => return None,
    })
}

impl RecordingGroup {
    /// Whether resources of a type are recorded. The strategy decides; recorders that are older than
    /// strategies have none.
    pub fn takes(&self, name: &str) -> bool {
        let names = |list: Option<&Vec<String>>| list.is_some_and(|list| list.iter().any(|listed| listed == name));
        let excluded = || self.exclusionByResourceTypes.as_ref().and_then(|exclusion| exclusion.resourceTypes.as_ref());
        match self.recordingStrategy.as_ref().and_then(|strategy| strategy.useOnly.as_deref()) {
            Some("ALL_SUPPORTED_RESOURCE_TYPES") => true,
            Some("EXCLUSION_BY_RESOURCE_TYPES") => !names(excluded()),
            Some(_) => names(self.resourceTypes.as_ref()),
            None => self.allSupported == Some(true) || names(self.resourceTypes.as_ref()),
        }
    }
}
