//! Whether GuardDuty watches the logins of databases: `guardduty`.

use std::borrow::Cow;

use super::{Fact, Index, fact};
use crate::inventory::guardduty::{Detector, DetectorFeature, is_watched};
use crate::inventory::{Gap, Known, Reason, Resource, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// GuardDuty in a region.
    GuardDuty {
        /// Whether the region has databases whose logins RDS Protection can watch: of Aurora, or of RDS
        /// for PostgreSQL.
        watchable: Known<bool>,
        /// `ENABLED`, `DISABLED` where it is suspended, or `NONE` where it was never switched on.
        status: Known<String>,
        /// RDS Protection, in the same words.
        rds_protection: Known<String>,
    }
}

/// `guardduty`.
pub const FACT: Fact = Fact {
    name: "guardduty",
    about: "GuardDuty in the region: `guardduty.status`, and `guardduty.rds_protection`, which watches the logins of databases.",
    applies: |kind| kind == kinds::ACCOUNT,
    schema: |_| schemars::schema_for!(GuardDuty),
    operations: |_, field| {
        Cow::Borrowed(match field {
            "watchable" => &["rds:DescribeDBInstances", "rds:DescribeDBClusters"],
            _ => &["guardduty:ListDetectors", "guardduty:GetDetector"],
        })
    },
    derive: |_, index| {
        let guardduty = GuardDuty {
            watchable: watchable(index).into(),
            status: of_detector(index, status).into(),
            rds_protection: of_detector(index, rds_protection).into(),
        };
        guardduty.into_node().unwrap_or_else(|| Node::map([]))
    },
};

/// One that was seen is enough; that there is none takes both listings.
fn watchable(index: &Index<'_>) -> Result<bool, Gap> {
    let of = [kinds::DB_INSTANCE, kinds::DB_CLUSTER];
    if of.iter().any(|kind| index.of_kind(*kind).iter().any(|resource| is_watched(resource))) {
        return Ok(true);
    }
    of.iter().find_map(|kind| index.scope.gap_in_listing(*kind)).map_or(Ok(false), Err)
}

/// What is asked of the detector; `NONE` where there is none.
fn of_detector(index: &Index<'_>, ask: fn(&Resource, &Detector) -> Result<String, Gap>) -> Result<String, Gap> {
    index.detectors().all()?.next().map_or_else(|| Ok("NONE".to_owned()), |row| ask(row.resource, &row.data))
}

fn status(resource: &Resource, detector: &Detector) -> Result<String, Gap> {
    resource.required("Status", detector.Status.clone())
}

/// GuardDuty names every feature that the region has, those that are off too.
fn rds_protection(resource: &Resource, detector: &Detector) -> Result<String, Gap> {
    let features = resource.required("Features", detector.Features.as_deref())?;
    let is_it = |feature: &&DetectorFeature| feature.Name.as_deref() == Some("RDS_LOGIN_EVENTS");
    let status = features.iter().find(is_it).and_then(|feature| feature.Status.clone());
    status.ok_or_else(|| {
        let why = format!("{} has no feature RDS_LOGIN_EVENTS: the region may not offer RDS Protection", resource.arn);
        Gap::new("guardduty:GetDetector", Reason::NotReturned, why)
    })
}
