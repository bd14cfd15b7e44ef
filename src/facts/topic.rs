//! The SNS topic behind an event subscription: `topic`.

use std::borrow::Cow;

use super::{Fact, Index, fact, policy};
use crate::inventory::events::EventSubscription;
use crate::inventory::{Gap, Known, Resource, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// A topic; all but `exists` is absent where there is none.
    Topic {
        /// Whether there is one.
        exists: Known<bool>,
        /// How many subscribers have confirmed that they want its messages.
        confirmed_subscriptions: Option<Known<i64>>,
        /// The statements of its policy that let anyone act on it, by `Sid` or position.
        public_statements: Option<Known<Vec<String>>>,
    }
}

/// `topic`.
pub const FACT: Fact = Fact {
    name: "topic",
    about: "The SNS topic that an event subscription writes to.",
    applies: |kind| kind == kinds::EVENT_SUBSCRIPTION,
    schema: |_| schemars::schema_for!(Topic),
    operations: |_, _| Cow::Borrowed(kinds::TOPIC.operations),
    derive: |resource, index| {
        let topic = derive(resource, index).unwrap_or_else(|gap| {
            let unread = Known::Gap(gap.clone());
            Topic { exists: unread, confirmed_subscriptions: Some(Known::Gap(gap.clone())), public_statements: Some(Known::Gap(gap)) }
        });
        topic.into_node().unwrap_or_else(|| Node::map([]))
    },
};

/// What a policy of a topic can allow (SNS developer guide, "Valid Amazon SNS policy actions").
const ACTIONS: [&str; 11] = [
    "sns:AddPermission",
    "sns:DeleteTopic",
    "sns:GetDataProtectionPolicy",
    "sns:GetTopicAttributes",
    "sns:ListSubscriptionsByTopic",
    "sns:ListTagsForResource",
    "sns:Publish",
    "sns:PutDataProtectionPolicy",
    "sns:RemovePermission",
    "sns:SetTopicAttributes",
    "sns:Subscribe",
];

fn derive(resource: &Resource, index: &Index<'_>) -> Result<Topic, Gap> {
    let subscription: EventSubscription = resource.parse()?;
    let arn = resource.required("SnsTopicArn", subscription.SnsTopicArn)?;
    let Some(row) = index.topics().find(&arn)? else {
        return Ok(Topic { exists: Known::Value(false), confirmed_subscriptions: None, public_statements: None });
    };
    let (confirmed, policy) = (row.data.SubscriptionsConfirmed, row.data.Policy.as_deref());
    let confirmed = row.resource.required("SubscriptionsConfirmed", confirmed);
    let public = row.resource.required("Policy", policy).and_then(|policy| policy::public_statements(policy, &ACTIONS, kinds::TOPIC.operations[0]));
    // A topic that answered to nobody may be there all the same.
    let exists = row.gap_of("SubscriptionsConfirmed").map_or(Ok(true), Err);
    Ok(Topic { exists: exists.into(), confirmed_subscriptions: Some(confirmed.into()), public_statements: Some(public.into()) })
}
