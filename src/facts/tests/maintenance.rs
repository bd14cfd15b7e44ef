//! The pending maintenance of a database.

use serde_json::json;

use crate::facts::testing::World;
use crate::inventory::kinds;

const OPERATION: &str = "rds:DescribePendingMaintenanceActions";

fn world() -> World {
    World::complete()
        .with(kinds::DB_INSTANCE, "db", json!({"DBInstanceIdentifier": "db", "DBClusterIdentifier": "shop"}))
        .with(kinds::DB_CLUSTER, "shop", json!({"DBClusterIdentifier": "shop", "DBClusterMembers": [{"DBInstanceIdentifier": "db"}]}))
        .with(
            kinds::PENDING_MAINTENANCE,
            "pending",
            json!({"ResourceIdentifier": "db", "PendingMaintenanceActionDetails": [{"Action": "system-update", "ForcedApplyDate": "2026-12-01T00:00:00Z"}]}),
        )
}

#[test]
fn the_actions_are_those_of_the_arn() {
    assert_eq!(world().fact("maintenance", "db"), json!([{"Action": "system-update", "ForcedApplyDate": "2026-12-01T00:00:00Z"}]));
    assert_eq!(world().fact("maintenance", "shop"), json!([]));
}

#[test]
fn that_nothing_is_pending_takes_the_listing() {
    let gap = json!({"gap": OPERATION});
    assert_eq!(world().denied(OPERATION).fact("maintenance", "shop"), gap);
    assert_eq!(world().not_called(OPERATION).fact("maintenance", "db"), gap);
    assert_eq!(world().with(kinds::PENDING_MAINTENANCE, "other", json!({"ResourceIdentifier": 1})).fact("maintenance", "shop"), gap);
}

#[test]
fn actions_that_aws_left_out_are_not_none() {
    let gap = json!({"gap": OPERATION});
    let silent = json!({"PendingMaintenanceActionDetails": null});
    assert_eq!(world().patch("pending", silent).fact("maintenance", "db"), gap);
    assert_eq!(world().unread("pending", "PendingMaintenanceActionDetails", OPERATION).fact("maintenance", "db"), gap);
}
