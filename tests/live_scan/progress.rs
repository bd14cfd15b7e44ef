//! What a user sees while AWS is asked: a bar on a terminal, lines with `--verbose`, else nothing.

use std::process::Command;

use crate::emulator::{Emulator, python};
use crate::program::{Run, run, with_credentials};

/// Runs the program on a terminal, whose output is that of the run.
fn on_a_terminal(inner: &Command) -> Run {
    let mut command = python();
    command.args(["-c", "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"]);
    command.arg(inner.get_program()).args(inner.get_args());
    command.env_clear().envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?)))).env("TERM", "xterm");
    run(command)
}

fn scan(emulator: &Emulator, more: &[&str]) -> Command {
    let url = emulator.url();
    let rule = "rds-instance-not-publicly-accessible";
    with_credentials(&[&["scan", "--endpoint-url", &url, "--region", "us-east-1,eu-west-1", "--rule", rule, "-o", "json=/dev/null"], more].concat())
}

#[test]
fn a_terminal_shows_a_bar_and_others_nothing() {
    let emulator = Emulator::take();
    emulator.order("latency", &serde_json::json!({"milliseconds": 300}));
    let shown = on_a_terminal(&scan(&emulator, &[])).stdout;
    let quiet = on_a_terminal(&scan(&emulator, &["--quiet"])).stdout;
    let in_ci = on_a_terminal(scan(&emulator, &[]).env("CI", "true")).stdout;
    let piped = run(scan(&emulator, &[])).stderr;
    let verbose = run(scan(&emulator, &["--verbose"])).stderr;
    emulator.order("latency", &serde_json::json!({"milliseconds": 0}));
    for part in ["asking AWS", "1/1 accounts, ", "/2 regions, ", " calls, 0 throttled"] {
        assert!(shown.contains(part), "{part}: {shown:?}");
    }
    for silent in [quiet, in_ci, piped] {
        assert_eq!(silent.lines().count(), 1, "{silent:?}");
    }
    for line in ["asking 1 account", "123456789012: 2 regions to ask", "123456789012/eu-west-1: ", "judging 123456789012/us-east-1: "] {
        assert!(verbose.lines().any(|said| said.starts_with(line)), "{line}: {verbose}");
    }
    assert!(!verbose.contains("asking AWS"), "{verbose}");
}

#[test]
fn asking_cloudtrail_has_a_bar_of_its_own() {
    let emulator = Emulator::take();
    let shown = on_a_terminal(&scan(&emulator, &["--last-change"])).stdout;
    let resources = shown.split("asking CloudTrail ").filter_map(|drawn| drawn.split_once(" resources")).map(|(drawn, _)| drawn);
    assert!(resources.clone().any(|drawn| drawn.contains(" left, 1/")), "{shown:?}");
    let verbose = run(scan(&emulator, &["--last-change", "--verbose"])).stderr;
    assert!(verbose.lines().any(|said| said.starts_with("asking CloudTrail about ") && said.ends_with(" resources")), "{verbose}");
}
