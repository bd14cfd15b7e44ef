//! Completions and manual pages, read by what they are for.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::program::{dbmoat, run, write};

/// What bash offers for the last word of a command line.
fn offered(folder: &Path, words: &[&str]) -> String {
    let script = run(dbmoat(&["completions", "bash"])).stdout;
    let file = write(folder, "dbmoat.bash", &script);
    let last = words.len();
    let (previous, current) = (words.get(last.wrapping_sub(2)).unwrap_or(&"dbmoat"), words[last - 1]);
    let ask = format!(
        "source '{}'; COMP_WORDS=(dbmoat {}); COMP_CWORD={last}; _dbmoat dbmoat '{current}' '{previous}'; echo \"${{COMPREPLY[*]}}\"",
        file.display(),
        words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ")
    );
    let output = Command::new("bash").args(["-c", &ask]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn bash_completes_commands_options_and_values() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(offered(folder.path(), &["sc"]), "scan schema");
    assert_eq!(offered(folder.path(), &["scan", "--fail-o"]), "--fail-on --fail-on-new");
    assert_eq!(offered(folder.path(), &["scan", "--fail-on", ""]), "critical high medium low none");
}

#[test]
fn every_shell_has_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = run(dbmoat(&["completions", shell]));
        assert!(run.code == 0 && run.stdout.contains("fail-on"), "{shell}");
    }
}

#[test]
fn every_command_has_a_page_that_man_reads_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let written = run(dbmoat(&["man", "--output", path]));
    assert_eq!(written.code, 0, "{}", written.stderr);
    let read = |file: &Path| {
        let mut man = Command::new("man");
        man.args(["--warnings", "-l"]).arg(file).env("LC_ALL", "C.UTF-8").env("MANWIDTH", "100");
        let output = man.output().expect("this test needs man");
        let words: Vec<String> = String::from_utf8(output.stdout).unwrap().split_whitespace().map(str::to_owned).collect();
        (words.join(" "), String::from_utf8(output.stderr).unwrap())
    };
    let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    for name in ["dbmoat.1", "dbmoat-scan.1", "dbmoat-rules-show.1", "dbmoat-upload-github.1"] {
        assert!(names.iter().any(|known| known == name), "{name} is not among {names:?}");
    }
    for name in &names {
        let (page, warnings) = read(&folder.path().join(name));
        assert_eq!(warnings, "", "{name}");
        assert!(page.contains("SYNOPSIS"), "{name}");
    }
    assert!(read(&folder.path().join("dbmoat.1")).0.contains("something was not assessed and nothing else failed"));
    assert!(run(dbmoat(&["man"])).stdout.starts_with(".ie"), "without a folder, the page of the program");
    let broken = write(folder.path(), "broken.1", ".TH x 1\n.SH NAME\n.nonsense\n");
    assert_ne!(read(&broken).1, "", "man warns of nothing");
}
