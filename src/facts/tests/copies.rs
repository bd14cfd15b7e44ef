use serde_json::json;

use crate::facts::testing::World;
use crate::inventory::kinds;

fn world() -> World {
    World::complete()
        .with(kinds::DB_INSTANCE, "db", json!({"DBInstanceIdentifier": "orders", "DbiResourceId": "db-1"}))
        .with(kinds::DB_INSTANCE_AUTOMATED_BACKUP, "backup", json!({"DbiResourceId": "db-1", "Status": "active"}))
        .with(kinds::DB_SNAPSHOT, "copy", json!({"DBSnapshotIdentifier": "copy", "DBInstanceIdentifier": "orders", "Status": "available"}))
}

#[test]
fn backups_and_snapshots_of_the_instance_itself() {
    assert_eq!(world().fact("copies", "db"), json!({"automated": true, "snapshot": true}));
    // Another instance had the name before: its backup goes by the id.
    let of_others = world().patch("backup", json!({"DbiResourceId": "db-0"})).patch("copy", json!({"DBInstanceIdentifier": "stock"}));
    assert_eq!(of_others.fact("copies", "db"), json!({"automated": false, "snapshot": false}));
}

#[test]
fn what_is_not_ready_is_no_copy() {
    let unready = world().patch("backup", json!({"Status": "creating"})).patch("copy", json!({"Status": "creating"}));
    assert_eq!(unready.fact("copies", "db"), json!({"automated": false, "snapshot": false}));
}

#[test]
fn a_listing_that_failed_leaves_it_open() {
    let denied = world().denied("rds:DescribeDBSnapshots").denied("rds:DescribeDBInstanceAutomatedBackups");
    assert_eq!(
        denied.fact("copies", "db"),
        json!({"automated": {"gap": "rds:DescribeDBInstanceAutomatedBackups"}, "snapshot": {"gap": "rds:DescribeDBSnapshots"}})
    );
}
