//! What vaults, plans and settings of AWS Backup say.

use serde_json::{Value, json};

use crate::facts::testing::{ACCOUNT, World};
use crate::inventory::{Gap, Reason, kinds};

const DB: &str = "arn:aws:rds:us-east-1:111122223333:db:orders";
const VAULT: &str = "arn:aws:backup:us-east-1:111122223333:backup-vault:daily";
const POINT: &str = "arn:aws:rds:us-east-1:111122223333:snapshot:awsbackup:job-1";
const POLICY: &str = "backup:GetBackupVaultAccessPolicy";

fn gap(operation: &str) -> Value {
    json!({"gap": operation})
}

/// A vault with a recovery point of a database and a policy of one statement.
fn vault(statement: Value) -> World {
    let policy = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
    let points = json!([{"RecoveryPointArn": POINT, "ResourceArn": DB, "IsEncrypted": true}]);
    World::complete().with(kinds::BACKUP_VAULT, VAULT, json!({"BackupVaultName": "daily", "Policy": policy, "RecoveryPoints": points}))
}

fn denied(world: &World) -> Value {
    world.fact("vault_policy", VAULT)["denied"].clone()
}

fn deny(principal: Value, actions: Value, resource: &str) -> Value {
    json!({"Effect": "Deny", "Principal": principal, "Action": actions, "Resource": resource})
}

#[test]
fn what_a_policy_denies_everyone_is_told() {
    let all = json!([
        "backup:DeleteRecoveryPoint",
        "backup:UpdateRecoveryPointLifecycle",
        "backup:DeleteBackupVaultAccessPolicy",
        "backup:PutBackupVaultAccessPolicy"
    ]);
    assert_eq!(denied(&vault(deny(json!("*"), json!("backup:*"), "*"))), all);
    assert_eq!(denied(&vault(deny(json!({"AWS": "*"}), json!(["backup:Delete*"]), "*"))), json!([all[0], all[2]]));
}

#[test]
fn what_is_denied_to_some_or_of_others_is_not_denied() {
    let some = deny(json!({"AWS": format!("arn:aws:iam::{ACCOUNT}:role/app")}), json!("backup:*"), "*");
    let volumes = deny(json!("*"), json!("backup:DeleteRecoveryPoint"), "arn:aws:ec2:*::snapshot/*");
    let allowed = json!({"Effect": "Allow", "Principal": "*", "Action": "backup:*", "Resource": "*"});
    for statement in [some, volumes, allowed] {
        assert_eq!(denied(&vault(statement.clone())), json!([]), "{statement}");
    }
    assert_eq!(
        denied(&vault(deny(json!("*"), json!("backup:DeleteRecoveryPoint"), "arn:aws:rds:*:*:snapshot:*"))),
        json!(["backup:DeleteRecoveryPoint"])
    );
}

#[test]
fn a_deny_that_spares_somebody_is_left_open() {
    let mut spares = deny(json!("*"), json!("backup:DeleteRecoveryPoint"), "*");
    spares["Condition"] = json!({"ArnNotEquals": {"aws:PrincipalArn": format!("arn:aws:iam::{ACCOUNT}:role/break-glass")}});
    assert_eq!(denied(&vault(spares)), gap(POLICY));
}

#[test]
fn without_a_policy_nothing_is_denied_where_that_is_known() {
    let without = vault(json!({})).patch(VAULT, json!({"Policy": null}));
    assert_eq!((denied(&without), &without.fact("access", VAULT)["public"]), (json!([]), &json!(false)));
    assert_eq!(denied(&without.clone().not_called(POLICY)), gap(POLICY));
    assert_eq!(denied(&without.clone().unread(VAULT, "Policy", POLICY)), gap(POLICY));
    assert_eq!(without.unread(VAULT, "Policy", POLICY).fact("access", VAULT)["public"], gap(POLICY));
    let points = "backup:ListRecoveryPointsByBackupVault";
    assert_eq!(denied(&vault(deny(json!("*"), json!("backup:*"), "*")).denied(points)), gap(points));
}

#[test]
fn a_vault_is_open_to_whom_its_policy_lets_in() {
    let allow =
        |principal: Value| json!({"Sid": "S", "Effect": "Allow", "Principal": principal, "Action": "backup:CopyIntoBackupVault", "Resource": "*"});
    assert_eq!(vault(allow(json!("*"))).fact("access", VAULT)["public_statements"], json!(["S"]));
    assert_eq!(vault(allow(json!({"AWS": "444455556666"}))).fact("access", VAULT)["untrusted"], json!(["444455556666"]));
}

#[test]
fn the_key_of_a_vault_is_the_one_that_it_names() {
    let key = "arn:aws:kms:us-east-1:111122223333:key/1";
    let world = vault(json!({})).patch(VAULT, json!({"EncryptionKeyArn": key})).with(kinds::KMS_KEY, key, json!({"Arn": key, "KeyManager": "AWS"}));
    assert_eq!(world.fact("key", VAULT)["KeyManager"], "AWS");
    assert_eq!(world.fact("dependents", key), json!([VAULT]));
}

/// A plan of these rules whose one selection takes the database in.
fn plan(rules: Value) -> World {
    World::complete()
        .with(kinds::DB_INSTANCE, DB, json!({"DBInstanceIdentifier": "orders", "Engine": "postgres"}))
        .with(kinds::BACKUP_PLAN, "plan", json!({"BackupPlanId": "plan-1", "BackupPlanName": "daily", "Rules": rules}))
        .with(kinds::BACKUP_SELECTION, "one", json!({"SelectionId": "one", "BackupPlanId": "plan-1", "Resources": [DB]}))
}

fn daily(rules: Value) -> Value {
    plan(rules).fact("plan", "plan")["daily_rules"].clone()
}

#[test]
fn daily_rules_say_how_long_they_keep() {
    let rules = json!([
        {"RuleName": "default", "Lifecycle": {"DeleteAfterDays": 35}},
        {"RuleName": "hourly", "ScheduleExpression": "rate(1 hour)", "Lifecycle": {"DeleteAfterDays": 2}},
        {"RuleName": "for ever", "ScheduleExpression": "cron(0 5 ? * * *)"},
        {"RuleName": "weekly", "ScheduleExpression": "cron(0 5 ? * 1 *)", "Lifecycle": {"DeleteAfterDays": 365}},
    ]);
    let expected = json!([{"name": "default", "kept_days": 35}, {"name": "hourly", "kept_days": 2}, {"name": "for ever"}]);
    assert_eq!(daily(rules), expected);
}

#[test]
fn what_is_deleted_once_it_is_copied_is_kept_where_it_goes() {
    let copied = |copies: Value| daily(json!([{"RuleName": "r", "Lifecycle": {"DeleteAfterEvent": "DELETE_AFTER_COPY"}, "CopyActions": copies}]));
    assert_eq!(
        copied(json!([{"Lifecycle": {"DeleteAfterDays": 7}}, {"Lifecycle": {"DeleteAfterDays": 90}}])),
        json!([{"name": "r", "kept_days": 90}])
    );
    assert_eq!(copied(json!([{"Lifecycle": {"DeleteAfterDays": 7}}, {}])), json!([{"name": "r"}]));
    assert_eq!(copied(json!([])), json!([{"name": "r", "kept_days": 0}]));
}

#[test]
fn rules_that_cannot_be_read_are_no_rules_that_are_missing() {
    assert_eq!(daily(json!([{"RuleName": "r", "ScheduleExpression": "sometimes"}])), gap("backup:GetBackupPlan"));
    let world = plan(json!([]));
    assert_eq!(world.clone().denied("backup:GetBackupPlan").fact("plan", "plan")["daily_rules"], gap("backup:GetBackupPlan"));
    assert_eq!(world.fact("plan", "plan")["daily_rules"], json!([]));
}

#[test]
fn a_plan_is_for_databases_once_it_selects_one() {
    let selects = |world: &World| world.fact("plan", "plan")["selects_databases"].clone();
    let world = plan(json!([]));
    assert_eq!(selects(&world), true);
    let other = world.clone().patch("one", json!({"BackupPlanId": "plan-2"}));
    assert_eq!(selects(&other), false);
    // That it selects none takes all selections and all databases.
    assert_eq!(selects(&other.clone().not_called("backup:ListBackupSelections")), gap("backup:ListBackupSelections"));
    assert_eq!(selects(&other.clone().denied("dynamodb:ListTables")), gap("dynamodb:ListTables"));
    assert_eq!(selects(&world.clone().denied("dynamodb:ListTables")), true);
    assert_eq!(selects(&world.unread("one", "Resources", "backup:GetBackupSelection")), gap("backup:GetBackupSelection"));
}

/// A region with an instance, of whose types AWS Backup says this.
fn opted_in(preference: Value) -> World {
    World::complete()
        .with(kinds::ACCOUNT, "account", json!({"AccountId": ACCOUNT, "Region": "us-east-1"}))
        .with(kinds::DB_INSTANCE, DB, json!({"DBInstanceIdentifier": "orders", "Engine": "postgres"}))
        .with(kinds::BACKUP_REGION_SETTINGS, "settings", json!({"ResourceTypeOptInPreference": preference}))
}

#[test]
fn only_types_of_databases_that_there_are_count() {
    let off = |preference: Value| opted_in(preference).fact("backup_opt_in", "account");
    assert_eq!(off(json!({"RDS": true, "Neptune": false})), json!({"used": true, "off": []}));
    assert_eq!(off(json!({"RDS": false, "Neptune": false})), json!({"used": true, "off": ["RDS"]}));
    assert_eq!(off(json!({"Neptune": false})), json!({"used": true, "off": gap("backup:DescribeRegionSettings")}));
    let without = opted_in(json!({"RDS": false})).without(DB);
    assert_eq!(without.fact("backup_opt_in", "account"), json!({"used": false, "off": []}));
}

#[test]
fn a_type_that_was_seen_decides_before_a_listing_that_broke_off() {
    let broken_off = |preference: Value| {
        let mut world = opted_in(preference);
        world.0.gaps.push(Gap::new("dynamodb:ListTables", Reason::AccessDenied, ""));
        world.fact("backup_opt_in", "account")
    };
    assert_eq!(broken_off(json!({"RDS": false})), json!({"used": true, "off": ["RDS"]}));
    assert_eq!(broken_off(json!({"RDS": true})), json!({"used": true, "off": gap("dynamodb:ListTables")}));
    assert_eq!(
        opted_in(json!({})).denied("backup:DescribeRegionSettings").fact("backup_opt_in", "account")["off"],
        gap("backup:DescribeRegionSettings")
    );
}
