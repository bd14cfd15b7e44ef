//! Who changed a resource last: what CloudTrail is asked, and what it says. It is asked after the scan, so no file
//! of the inventory has it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::ScopeId;
use super::shape::Timestamp;

/// What tells it.
pub const OPERATION: &str = "cloudtrail:LookupEvents";

/// Of so many resources of an account and region it is asked at most, those of the worst findings first.
pub const MOST_RESOURCES: usize = 100;

/// What CloudTrail says of the last change of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum LastChange {
    /// The newest event that names the resource, is no read and did not fail.
    Found {
        time: Timestamp,
        /// The operation, such as `ModifyDBInstance`.
        event: String,
        /// The ARN of who called it, or the service that did.
        by: String,
    },
    /// CloudTrail keeps no such event of the last 90 days.
    NoneKept,
    /// It was not looked up, or not to the end.
    Unknown { why: String },
}

impl LastChange {
    /// The resource is not among those that are asked about.
    pub fn left_out() -> Self {
        Self::Unknown { why: format!("CloudTrail is asked about {MOST_RESOURCES} resources of an account and region at most") }
    }
}

impl fmt::Display for LastChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Found { time, event, by } => write!(f, "last changed on {} by {by} ({event})", time.format("%Y-%m-%d %H:%M UTC")),
            Self::NoneKept => f.write_str("CloudTrail keeps no change of it from the last 90 days"),
            Self::Unknown { why } => write!(f, "who changed it last is not known: {why}"),
        }
    }
}

/// A resource to ask about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub arn: String,
    pub name: String,
}

/// The resources to ask about by account and region, each once, those of the worst findings first.
pub type Targets = BTreeMap<ScopeId, Vec<Target>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_is_a_sentence() {
        let found = LastChange::Found {
            time: "2026-11-20T08:30:00Z".parse().unwrap(),
            event: "ModifyDBInstance".to_owned(),
            by: "arn:aws:iam::111122223333:user/ann".to_owned(),
        };
        assert_eq!(found.to_string(), "last changed on 2026-11-20 08:30 UTC by arn:aws:iam::111122223333:user/ann (ModifyDBInstance)");
        let read: LastChange = serde_json::from_value(serde_json::to_value(&found).unwrap()).unwrap();
        assert_eq!(read, found);
        assert_eq!(serde_json::to_value(LastChange::NoneKept).unwrap(), serde_json::json!({"state": "none-kept"}));
    }
}
