//! SARIF files read by Microsoft's checker, with its rules for GitHub on; and an account a file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use dbmoat::engine::Severity;
use dbmoat::report::{BySeverity, Format, Report, sarif};
use serde_json::Value;

use crate::program::{dbmoat, run};
use crate::{support, written};

/// The checker, which npm installs, once for all tests.
fn multitool() -> &'static Path {
    static INSTALLED: LazyLock<PathBuf> = LazyLock::new(installed);
    &INSTALLED
}

fn installed() -> PathBuf {
    let python = std::env::var("DBMOAT_TEST_PYTHON").expect("DBMOAT_TEST_PYTHON is not set: run the tests with `bash tests/run`");
    let venv = Path::new(&python).parent().and_then(Path::parent).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node/install");
    let installed = Command::new("bash").args([script, concat!(env!("CARGO_TARGET_TMPDIR"), "/node")]).arg(venv).output().unwrap();
    assert!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));
    let folder = PathBuf::from(String::from_utf8(installed.stdout).unwrap().trim()).join("node_modules/@microsoft");
    let system = if cfg!(target_os = "macos") { "darwin" } else { "linux" };
    folder.join(format!("sarif-multitool-{system}/Sarif.Multitool"))
}

/// The ids of the rules that the files in a folder break. It wants a home page too, which dbmoat has not.
fn complaints(multitool: &Path, folder: &Path) -> BTreeSet<String> {
    let result = folder.join("complaints.json");
    let mut command = Command::new(multitool);
    command.args(["validate", "--rule-kind", "Sarif;Ghas", "--log", "ForceOverwrite", "--output"]).arg(&result).arg(folder.join("*.sarif"));
    let output = command.env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("Analysis completed successfully"), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let log: Value = serde_json::from_str(&fs::read_to_string(result).unwrap()).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap().iter();
    results.map(|result| result["ruleId"].as_str().unwrap().to_owned()).filter(|id| id != "SARIF2005").collect()
}

/// 30,000 failures in 25 accounts, 6,000 of them in the last.
fn many_accounts() -> Report {
    let rules =
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low].map(|severity| support::rule(&format!("{severity}-rule"), severity));
    let account = |number: usize| format!("{:012}", (number % 30).min(24));
    let findings = (0..30_000).map(|number| {
        let mut resource = support::instance(&format!("db-{number:05}"));
        resource.account = account(number);
        resource.arn = resource.arn.replace(support::ACCOUNT, &resource.account);
        support::failure(&rules[number / 30 % rules.len()], resource)
    });
    let scopes = (0..25).map(|number| support::scope(&account(number), support::REGION, 1_000, vec![]));
    support::report(findings.collect(), scopes.collect(), rules.to_vec())
}

#[test]
fn an_account_a_file_is_what_github_takes_of_25_accounts() {
    let report = many_accounts();
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    let notes = sarif::split(&report, |account, write| {
        let path = sarif::path_of(&folder.path().join("dbmoat.sarif"), account);
        write(&mut fs::File::create(&path)?)?;
        files.push(path);
        std::io::Result::Ok(())
    })
    .unwrap();
    assert_eq!(files.len(), 25);
    let mut together = 0;
    for (number, path) in files.iter().enumerate() {
        assert!(path.ends_with(format!("dbmoat.{number:012}.sarif")), "{path:?}");
        let log: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        let runs = log["runs"].as_array().unwrap();
        assert_eq!(runs.len(), 1);
        assert_eq!(runs[0]["automationDetails"]["id"], format!("dbmoat/aws/{number:012}/2026-11-22T09:00:00Z"));
        let results = runs[0]["results"].as_array().unwrap();
        let own = |result: &Value| {
            result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"].as_str().unwrap().contains(&format!(":{number:012}:"))
        };
        assert!(results.iter().all(own));
        together += results.len();
    }
    assert_eq!(together, 29_000);
    assert_eq!(notes.too_many_runs, None);
    assert_eq!(notes.cut.into_iter().collect::<Vec<_>>(), [("000000000024".to_owned(), BySeverity { low: 1_000, ..BySeverity::default() })]);
    assert_eq!(complaints(multitool(), folder.path()), BTreeSet::new());
}

#[test]
fn microsofts_checker_has_nothing_to_say_but_of_a_broken_file() {
    let folder = tempfile::tempdir().unwrap();
    let output = format!("sarif={}", folder.path().join("demo.sarif").display());
    assert_eq!(run(dbmoat(&["scan", "--demo", "-q", "-o", &output])).code, 1);
    assert_eq!(complaints(multitool(), folder.path()), BTreeSet::new());

    let mut log: Value = serde_json::from_str(&written(Format::Sarif, &support::small())).unwrap();
    log["runs"][0]["results"][0]["locations"] = Value::Array(vec![]);
    fs::write(folder.path().join("broken.sarif"), log.to_string()).unwrap();
    assert!(complaints(multitool(), folder.path()).contains("GH1015"), "a result without a location");
}

#[test]
fn a_split_scan_writes_what_the_whole_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let output = format!("sarif={}", folder.path().join("demo.sarif").display());
    let split = run(dbmoat(&["scan", "--demo", "-o", &output, "--sarif-split", "account"]));
    let whole: Value = serde_json::from_str(&run(dbmoat(&["scan", "--demo", "-o", "sarif"])).stdout).unwrap();
    assert_eq!(split.code, 1);
    assert!(split.stderr.contains("note: GitHub closes alerts"), "{}", split.stderr);
    let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["demo.111122223333.sarif", "demo.444455556666.sarif"]);
    let runs: Vec<Value> =
        names.iter().map(|name| serde_json::from_slice::<Value>(&fs::read(folder.path().join(name)).unwrap()).unwrap()["runs"][0].take()).collect();
    assert_eq!(Value::Array(runs), whole["runs"]);

    let refused = run(dbmoat(&["scan", "--demo", "-o", "sarif", "--sarif-split", "account"]));
    assert_eq!((refused.code, refused.stdout.as_str()), (2, ""));
    assert!(refused.last_line().contains("--sarif-split writes several files"), "{}", refused.stderr);
}
