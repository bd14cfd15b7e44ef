//! The key of a database, and the databases of a key.

use serde_json::json;

use crate::facts::testing::World;
use crate::inventory::kinds;

const KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/1";

fn world() -> World {
    World::complete()
        .with(kinds::KMS_KEY, KEY, json!({"Arn": KEY, "KeyState": "Enabled", "KeyManager": "CUSTOMER", "KeyRotationEnabled": true}))
        .with(kinds::DB_INSTANCE, "db", json!({"DBInstanceIdentifier": "db", "KmsKeyId": KEY}))
}

#[test]
fn the_key_is_the_one_that_the_database_names() {
    assert_eq!(world().fact("key", "db")["KeyState"], "Enabled");
    assert_eq!(world().patch("db", json!({"KmsKeyId": null})).fact("key", "db"), json!({}));
}

#[test]
fn a_key_of_another_account_is_not_visible() {
    let other = "arn:aws:kms:us-east-1:999988887777:key/2";
    assert_eq!(world().patch("db", json!({"KmsKeyId": other})).fact("key", "db"), json!({"gap": "kms:DescribeKey"}));
    assert_eq!(world().denied("kms:DescribeKey").fact("key", "db"), json!({"gap": "kms:DescribeKey"}));
}

#[test]
fn which_key_it_is_may_be_unread() {
    let gap = json!({"gap": "rds:DescribeDBInstances"});
    assert_eq!(world().unread("db", "KmsKeyId", "rds:DescribeDBInstances").fact("key", "db"), gap);
    assert_eq!(world().with(kinds::DB_INSTANCE, "db", json!({"KmsKeyId": 1})).fact("key", "db"), gap);
}

#[test]
fn what_was_not_asked_of_the_key_is_unknown_and_not_absent() {
    let rotation = "kms:GetKeyRotationStatus";
    let gap = json!({"gap": rotation});
    assert_eq!(world().denied(rotation).fact("key", "db")["KeyRotationEnabled"], gap);
    assert_eq!(world().not_called(rotation).fact("key", "db")["KeyRotationEnabled"], gap);
    assert_eq!(world().not_called(rotation).fact("key", "db")["KeyState"], "Enabled");
}

#[test]
fn dependents_are_what_uses_the_key() {
    let world = world()
        .with(kinds::DB_SNAPSHOT, "snapshot", json!({"DBSnapshotIdentifier": "snapshot", "KmsKeyId": KEY}))
        .with(kinds::DB_INSTANCE, "other", json!({"DBInstanceIdentifier": "other", "KmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/2"}))
        .with(kinds::DB_INSTANCE, "plain", json!({"DBInstanceIdentifier": "plain"}));
    assert_eq!(world.fact("dependents", KEY), json!(["db", "snapshot"]));
}

#[test]
fn each_use_of_a_key_has_a_fact() {
    let uses = [
        ("key", json!({"KmsKeyId": KEY})),
        ("performance_insights_key", json!({"PerformanceInsightsKMSKeyId": KEY})),
        ("secret_key", json!({"MasterUserSecret": {"SecretArn": "s", "KmsKeyId": KEY}})),
        ("activity_stream_key", json!({"ActivityStreamKmsKeyId": KEY})),
        // Activity streams name their key by its bare id.
        ("activity_stream_key", json!({"ActivityStreamKmsKeyId": "1"})),
    ];
    let names = ["key", "performance_insights_key", "secret_key", "activity_stream_key"];
    for (used, data) in &uses {
        let world = world().with(kinds::DB_INSTANCE, "db", data.clone());
        for name in names {
            let state = world.fact(name, "db").get("KeyState").cloned();
            assert_eq!(state, (name == *used).then(|| json!("Enabled")), "{name} of {data}");
        }
        assert_eq!(world.fact("dependents", KEY), json!(["db"]), "{data}");
        assert_eq!(world.without(KEY).fact(used, "db"), json!({"gap": "kms:DescribeKey"}));
    }
}

#[test]
fn a_secret_that_names_no_key_has_none() {
    assert_eq!(world().fact("secret_key", "db"), json!({}));
    assert_eq!(world().patch("db", json!({"MasterUserSecret": {"SecretArn": "s"}})).fact("secret_key", "db"), json!({}));
    let unread = world().unread("db", "MasterUserSecret", "rds:DescribeDBInstances");
    assert_eq!(unread.fact("secret_key", "db"), json!({"gap": "rds:DescribeDBInstances"}));
    // Another key of the same database is known nevertheless.
    assert_eq!(unread.fact("key", "db")["KeyState"], "Enabled");
}

#[test]
fn what_uses_a_key_twice_depends_on_it_once() {
    let world = world().patch("db", json!({"PerformanceInsightsKMSKeyId": KEY, "MasterUserSecret": {"KmsKeyId": KEY}}));
    assert_eq!(world.fact("dependents", KEY), json!(["db"]));
}

#[test]
fn that_a_key_has_no_dependents_takes_every_listing() {
    let unused = world().without("db");
    assert_eq!(unused.fact("dependents", KEY), json!([]));
    assert_eq!(unused.clone().denied("rds:DescribeDBSnapshots").fact("dependents", KEY), json!({"gap": "rds:DescribeDBSnapshots"}));
    assert_eq!(unused.not_called("rds:DescribeDBClusters").fact("dependents", KEY), json!({"gap": "rds:DescribeDBClusters"}));
    assert_eq!(world().denied("rds:DescribeDBSnapshots").fact("dependents", KEY), json!(["db"]));
}

#[test]
fn the_policy_of_a_key_may_be_unread() {
    let anyone = r#"{"Statement":[{"Sid":"S","Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}]}"#;
    let world = world().patch(KEY, json!({"Policy": anyone}));
    assert_eq!(world.fact("access", KEY), json!({"public": true, "public_statements": ["S"], "untrusted": ["everyone"]}));
    let gap = json!({"gap": "kms:GetKeyPolicy"});
    let unknown = json!({"public": gap, "public_statements": gap, "untrusted": gap});
    assert_eq!(world.clone().denied("kms:GetKeyPolicy").fact("access", KEY), unknown);
    assert_eq!(world.clone().patch(KEY, json!({"Policy": null})).fact("access", KEY), unknown);
    assert_eq!(world.patch(KEY, json!({"Policy": "{"})).fact("access", KEY), unknown);
}

#[test]
fn the_policy_of_a_key_lets_in_accounts_and_organizations() {
    let policy = |statement: &str| format!(r#"{{"Statement":[{{"Effect":"Allow","Action":"kms:*","Resource":"*",{statement}}}]}}"#);
    let access = |statement: &str| world().patch(KEY, json!({"Policy": policy(statement)})).fact("access", KEY);
    let named = access(r#""Principal":{"AWS":["arn:aws:iam::111122223333:root","444455556666"],"Service":"logs.amazonaws.com"}"#);
    assert_eq!(named["untrusted"], json!(["444455556666"]));
    assert_eq!(access(r#""Principal":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abc"}}"#)["untrusted"], json!(["o-abc"]));
    // Who comes from a network may be of any account.
    let network = access(r#""Principal":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}"#);
    assert_eq!((&network["public"], &network["untrusted"]), (&json!(false), &json!({"gap": "kms:GetKeyPolicy"})));
    let both = r#""Principal":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1","kms:CallerAccount":"111122223333"}}"#;
    assert_eq!(access(both)["untrusted"], json!([]));
    // A statement that lets nobody at the data is no matter.
    let describe = r#"{"Statement":{"Effect":"Allow","Action":"kms:Describe*","Resource":"*","Principal":{"AWS":"444455556666"}}}"#;
    assert_eq!(world().patch(KEY, json!({"Policy": describe})).fact("access", KEY)["untrusted"], json!([]));
}

#[test]
fn grants_to_strangers_count_where_they_disclose_something() {
    let grants = |principal: &str, operations: &[&str]| {
        let grants = json!([{"GrantId": "1f2e", "GranteePrincipal": principal, "Operations": operations}]);
        world().patch(KEY, json!({"Grants": grants})).fact("grants", KEY)
    };
    let none = json!({"untrusted": [], "to_untrusted": []});
    let restore = "arn:aws:iam::444455556666:role/restore";
    let found = json!({"untrusted": ["444455556666"], "to_untrusted": [format!("{restore} may DescribeKey, Decrypt by grant 1f2e")]});
    assert_eq!(grants(restore, &["DescribeKey", "Decrypt"]), found);
    for operation in ["CreateGrant", "GenerateDataKey", "ReEncryptFrom"] {
        assert_eq!(grants("arn:aws:sts::444455556666:assumed-role/restore/me", &[operation])["untrusted"], json!(["444455556666"]), "{operation}");
    }
    assert_eq!(grants(restore, &["DescribeKey", "RetireGrant", "Encrypt", "Verify", "GetPublicKey"]), none);
    assert_eq!(grants("arn:aws:iam::111122223333:role/restore", &["Decrypt"]), none);
    for nobodys in ["rds.us-east-1.amazonaws.com", "AROAEXAMPLE"] {
        assert_eq!(grants(nobodys, &["Decrypt"]), none, "{nobodys}");
    }
    let mut trusting = world().patch(KEY, json!({"Grants": [{"GranteePrincipal": restore, "Operations": ["Decrypt"]}]}));
    trusting.2.accounts.insert("444455556666".to_owned());
    assert_eq!(trusting.fact("grants", KEY), none);
}

#[test]
fn grants_that_were_not_read_are_not_known_to_be_none() {
    let gap = json!({"gap": "kms:ListGrants"});
    let unknown = json!({"untrusted": gap, "to_untrusted": gap});
    let world = world().patch(KEY, json!({"Grants": []}));
    assert_eq!(world.fact("grants", KEY)["untrusted"], json!([]));
    for world in [world.clone().denied("kms:ListGrants"), world.clone().not_called("kms:ListGrants"), world.patch(KEY, json!({"Grants": null}))] {
        assert_eq!(world.fact("grants", KEY), unknown);
    }
}
