#![allow(dead_code, reason = "each test program uses a part")]
//! The program under test, in surroundings of its own.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

/// The time of every run and of the emulated account, in seconds since 1970: 2026-11-22T09:00:00Z.
pub const NOW: &str = "1795338000";

/// What a run left behind.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// The last line on standard error.
    pub fn last_line(&self) -> &str {
        self.stderr.lines().last().unwrap_or_default()
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.stdout, self.stderr))
    }
}

/// The program with nothing of the caller's environment: no credentials, no configuration, no clock.
pub fn dbmoat(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dbmoat"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", "/nonexistent");
    command.env("AWS_EC2_METADATA_DISABLED", "true").env("DBMOAT_NOW", NOW).env("DBMOAT_NO_CONFIG", "true");
    command.args(arguments);
    command
}

/// The same with credentials that the emulator takes.
pub fn with_credentials(arguments: &[&str]) -> Command {
    let mut command = dbmoat(arguments);
    command.env("AWS_ACCESS_KEY_ID", "testing").env("AWS_SECRET_ACCESS_KEY", "testing");
    command
}

/// Runs to the end.
pub fn run(mut command: Command) -> Run {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// The outcome of every rule on every resource of a report with passes, by rule and ARN.
pub fn outcomes(report: &Json) -> BTreeMap<(String, String), String> {
    let findings = report["findings"].as_array().unwrap();
    let text = |value: &Json| value.as_str().unwrap().to_owned();
    findings.iter().map(|finding| ((text(&finding["rule"]), text(&finding["resource"]["arn"])), text(&finding["outcome"]))).collect()
}

/// The names of the resources with an outcome of a rule, sorted.
pub fn names<'r>(report: &'r Json, rule: &str, outcome: &str) -> Vec<&'r str> {
    let findings = report["findings"].as_array().unwrap().iter();
    let mut names: Vec<_> = findings
        .filter(|finding| finding["rule"] == rule && finding["outcome"] == outcome)
        .map(|finding| finding["resource"]["name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    names
}

/// Writes a file into a folder, making the folders on its way.
pub fn write(folder: &Path, name: &str, text: &str) -> std::path::PathBuf {
    let file = folder.join(name);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, text).unwrap();
    file
}
