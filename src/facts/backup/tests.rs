use serde_json::{Value, json};

use crate::facts::testing::World;
use crate::inventory::{Kind, kinds};

const DB: &str = "arn:aws:rds:us-east-1:111122223333:db:orders";
const AURORA: &str = "arn:aws:rds:us-east-1:111122223333:cluster:shop";
const POINTS: &str = "backup:ListRecoveryPointsByResource";

/// An instance and an Aurora cluster in a region that uses AWS Backup for RDS alone.
fn world() -> World {
    let settings = json!({"ResourceTypeOptInPreference": {"RDS": true, "Aurora": false}});
    World::complete()
        .with(kinds::DB_INSTANCE, DB, json!({"DBInstanceIdentifier": "orders", "Engine": "postgres"}))
        .with(kinds::DB_CLUSTER, AURORA, json!({"DBClusterIdentifier": "shop", "Engine": "aurora-mysql"}))
        .with(kinds::BACKUP_REGION_SETTINGS, "settings", settings)
}

fn tagged(mut world: World, tags: &[(&str, &str)]) -> World {
    let database = world.0.resources.iter_mut().find(|resource| resource.arn == DB).unwrap();
    database.tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    world
}

fn selecting(world: World, selection: Value) -> World {
    let mut data = json!({"SelectionId": "one", "BackupPlanId": "plan-1", "BackupPlanName": "daily"});
    data.as_object_mut().unwrap().extend(selection.as_object().unwrap().clone());
    world.with(kinds::BACKUP_SELECTION, "one", data)
}

fn field(world: &World, resource: &str, field: &str) -> Value {
    world.fact("backup", resource)[field].clone()
}

fn gap(operation: &str) -> Value {
    json!({"gap": operation})
}

/// Whether the instance with these tags is protected by this selection alone.
fn protects(selection: Value, tags: &[(&str, &str)]) -> Value {
    field(&selecting(tagged(world(), tags), selection), DB, "protected")
}

#[test]
fn what_is_neither_listed_nor_selected_is_not_protected() {
    assert_eq!(
        world().fact("backup", DB),
        json!({"protected": false, "plans": [], "continuous": false, "vaults_outside": []}),
        "nothing else is known of it"
    );
}

#[test]
fn arns_and_their_wildcards_select() {
    for pattern in [DB, "*", "arn:aws:rds:*", "arn:aws:rds:*:*:db:*", "arn:aws:rds:us-east-1:111122223333:db:ord*"] {
        assert_eq!(protects(json!({"Resources": [pattern]}), &[]), true, "{pattern}");
    }
    for pattern in ["arn:aws:rds:*:*:cluster:*", "arn:aws:rds:*:*:instance:*", "arn:aws:rds:us-east-1:111122223333:db:order", "arn:aws:dynamodb:*"] {
        assert_eq!(protects(json!({"Resources": [pattern]}), &[]), false, "{pattern}");
    }
    assert_eq!(protects(json!({"Resources": ["*"], "NotResources": ["arn:aws:rds:*:*:db:ord*"]}), &[]), false);
    assert_eq!(protects(json!({}), &[]), true, "a selection of nothing in particular takes everything");
}

#[test]
fn one_tag_of_the_list_is_enough_and_adds_to_the_arns() {
    let tag = |key: &str, value: &str| json!({"ConditionType": "STRINGEQUALS", "ConditionKey": key, "ConditionValue": value});
    let either = json!({"ListOfTags": [tag("backup", "daily"), tag("aws:ResourceTag/tier", "gold")]});
    assert_eq!(protects(either.clone(), &[("tier", "gold")]), true);
    assert_eq!(protects(either.clone(), &[("tier", "Gold")]), false, "values are case sensitive");
    assert_eq!(protects(either, &[]), false, "a list of tags does not take everything");
    let beside_arn = json!({"Resources": ["arn:aws:dynamodb:*"], "ListOfTags": [tag("backup", "daily")]});
    assert_eq!(protects(beside_arn, &[("backup", "daily")]), true);
}

#[test]
fn every_condition_must_hold() {
    let of = |key: &str, value: &str| json!([{"ConditionKey": format!("aws:ResourceTag/{key}"), "ConditionValue": value}]);
    let both = json!({"Resources": ["*"], "Conditions": {"StringEquals": of("backup", "daily"), "StringLike": of("stage", "prod*")}});
    assert_eq!(protects(both.clone(), &[("backup", "daily"), ("stage", "production")]), true);
    assert_eq!(protects(both, &[("backup", "daily"), ("stage", "test")]), false);
    let but = json!({"Conditions": {"StringNotEquals": of("backup", "no"), "StringNotLike": of("stage", "*test*")}});
    assert_eq!(protects(but.clone(), &[("backup", "yes"), ("stage", "production")]), true);
    assert_eq!(protects(but.clone(), &[("backup", "no"), ("stage", "production")]), false);
    assert_eq!(protects(but.clone(), &[("backup", "no")]), false, "decided by the one");
    assert_eq!(protects(but, &[("backup", "yes")]), gap("backup:GetBackupSelection"), "AWS does not say what becomes of the other");
}

#[test]
fn types_without_opt_in_are_left_out_save_where_an_arn_names_the_type() {
    let out = |settings: Value| world().with(kinds::BACKUP_REGION_SETTINGS, "settings", json!({"ResourceTypeOptInPreference": settings}));
    let protected = |world: World, resources: Value| field(&selecting(world, json!({"Resources": resources})), DB, "protected");
    let off = || out(json!({"RDS": false}));
    assert_eq!(protected(off(), json!(["*"])), false);
    assert_eq!(protected(off(), json!(["arn:aws:rds:*"])), false);
    assert_eq!(protected(off(), json!(["arn:aws:rds:*:*:db:*"])), true);
    assert_eq!(protected(out(json!({})), json!(["*"])), gap("backup:DescribeRegionSettings"));
    assert_eq!(protected(world().denied("backup:DescribeRegionSettings"), json!(["*"])), gap("backup:DescribeRegionSettings"));
    assert_eq!(protected(world().denied("backup:DescribeRegionSettings"), json!([DB])), true);
    // Aurora needs the opt-in in any case; a Multi-AZ DB cluster counts as RDS.
    let cluster = selecting(world(), json!({"Resources": [AURORA]}));
    assert_eq!(field(&cluster, AURORA, "protected"), false);
    assert_eq!(field(&cluster.patch(AURORA, json!({"Engine": "mysql"})), AURORA, "protected"), true);
}

#[test]
fn what_is_listed_is_protected_whatever_else_was_denied() {
    let listed = world().with(kinds::BACKUP_PROTECTED_RESOURCE, "listed", json!({"ResourceArn": DB, "LastBackupTime": "2026-11-22T05:00:00Z"}));
    for operation in ["backup:ListBackupPlans", "backup:ListBackupSelections", "backup:DescribeRegionSettings"] {
        assert_eq!(field(&listed.clone().denied(operation), DB, "protected"), true, "{operation}");
    }
    assert_eq!(field(&listed, DB, "last_backup_time"), "2026-11-22T05:00:00Z");
}

#[test]
fn that_nothing_protects_takes_every_answer() {
    for operation in ["backup:ListProtectedResources", "backup:ListBackupPlans", "backup:ListBackupSelections"] {
        assert_eq!(field(&world().denied(operation), DB, "protected"), gap(operation));
        assert_eq!(field(&world().not_called(operation), DB, "protected"), gap(operation));
    }
    let selection = json!({"Resources": ["arn:aws:dynamodb:*"]});
    let unread = selecting(world(), selection.clone()).unread("one", "Resources", "backup:GetBackupSelection");
    assert_eq!(field(&unread, DB, "protected"), gap("backup:GetBackupSelection"));
    let never_read = selecting(world(), selection).not_called("backup:GetBackupSelection");
    assert_eq!(field(&never_read, DB, "protected"), gap("backup:GetBackupSelection"));
    // One plan that is known to select is enough.
    let other_denied = selecting(world(), json!({"Resources": [DB]}));
    let mut other_denied = other_denied;
    other_denied.0.gaps.push(crate::inventory::Gap::new("backup:ListBackupSelections", crate::inventory::Reason::Throttled, ""));
    assert_eq!(field(&other_denied, DB, "plans"), json!(["daily"]));
    assert_eq!(field(&other_denied, DB, "protected"), true);
}

fn with_points(points: Value) -> World {
    world().with(kinds::BACKUP_PROTECTED_RESOURCE, "listed", json!({"ResourceArn": DB, "RecoveryPoints": points}))
}

#[test]
fn the_latest_recovery_point_is_one_that_can_be_restored() {
    let point = |status: &str, day: u32| json!({"Status": status, "CreationDate": format!("2026-11-{day}T05:00:00Z"), "BackupVaultName": "vault", "VaultType": "BACKUP_VAULT"});
    let world = with_points(json!([point("EXPIRED", 22), point("COMPLETED", 20), point("AVAILABLE", 21), point("CREATING", 22)]));
    assert_eq!(field(&world, DB, "latest_recovery_point"), "2026-11-21T05:00:00Z");
    assert_eq!(field(&world, DB, "continuous"), false);
    assert_eq!(field(&with_points(json!([point("PARTIAL", 22)])), DB, "latest_recovery_point"), Value::Null);
    let unread = world.unread("listed", "RecoveryPoints", POINTS);
    assert_eq!(field(&unread, DB, "latest_recovery_point"), gap(POINTS));
    assert_eq!(field(&unread, DB, "protected"), true);
    assert_eq!(field(&with_points(json!([{"CreationDate": "2026-11-20T05:00:00Z"}])), DB, "latest_recovery_point"), gap(POINTS));
}

#[test]
fn a_continuous_recovery_point_says_nothing_by_its_age() {
    let arn = "arn:aws:backup:us-east-1:111122223333:recovery-point:continuous:db-abc";
    let point =
        |status: &str| json!([{"RecoveryPointArn": arn, "Status": status, "CreationDate": "2025-01-01T00:00:00Z", "VaultType": "BACKUP_VAULT"}]);
    assert_eq!(field(&with_points(point("AVAILABLE")), DB, "continuous"), true);
    assert_eq!(field(&with_points(point("AVAILABLE")), DB, "latest_recovery_point"), Value::Null);
    assert_eq!(field(&with_points(point("STOPPED")), DB, "continuous"), false);
}

#[test]
fn air_gapped_points_are_told_by_their_vaults() {
    let point = json!({"Status": "COMPLETED", "CreationDate": "2026-11-20T05:00:00Z", "BackupVaultName": "gapped"});
    let vault = |kind: &str| json!({"BackupVaultName": "gapped", "VaultType": kind});
    let in_vault = |kind: &str| with_points(json!([point])).with(kinds::BACKUP_VAULT, "gapped", vault(kind));
    assert_eq!(field(&in_vault("LOGICALLY_AIR_GAPPED_BACKUP_VAULT"), DB, "latest_air_gapped_point"), "2026-11-20T05:00:00Z");
    assert_eq!(field(&in_vault("BACKUP_VAULT"), DB, "latest_air_gapped_point"), Value::Null);
    assert_eq!(field(&with_points(json!([point])), DB, "latest_air_gapped_point"), gap("backup:ListBackupVaults"));
}

#[test]
fn copies_elsewhere_are_those_in_another_region_or_account() {
    let copied = |vaults: &[&str]| {
        let job = |vault: &&str| json!({"DestinationBackupVaultArn": vault, "CompletionDate": "2026-11-20T05:00:00Z", "DestinationVaultType": "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"});
        world().with(kinds::BACKUP_COPIES, "copies", json!({"ResourceArn": DB, "CopyJobs": vaults.iter().map(job).collect::<Vec<_>>()}))
    };
    let (here, region, account) = (
        "arn:aws:backup:us-east-1:111122223333:backup-vault:a",
        "arn:aws:backup:eu-west-1:111122223333:backup-vault:a",
        "arn:aws:backup:us-east-1:999988887777:backup-vault:a",
    );
    assert_eq!(field(&copied(&[here]), DB, "vaults_outside"), json!([]));
    assert_eq!(field(&copied(&[region, here, account]), DB, "vaults_outside"), json!([region, account]));
    assert_eq!(field(&copied(&[here]), DB, "latest_air_gapped_copy"), "2026-11-20T05:00:00Z");
    assert_eq!(field(&world().denied("backup:ListCopyJobs"), DB, "vaults_outside"), gap("backup:ListCopyJobs"));
}

#[test]
fn a_restore_that_was_not_asked_for_is_not_one_that_never_was() {
    let restored = |world: World| field(&world, DB, "latest_restore_minutes");
    assert_eq!(restored(world()), Value::Null);
    assert_eq!(restored(with_points(json!([]))), Value::Null);
    assert_eq!(restored(with_points(json!([])).patch("listed", json!({"LatestRestoreExecutionTimeMinutes": 42}))), 42);
    assert_eq!(restored(with_points(json!([])).not_called("backup:DescribeProtectedResource")), gap("backup:DescribeProtectedResource"));
}

#[test]
fn kinds_that_aws_backup_does_not_serve_have_no_such_fact() {
    let applies = |kind: Kind| (crate::facts::named("backup").unwrap().applies)(kind);
    assert!([kinds::DB_INSTANCE, kinds::DB_CLUSTER, kinds::DOCDB_CLUSTER, kinds::NEPTUNE_CLUSTER].into_iter().all(applies));
    assert!(![kinds::DOCDB_INSTANCE, kinds::DB_SNAPSHOT, kinds::KMS_KEY, kinds::ACCOUNT].into_iter().any(applies));
}

#[test]
fn tags_select_the_types_that_the_region_settings_name() {
    let types = [
        (kinds::DYNAMODB_TABLE, "DynamoDB", "arn:aws:dynamodb:us-east-1:111122223333:table/orders"),
        (kinds::TIMESTREAM_TABLE, "Timestream", "arn:aws:timestream:us-east-1:111122223333:database/metrics/table/hosts"),
        (kinds::DSQL_CLUSTER, "DSQL", "arn:aws:dsql:us-east-1:111122223333:cluster/wallet"),
    ];
    for (kind, named, arn) in types {
        for opted_in in [true, false] {
            let settings = json!({"ResourceTypeOptInPreference": {named: opted_in}});
            let world = World::complete().with(kind, arn, json!({})).with(kinds::BACKUP_REGION_SETTINGS, "settings", settings);
            assert_eq!(field(&selecting(world.clone(), json!({"Resources": ["*"]})), arn, "protected"), opted_in, "{named}");
            assert_eq!(field(&selecting(world, json!({"Resources": [arn]})), arn, "protected"), true, "{named}");
        }
    }
}
