//! The shapes of what the RDS API says around databases: zero-ETL integrations and recommendations.

use super::super::kinds::kinds;
use super::super::shape::{Timestamp, shape};

shape! {
    /// `rds:DescribeIntegrations` → `Integrations[]`.
    Integration from aws_sdk_rds::types::Integration {
        IntegrationName: String = integration_name;
        IntegrationArn: String = integration_arn;
        SourceArn: String = source_arn;
        /// A data warehouse of Amazon Redshift, or a catalogue of AWS Glue.
        TargetArn: String = target_arn;
        /// Absent where AWS owns the key.
        KMSKeyId: String = kms_key_id;
        Status: String = status;
    }

    /// `rds:DescribeDBRecommendations` → `DBRecommendations[]`, the active ones.
    DBRecommendation from aws_sdk_rds::types::DbRecommendation {
        RecommendationId: String = recommendation_id;
        /// `high`, `medium`, `low` or `informational`.
        Severity: String = severity;
        Status: String = status;
        ResourceArn: String = resource_arn;
        Category: String = category;
        TypeDetection: String = type_detection;
        TypeRecommendation: String = type_recommendation;
        UpdatedTime: Timestamp = updated_time;
    }
}

kinds! {
    INTEGRATION = "AWS::RDS::Integration" as Integration {
        noun: "zero-ETL integration" / "zero-ETL integrations", service: "rds", name: "IntegrationName", role: Surrounding,
        operations: ["rds:DescribeIntegrations"],
        found_by: ["rds:DescribeDBInstances", "rds:DescribeDBClusters"],
    }
    // CloudFormation and Config have no type for recommendations.
    DB_RECOMMENDATION = "AWS::RDS::DBRecommendation" as DBRecommendation {
        noun: "recommendation" / "recommendations", service: "rds", name: "RecommendationId", role: Surrounding,
        operations: ["rds:DescribeDBRecommendations"],
        found_by: ["rds:DescribeDBInstances", "rds:DescribeDBClusters"],
    }
}
