//! Expressions over the resources of a scope: what is unreadable there is not assessed.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::engine::expression::Expression;
use crate::engine::variables::{Subject, Variables};
use crate::engine::{Depth, Detail, Judged, RuleSet, Selection, Severity, Verdicts, judge};
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

/// The findings of a scope, in order, and how much was judged.
fn judged_with(world: &World, rules: &RuleSet, detail: Detail) -> (Vec<Finding>, Judged) {
    let all = Mutex::new(BTreeMap::new());
    let take = |verdicts: Verdicts<'_>| {
        assert!(all.lock().unwrap().insert(verdicts.before, verdicts.findings).is_none());
        Ok::<_, Infallible>(())
    };
    let Ok(judged) = judge(&world.0, None, &world.2, rules, detail, take);
    (all.into_inner().unwrap().into_values().flatten().collect(), judged)
}

/// The findings of a scope.
fn judged(world: &World, rules: &RuleSet, passes: bool) -> Vec<Finding> {
    let detail = Detail { passes: passes.then_some(Depth::Finding), ..Detail::default() };
    judged_with(world, rules, detail).0
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
fn of_a_large_scope_nothing_is_lost_and_each_verdict_has_its_place() {
    let world = (0..1_000).fold(open().denied("rds:DescribeDBClusters"), |world, number| {
        world.with(
            kinds::DB_INSTANCE,
            &format!("db-{number:03}"),
            json!({"DBInstanceIdentifier": format!("db-{number:03}"), "BackupRetentionPeriod": 1}),
        )
    });
    let (findings, judged) = judged_with(&world, &rules(), Detail::default());
    let failed: Vec<_> = findings.iter().filter(|finding| finding.outcome == Outcome::Fail).map(|finding| finding.resource.name.as_str()).collect();
    assert_eq!((failed.len(), judged.resources), (1_000, 1_001));
    assert!(failed.is_sorted(), "{failed:?}");
}

#[test]
fn it_ends_with_the_first_that_cannot_be_taken() {
    let world = (0..1_000).fold(open(), |world, number| world.with(kinds::DB_INSTANCE, &format!("db-{number}"), json!({})));
    let taken = AtomicUsize::new(0);
    let refuse = |_: Verdicts<'_>| if taken.fetch_add(1, Ordering::Relaxed) == 1 { Err("full") } else { Ok(()) };
    assert_eq!(judge(&world.0, None, &world.2, &rules(), Detail::default(), refuse), Err("full"));
    assert!(taken.into_inner() < 1_000 / 16);
}

#[test]
fn what_is_not_to_be_listed_is_counted_and_what_is_not_assessed_never_is() {
    let world = [json!(1), json!(7), json!(null)]
        .into_iter()
        .enumerate()
        .fold(open(), |world, (number, period)| world.with(kinds::DB_INSTANCE, &format!("db-{number}"), json!({"BackupRetentionPeriod": period})));
    let severity = rules().rules().next().unwrap().severity;
    let of = |passes, listed| {
        let (counted, findings) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
        let take = |verdicts: Verdicts<'_>| {
            counted.lock().unwrap().extend(verdicts.counted.iter().map(|verdict| (verdict.resource.arn.clone(), verdict.outcome)));
            findings.lock().unwrap().extend(verdicts.findings.iter().map(|finding| (finding.resource.arn.clone(), finding.outcome)));
            Ok::<_, Infallible>(())
        };
        let Ok(judged) = judge(&world.0, None, &world.2, &rules(), Detail { passes, listed }, take);
        let [mut counted, mut findings] = [counted, findings].map(|all| all.into_inner().unwrap());
        [&mut counted, &mut findings].into_iter().for_each(|all| all.retain(|(arn, _)| arn.starts_with("db-")));
        (counted, findings, judged.passes)
    };
    let [fails, passes, unread] =
        [("db-0", Outcome::Fail), ("db-1", Outcome::Pass), ("db-2", Outcome::NotAssessed)].map(|(arn, outcome)| (arn.to_owned(), outcome));
    let passed = of(None, None).2;
    for (detail, counted, findings) in [
        ((None, Some(Severity::Low)), vec![], vec![&fails, &unread]),
        ((None, Some(severity)), vec![], vec![&fails, &unread]),
        ((None, None), vec![&fails], vec![&unread]),
        ((Some(Depth::Counted), None), vec![&fails, &passes], vec![&unread]),
        ((Some(Depth::Finding), None), vec![&fails], vec![&passes, &unread]),
        ((Some(Depth::Finding), Some(Severity::Low)), vec![], vec![&fails, &passes, &unread]),
    ] {
        let expected = [counted, findings].map(|all| all.into_iter().cloned().collect::<Vec<_>>());
        let (counted, findings, passes) = of(detail.0, detail.1);
        assert_eq!(([counted, findings], passes), (expected, passed), "{detail:?}");
    }
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
