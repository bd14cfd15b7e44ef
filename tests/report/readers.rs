//! The formats of others, read by readers that are not ours.

use std::path::PathBuf;
use std::process::Command;

use crate::program::{dbmoat, run, write};
use crate::unreached;

#[test]
fn other_readers_find_in_each_format_what_the_json_report_has() {
    let folder = tempfile::tempdir().unwrap();
    let inventory = write(folder.path(), "inventory.jsonl", &unreached::inventory(unreached::LOST, |_| true));
    let scan = ["scan", "--inventory", inventory.to_str().unwrap(), "--include", "pass"];
    let json = run(dbmoat(&[&scan[..], &["-o", "json"]].concat())).json();
    let count = |outcome: &str| json["findings"].as_array().unwrap().iter().filter(|finding| finding["outcome"] == outcome).count();
    let outputs = ["csv", "junit", "markdown", "ocsf", "asff"].map(|format| format!("{format}={}", folder.path().join(format).display()));
    let mut arguments = scan.to_vec();
    outputs.iter().for_each(|output| arguments.extend(["-o", output]));
    assert_eq!(run(dbmoat(&arguments)).code, 1);

    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/report/readers.py");
    let interpreter = std::env::var("DBMOAT_TEST_PYTHON").expect("DBMOAT_TEST_PYTHON is not set: run the tests with `bash tests/run`");
    let output = Command::new(interpreter).arg(script).arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for format in ["csv", "junit", "markdown", "ocsf", "asff"] {
        assert_eq!(read[format]["fail"], count("fail"), "{format}");
        // Security Hub takes nothing from an account that cannot be reached.
        let lost = usize::from(format != "asff");
        assert_eq!(read[format]["not-assessed"], count("not-assessed") + lost, "{format}");
        if format != "markdown" {
            assert_eq!(read[format]["pass"], count("pass"), "{format}");
        }
    }
}
