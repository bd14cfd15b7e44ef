//! Expressions over the resources of a scope: what is unreadable there is not assessed.

use serde_json::json;

use crate::engine::expression::Expression;
use crate::engine::variables::{Subject, Variables};
use crate::engine::{Judged, RuleSet, Selection, judge};
use crate::facts::Index;
use crate::facts::testing::{World, open};
use crate::finding::{Finding, Outcome};
use crate::inventory::{Reason, kinds};
use crate::value::Node;

/// What an expression says of `db`: an answer, or the operations that keep it from one.
fn says(world: &World, expression: &str) -> Result<bool, Vec<String>> {
    let index = Index::new(&world.0, None, &world.2);
    let subject = Subject::new(world.resource("db"), &index);
    let params = Node::map([]);
    let expression = Expression::parse(expression).unwrap();
    expression.test(&Variables { subject: &subject, params: &params }).map_err(|error| {
        let gaps = crate::engine::judge::gaps_behind(&error, &subject, &expression.paths());
        gaps.into_iter().map(|gap| gap.operation).collect()
    })
}

/// `db` names a key that was not listed: the fact `key` is a gap as a whole.
fn without_key() -> World {
    open().patch("db", json!({"KmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/1"})).denied("kms:DescribeKey")
}

#[test]
fn a_fact_that_is_a_gap_as_a_whole_answers_nothing() {
    for expression in [
        "key == null",
        "key != null",
        "key == 1",
        "key == {}",
        "[key] == [1]",
        "key in [1]",
        "!(key in [1])",
        "1 in key",
        "'KeyState' in key",
        "has(key.KeyState)",
        "!has(key.KeyState)",
        "key.KeyState == 'Enabled'",
        "size(key) == 0",
        "type(key) == map",
        "[key].exists(k, k == 1)",
        "[key].all(k, k != 1)",
        "{'a': key} != {}",
        "[1].all(k, key != k)",
        "[key].size() == 1",
        "dyn(key) == 1",
        "optional.of(key).hasValue()",
        "(key == 1) ? true : true",
        "key.all(k, true)",
    ] {
        assert_eq!(says(&without_key(), expression), Err(vec!["kms:DescribeKey".to_owned()]), "{expression}");
    }
    assert_eq!(says(&without_key(), "resource.PubliclyAccessible || key.KeyState == 'Enabled'"), Ok(true));
    assert_eq!(says(&without_key(), "key == 1 && !resource.PubliclyAccessible"), Ok(false));
    // The variable of a comprehension may have the name of a fact.
    assert_eq!(says(&without_key(), "[1].all(key, key == 1)"), Ok(true));
}

#[test]
fn a_field_of_a_fact_that_is_a_gap_answers_nothing() {
    let world = open().denied("ec2:DescribeSecurityGroups");
    for expression in [
        "network.internet_addresses == 0",
        "network.internet_addresses != 0",
        "size(network.internet_paths) == 0",
        "network.public_sources.all(source, source == '')",
        "has(network.internet_paths)",
        "network.ipv4_share > 0",
        "!network.internet_reachable",
        "'x' in network.public_sources",
    ] {
        assert_eq!(says(&world, expression), Err(vec!["ec2:DescribeSecurityGroups".to_owned()]), "{expression}");
    }
    assert_eq!(says(&world, "network.port == 5432"), Ok(true));
}

#[test]
fn a_resource_that_cannot_be_read_answers_nothing() {
    let mut world = open();
    let position = world.0.resources.iter().position(|resource| resource.arn == "db").unwrap();
    world.0.resources[position].data = serde_json::value::RawValue::from_string("[".to_owned() + "1]").unwrap();
    for expression in ["resource.PubliclyAccessible", "!has(resource.PubliclyAccessible)", "resource != null", "network.publicly_addressed"] {
        assert!(says(&world, expression).is_err(), "{expression}");
    }
}

#[test]
fn a_field_with_an_operation_of_its_own_is_unknown_when_that_was_not_called() {
    let snapshot = |world: World| world.with(kinds::DB_SNAPSHOT, "db", json!({"DBSnapshotIdentifier": "db"}));
    let operation = "rds:DescribeDBSnapshotAttributes";
    assert_eq!(says(&snapshot(open().not_called(operation)), "has(resource.RestoreAccounts)"), Err(vec![operation.to_owned()]));
    assert_eq!(says(&snapshot(open()), "has(resource.RestoreAccounts)"), Ok(false));
}

/// The findings of all parts of a scope.
fn judged(world: &World, rules: &RuleSet, keep_passes: bool) -> Vec<Finding> {
    judge(&world.0, None, &world.2, rules, keep_passes, |findings| findings).flat_map(|part| part.made).flatten().collect()
}

const RULE: &str = "rds-instance-backup-retention";

fn rules() -> RuleSet {
    RuleSet::load(None, &Selection { rules: vec![RULE.to_owned()], ..Selection::default() }).unwrap()
}

#[test]
fn a_resource_passes_fails_or_is_not_assessed() {
    let of = |period| {
        let world = open().patch("db", json!({"BackupRetentionPeriod": period}));
        judged(&world, &rules(), true).into_iter().map(|finding| (finding.outcome, finding.message)).collect::<Vec<_>>()
    };
    assert_eq!(of(json!(7)), [(Outcome::Pass, String::new())]);
    assert_eq!(of(json!(3)), [(Outcome::Fail, "db keeps automated backups for 3 days, fewer than 7".to_owned())]);
    let [(outcome, message)] = of(json!(null)).try_into().unwrap();
    assert_eq!(outcome, Outcome::NotAssessed);
    assert!(message.contains("AWS did not return BackupRetentionPeriod"), "{message}");
}

#[test]
fn a_large_scope_comes_in_parts_and_nothing_is_lost() {
    let world = (0..1_000).fold(open().denied("rds:DescribeDBClusters"), |world, number| {
        world.with(kinds::DB_INSTANCE, &format!("db-{number}"), json!({"DBInstanceIdentifier": format!("db-{number}"), "BackupRetentionPeriod": 1}))
    });
    let parts: Vec<_> = judge(&world.0, None, &world.2, &rules(), false, |findings| findings).collect();
    assert!(parts.len() > 3 && parts.iter().all(|part| part.made.iter().flatten().count() < 500), "{}", parts.len());
    let failed = |part: &Judged<Vec<Finding>>| part.made.iter().flatten().filter(|finding| finding.outcome == Outcome::Fail).count();
    assert_eq!((parts.iter().map(failed).sum::<usize>(), parts.iter().map(|part| part.resources).sum::<usize>()), (1_000, 1_001));
}

#[test]
fn what_was_not_listed_is_not_assessed() {
    let of_denied = judged(&open().denied("rds:DescribeDBInstances"), &rules(), false);
    let [finding] = of_denied.try_into().unwrap();
    assert_eq!((finding.outcome, finding.resource.arn.as_str()), (Outcome::NotAssessed, "arn:aws:rds:us-east-1:111122223333:*"));
    assert_eq!(finding.gaps[0].reason, Reason::AccessDenied);
    let of_others = judged(&open().not_called("rds:DescribeDBInstances"), &rules(), false);
    assert_eq!(of_others[0].gaps[0].reason, Reason::NotCollected);
}

#[test]
fn a_text_that_reads_what_is_unread_says_so_and_what_is_missing_is_a_mistake() {
    let world = without_key();
    let index = Index::new(&world.0, None, &world.2);
    let subject = Subject::new(world.resource("db"), &index);
    let params = Node::map([]);
    let variables = Variables { subject: &subject, params: &params };
    let strictly = |text: &str| crate::engine::template::Template::parse(text).unwrap().render_strictly(&variables);
    assert_eq!(strictly("{{name}}: {{key.KeyState}}").as_deref(), Some("db: (unknown)"));
    assert_eq!(strictly("{{resource.Engine}}"), None);
}

#[test]
fn keys_that_an_unread_listing_would_have_named_are_not_assessed() {
    let rules = RuleSet::load(None, &Selection { rules: vec!["kms-db-key-*".to_owned()], ..Selection::default() }).unwrap();
    let judged = judged(&open().denied("rds:DescribeDBClusters"), &rules, true);
    for rule in rules.rules() {
        let open = judged.iter().find(|finding| finding.rule.id == rule.id && finding.resource.arn.ends_with(":*")).unwrap();
        assert_eq!(open.outcome, Outcome::NotAssessed, "{}", rule.id);
        assert_eq!(open.gaps[0].operation, "rds:DescribeDBClusters", "{}", rule.id);
    }
}

#[test]
fn a_command_holds_nothing_that_a_shell_would_read() {
    let rules = RuleSet::load(None, &Selection { rules: vec!["rds-instance-not-publicly-accessible".to_owned()], ..Selection::default() }).unwrap();
    let command = |name: &str| {
        let world = open().patch("db", json!({"DBInstanceIdentifier": name, "PubliclyAccessible": true}));
        judged(&world, &rules, false).into_iter().find(|finding| finding.outcome == Outcome::Fail).unwrap().remediation().cli
    };
    assert!(command("orders").unwrap().contains("--db-instance-identifier orders "));
    for hostile in ["orders; rm -rf /", "$(id)", "`id`", "a\nb", "a|b", "'a'"] {
        assert_eq!(command(hostile), None, "{hostile:?}");
    }
}
