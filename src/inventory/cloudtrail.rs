//! The shapes of what CloudTrail records to: trails, and event data stores of CloudTrail Lake.

use super::kinds::kinds;
use super::shape::shape;

shape! {
    /// `cloudtrail:DescribeTrails` → `trailList[]`: a trail that records events of the region, wherever
    /// its home is.
    Trail from aws_sdk_cloudtrail::types::Trail {
        Name: String = name;
        TrailARN: String = trail_arn;
        HomeRegion: String = home_region;
        IsMultiRegionTrail: bool = is_multi_region_trail;
        IsOrganizationTrail: bool = is_organization_trail;
        LogFileValidationEnabled: bool = log_file_validation_enabled;
        KmsKeyId: String = kms_key_id;
        IsLogging: bool;
        EventSelectors: Vec<EventSelector>;
        AdvancedEventSelectors: Vec<AdvancedEventSelector>;
    }

    /// `cloudtrail:GetEventDataStore`.
    EventDataStore {
        Name: String;
        EventDataStoreArn: String;
        /// `ENABLED` while it records.
        Status: String;
        AdvancedEventSelectors: Vec<AdvancedEventSelector>;
    }

    /// A basic event selector.
    EventSelector from aws_sdk_cloudtrail::types::EventSelector {
        /// `All`, `ReadOnly` or `WriteOnly`.
        ReadWriteType: String = read_write_type;
        IncludeManagementEvents: bool = include_management_events;
        DataResources: Vec<DataResource> = data_resources;
        /// `kms.amazonaws.com`, `rdsdata.amazonaws.com`.
        ExcludeManagementEventSources: Vec<String> = exclude_management_event_sources;
    }

    /// Resources whose data events are recorded.
    DataResource from aws_sdk_cloudtrail::types::DataResource {
        Type: String = r#type;
        /// ARNs, or what they begin with.
        Values: Vec<String> = values;
    }

    /// An advanced event selector: all of its fields must match.
    AdvancedEventSelector from aws_sdk_cloudtrail::types::AdvancedEventSelector {
        FieldSelectors: Vec<AdvancedFieldSelector> = field_selectors;
    }

    /// What one field of an event must be.
    AdvancedFieldSelector from aws_sdk_cloudtrail::types::AdvancedFieldSelector {
        /// Such as `eventCategory`, `resources.type` or `readOnly`.
        Field: String = field;
        Equals: Vec<String> = equals;
        StartsWith: Vec<String> = starts_with;
        EndsWith: Vec<String> = ends_with;
        NotEquals: Vec<String> = not_equals;
        NotStartsWith: Vec<String> = not_starts_with;
        NotEndsWith: Vec<String> = not_ends_with;
    }
}

kinds! {
    TRAIL = "AWS::CloudTrail::Trail" as Trail {
        noun: "CloudTrail trail" / "CloudTrail trails", service: "cloudtrail", name: "Name", role: Surrounding,
        operations: ["cloudtrail:DescribeTrails"],
        fields: {
            "IsLogging": "cloudtrail:GetTrailStatus",
            "EventSelectors": "cloudtrail:GetEventSelectors",
            "AdvancedEventSelectors": "cloudtrail:GetEventSelectors",
        },
    }
    EVENT_DATA_STORE = "AWS::CloudTrail::EventDataStore" as EventDataStore {
        noun: "event data store" / "event data stores", service: "cloudtrail", name: "Name", role: Supporting,
        operations: ["cloudtrail:ListEventDataStores"],
        fields: { "Status": "cloudtrail:GetEventDataStore", "AdvancedEventSelectors": "cloudtrail:GetEventDataStore" },
    }
}
