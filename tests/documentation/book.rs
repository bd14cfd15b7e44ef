//! The pages as a book: all are in it, and what they link to is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs");

/// The files with the extension below a folder.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { files(&path, extension) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect()
}

/// What a page links to or shows, without addresses on the web.
fn targets(text: &str) -> Vec<&str> {
    let mut fenced = false;
    let prose = text.lines().filter(move |line| {
        fenced ^= line.starts_with("```");
        !fenced && !line.starts_with("    ")
    });
    let targets = prose.flat_map(|line| line.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0)));
    targets.filter(|target| !target.contains("://")).collect()
}

/// The links of a page that lead nowhere.
fn dead(page: &Path) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap();
    let leads = |target: &&str| {
        let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
        let file = if file.is_empty() { page.to_owned() } else { page.parent().unwrap().join(file) };
        file.exists() && (anchor.is_empty() || headings(&file).contains(anchor))
    };
    targets(&text).into_iter().filter(|target| !leads(target)).map(|target| format!("{}: {target}", page.display())).collect()
}

/// The anchors of a page: its headings as GitHub and mdBook name them.
fn headings(page: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(page).unwrap();
    let titles = text.lines().filter_map(|line| line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with('#')));
    let allowed = |character: &char| character.is_alphanumeric() || "-_ ".contains(*character);
    titles.map(|title| title.to_lowercase().chars().filter(allowed).collect::<String>().replace(' ', "-")).collect()
}

#[test]
fn no_link_is_dead() {
    let mut pages = files(Path::new(DOCS), "md");
    pages.extend(["README.md", "CHANGELOG.md"].map(|name| Path::new(DOCS).parent().unwrap().join(name)));
    let dead: Vec<_> = pages.iter().flat_map(|page| dead(page)).collect();
    assert_eq!(dead, Vec::<String>::new());
}

#[test]
fn the_summary_lists_every_page_once() {
    let summary = Path::new(DOCS).join("SUMMARY.md");
    let text = fs::read_to_string(&summary).unwrap();
    let listed: Vec<_> = targets(&text).into_iter().map(|target| Path::new(DOCS).join(target)).collect();
    let pages: BTreeSet<_> =
        files(Path::new(DOCS), "md").into_iter().filter(|page| *page != summary && !page.starts_with(format!("{DOCS}/book"))).collect();
    let once: BTreeSet<_> = listed.iter().cloned().collect();
    assert_eq!(pages.difference(&once).collect::<Vec<_>>(), Vec::<&PathBuf>::new(), "add them to docs/SUMMARY.md");
    assert_eq!(once.len(), listed.len());
}

#[test]
fn a_dead_link_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("a.md");
    fs::write(&page, "# Title\n## Two words\n[a](a.md#two-words) [b](b.md) [c](#three) [d](https://x)\n\n    [e](e.md)\n").unwrap();
    let names: Vec<_> = dead(&page).iter().map(|line| line.rsplit_once(' ').unwrap().1.to_owned()).collect();
    assert_eq!(names, ["b.md", "#three"]);
}
