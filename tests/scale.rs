//! Many files, many shards, more than fits in memory: all judged as one small inventory is.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "support/program.rs"]
mod program;
#[path = "support/recipes.rs"]
mod recipes;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use dbmoat::inventory::write as inventory;
use dbmoat::inventory::{Header, read};
use dbmoat::shard::Shard;
use program::{dbmoat, outcomes, run};

const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

/// Writes a shard of the demo as `collect` does; the names of its scopes.
fn write_shard(shard: Shard, file: &Path) -> Vec<String> {
    let demo = read::Source::new(&Path::new(FOLDER).join("fixtures/demo.jsonl")).unwrap();
    let scopes = demo.scopes().unwrap().map(Result::unwrap);
    let held: Vec<_> = scopes.filter(|scope| shard.holds(&scope.id)).collect();
    let mut out = zstd::Encoder::new(std::fs::File::create(file).unwrap(), 0).unwrap();
    let header = Header { scopes: Some(held.len()), ..Header::new("2026-11-22T09:00:00Z".parse().unwrap()) };
    inventory::header(&mut out, &header).unwrap();
    held.iter().for_each(|scope| inventory::scope(&mut out, scope).unwrap());
    out.finish().unwrap();
    held.into_iter().map(|scope| scope.id.to_string()).collect()
}

#[test]
fn the_recipes_judge_all_shards_as_one_inventory() {
    let whole = run(dbmoat(&["scan", "--demo", "-o", "json"]));
    for (scheduler, recipe) in recipes::all() {
        let folder = tempfile::tempdir().unwrap();
        let count = recipe.collect.len();
        for (index, step) in recipe.collect.iter().enumerate() {
            let (shard, _) = Shard::of_environment(|name| step.environment.get(name).cloned()).unwrap().unwrap();
            assert_eq!(shard.to_string(), format!("{}/{count}", index + 1), "{scheduler}");
            write_shard(shard, &folder.path().join(format!("shard-{index}.jsonl.zst")));
        }
        let judged = run(recipe.judge.command(folder.path(), &[]));
        assert_eq!((judged.code, judged.last_line()), (whole.code, whole.last_line()), "{scheduler}: {}", judged.stderr);
        assert!(std::fs::read_to_string(folder.path().join("report.json")).unwrap() == whole.stdout, "{scheduler} judges the shards differently");
    }
}

#[test]
fn shards_of_an_inventory_are_judged_apart_as_they_are_together() {
    let file = format!("{FOLDER}/fixtures/demo.jsonl");
    let scan = |more: &[&str]| run(dbmoat(&[&["scan", "--inventory", &file, "--include", "pass", "-o", "json"], more].concat()));
    let whole = scan(&[]).json();
    let mut apart = BTreeMap::new();
    let mut scopes = Vec::new();
    for shard in ["1/3", "2/3", "3/3"] {
        let part = scan(&["--shard", shard]).json();
        apart.extend(outcomes(&part));
        scopes.extend(part["coverage"].as_array().unwrap().clone());
    }
    assert_eq!(apart, outcomes(&whole));
    assert_eq!(scopes.len(), whole["coverage"].as_array().unwrap().len());
}

#[test]
fn the_environment_names_a_shard_aloud_and_the_flag_goes_before_it() {
    let file = format!("{FOLDER}/fixtures/demo.jsonl");
    let scan = |more: &[&str], environment: &[(&str, &str)]| {
        let mut command = dbmoat(&[&["scan", "--inventory", &file, "-o", "json"], more].concat());
        command.envs(environment.iter().copied());
        run(command)
    };
    let indexed = scan(&[], &[("JOB_COMPLETION_INDEX", "2"), ("JOB_COMPLETIONS", "8")]);
    assert!(indexed.stderr.starts_with("note: shard 3/8, by JOB_COMPLETION_INDEX=2 and JOB_COMPLETIONS=8\n"), "{}", indexed.stderr);
    assert_eq!(indexed.stdout, scan(&["--shard", "3/8"], &[]).stdout);
    let explicit = scan(&["--shard", "1/1"], &[("AWS_BATCH_JOB_ARRAY_INDEX", "2"), ("AWS_BATCH_JOB_ARRAY_SIZE", "8")]);
    assert_eq!(explicit.stdout, scan(&[], &[]).stdout);
    let incomplete = scan(&[], &[("JOB_COMPLETION_INDEX", "2")]);
    assert_eq!((incomplete.code, incomplete.stdout.as_str()), (2, ""));
    assert!(incomplete.last_line().contains("JOB_COMPLETIONS is not"), "{}", incomplete.stderr);
}

#[test]
fn a_shard_without_scopes_passes_and_says_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let empty = (1..=64)
        .map(|number| format!("{number}/64"))
        .find(|shard| write_shard(shard.parse().unwrap(), &folder.path().join("shard.jsonl.zst")).is_empty());
    let file = format!("{FOLDER}/fixtures/demo.jsonl");
    let judged = run(dbmoat(&["scan", "--inventory", &file, "--shard", &empty.unwrap()]));
    assert_eq!((judged.code, judged.last_line()), (0, "exit 0: nothing at or over high"), "{}", judged.stderr);
}

#[test]
fn a_pattern_without_a_match_is_refused() {
    let judged = run(dbmoat(&["scan", "--inventory", &format!("{FOLDER}/fixtures/demo.jsonl"), "shards/*.jsonl"]));
    assert_eq!((judged.code, judged.last_line()), (2, "exit 2: --inventory shards/*.jsonl matches no file"));
}

fn python(arguments: &[&str]) {
    let python = std::env::var("DBMOAT_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(python).args(arguments).env("DBMOAT_NO_CONFIG", "true").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// An inventory of the benchmark.
fn generated(folder: &Path, databases: &str, scopes: &str) -> PathBuf {
    let file = folder.join("many.jsonl");
    python(&[&format!("{FOLDER}/benches/inventory.py"), "--databases", databases, "--scopes", scopes, file.to_str().unwrap()]);
    file
}

#[test]
fn findings_that_neither_memory_nor_the_disk_takes_end_the_scan() {
    let folder = tempfile::tempdir().unwrap();
    let file = generated(folder.path(), "900", "10");
    let scan = "trap '' XFSZ; ulimit -f 64; exec \"$0\" scan --inventory \"$1\" --include pass --output=table";
    let mut command = Command::new("bash");
    command.env_clear().env("PATH", std::env::var("PATH").unwrap()).env("TMPDIR", folder.path());
    command.args(["-c", scan, env!("CARGO_BIN_EXE_dbmoat"), file.to_str().unwrap()]);
    let failed = run(command);
    assert_eq!((failed.code, failed.stdout.as_str()), (3, ""), "{}", failed.stderr);
    let expected = format!("exit 3: cannot keep what does not fit in memory in a temporary file in {} ", folder.path().display());
    assert!(failed.last_line().starts_with(&expected), "{}", failed.stderr);
}

/// The processor time of judging so many databases of one region, in seconds.
fn processor_time(databases: &str) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let (file, figures) = (generated(folder.path(), databases, "2"), folder.path().join("figures.json"));
    let scan = [env!("CARGO_BIN_EXE_dbmoat"), "scan", "--exit-zero", "--output=jsonl=/dev/null", "--inventory", file.to_str().unwrap()];
    python(&[&[&format!("{FOLDER}/benches/measure.py"), "--save", figures.to_str().unwrap()], &scan[..]].concat());
    let figures: serde_json::Value = serde_json::from_slice(&std::fs::read(figures).unwrap()).unwrap();
    figures["processor_seconds"].as_f64().unwrap()
}

/// Processor time, since others may use the machine; and the least of three, since they use its caches too.
#[test]
fn a_region_with_eight_times_the_databases_takes_eight_times_the_work_at_most() {
    let least = |databases| (0..3).map(|_| processor_time(databases)).fold(f64::INFINITY, f64::min);
    let (few, many) = (least("100"), least("800"));
    assert!(many < 8.0 * few, "{few} s and {many} s");
}
