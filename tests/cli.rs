//! The program as a user meets it: exit codes, the reason as the last line, and bad input.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "support/program.rs"]
mod program;

use program::{dbmoat, run, write};

#[test]
fn the_demo_shows_every_kind_of_outcome() {
    let run = run(dbmoat(&["scan", "--demo", "--include", "pass", "-o", "json"]));
    assert_eq!(run.code, 1);
    let report = run.json();
    for outcome in ["fail", "not-assessed", "pass"] {
        assert!(report["findings"].as_array().unwrap().iter().any(|finding| finding["outcome"] == outcome), "{outcome}");
    }
    let count = |value: &serde_json::Value| value.as_u64().unwrap();
    assert!(count(&report["summary"]["resources"]) >= 60);
    let coverage = report["coverage"].as_array().unwrap();
    let distinct = |field: &str| coverage.iter().map(|scope| scope[field].as_str().unwrap()).collect::<std::collections::BTreeSet<_>>().len();
    assert_eq!((distinct("account"), distinct("region")), (2, 4), "three regions and aws-global");
    assert!(run.last_line().starts_with("exit 1: ") && run.last_line().ends_with(" at or over high"), "{}", run.last_line());
}

#[test]
fn every_format_has_the_same_exit_code_and_bytes_repeat() {
    let folder = tempfile::tempdir().unwrap();
    for format in ["table", "json", "jsonl", "sarif", "csv", "junit", "markdown", "html", "ocsf", "asff"] {
        let output = format!("{format}={}", folder.path().join(format).display());
        let to_file = run(dbmoat(&["scan", "--demo", "-o", &output]));
        let to_stdout = run(dbmoat(&["scan", "--demo", "-o", format]));
        assert_eq!((to_file.code, to_stdout.code), (1, 1), "{format}");
        assert_eq!(to_file.last_line(), to_stdout.last_line(), "{format}");
        assert_eq!(std::fs::read_to_string(folder.path().join(format)).unwrap(), to_stdout.stdout, "{format}");
    }
}

/// What a table does not list is only counted, unless something else asks for it.
#[test]
fn a_table_is_the_same_whatever_else_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let [file, history] = ["table", "history"].map(|name| folder.path().join(name).display().to_string());
    let into_file = format!("table={file}");
    for verbose in [&[][..], &["--verbose"]] {
        let table = |arguments: &[&str]| {
            let run = run(dbmoat(&[&["scan", "--demo", "-o", &into_file], verbose, arguments].concat()));
            assert_eq!(run.code, 1, "{}", run.stderr);
            std::fs::read_to_string(&file).unwrap()
        };
        let alone = table(&[]);
        assert!(alone.contains("SUMMARY") && !alone.contains(", 0 medium, 0 low"), "{alone}");
        for others in [&["-o", "json"][..], &["-o", "jsonl"], &["--include", "pass"], &["--history", &history]] {
            assert_eq!(table(others), alone, "{others:?} {verbose:?}");
        }
    }
}

/// A history keeps each failure, whatever the table lists.
#[test]
fn a_history_has_what_a_table_does_not_list() {
    let folder = tempfile::tempdir().unwrap();
    let [one, other] = ["one", "other"].map(|name| folder.path().join(name).display().to_string());
    run(dbmoat(&["scan", "--demo", "-o", "table", "--history", &one]));
    run(dbmoat(&["scan", "--demo", "-o", "json", "--history", &other]));
    let [one, other] = [one, other].map(|file| run(dbmoat(&["history", "--history", &file])).stdout);
    assert!(one.lines().count() > 3, "{one}");
    let without_time = |text: &str| text.lines().map(|line| line.split_whitespace().skip(2).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>();
    assert_eq!(without_time(&one), without_time(&other));
}

#[test]
fn the_gate_decides_the_exit_code() {
    let code = |arguments: &[&str]| run(dbmoat(&[&["scan", "--demo", "-q"], arguments].concat())).code;
    assert_eq!(code(&["--fail-on", "none"]), 4);
    assert_eq!(code(&["--fail-on", "none", "--allow-incomplete"]), 0);
    assert_eq!(code(&["--exit-zero"]), 0);
    assert_eq!(code(&["--rule", "rds-instance-storage-encrypted", "--region", "eu-west-1"]), 0);
    assert_eq!(code(&["--rule", "rds-instance-backup-retention"]), 0, "medium is under the threshold");
    assert_eq!(code(&["--rule", "rds-instance-backup-retention", "--fail-on", "medium"]), 1);
}

#[test]
fn parameters_change_verdicts() {
    let failures = |arguments: &[&str]| {
        let arguments = [&["scan", "--demo", "-o", "json", "--rule", "rds-instance-backup-retention"], arguments].concat();
        run(dbmoat(&arguments)).json()["summary"]["fail"]["medium"].as_u64().unwrap()
    };
    assert!(failures(&["--param", "rds-instance-backup-retention.min_days=30"]) > failures(&[]));
}

#[track_caller]
fn assert_refused(arguments: &[&str], code: i32, wanted: &str) {
    let run = run(dbmoat(arguments));
    assert_eq!((run.code, run.stdout.as_str()), (code, ""), "{arguments:?}: {}", run.stderr);
    assert!(run.last_line().contains(wanted), "{arguments:?}: {}", run.stderr);
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
}

#[test]
fn wrong_usage_says_what_to_do() {
    assert_refused(&["scan", "--demo", "--rule", "rds-instance-multi-azz"], 2, "did you mean \"rds-instance-multi-az\"?");
    assert_refused(&["scan", "--demo", "--service", "rdss"], 2, "--service rdss is none of");
    assert_refused(&["scan", "--demo", "--param", "rds-instance-backup-retention.min_days=99"], 2, "35 is the most");
    assert_refused(&["scan", "--demo", "--param", "rds-instance-backup-retention.days=9"], 2, "has no parameter days");
    assert_refused(&["scan", "--demo", "-o", "jsno=x"], 2, "did you mean \"json\"?");
    assert_refused(&["scan", "--demo", "-o", "json", "-o", "sarif"], 2, "only one --output can go to standard output");
    assert_refused(&["scan", "--demo", "-o", "json=/nonexistent/report.json"], 2, "cannot write /nonexistent/report.json");
    assert_refused(&["scan", "--demo", "--rules", "/nonexistent"], 2, "cannot read the rules folder /nonexistent");
    assert_refused(&["rules", "show", "rds-instance-multi-a"], 2, "did you mean \"rds-instance-multi-az\"?");
    assert_refused(&["scan", "--inventory", "/nonexistent.jsonl"], 2, "cannot read inventory /nonexistent.jsonl");
}

#[cfg(feature = "live")]
#[test]
fn without_credentials_or_a_way_nothing_runs() {
    assert_refused(&["scan", "--region", "us-east-1"], 3, "no AWS credentials were found");
    assert_refused(&["scan"], 2, "no region is configured");
    let mut command = program::with_credentials(&["scan", "--region", "us-east-1", "--endpoint-url", "http://127.0.0.1:9"]);
    command.env("AWS_MAX_ATTEMPTS", "1");
    let run = run(command);
    assert_eq!(run.code, 3);
    assert!(run.last_line().starts_with("exit 3: cannot reach http://127.0.0.1:9: "), "{}", run.stderr);
}

#[test]
fn a_slip_in_a_rule_file_stops_the_run_with_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let rule = include_str!("../rules/rds-instance/rds-instance-backup-retention.yaml").replace("rds-instance-backup-retention", "acme-retention");
    let path = folder.path().to_str().unwrap();

    write(folder.path(), "acme-retention.yaml", &rule);
    assert_eq!(run(dbmoat(&["rules", "test", "--rules", path])).code, 0);
    assert_eq!(run(dbmoat(&["scan", "--demo", "-q", "--rules", path, "--rule", "acme-*", "--fail-on", "low"])).code, 1);

    write(folder.path(), "acme-retention.yaml", &rule.replace("resource.BackupRetentionPeriod >= params", "resource.BackupRetentonPeriod >= params"));
    assert_refused(&["scan", "--demo", "--rules", path], 2, "did you mean \"BackupRetentionPeriod\"?");
    assert_refused(&["scan", "--demo", "--rules", path], 2, "acme-retention.yaml:7: require:");

    write(folder.path(), "acme-retention.yaml", &rule.replace("topic: backup", "topic: [backup"));
    assert_refused(&["scan", "--demo", "--rules", path], 2, "acme-retention.yaml:");
}

#[test]
fn a_damaged_inventory_names_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let demo = include_str!("../fixtures/demo.jsonl");
    let cut = &demo[..demo.len() / 2];
    let file = write(folder.path(), "cut.jsonl", cut);
    let line = cut.lines().count();
    assert_refused(&["scan", "--inventory", file.to_str().unwrap()], 2, &format!("cut.jsonl:{line}: the file is cut off"));
    let whole = write(folder.path(), "whole.jsonl", demo);
    assert_eq!(run(dbmoat(&["scan", "--inventory", whole.to_str().unwrap(), "-q"])).code, 1);
}

#[test]
fn an_interrupted_collection_is_incomplete_whatever_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let code = |reason: &str, allowed: &[&str]| {
        let gap = format!(r#"{{"operation":"rds:DescribeDBInstances","reason":"{reason}","message":""}}"#);
        let scope = format!(r#"{{"scope":{{"account":"111122223333","region":"us-east-1"}},"complete":false,"reached":false,"gaps":[{gap}]}}"#);
        let header = r#"{"inventory":1,"tool":"by hand","collected_at":"2026-11-22T09:00:00Z"}"#;
        let file = write(folder.path(), &format!("{reason}.jsonl"), &format!("{header}\n{scope}\n"));
        run(dbmoat(&[&["scan", "-q", "--inventory", file.to_str().unwrap()], allowed].concat())).code
    };
    let codes = ["access-denied", "interrupted"].map(|reason| [code(reason, &[]), code(reason, &["--allow-incomplete"])]);
    assert_eq!(codes, [[4, 0], [4, 4]]);
}

#[test]
fn an_output_that_cannot_be_written_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let output = format!("json={}", folder.path().join("report.json").display());
    assert_refused(&["scan", "--demo", "-o", &output, "-o", "sarif=/nonexistent/x.sarif"], 2, "cannot write /nonexistent/x.sarif");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "a partial file was left");
}

#[test]
fn the_list_of_rules_has_the_documented_keys() {
    let rules = run(dbmoat(&["rules", "list", "-f", "json"])).json();
    for rule in rules.as_array().unwrap() {
        for key in ["id", "title", "resource", "severity", "topic", "controls", "equivalents", "operations"] {
            assert!(!rule[key].is_null(), "{}: {key}", rule["id"]);
        }
    }
}

#[test]
fn the_documented_schemas_are_those_that_the_program_prints() {
    let printed = run(dbmoat(&["schema"])).stdout;
    assert!(include_str!("../docs/report.schema.json") == printed, "docs/report.schema.json is stale: dbmoat schema > docs/report.schema.json");
    let printed = run(dbmoat(&["schema", "config"])).stdout;
    assert!(
        include_str!("../docs/config.schema.json") == printed,
        "docs/config.schema.json is stale: dbmoat schema config > docs/config.schema.json"
    );
}

#[test]
fn the_policy_allows_what_the_rules_need_and_nothing_that_writes() {
    let policy = run(dbmoat(&["permissions", "--policy", "--rule", "rds-snapshot-not-public"])).json();
    let actions = policy["Statement"][0]["Action"].as_array().unwrap();
    assert_eq!(
        actions.iter().map(|action| action.as_str().unwrap()).collect::<Vec<_>>(),
        [
            "ec2:DescribeRegions",
            "rds:DescribeDBClusterSnapshotAttributes",
            "rds:DescribeDBClusterSnapshots",
            "rds:DescribeDBSnapshotAttributes",
            "rds:DescribeDBSnapshots",
            "sts:GetCallerIdentity"
        ]
    );
    for operation in run(dbmoat(&["permissions"])).stdout.lines() {
        let name = operation.split_once(':').unwrap().1;
        assert!(["Describe", "Get", "List"].iter().any(|prefix| name.starts_with(prefix)), "{operation}");
    }
}

#[test]
fn a_folder_without_rules_is_a_slip() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["lint", "test"] {
        assert_refused(&["rules", command, "--rules", folder.path().to_str().unwrap()], 2, "it holds no .yaml file");
    }
}

#[test]
fn the_command_line_ends_with_its_reason_too() {
    assert_refused(&["scan", "--frobnicate"], 2, "exit 2: the command line is wrong");
    assert_refused(&["scan", "--region", "us-east-1", "--endpoint-url", "127.0.0.1:5000"], 2, "exit 2: the command line is wrong");
    let help = run(dbmoat(&["--help"]));
    assert_eq!((help.code, help.stderr.as_str()), (0, ""));
}

#[cfg(feature = "live")]
#[test]
fn a_profile_goes_before_keys_in_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let config = write(folder.path(), "config", "[profile audit]\naws_access_key_id = AUDIT\naws_secret_access_key = x\n");
    let mut command = program::with_credentials(&["scan", "--region", "us-east-1", "--profile", "adit", "--endpoint-url", "http://127.0.0.1:9"]);
    command.env("AWS_CONFIG_FILE", config).env("AWS_MAX_ATTEMPTS", "1");
    let run = run(command);
    assert_eq!(run.code, 3);
    assert!(run.last_line().contains("profile `adit` was not defined"), "{}", run.stderr);
}

#[test]
fn a_region_that_no_scope_is_of_and_a_scope_that_comes_twice_are_refused() {
    assert_refused(&["scan", "--demo", "--region", "eu-west-1,ap-southeast2"], 2, "did you mean \"ap-southeast-2\"?");
    let folder = tempfile::tempdir().unwrap();
    let demo = include_str!("../fixtures/demo.jsonl");
    let file = write(folder.path(), "twice.jsonl", &(demo.to_owned() + demo));
    assert_refused(&["scan", "--inventory", file.to_str().unwrap()], 2, "comes twice with the same time of collection");
}

#[test]
fn data_of_the_wrong_type_names_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let demo = include_str!("../fixtures/demo.jsonl").replacen("\"PubliclyAccessible\":true", "\"PubliclyAccessible\":\"true\"", 1);
    let line = demo.lines().position(|line| line.contains("\"PubliclyAccessible\":\"true\"")).unwrap() + 1;
    let file = write(folder.path(), "typed.jsonl", &demo);
    assert_refused(&["scan", "--inventory", file.to_str().unwrap()], 2, &format!("typed.jsonl:{line}: data: invalid type"));
}

#[test]
fn reports_appear_together_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let json = format!("json={}", folder.path().join("a.json").display());
    assert_refused(&["scan", "--demo", "-o", &json, "-o", &json.replace("json=", "sarif=")], 2, "two reports would go to");
    if std::path::Path::new("/dev/full").exists() {
        assert_refused(&["scan", "--demo", "-q", "-o", &json, "-o", "jsonl=/dev/full"], 2, "cannot write /dev/full");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// The demo's header, and its scopes with their resources.
fn demo_scopes() -> (String, Vec<String>) {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/demo.jsonl")).unwrap();
    let (header, lines) = text.split_once('\n').unwrap();
    let mut scopes = vec![String::new()];
    for line in lines.lines() {
        let scope = scopes.last_mut().unwrap();
        scope.push_str(line);
        scope.push('\n');
        if line.starts_with("{\"scope\"") {
            scopes.push(String::new());
        }
    }
    scopes.retain(|scope| !scope.is_empty());
    (header.to_owned(), scopes)
}

#[test]
fn what_an_account_has_once_may_come_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let (header, mut scopes) = demo_scopes();
    scopes.reverse();
    let whole = write(folder.path(), "reversed.jsonl", &format!("{header}\n{}", scopes.concat()));
    // In two files, the second with what the accounts have once.
    let header = header.replace(&format!(",\"scopes\":{}", scopes.len()), "");
    let (global, regions): (Vec<_>, Vec<_>) = scopes.iter().cloned().partition(|scope| scope.contains("\"region\":\"aws-global\""));
    assert!(!global.is_empty());
    let regions = write(folder.path(), "regions.jsonl", &format!("{header}\n{}", regions.concat()));
    let global = write(folder.path(), "global.jsonl", &format!("{header}\n{}", global.concat()));
    let demo = run(dbmoat(&["scan", "--demo", "-o", "json"])).stdout;
    for files in [vec![&whole], vec![&regions, &global], vec![&global, &regions]] {
        let mut arguments = vec!["scan", "-o", "json"];
        arguments.extend(files.iter().flat_map(|file| ["--inventory", file.to_str().unwrap()]));
        assert!(run(dbmoat(&arguments)).stdout == demo, "{files:?}");
    }
    let report = run(dbmoat(&["scan", "-o", "json", "--inventory", regions.to_str().unwrap()])).json();
    let missing = |scope: &&serde_json::Value| scope["region"] == "aws-global" && scope["complete"] == false;
    assert_eq!(report["coverage"].as_array().unwrap().iter().filter(missing).count(), 2);
    let open = |finding: &&serde_json::Value| finding["rule"] == "kms-decrypt-not-on-all-keys" && finding["outcome"] == "not-assessed";
    assert_eq!(report["findings"].as_array().unwrap().iter().filter(open).count(), 4, "roles and users of two accounts");
}

/// An inventory of an account's region with one snapshot that is shared with another account.
fn shared_snapshot(account: &str, with: &str) -> String {
    let arn = format!("arn:aws:rds:us-east-1:{account}:snapshot:shared");
    let data = format!(r#"{{"DBSnapshotIdentifier":"shared","DBSnapshotArn":"{arn}","SnapshotType":"manual","RestoreAccounts":["{with}"]}}"#);
    format!(
        r#"{{"inventory":1,"tool":"by hand","collected_at":"2026-11-22T09:00:00Z"}}
{{"kind":"AWS::RDS::DBSnapshot","arn":"{arn}","account":"{account}","region":"us-east-1","data":{data}}}
{{"scope":{{"account":"{account}","region":"us-east-1"}},"complete":true}}
"#
    )
}

#[test]
fn accounts_that_are_scanned_together_trust_each_other_in_whatever_order_they_come() {
    let folder = tempfile::tempdir().unwrap();
    let one = write(folder.path(), "one.jsonl", &shared_snapshot("111122223333", "444455556666"));
    let other = write(folder.path(), "other.jsonl", &shared_snapshot("444455556666", "111122223333"));
    let code = |arguments: &[&str]| {
        let rule = ["scan", "-q", "--rule", "rds-snapshot-not-shared-untrusted-accounts"];
        run(dbmoat(&[&rule, arguments].concat())).code
    };
    let (one, other) = (one.to_str().unwrap(), other.to_str().unwrap());
    assert_eq!(code(&["--inventory", one]), 1);
    assert_eq!(code(&["--inventory", one, other]), 0);
    assert_eq!(code(&["--inventory", other, one]), 0);
    assert_eq!(code(&["--inventory", one, "--trusted-account", "777788889999,444455556666"]), 0);
    assert_eq!(code(&["--inventory", one, "--trusted-account", "777788889999"]), 1);
}

#[test]
fn an_inventory_from_standard_input_or_a_pipe_is_read_to_its_end() {
    use std::process::Stdio;
    let both = shared_snapshot("111122223333", "444455556666") + &shared_snapshot("444455556666", "111122223333");
    let mut command = dbmoat(&["scan", "-q", "--rule", "rds-snapshot-not-shared-untrusted-accounts", "--inventory", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), both.as_bytes()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn what_is_no_id_cannot_be_trusted() {
    for (flag, id) in [
        ("--trusted-account", "1111"),
        ("--trusted-account", "11112222333x"),
        ("--trusted-organization", "444455556666"),
        ("--trusted-organization", "o-A"),
    ] {
        let run = run(dbmoat(&["scan", "--demo", flag, id]));
        assert_eq!(run.code, 2, "{flag} {id}");
        assert!(run.stderr.contains(flag) && run.stderr.contains(id), "{}", run.stderr);
    }
}

#[test]
fn evidence_does_not_list_whom_one_trusts() {
    let report = run(dbmoat(&["scan", "--demo", "-o", "json", "--rule", "rds-snapshot-not-shared-untrusted-accounts"])).json();
    assert!(!report["findings"].as_array().unwrap().is_empty());
    for finding in report["findings"].as_array().unwrap() {
        assert!(finding["evidence"].as_object().unwrap().keys().all(|path| !path.starts_with("trusted")), "{finding}");
    }
}

#[test]
fn who_changed_something_last_is_asked_of_a_live_account_only() {
    for origin in [&["--demo"][..], &["--inventory", "inventory.jsonl"]] {
        let run = run(dbmoat(&[&["scan", "--last-change"], origin].concat()));
        assert_eq!(run.code, 2, "{origin:?}");
        assert_eq!(run.last_line(), "exit 2: --last-change asks CloudTrail about what is there now; leave out --inventory and --demo");
    }
    let permissions = |more: &[&str]| run(dbmoat(&[&["permissions"], more].concat())).stdout;
    assert!(!permissions(&[]).contains("cloudtrail:LookupEvents"));
    for form in [&[][..], &["--policy"]] {
        assert!(permissions(&[form, &["--last-change"]].concat()).contains("cloudtrail:LookupEvents"), "{form:?}");
    }
}

#[test]
fn access_names_principals_statements_and_what_is_unknown() {
    let all = run(dbmoat(&["access", "--all", "--demo", "-f", "json"]));
    assert_eq!((all.code, all.last_line()), (0, "exit 0: complete"));
    let report = all.json();
    let databases = report["databases"].as_array().unwrap();
    let rows = |arn: &str| {
        let database = databases.iter().find(|database| database["arn"] == arn).unwrap();
        let row =
            |access: &serde_json::Value| format!("{} {} {}", access["may"].as_str().unwrap(), access["principal"].as_str().unwrap(), access["by"]);
        database["access"].as_array().unwrap().iter().map(row).collect::<Vec<_>>()
    };
    let carts = rows("arn:aws:dynamodb:us-east-1:111122223333:table/carts");
    assert!(carts.contains(&r#"read-data arn:aws:iam::111122223333:role/carts-cache ["inline/statement 1"]"#.to_owned()), "{carts:?}");
    let items = rows("arn:aws:dynamodb:us-east-1:111122223333:table/catalog-items");
    assert!(items.contains(&r#"read-data arn:aws:iam::999988887777:role/search ["ResourcePolicy/Access"]"#.to_owned()), "{items:?}");
    assert!(!items.iter().any(|row| row.contains("carts-cache")), "{items:?}");
}

#[test]
fn access_without_the_identities_is_incomplete() {
    let folder = tempfile::tempdir().unwrap();
    let (header, scopes) = demo_scopes();
    let header = header.replace(&format!(",\"scopes\":{}", scopes.len()), "");
    let regions: Vec<_> = scopes.into_iter().filter(|scope| !scope.contains("\"region\":\"aws-global\"")).collect();
    let file = write(folder.path(), "regions.jsonl", &format!("{header}\n{}", regions.concat()));
    let access = run(dbmoat(&["access", "--all", "--inventory", file.to_str().unwrap()]));
    assert_eq!((access.code, access.last_line()), (4, "exit 4: something could not be read; others may have access"));
    assert!(access.stdout.contains("unknown: iam:GetAccountAuthorizationDetails: "), "{}", access.stdout);
    assert_eq!(run(dbmoat(&["access", "--all", "--allow-incomplete", "--inventory", file.to_str().unwrap()])).code, 0);
}

#[test]
fn access_to_one_database_shows_it_alone_and_a_slip_is_mended() {
    let arn = "arn:aws:dynamodb:us-east-1:111122223333:table/carts";
    let one = run(dbmoat(&["access", arn, "--demo"]));
    assert_eq!(one.code, 0, "{}", one.stderr);
    assert!(one.stdout.starts_with(&format!("{arn} (DynamoDB table)\n")), "{}", one.stdout);
    assert_eq!(one.stdout.lines().filter(|line| line.starts_with("arn:")).count(), 1);
    let slip = run(dbmoat(&["access", "arn:aws:dynamodb:us-east-1:111122223333:table/cart", "--demo"]));
    assert_eq!(slip.code, 2);
    assert!(slip.last_line().ends_with("did you mean \"arn:aws:dynamodb:us-east-1:111122223333:table/carts\"?"), "{}", slip.last_line());
    assert_eq!(run(dbmoat(&["access", "--demo"])).code, 2, "an ARN or --all is wanted");
    assert_eq!(run(dbmoat(&["access", arn, "--all", "--demo"])).code, 2);
}
