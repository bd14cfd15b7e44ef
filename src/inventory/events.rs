//! The shapes of event notification: subscriptions of the RDS API, which serve RDS, Aurora,
//! DocumentDB and Neptune alike, and the topics that they write to.

use super::kinds::kinds;
use super::shape::shape;

shape! {
    /// `rds:DescribeEventSubscriptions` → `EventSubscriptionsList[]`.
    EventSubscription from aws_sdk_rds::types::EventSubscription {
        CustSubscriptionId: String = cust_subscription_id;
        EventSubscriptionArn: String = event_subscription_arn;
        SnsTopicArn: String = sns_topic_arn;
        Status: String = status;
        Enabled: bool = enabled;
        /// Such as `db-instance`; left out where all types are meant.
        SourceType: String = source_type;
        /// Left out or empty where all sources of the type are meant.
        SourceIdsList: Vec<String> = source_ids_list;
        /// Left out or empty where all categories are meant.
        EventCategoriesList: Vec<String> = event_categories_list;
    }

    /// `sns:GetTopicAttributes` → `Attributes`.
    Topic {
        TopicArn: String;
        SubscriptionsConfirmed: i64;
        /// The JSON text of the topic's policy.
        Policy: String;
    }
}

kinds! {
    EVENT_SUBSCRIPTION = "AWS::RDS::EventSubscription" as EventSubscription {
        noun: "event subscription" / "event subscriptions", service: "rds", name: "CustSubscriptionId", role: Surrounding,
        operations: ["rds:DescribeEventSubscriptions"],
        tags: "tag:GetResources",
    }
    TOPIC = "AWS::SNS::Topic" as Topic {
        noun: "SNS topic" / "SNS topics", service: "sns", name: "TopicArn", role: Supporting,
        operations: ["sns:GetTopicAttributes"],
    }
}
