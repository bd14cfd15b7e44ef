//! A collection that ends too early loses nothing that has come, and says what is missing.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::emulator::Emulator;
use crate::program::{Run, run, with_credentials};

const RULES: [&str; 2] = ["--service", "rds-instance,iam"];

fn collect(emulator: &Emulator, more: &[&str]) -> Command {
    let url = emulator.url();
    with_credentials(&[&["collect", "--endpoint-url", &url, "--region", "us-east-1,eu-west-1"], &RULES[..], more].concat())
}

fn judge(inventory: &Path, more: &[&str]) -> Run {
    run(with_credentials(&[&["scan", "--inventory", inventory.to_str().unwrap(), "-o", "json"], &RULES[..], more].concat()))
}

/// The regions, and whether each is complete.
fn coverage(report: &Json) -> Vec<(&str, bool)> {
    report["coverage"].as_array().unwrap().iter().map(|scope| (scope["region"].as_str().unwrap(), scope["complete"] == true)).collect()
}

fn partial_of(file: &Path) -> PathBuf {
    PathBuf::from(format!("{}.partial", file.display()))
}

/// Waits until the two scopes that nothing holds up are in the unfinished inventory.
fn wait_for_two_scopes(file: &Path) {
    let text = || {
        let mut text = Vec::new();
        let bytes = std::fs::read(partial_of(file)).unwrap_or_default();
        match zstd::Decoder::new(bytes.as_slice()) {
            // What is cut off is of no interest.
            Ok(mut decoder) if bytes.starts_with(b"\x28\xb5\x2f\xfd") => _ = decoder.read_to_end(&mut text),
            _ => text = bytes,
        }
        String::from_utf8_lossy(&text).matches("{\"scope\"").count()
    };
    let came = (0..300).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        text() == 2
    });
    assert!(came, "two scopes do not come");
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap().success());
}

/// What was asked of other regions than this one, but for who the caller is.
fn asked_elsewhere(emulator: &Emulator, region: &str) -> Vec<(String, String)> {
    emulator.calls().into_keys().filter(|(of, operation)| of != region && !operation.starts_with("sts:")).collect()
}

#[test]
fn what_was_interrupted_or_killed_is_resumed_to_the_byte() {
    let (emulator, folder) = (Emulator::take(), tempfile::tempdir().unwrap());
    for (name, ending) in [("INT", "jsonl"), ("TERM", "jsonl.zst"), ("KILL", "jsonl.zst")] {
        let [whole, file] = ["whole", name].map(|stem| folder.path().join(format!("{stem}.{ending}")));
        if !whole.exists() {
            emulator.clear();
            assert_eq!(run(collect(&emulator, &["-o", whole.to_str().unwrap()])).code, 0);
        }
        emulator.order("fault", &json!({"*:*@eu-west-1": "stall"}));
        let mut collecting = collect(&emulator, &["-o", file.to_str().unwrap()]).stderr(Stdio::null()).spawn().unwrap();
        wait_for_two_scopes(&file);
        signal(&collecting, name);
        let code = collecting.wait().unwrap().code();
        emulator.clear();
        if name == "KILL" {
            assert!(!file.exists());
            assert_eq!(judge(&partial_of(&file), &[]).code, 2, "an unfinished inventory was judged");
        } else {
            assert_eq!((code, partial_of(&file).exists()), (Some(4), false));
            let judged = judge(&file, &["--fail-on", "none", "--allow-incomplete"]);
            assert_eq!(judged.code, 4, "{}", judged.stderr);
            assert_eq!(coverage(&judged.json()), [("eu-west-1", false), ("us-east-1", true), ("aws-global", true)]);
            assert!(judged.stdout.contains("the collection was interrupted"));
        }
        let resumed = run(collect(&emulator, &["--resume", file.to_str().unwrap()]));
        assert_eq!((resumed.code, resumed.last_line()), (0, "exit 0: complete"), "{}", resumed.stderr);
        assert_eq!(asked_elsewhere(&emulator, "eu-west-1"), [], "asked although complete");
        assert!(std::fs::read(&file).unwrap() == std::fs::read(&whole).unwrap(), "{name}: {ending} differs");
        assert!(!partial_of(&file).exists());
    }
}

#[test]
fn a_scan_that_is_interrupted_judges_what_is_there() {
    let (emulator, folder) = (Emulator::take(), tempfile::tempdir().unwrap());
    emulator.order("fault", &json!({"*:*@eu-west-1": "stall"}));
    let (url, file) = (emulator.url(), folder.path().join("report.json"));
    let output = format!("json={}", file.display());
    let arguments = ["scan", "-v", "-o", &output, "--endpoint-url", &url, "--region", "us-east-1,eu-west-1"];
    let mut scanning = with_credentials(&[&arguments[..], &RULES].concat()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(scanning.stderr.take().unwrap()).lines().map_while(Result::ok);
    said.find(|line| line.starts_with("123456789012/us-east-1: ")).expect("us-east-1 is done");
    signal(&scanning, "INT");
    let said: Vec<_> = said.collect();
    assert_eq!(scanning.wait().unwrap().code(), Some(1), "{said:?}");
    assert!(said.contains(&"interrupted: ending with what is there; once more ends at once".to_owned()), "{said:?}");
    let report = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert!(coverage(&report).contains(&("eu-west-1", false)) && coverage(&report).contains(&("us-east-1", true)), "{report}");
}

#[test]
fn a_second_interruption_ends_at_once() {
    let emulator = Emulator::take();
    emulator.order("fault", &json!({"*:*@eu-west-1": "stall"}));
    // Nobody reads the pipe, so the inventory cannot be written to the end.
    let mut collecting = collect(&emulator, &["-v", "-o", "-"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(collecting.stderr.take().unwrap()).lines().map_while(Result::ok);
    for (wanted, then) in [("123456789012/us-east-1: ", "INT"), ("interrupted: ", "INT")] {
        said.find(|line| line.starts_with(wanted)).expect(wanted);
        signal(&collecting, then);
    }
    assert_eq!(collecting.wait().unwrap().code(), Some(130));
}

#[test]
fn a_full_disk_keeps_what_has_come() {
    let (emulator, folder) = (Emulator::take(), tempfile::tempdir().unwrap());
    let [whole, file] = ["whole.jsonl", "full.jsonl"].map(|name| folder.path().join(name));
    assert_eq!(run(collect(&emulator, &["-o", whole.to_str().unwrap()])).code, 0);
    // First what the account has once, then us-east-1, which does not fit; eu-west-1 must hold up nothing.
    emulator.order("fault", &json!({"rds:DescribeDBInstances@us-east-1": "pause:1", "*:*@eu-west-1": "stall"}));
    let text = std::fs::read_to_string(&whole).unwrap();
    let room = text.lines().filter(|line| !line.contains(r#""region":"eu-west-1""#)).map(str::len).sum::<usize>() / 1024 - 4;
    let inner = collect(&emulator, &["-o", file.to_str().unwrap()]);
    let mut limited = Command::new("bash");
    limited.args(["-c", &format!("trap '' XFSZ; ulimit -f {room}; exec \"$0\" \"$@\"")]).arg(inner.get_program()).args(inner.get_args());
    limited.env_clear().envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let full = run(limited);
    assert_eq!((full.code, file.exists()), (3, false), "{}", full.stderr);
    assert!(full.last_line().contains("full.jsonl.partial has the scopes so far; --resume "), "{}", full.last_line());
    emulator.clear();
    let resumed = run(collect(&emulator, &["--resume", file.to_str().unwrap()]));
    assert_eq!(resumed.code, 0, "{}", resumed.stderr);
    assert!(!emulator.calls().keys().any(|(_, operation)| operation.starts_with("iam:")), "asked although complete");
    assert!(std::fs::read(&file).unwrap() == std::fs::read(&whole).unwrap());
}

#[test]
fn scopes_with_gaps_are_asked_again_and_other_rules_are_refused() {
    let (emulator, folder) = (Emulator::take(), tempfile::tempdir().unwrap());
    let file = folder.path().join("gaps.jsonl");
    let name = file.to_str().unwrap();
    emulator.order("deny", &json!(["rds:DescribeDBInstances@eu-west-1"]));
    let denied = run(collect(&emulator, &["-o", name]));
    assert_eq!((denied.code, denied.last_line().contains("1 of 3 scopes are incomplete")), (4, true), "{}", denied.stderr);
    let refused = run(collect(&emulator, &["--resume", name, "--min-severity", "critical"]));
    assert_eq!((refused.code, refused.last_line().ends_with("it was collected for other rules")), (2, true), "{}", refused.stderr);
    emulator.clear();
    let resumed = run(collect(&emulator, &["--resume", name]));
    assert_eq!(resumed.code, 0, "{}", resumed.stderr);
    assert_eq!(asked_elsewhere(&emulator, "eu-west-1"), []);
    assert_eq!(coverage(&judge(&file, &[]).json()), [("eu-west-1", true), ("us-east-1", true), ("aws-global", true)]);
}
