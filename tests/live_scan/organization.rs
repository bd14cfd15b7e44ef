//! Several accounts in one report: through roles, or as an organization. None is ever lost.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use serde_json::{Value as Json, json};

use crate::emulator::Emulator;
use crate::program::{Run, run, with_credentials};

/// The organization, to oneself, with no orders given.
pub fn organization() -> MutexGuard<'static, Emulator> {
    static EMULATOR: OnceLock<Mutex<Emulator>> = OnceLock::new();
    let emulator = EMULATOR.get_or_init(|| Mutex::new(Emulator::start("organization.py"))).lock().unwrap_or_else(PoisonError::into_inner);
    emulator.clear();
    emulator
}

/// Scans by a rule about instances and one about the account, so that both have to be asked.
fn scan(emulator: &Emulator, more: &[&str]) -> Run {
    let url = emulator.url();
    let mut arguments = vec!["scan", "--endpoint-url", &url, "--region", "us-east-1", "-o", "json", "--rule", "rds-instance-not-publicly-accessible"];
    arguments.extend(more);
    run(with_credentials(&arguments))
}

pub fn id<'e>(emulator: &'e Emulator, name: &str) -> &'e str {
    emulator.account[name].as_str().unwrap()
}

pub fn role(emulator: &Emulator, name: &str) -> String {
    format!("arn:aws:iam::{}:role/{}", id(emulator, name), id(emulator, "role"))
}

/// The databases with a finding, each in its account.
fn found(report: &Json) -> BTreeSet<(&str, &str)> {
    let resources = report["findings"].as_array().unwrap().iter().map(|finding| &finding["resource"]);
    resources.map(|resource| (resource["name"].as_str().unwrap(), resource["account"].as_str().unwrap())).collect()
}

fn expected<'e>(emulator: &'e Emulator, names: &[&'e str]) -> BTreeSet<(&'e str, &'e str)> {
    names.iter().map(|name| (*name, id(emulator, name))).collect()
}

#[test]
fn an_organization_is_its_active_accounts_each_asked_once() {
    let emulator = organization();
    let run = scan(&emulator, &["--org", "--org-role", id(&emulator, "role")]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let report = run.json();
    assert_eq!(found(&report), expected(&emulator, &["archive", "management", "orders", "sandbox"]));
    assert_eq!(report["coverage"].as_array().unwrap().len(), 4);
    let calls = emulator.calls();
    let count = |operation: &str| calls.iter().filter(|((_, of), _)| of == operation).map(|(_, count)| count).sum::<usize>();
    assert_eq!([count("sts:AssumeRole"), count("sts:GetCallerIdentity"), count("organizations:ListAccounts")], [3, 1, 1], "{calls:?}");
}

#[test]
fn accounts_and_units_narrow_the_organization() {
    let emulator = organization();
    let narrowed = |more: &[&str]| {
        let run = scan(&emulator, &[&["--org", "--org-role", "Audit"], more].concat());
        assert_eq!(run.code, 1, "{more:?}: {}", run.stderr);
        found(&run.json()).into_iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(narrowed(&["--account", id(&emulator, "sandbox")]), ["sandbox"]);
    assert_eq!(narrowed(&["--ou", id(&emulator, "unit")]), ["archive", "orders"], "units below a unit count");
    let both = ["--ou", id(&emulator, "unit"), "--exclude-account", id(&emulator, "archive")];
    assert_eq!(narrowed(&both), ["orders"]);
    let run = scan(&emulator, &["--org", "--org-role", "Audit", "--account", id(&emulator, "closed")]);
    assert_eq!(run.code, 2, "a suspended account is not asked in silence: {}", run.stderr);
}

#[test]
fn an_account_whose_role_cannot_be_assumed_is_a_gap_in_coverage() {
    let emulator = organization();
    let complete = scan(&emulator, &["--org", "--org-role", "Audit"]).json();
    emulator.order("deny", &json!([format!("sts:AssumeRole={}", id(&emulator, "orders"))]));
    let run = scan(&emulator, &["--org", "--org-role", "Audit", "--fail-on", "none"]);
    assert_eq!(run.code, 4, "{}", run.stderr);
    assert!(run.last_line().starts_with("exit 4: 1 scope not reached"), "{}", run.last_line());
    let report = run.json();
    assert_eq!(found(&report), expected(&emulator, &["archive", "management", "sandbox"]));
    let lost: Vec<_> = report["coverage"].as_array().unwrap().iter().filter(|scope| scope["reached"] == false).collect();
    assert_eq!(lost.len(), 1, "{lost:?}");
    assert_eq!((&lost[0]["account"], &lost[0]["complete"]), (&emulator.account["orders"], &json!(false)));
    assert_eq!((&lost[0]["gaps"][0]["operation"], &lost[0]["gaps"][0]["reason"]), (&json!("sts:AssumeRole"), &json!("access-denied")));
    assert_eq!(complete["coverage"].as_array().unwrap().len(), report["coverage"].as_array().unwrap().len());
}

#[test]
fn roles_name_their_accounts() {
    let emulator = organization();
    let (orders, archive) = (role(&emulator, "orders"), role(&emulator, "archive"));
    let run = scan(&emulator, &["--role-arn", &orders, "--role-arn", &archive, "--external-id", "dbmoat"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(found(&run.json()), expected(&emulator, &["archive", "orders"]));
    emulator.order("deny", &json!(["sts:AssumeRole"]));
    let run = scan(&emulator, &["--role-arn", &orders, "--role-arn", &archive]);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""), "{}", run.stderr);
    assert!(run.last_line().starts_with("exit 3: no account could be asked: sts:AssumeRole: access-denied"), "{}", run.last_line());
}

#[test]
fn an_organization_that_cannot_be_listed_ends_the_scan() {
    let emulator = organization();
    emulator.order("deny", &json!(["organizations:ListAccounts"]));
    let run = scan(&emulator, &["--org", "--org-role", "Audit"]);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    assert!(run.last_line().starts_with("exit 3: cannot list the accounts of the organization: organizations:ListAccounts"), "{}", run.last_line());
}

#[test]
fn an_excluded_region_is_not_asked() {
    let emulator = organization();
    let regions = ["--region", "all", "--exclude-region", "us-east-1,eu-west-1"];
    let report = scan(&emulator, &regions).json();
    let regions: Vec<_> = report["coverage"].as_array().unwrap().iter().map(|scope| scope["region"].as_str().unwrap()).collect();
    assert!(regions.len() > 10 && !regions.contains(&"us-east-1") && !regions.contains(&"eu-west-1"), "{regions:?}");
    let slip = scan(&emulator, &["--exclude-region", "us-esat-1"]);
    assert_eq!(slip.code, 2, "{}", slip.stderr);
}
