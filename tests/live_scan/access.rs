//! Who has access to the databases of an emulated account, per principal and database.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use serde_json::{Value, json};

use crate::emulator::Emulator;
use crate::program::{Run, run, with_credentials};

/// The account, to oneself, with no orders given.
fn account() -> MutexGuard<'static, Emulator> {
    static EMULATOR: OnceLock<Mutex<Emulator>> = OnceLock::new();
    let emulator = EMULATOR.get_or_init(|| Mutex::new(Emulator::start("access.py"))).lock().unwrap_or_else(PoisonError::into_inner);
    emulator.clear();
    emulator
}

fn access(emulator: &Emulator) -> Run {
    run(with_credentials(&["access", "--all", "--endpoint-url", &emulator.url(), "--region", "us-east-1", "-f", "json"]))
}

/// `ability principal by statement [maybe: keys]` of each row of a database, principals of the account by their names.
fn rows(report: &Value, arn: &Value) -> Vec<String> {
    let database = report["databases"].as_array().unwrap().iter().find(|database| database["arn"] == *arn).unwrap();
    let texts = |value: &Value| value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect::<Vec<_>>().join(",");
    let row = |access: &Value| {
        let principal = access["principal"].as_str().unwrap();
        let principal = if access["outside"] == true { principal } else { principal.rsplit('/').next().unwrap() };
        let maybe = if access["certain"] == true { String::new() } else { format!(" maybe: {}", texts(&access["depends_on"])) };
        format!("{} {principal} by {}{maybe}", access["may"].as_str().unwrap(), texts(&access["by"]))
    };
    let mut rows: Vec<_> = database["access"].as_array().unwrap().iter().map(row).collect();
    rows.sort();
    rows
}

#[test]
fn each_way_into_each_database_is_told_and_no_other() {
    let emulator = account();
    let run = access(&emulator);
    assert_eq!((run.code, run.last_line()), (0, "exit 0: complete"), "{}", run.stderr);
    let report = run.json();
    let of = |name: &str| rows(&report, &emulator.account[name]);
    assert_eq!(
        of("orders"),
        [
            // All but the table, so its index too.
            "read-data any-but-orders by own/statement 1",
            "read-data arn:aws:iam::444455556666:role/restore by ResourcePolicy/Named",
            "read-data bounded by own/statement 1",
            "read-data gets-orders by own/statement 1",
            "read-data named-by-table by ResourcePolicy/Named",
            "read-data queries-index by own/statement 1",
            "read-data scans-any-table by own/statement 1",
        ]
    );
    assert_eq!(
        of("stock"),
        [
            "change-exposure kept-from-orders by own/statement 1",
            "read-data ann by readers/reads-stock/statement 1",
            "read-data any-but-orders by own/statement 1",
            "read-data from-the-office by own/statement 1 maybe: aws:sourceip",
            "read-data kept-from-orders by own/statement 1",
            "read-data scans-any-table by own/statement 1",
            "read-data stock by reads-own/statement 1",
            "share-snapshots kept-from-orders by own/statement 1",
        ]
    );
    assert_eq!(of("database"), ["connect connects-to-any by own/statement 1"]);
    assert_eq!(of("proxy"), ["connect connects-to-any by own/statement 1", "connect connects-to-proxy by own/statement 1"]);
    assert_eq!(of("cluster"), ["connect administers-dsql by own/statement 1 maybe: aws:sourcevpc"]);
    let role = "arn:aws:iam::123456789012:role/connects-to-any";
    let outsider = json!([{"principal": "444455556666", "by": "statement 1", "depends_on": ["sts:externalid"]}]);
    assert_eq!(report["assumable_by"], json!({role: outsider}));
}

#[test]
fn a_denied_sweep_leaves_what_the_policies_of_databases_say_and_is_incomplete() {
    let emulator = account();
    emulator.order("deny", &json!(["iam:*"]));
    let run = access(&emulator);
    assert_eq!(run.code, 4, "{}", run.stderr);
    let report = run.json();
    let restored = "read-data arn:aws:iam::444455556666:role/restore by ResourcePolicy/Named";
    assert!(rows(&report, &emulator.account["orders"]).contains(&restored.to_owned()));
    assert_eq!(rows(&report, &emulator.account["database"]), [""; 0]);
    assert!(report["unknown"].as_array().unwrap().iter().any(|gap| gap["operation"] == "iam:GetAccountAuthorizationDetails"));
}
