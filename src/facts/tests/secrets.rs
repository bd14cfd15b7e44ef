//! The secret of a database, and what a secret says.

use serde_json::{Value, json};

use crate::facts::testing::World;
use crate::inventory::kinds;

const SECRET: &str = "arn:aws:secretsmanager:us-east-1:111122223333:secret:sensors";
const DESCRIBE: &str = "secretsmanager:DescribeSecret";
const POLICY: &str = "secretsmanager:GetResourcePolicy";

fn world() -> World {
    World::complete().with(kinds::INFLUXDB_INSTANCE, "sensors", json!({"name": "sensors", "influxAuthParametersSecretArn": SECRET})).with(
        kinds::SECRET,
        SECRET,
        json!({"ARN": SECRET, "RotationEnabled": true, "LastChangedDate": "2026-11-15T08:00:00Z"}),
    )
}

fn of_instance(world: &World) -> Value {
    world.fact("secret", "sensors")
}

fn unread(operation: &str) -> Value {
    let gap = json!({"gap": operation});
    json!({"exists": gap, "rotates": gap, "last_changed": gap, "public_statements": gap})
}

#[test]
fn the_secret_is_the_one_that_the_instance_names() {
    let expected = json!({"exists": true, "rotates": true, "last_changed": "2026-11-15T08:00:00Z", "public_statements": []});
    assert_eq!(of_instance(&world()), expected);
    assert_eq!(of_instance(&world().patch(SECRET, json!({"RotationEnabled": null})))["rotates"], false);
    assert_eq!(of_instance(&world().patch("sensors", json!({"influxAuthParametersSecretArn": null}))), json!({}));
}

#[test]
fn a_policy_for_anyone_is_public() {
    for action in ["secretsmanager:GetSecretValue", "secretsmanager:PutResourcePolicy", "*"] {
        let anyone = json!({"Statement": [{"Sid": "S", "Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"}]}).to_string();
        let world = world().patch(SECRET, json!({"ResourcePolicy": anyone}));
        assert_eq!(of_instance(&world)["public_statements"], json!(["S"]), "{action}");
        assert_eq!(world.fact("access", SECRET)["public"], true, "{action}");
    }
}

#[test]
fn a_secret_that_was_asked_for_and_not_found_does_not_exist() {
    assert_eq!(of_instance(&world().without(SECRET)), json!({"exists": false}));
    assert_eq!(of_instance(&world().without(SECRET).not_called(DESCRIBE)), unread(DESCRIBE));
}

#[test]
fn what_could_not_be_read_is_unknown() {
    assert_eq!(of_instance(&world().unread(SECRET, "RotationEnabled", DESCRIBE)), unread(DESCRIBE));
    let gap = json!({"gap": POLICY});
    assert_eq!(of_instance(&world().denied(POLICY))["public_statements"], gap);
    assert_eq!(of_instance(&world().not_called(POLICY))["public_statements"], gap);
    assert_eq!(of_instance(&world().patch(SECRET, json!({"LastChangedDate": null})))["last_changed"], json!({"gap": DESCRIBE}));
    let named_by = "timestream-influxdb:GetDbInstance";
    assert_eq!(of_instance(&world().unread("sensors", "influxAuthParametersSecretArn", named_by)), json!({"gap": named_by}));
}

#[test]
fn the_key_of_a_secret_is_found_by_arn_id_and_alias() {
    let key = "arn:aws:kms:us-east-1:111122223333:key/1";
    let alias = "arn:aws:kms:us-east-1:111122223333:alias/secrets";
    for (named, arn) in [(key, key), ("1", key), (alias, alias), ("alias/secrets", alias)] {
        let world = world().patch(SECRET, json!({"KmsKeyId": named})).with(kinds::KMS_KEY, arn, json!({"Arn": arn, "KeyManager": "AWS"}));
        assert_eq!(world.fact("key", SECRET)["KeyManager"], "AWS", "{named}");
        assert_eq!(world.fact("dependents", arn), json!([SECRET]), "{named}");
    }
}
