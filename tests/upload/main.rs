//! `dbmoat upload github` against a stand-in that keeps GitHub's rules.
#![cfg(feature = "live")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "../support/program.rs"]
mod program;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use program::{Run, dbmoat, run};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// The stand-in, until it is dropped.
struct Github {
    child: Child,
    address: String,
}

impl Github {
    fn start() -> Self {
        let python = std::env::var("DBMOAT_TEST_PYTHON").expect("DBMOAT_TEST_PYTHON is not set: run the tests with `bash tests/run`");
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/upload/github.py");
        let mut child = Command::new(python).arg(script).stdout(Stdio::piped()).spawn().unwrap();
        let mut port = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut port).unwrap();
        Self { child, address: format!("http://127.0.0.1:{}", port.trim()) }
    }

    fn upload(&self, repository: &str, files: &Path) -> Run {
        self.upload_with(repository, files, &[("GITHUB_TOKEN", "good"), ("GITHUB_REF", "refs/heads/main"), ("GITHUB_SHA", COMMIT)])
    }

    fn upload_with(&self, repository: &str, files: &Path, environment: &[(&str, &str)]) -> Run {
        let mut command = dbmoat(&["upload", "github", files.to_str().unwrap(), "--timeout", "2"]);
        command.env("GITHUB_API_URL", &self.address).env("GITHUB_REPOSITORY", format!("acme/{repository}"));
        command.envs(environment.iter().copied());
        run(command)
    }
}

impl Drop for Github {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder with the demo's SARIF, a file an account.
fn reports() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let output = format!("sarif={}", folder.path().join("demo.sarif").display());
    assert_eq!(run(dbmoat(&["scan", "--demo", "-q", "-o", &output, "--sarif-split", "account"])).code, 1);
    folder
}

#[test]
fn files_are_taken_and_waited_for() {
    let (github, reports) = (Github::start(), reports());
    let taken = github.upload("fine", reports.path());
    assert_eq!(taken.code, 0, "{}", taken.stderr);
    assert_eq!(taken.stderr.matches("GitHub has taken it").count(), 2, "{}", taken.stderr);
    let busy = github.upload("busy", &reports.path().join("demo.111122223333.sarif"));
    assert_eq!(busy.code, 0, "{}", busy.stderr);
}

#[test]
fn a_refusal_says_why_and_what_to_do() {
    let (github, reports) = (Github::start(), reports());
    let file = reports.path().join("demo.111122223333.sarif");
    let refused = |repository: &str, file: &Path, wanted: &str| {
        let run = github.upload(repository, file);
        assert_eq!(run.code, 3, "{}", run.stderr);
        assert!(run.last_line().contains(wanted), "{}", run.stderr);
    };
    refused("private", &file, "GitHub answered 403: Code Security must be enabled");
    refused("small", &file, "GitHub answered 413: Payload Too Large; the file is too large");
    refused("slow", &file, "GitHub had not decided after 2 s");
    let broken = program::write(reports.path(), "broken.sarif", r#"{"version": "2.1.0", "runs": [{"results": [{}]}]}"#);
    refused("fine", &broken, "GitHub refused the file: locationFromSarifResult: expected at least one location");
    let old = program::write(reports.path(), "old.sarif", r#"{"version": "2.0.0"}"#);
    refused("fine", &old, "GitHub answered 400: Invalid SARIF");
}

#[test]
fn a_wrong_token_is_refused_and_a_missing_one_is_wrong_usage() {
    let (github, reports) = (Github::start(), reports());
    let with = |token: &str, reference: &str| {
        github.upload_with("fine", reports.path(), &[("GITHUB_TOKEN", token), ("GITHUB_REF", reference), ("GITHUB_SHA", COMMIT)])
    };
    let wrong = with("bad", "refs/heads/main");
    assert_eq!(
        (wrong.code, wrong.last_line().ends_with("GitHub answered 401: Bad credentials; the token is not valid")),
        (3, true),
        "{}",
        wrong.stderr
    );
    assert!(!wrong.stderr.contains("Bearer"), "the token is not shown");
    assert_eq!(with("", "refs/heads/main").code, 2);
    let reference = with("good", "main");
    assert!(reference.last_line().contains("GitHub answered 422: ref is not a reference"), "{}", reference.stderr);
}
