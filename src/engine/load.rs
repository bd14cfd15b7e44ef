//! Loads rules: those built into the program, and a folder of the user's own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::cases::Given;
use super::rule::{Problem, Rule, RuleFile};

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// A rule file as text.
#[derive(Debug, Clone)]
pub struct Source {
    /// Where it is, as errors name it.
    pub file: PathBuf,
    /// Its path below the rules folder.
    pub path: PathBuf,
    pub text: String,
}

/// What is wrong with a rule file, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleError {
    pub file: PathBuf,
    pub line: usize,
    pub reason: String,
}

impl std::fmt::Display for RuleError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.reason)
    }
}

impl std::error::Error for RuleError {}

/// The files that are built in.
pub fn embedded_sources() -> impl Iterator<Item = Source> {
    RULE_FILES.iter().map(|(path, text)| Source { file: Path::new("rules").join(path), path: PathBuf::from(path), text: (*text).to_owned() })
}

/// The YAML files below a folder.
pub fn folder_sources(folder: &Path) -> io::Result<Vec<Source>> {
    let mut sources = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        for entry in fs::read_dir(&current)? {
            let file = entry?.path();
            if file.is_dir() {
                folders.push(file);
            } else if file.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
                let path = file.strip_prefix(folder).unwrap_or(&file).to_owned();
                let text = fs::read_to_string(&file).map_err(|error| io::Error::new(error.kind(), format!("{}:1: {error}", file.display())))?;
                sources.push(Source { text, path, file });
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

/// Reads one file: its keys, then its expressions.
pub fn parse(source: &Source) -> Result<(RuleFile, Rule), RuleError> {
    refuse_tags(source)?;
    let file: RuleFile = serde_saphyr::from_str(&source.text).map_err(|error| yaml_error(source, &error))?;
    let rule = Rule::new(&file, source.path.clone()).map_err(|problem| at_key(source, &problem))?;
    Ok((file, rule))
}

/// YAML takes `require: !has(…)` for a tag and drops the negation with it. Only the values of cases may
/// have one, `!gap`.
fn refuse_tags(source: &Source) -> Result<(), RuleError> {
    let keys: BTreeMap<String, Given> = serde_saphyr::from_str(&source.text).map_err(|error| yaml_error(source, &error))?;
    match keys.iter().find(|(key, value)| *key != "cases" && value.has_gap()) {
        Some((key, _)) => Err(at(source, key, "has the tag !gap, which is for cases")),
        None => Ok(()),
    }
}

fn yaml_error(source: &Source, error: &serde_saphyr::Error) -> RuleError {
    let line = error.location().map_or(1, |location| usize::try_from(location.line()).unwrap_or(1));
    let text = error.without_snippet().to_string();
    // The position stands in front of the reason already.
    let reason = text.split(" at line ").next().unwrap_or(&text).to_owned();
    RuleError { file: source.file.clone(), line, reason }
}

/// Places a problem at the line of its key.
pub fn at_key(source: &Source, problem: &Problem) -> RuleError {
    at(source, problem.key, &problem.reason)
}

fn at(source: &Source, key: &str, reason: &str) -> RuleError {
    let prefix = format!("{key}:");
    let line = source.text.lines().position(|line| line.starts_with(&prefix)).map_or(1, |position| position + 1);
    RuleError { file: source.file.clone(), line, reason: format!("{key}: {reason}") }
}

/// Why rules could not be loaded or selected.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("cannot read the rules folder {}", .folder.display())]
    Folder { folder: PathBuf, source: io::Error },
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Rules(Vec<RuleError>),
    #[error("{0}")]
    Selection(Box<str>),
}

impl LoadError {
    /// A folder without rules, which is more likely a slip than a wish.
    pub fn empty(folder: &Path) -> Self {
        Self::Folder { folder: folder.to_owned(), source: io::Error::new(io::ErrorKind::NotFound, "it holds no .yaml file") }
    }
}

/// The built-in rules and those of a folder.
pub fn all(folder: Option<&Path>) -> Result<Vec<Rule>, LoadError> {
    let mut rules = embedded()?;
    if let Some(folder) = folder {
        rules.extend(from_folder(folder, &rules)?);
    }
    Ok(rules)
}

/// The built-in rules, from the digest that the build makes of their files.
fn embedded() -> Result<Vec<Rule>, LoadError> {
    let files: Vec<(PathBuf, RuleFile)> =
        serde_json::from_str(RULE_DIGEST).map_err(|error| LoadError::Selection(format!("built-in rules: {error}").into()))?;
    let built_in = |path: &Path, problem: &Problem| RuleError {
        file: Path::new("rules").join(path),
        line: 1,
        reason: format!("{}: {}", problem.key, problem.reason),
    };
    files
        .into_iter()
        .map(|(path, file)| Rule::new(&file, path.clone()).map_err(|problem| LoadError::Rules(vec![built_in(&path, &problem)])))
        .collect()
}

/// A user's rules, checked as strictly as the built-in ones.
fn from_folder(folder: &Path, known: &[Rule]) -> Result<Vec<Rule>, LoadError> {
    let sources = folder_sources(folder).map_err(|source| LoadError::Folder { folder: folder.to_owned(), source })?;
    if sources.is_empty() {
        return Err(LoadError::empty(folder));
    }
    let taken: BTreeSet<_> = known.iter().map(|rule| rule.id.as_str()).collect();
    let errors = super::lint::lint_and_run(&sources, &taken);
    if !errors.is_empty() {
        return Err(LoadError::Rules(errors));
    }
    sources.iter().map(|source| parse(source).map(|(_, rule)| rule).map_err(|error| LoadError::Rules(vec![error]))).collect()
}
