use std::sync::Arc;

use dbmoat::engine::{Severity, Template};
use dbmoat::report::Report;
use dbmoat::report::table::{Options, write};

use crate::support;

fn table(report: &Report, options: Options) -> String {
    let mut out = Vec::new();
    write(report, &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_small_report_reads_worst_first() {
    let expected = "\
dbmoat 0.1.0  3 resources in 1 account and 2 regions, 4 rules, collected
  2026-11-22 09:00 UTC

CRITICAL  1 failure

  a-public  1 resource
    DB instance obeys a-public
    - orders  111111111111 us-east-1
      orders breaks a-public
      0.0.0.0/0 → igw-0a1b → rtb-0a1b → acl-0a1b → sg-0a1b rule sgr-0a1b → 5432
    Fix:  Raise the retention period to 7 days.
      aws rds modify-db-instance --db-instance-identifier orders \\
        --apply-immediately

HIGH  2 failures

  b-encrypted  2 resources
    DB instance obeys b-encrypted
    - orders  111111111111 us-east-1
      orders breaks b-encrypted
    - stock  111111111111 us-east-1
      stock breaks b-encrypted
    Fix:  Raise the retention period to 7 days.
      for orders:
      aws rds modify-db-instance --db-instance-identifier orders \\
        --apply-immediately

MEDIUM  2 failures
  c-backup  2 resources
    DB instance obeys c-backup

LOW  1 failure
  d-tags  1 resource
    DB instance obeys d-tags
  --verbose lists these too; -o json has every detail

NOT ASSESSED  1 judgement of a rule on a resource
  rds:DescribeDBSnapshotAttributes  access-denied: 1 rule open on 1 resource
    not authorized to perform this operation

COVERAGE  1 of 2 scopes complete
  111111111111 us-east-1  3 resources; not read:
    rds:DescribeDBSnapshotAttributes (access-denied)

SUMMARY  1 critical, 2 high, 2 medium, 1 low; 5 passed, 1 not assessed, 0 waived
exit 1  3 findings at or over high
";
    assert_eq!(table(&support::small(), Options::default()), expected);
}

#[test]
fn a_clean_scan_says_so() {
    let expected = "\
dbmoat 0.1.0  3 resources in 1 account and 1 region, 1 rule, collected
  2026-11-22 09:00 UTC

COVERAGE  1 of 1 scope complete

SUMMARY  0 critical, 0 high, 0 medium, 0 low; 5 passed, 0 not assessed, 0 waived
exit 0  nothing at or over high
";
    assert_eq!(table(&support::clean(), Options::default()), expected);
}

#[test]
fn verbose_lists_every_failure_and_every_scope() {
    let options = Options { verbose: true, ..Options::default() };
    let table = table(&support::small(), options);
    for line in ["stock breaks c-backup", "orders breaks d-tags", "backup_retention_period = 7", "111111111111 eu-west-1  0 resources"] {
        assert!(table.contains(line), "{line} is missing in:\n{table}");
    }
    assert!(!table.contains("--verbose"));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let small = support::small();
    let wide = small.findings.iter().map(|finding| {
        let mut finding = finding.unwrap();
        Arc::make_mut(&mut finding.resource).name = "größe-🐘".repeat(20);
        finding.message = "a message with ünïcödé 🐘 ".repeat(20);
        finding
    });
    let wider = small.rules.iter().map(|rule| {
        let mut rule = Arc::into_inner(support::rule(&rule.id, rule.severity)).unwrap();
        rule.remediation.cli = Template::parse(&"aws rds modify-db-instance --option value".repeat(10)).ok();
        Arc::new(rule)
    });
    let report = support::report(wide.collect(), small.coverage, wider.collect());
    for verbose in [false, true] {
        for width in [40, 80, 132] {
            let plain = table(&report, Options { width, verbose, colour: false });
            let widest = plain.lines().max_by_key(|line| textwrap::core::display_width(line)).unwrap();
            assert!(textwrap::core::display_width(widest) <= width, "{widest}");
        }
    }
}

#[test]
fn colours_change_nothing_but_colours() {
    let painted = table(&support::small(), Options { colour: true, ..Options::default() });
    assert!(painted.contains("\u{1b}[1m"));
    assert_eq!(anstream::adapter::strip_str(&painted).to_string(), table(&support::small(), Options::default()));
}

#[test]
fn a_hostile_name_does_not_reach_the_terminal() {
    let rule = support::rule("a-public", Severity::Critical);
    let mut finding = support::failure(&rule, support::instance("\u{1b}[2J\u{202e}orders\r\n\u{9b}1m"));
    let path = "\u{1b}]0;title\u{7}".to_owned();
    support::show(&mut finding, "network.internet_paths", &vec![path].into());
    let gap = dbmoat::inventory::Gap::new("rds:\u{1b}c", dbmoat::inventory::Reason::Failed, "\u{1b}c");
    let open = support::not_assessed(&rule, support::instance("unread"), gap.clone());
    let report = support::report(vec![finding, open], vec![support::scope("\u{1b}c", support::REGION, 1, vec![gap])], vec![rule]);
    for verbose in [false, true] {
        let table = table(&report, Options { verbose, ..Options::default() });
        assert!(table.contains(r"\u{1b}[2J\u{202e}orders\u{d}\u{a}\u{9b}1m"), "{table}");
        let raw = table.chars().find(|character| character.is_control() && *character != '\n');
        assert_eq!(raw, None, "{table:?}");
    }
}
