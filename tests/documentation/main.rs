//! What the documentation tells a reader to run: the commands run, and the files for others' systems are
//! what those systems take.
//!
//! A block of commands after `<!-- not run: REASON -->` only has to be understood by the command line.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod blocks;
mod book;
#[path = "../support/program.rs"]
mod program;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Parser;
use dbmoat::cli::Cli;

use blocks::{Block, blocks};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn pages() -> Vec<PathBuf> {
    let docs = fs::read_dir(Path::new(ROOT).join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<_> = docs.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect();
    pages.push(Path::new(ROOT).join("README.md"));
    pages.sort();
    pages
}

/// A folder in which `dbmoat` and `cargo run --locked --` are the program under test.
fn surroundings() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    program::write(folder.path(), "bin/dbmoat", &format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_dbmoat")));
    program::write(folder.path(), "bin/cargo", "#!/bin/sh\n[ \"$1 $2 $3\" = 'run --locked --' ] || exit 126\nshift 3\nexec dbmoat \"$@\"\n");
    for name in ["dbmoat", "cargo"] {
        let status = Command::new("chmod").arg("+x").arg(folder.path().join("bin").join(name)).status().unwrap();
        assert!(status.success());
    }
    folder
}

#[test]
fn every_command_of_the_documentation_runs() {
    let folder = surroundings();
    let path = format!("{}:{}", folder.path().join("bin").display(), std::env::var("PATH").unwrap());
    let saved: usize = pages().iter().map(|page| save(page, folder.path())).sum();
    assert_eq!(saved, 1, "what readers are told to save");
    let mut ran = 0;
    for (page, block) in pages().iter().flat_map(|page| blocks(page).into_iter().map(move |block| (page, block))) {
        for command in block.commands().filter(|_| block.exception.is_none()) {
            let output = Command::new("bash").args(["-c", command]).current_dir(folder.path()).env("PATH", &path).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(matches!(output.status.code(), Some(0 | 1 | 4)), "{}:{}: {command}\n{said}", page.display(), block.line);
            ran += 1;
        }
    }
    assert!(ran >= 8, "{ran} commands");
    for report in ["report.html", "report.sarif", "report.xml", "cis.html"] {
        assert!(folder.path().join(report).is_file(), "{report}");
    }
}

/// Saves the blocks of a page after "save this as `FILE`", as a reader would; returns how many there are.
fn save(page: &Path, folder: &Path) -> usize {
    let text = fs::read_to_string(page).unwrap();
    let told = text.split("save this as `").skip(1);
    told.map(|told| {
        let (file, rest) = told.split_once('`').unwrap();
        let block = rest.lines().skip_while(|line| !line.starts_with("    ")).map_while(|line| line.strip_prefix("    "));
        program::write(folder, file, &block.map(|line| format!("{line}\n")).collect::<String>());
    })
    .count()
}

#[test]
fn what_is_not_run_is_understood() {
    let mut excepted = 0;
    for page in pages() {
        for block in blocks(&page).iter().filter(|block| block.exception.is_some()) {
            block.commands().for_each(|command| parses(command, &page));
            excepted += 1;
        }
    }
    assert!((1..=12).contains(&excepted), "{excepted} blocks are not run");
}

/// Holds a command against the command line, its variables taken for words.
fn parses(command: &str, page: &Path) {
    let words: Vec<String> = command.split_whitespace().take_while(|word| !matches!(*word, "||" | "2>" | "|")).map(word).collect();
    let start = words.iter().position(|word| word == "dbmoat").or_else(|| words.iter().position(|word| word == "--"));
    let Some(start) = start else { return };
    let arguments = words[start..].iter().skip(1).filter(|word| *word != "\\" && !word.is_empty());
    let parsed = Cli::try_parse_from(std::iter::once(&"dbmoat".to_owned()).chain(arguments));
    assert!(parsed.is_ok(), "{}: {command}\n{}", page.display(), parsed.unwrap_err());
}

fn word(word: &str) -> String {
    let bare = word.trim_matches(['"', '\'']);
    match bare {
        "$FAIL_ON" => "high".to_owned(),
        "${options[@]}" => String::new(),
        _ => bare.replace(['"', '\'', '$'], ""),
    }
}

#[test]
fn the_commands_of_the_files_for_other_systems_are_understood() {
    let mut commands = 0;
    for file in ["action.yml", "docs/ci/cron.sh", "docs/ci/gitlab-ci.yml"] {
        let path = Path::new(ROOT).join(file);
        for line in fs::read_to_string(&path).unwrap().lines().map(|line| line.trim().trim_start_matches("- ")) {
            if line.starts_with("dbmoat ") {
                parses(line, &path);
                commands += 1;
            }
        }
    }
    assert_eq!(commands, 4);
    let organization = fs::read_to_string(Path::new(ROOT).join("docs/ci/organization.yml")).unwrap();
    let arguments = organization.lines().map(str::trim).filter(|line| line.starts_with("--"));
    assert!(Cli::try_parse_from(["dbmoat", "scan"].into_iter().chain(arguments)).is_ok());
}

/// The inputs that a workflow hands to our action.
#[test]
fn the_workflows_use_inputs_that_the_action_has() {
    let action = fs::read_to_string(Path::new(ROOT).join("action.yml")).unwrap();
    let inputs: Vec<&str> = action
        .split("\noutputs:")
        .next()
        .unwrap()
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'))
        .filter(|name| !name.starts_with(' '))
        .collect();
    assert!(inputs.contains(&"fail-on") && inputs.len() == 13, "{inputs:?}");
    let page = fs::read_to_string(Path::new(ROOT).join("docs/ci.md")).unwrap();
    assert!(inputs.iter().all(|input| page.contains(&format!("| `{input}` |"))), "docs/ci.md lacks an input");
    for file in ["pull-request.yml", "organization.yml"] {
        let workflow = fs::read_to_string(Path::new(ROOT).join("docs/ci").join(file)).unwrap();
        let with = workflow.split("uses: OWNER/dbmoat@main").nth(1).unwrap();
        let given = with
            .lines()
            .filter_map(|line| line.strip_prefix("          ")?.split_once(':'))
            .map(|(name, _)| name)
            .filter(|name| !name.starts_with([' ', '#']));
        for name in given {
            assert!(inputs.contains(&name), "{file}: {name}");
        }
    }
}

#[test]
fn the_files_for_other_systems_obey_their_schemas() {
    let python = std::env::var("DBMOAT_TEST_PYTHON").expect("DBMOAT_TEST_PYTHON is not set: run the tests with `bash tests/run`");
    let checks = [
        ("vendor.github-actions", &["action.yml"][..]),
        (
            "vendor.github-workflows",
            &["docs/ci/pull-request.yml", "docs/ci/organization.yml", ".github/workflows/ci.yml", ".github/workflows/release.yml"],
        ),
        ("vendor.gitlab-ci", &["docs/ci/gitlab-ci.yml"]),
    ];
    let check = |schema: &str, files: &[PathBuf]| {
        let output = Command::new(&python).args(["-m", "check_jsonschema", "--builtin-schema", schema]).args(files).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    for (schema, files) in checks {
        let files: Vec<_> = files.iter().map(|file| Path::new(ROOT).join(file)).collect();
        assert_eq!(check(schema, &files), (true, "ok -- validation done\n".to_owned()));
    }
    let folder = tempfile::tempdir().unwrap();
    let broken = program::write(folder.path(), "action.yml", "name: x\ndescription: x\nruns: {using: composite}\n");
    assert!(!check("vendor.github-actions", &[broken]).0, "the schema refuses nothing");
}

#[test]
fn an_exception_is_of_the_block_that_follows() {
    let folder = tempfile::tempdir().unwrap();
    let page = program::write(
        folder.path(),
        "page.md",
        "Text\n\n    dbmoat a \\\n        -b\n    dbmoat c\n\n<!-- not run: why -->\n\n    dbmoat d\n\n```yaml\n- dbmoat e\n```\n\n```sh\ndbmoat f\n```\n",
    );
    let blocks = blocks(&page);
    let commands: Vec<Vec<&str>> = blocks.iter().map(|block: &Block| block.commands().collect()).collect();
    assert_eq!(commands, [vec!["dbmoat a     -b", "dbmoat c"], vec!["dbmoat d"], vec!["dbmoat f"]]);
    assert_eq!(blocks.iter().map(|block| block.exception.as_deref()).collect::<Vec<_>>(), [None, Some("why"), None]);
}
