use std::path::Path;
use std::process::Command;

use crate::program::{self, run, write};

/// The program in a folder, with the configuration that it finds from there.
fn dbmoat_in(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = program::dbmoat(arguments);
    command.current_dir(folder).env_remove("DBMOAT_NO_CONFIG");
    command
}

const ONE_RULE: &str = "rule = \"rds-instance-backup-retention\"\n";

#[test]
fn the_file_is_found_upward_and_flags_and_variables_go_before_it() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "dbmoat.toml", &format!("{ONE_RULE}fail-on = \"medium\"\n"));
    let below = folder.path().join("a/b");
    std::fs::create_dir_all(&below).unwrap();
    let code = |arguments: &[&str]| run(dbmoat_in(&below, &[&["scan", "--demo", "-q"], arguments].concat())).code;
    assert_eq!(code(&[]), 1);
    assert_eq!(code(&["--fail-on", "high"]), 0);
    let with = |name: &str, value: &str| {
        let mut command = dbmoat_in(&below, &["scan", "--demo", "-q"]);
        run({
            command.env(name, value);
            command
        })
        .code
    };
    assert_eq!(with("DBMOAT_FAIL_ON", "high"), 0);
    assert_eq!(with("DBMOAT_EXIT_ZERO", "true"), 0);
    assert_eq!(with("DBMOAT_NO_CONFIG", "true"), 1, "every rule runs, at the default threshold");
}

#[test]
fn no_file_is_read_where_the_variable_says_so_in_any_word() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "dbmoat.toml", &format!("{ONE_RULE}fail-on = \"medium\"\n"));
    for (value, threshold) in [("1", "high"), ("yes", "high"), ("true", "high"), ("false", "medium"), ("0", "medium"), ("", "medium")] {
        let mut command = dbmoat_in(folder.path(), &["scan", "--demo", "-q"]);
        command.env("DBMOAT_NO_CONFIG", value);
        let run = run(command);
        assert!(run.last_line().ends_with(&format!(" at or over {threshold}")), "{value:?}: {}", run.stderr);
    }
}

#[test]
fn a_file_may_be_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "gate.toml", &format!("{ONE_RULE}fail-on = \"medium\"\n"));
    let scan = |arguments: &[&str]| run(dbmoat_in(folder.path(), &[&["scan", "--demo", "-q"], arguments].concat()));
    assert!(scan(&["--config", file.to_str().unwrap()]).last_line().ends_with(" at or over medium"));
    assert!(scan(&["--config", "/nonexistent.toml"]).last_line().contains("cannot read the configuration /nonexistent.toml"));
    let mut command = dbmoat_in(folder.path(), &["scan", "--demo", "-q"]);
    command.env("DBMOAT_CONFIG", &file);
    assert_eq!(run(command).code, 1);
}

#[test]
fn parameters_of_the_command_line_go_before_those_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "dbmoat.toml", &format!("{ONE_RULE}fail-on = \"medium\"\n[params]\nrds-instance-backup-retention.min_days = 35\n"));
    let code = |arguments: &[&str]| run(dbmoat_in(folder.path(), &[&["scan", "--demo", "-q"], arguments].concat())).code;
    assert_eq!(code(&["--region", "eu-west-1"]), 1);
    assert_eq!(code(&["--region", "eu-west-1", "--param", "rds-instance-backup-retention.min_days=1"]), 0);
}

#[test]
fn a_wrong_file_stops_the_run_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "dbmoat.toml", "quiet = true\nfial-on = \"low\"\n");
    let run = run(dbmoat_in(folder.path(), &["scan", "--demo"]));
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.last_line().ends_with("dbmoat.toml:2: unknown key \"fial-on\"; did you mean \"fail-on\"?"), "{}", run.stderr);
}

#[test]
fn other_commands_take_what_they_share_with_scan() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "dbmoat.toml", "rule = \"rds-snapshot-not-public\"\noutput = \"json\"\n");
    let permissions = run(dbmoat_in(folder.path(), &["permissions"])).stdout;
    assert!(permissions.contains("rds:DescribeDBSnapshotAttributes") && !permissions.contains("dynamodb:"), "{permissions}");
}

#[test]
fn what_is_in_effect_is_shown_with_its_origin_and_is_a_file_again() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "dbmoat.toml", &format!("{ONE_RULE}\n[params]\nrds-instance-backup-retention.min_days = 14\n"));
    let show = |format: &str| {
        let mut command = dbmoat_in(folder.path(), &["config", "show", "-f", format]);
        command.env("DBMOAT_FAIL_ON", "low");
        run(command)
    };
    let text = show("table").stdout;
    for wanted in [
        "fail-on = \"low\"  # DBMOAT_FAIL_ON\n",
        "rule = [\"rds-instance-backup-retention\"]  # ",
        "dbmoat.toml:1\n",
        "color = \"auto\"  # default\n",
        "# profile is not set\n",
        "rds-instance-backup-retention.min_days = 14  # ",
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    let again = write(folder.path(), "again.toml", &text);
    let code = run(dbmoat_in(folder.path(), &["scan", "--demo", "-q", "--config", again.to_str().unwrap()])).code;
    assert_eq!(code, 1);
    let json = show("json").json();
    let fail_on = json["settings"].as_array().unwrap().iter().find(|setting| setting["key"] == "fail-on").unwrap();
    assert_eq!((&fail_on["value"], &fail_on["origin"]), (&"low".into(), &"DBMOAT_FAIL_ON".into()));
}
