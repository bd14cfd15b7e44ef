//! The reference in docs/: it is what the program writes, it has every rule, and its links lead somewhere.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "support/program.rs"]
mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use dbmoat::engine::{RuleSet, Selection};
use program::{dbmoat, run, write};

/// The reference as the program writes it now, by file.
fn written() -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let run = run(dbmoat(&["rules", "doc", "--output", folder.path().to_str().unwrap()]));
    assert_eq!(run.code, 0, "{}", run.stderr);
    pages(folder.path())
}

fn pages(folder: &Path) -> BTreeMap<String, String> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|file| (file.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&file).unwrap())).collect()
}

fn committed(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn the_committed_reference_is_the_one_that_the_program_writes() {
    let (committed, written) = (pages(&committed("docs/rules")), written());
    let names = |pages: &BTreeMap<String, String>| pages.keys().cloned().collect::<BTreeSet<_>>();
    let stale: Vec<_> = names(&committed).union(&names(&written)).filter(|name| committed.get(*name) != written.get(*name)).cloned().collect();
    assert!(stale.is_empty(), "docs/rules is stale ({}): dbmoat rules doc --output docs/rules", stale.join(", "));
}

#[test]
fn the_committed_permissions_are_those_that_the_program_prints() {
    let printed = run(dbmoat(&["permissions", "--doc"])).stdout;
    let committed = fs::read_to_string(committed("docs/permissions.md")).unwrap();
    assert!(committed == printed, "docs/permissions.md is stale: dbmoat permissions --doc > docs/permissions.md");
}

#[test]
fn every_rule_has_its_section_on_the_page_of_its_service() {
    let pages = written();
    for rule in run(dbmoat(&["rules", "list", "-f", "json"])).json().as_array().unwrap() {
        let (id, service) = (rule["id"].as_str().unwrap(), rule["service"].as_str().unwrap());
        let page = &pages[&format!("{service}.md")];
        assert_eq!(page.matches(&format!("\n## {id}\n")).count(), 1, "{id}");
        assert!(pages["index.md"].contains(&format!("({service}.md#{id})")), "{id} is not in the index");
    }
}

#[test]
fn every_link_leads_to_a_heading() {
    let pages = written();
    for (name, page) in &pages {
        for target in text(page).split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let linked = pages.get(if file.is_empty() { name.as_str() } else { file }).unwrap_or_else(|| panic!("{name}: {target}"));
            assert!(anchor.is_empty() || anchors(linked).contains(anchor), "{name}: {target}");
        }
    }
}

/// A page without its blocks of code.
fn text(page: &str) -> String {
    page.split("\n```").step_by(2).collect()
}

/// The anchors that GitHub makes of a page's headings.
fn anchors(page: &str) -> BTreeSet<String> {
    let text = text(page);
    let headings = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    headings.map(|heading| heading.to_lowercase().replace(' ', "-")).collect()
}

#[test]
fn every_row_has_as_many_cells_as_its_table_and_no_expression_is_left() {
    for (name, page) in &written() {
        let cells = |line: &str| line.replace("\\|", "").matches('|').count();
        let mut lines = page.lines().peekable();
        while let Some(line) = lines.next() {
            if let Some(next) = lines.peek().filter(|next| line.starts_with("| ") && next.starts_with("| ")) {
                assert_eq!(cells(line), cells(next), "{name}: {next}");
            }
            assert!(!line.contains("{{"), "{name}: {line}");
        }
    }
}

#[test]
fn pages_that_are_gone_are_removed_and_those_of_people_stay() {
    let folder = tempfile::tempdir().unwrap();
    let gone = write(folder.path(), "gone.md", &format!("{}\n# Rules of gone\n", dbmoat::reference::GENERATED));
    let notes = write(folder.path(), "notes.md", "# Notes\n");
    assert_eq!(run(dbmoat(&["rules", "doc", "--output", folder.path().to_str().unwrap()])).code, 0);
    assert!(!gone.exists() && notes.exists());
}

#[test]
fn a_topic_is_called_as_rule_files_write_it() {
    let rules = RuleSet::load_all(None, &Selection::default()).unwrap();
    for rule in rules.rules() {
        assert_eq!(serde_json::to_value(rule.topic).unwrap(), rule.topic.name(), "{}", rule.id);
    }
}

/// The tools of the comparison, as rules name them, by what the page calls them.
const TOOLS: [(&str, &str); 8] = [
    ("Steampipe", "steampipe"),
    ("Prowler", "prowler"),
    ("AWS Config", "aws-config"),
    ("Checkov", "checkov"),
    ("CloudSploit", "cloudsploit"),
    ("Trivy", "trivy"),
    ("CloudFormation Guard", "guard"),
    ("Scout Suite", "scoutsuite"),
];

#[test]
fn the_comparison_counts_the_equivalents_that_rules_have() {
    let rules = run(dbmoat(&["rules", "list", "-f", "json"])).json();
    let equivalents: Vec<_> = rules.as_array().unwrap().iter().map(|rule| rule["equivalents"].as_object().unwrap()).collect();
    let named: BTreeSet<&str> = equivalents.iter().flat_map(|equivalents| equivalents.keys().map(String::as_str)).collect();
    assert_eq!(named, TOOLS.iter().map(|(_, key)| *key).collect(), "the comparison leaves one out");
    let page = fs::read_to_string(committed("docs/comparison.md")).unwrap();
    let alone = equivalents.iter().filter(|equivalents| equivalents.is_empty()).count();
    let counted = format!("of the {} rules {alone} have no equivalent", equivalents.len());
    assert!(page.contains(&counted), "docs/comparison.md: {counted}");
    for (tool, key) in TOOLS {
        let count = equivalents.iter().filter(|equivalents| equivalents.contains_key(key)).count();
        let row = page.lines().find(|line| line.starts_with(&format!("| [{tool}"))).unwrap();
        assert_eq!(row.split(" | ").nth(1), Some(count.to_string().as_str()), "{tool}");
    }
}
