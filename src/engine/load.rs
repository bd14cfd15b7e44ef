//! Loads rules: those built into the program, and a folder of the user's own.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::{Glob, GlobMatcher};

use super::rule::{Param, Problem, Rule, RuleFile};
use crate::inventory::Kind;
use crate::suggest;
use crate::value::{IntoNode, Node};

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
                sources.push(Source { text: fs::read_to_string(&file)?, path, file });
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

/// Reads one file: its keys, then its expressions.
pub fn parse(source: &Source) -> Result<(RuleFile, Rule), RuleError> {
    let file: RuleFile = serde_saphyr::from_str(&source.text).map_err(|error| yaml_error(source, &error))?;
    let rule = Rule::new(&file, source.path.clone()).map_err(|problem| at_key(source, &problem))?;
    Ok((file, rule))
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
    let prefix = format!("{}:", problem.key);
    let line = source.text.lines().position(|line| line.starts_with(&prefix)).map_or(1, |position| position + 1);
    RuleError { file: source.file.clone(), line, reason: format!("{}: {}", problem.key, problem.reason) }
}

/// Which rules run, and with what parameters.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Globs over rule ids; empty selects all that are enabled.
    pub rules: Vec<String>,
    /// Globs over rule ids to leave out.
    pub skip_rules: Vec<String>,
    /// Services, by folder or by the service of the kind.
    pub services: Vec<String>,
    pub min_severity: Option<super::Severity>,
    /// `RULE.NAME` and the value.
    pub params: Vec<(String, String)>,
}

/// Why rules could not be loaded or selected.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("cannot read the rules folder {}: {source}", .folder.display())]
    Folder { folder: PathBuf, source: io::Error },
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Rules(Vec<RuleError>),
    #[error("{0}")]
    Selection(Box<str>),
}

/// The rules that run, by the kind of resource.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<Active>,
    by_kind: HashMap<Kind, Vec<usize>>,
}

/// A rule with the values of its parameters.
#[derive(Debug)]
pub struct Active {
    pub rule: Arc<Rule>,
    pub params: Node<'static>,
}

impl RuleSet {
    /// Loads the built-in rules and those of a folder, and keeps what is selected.
    pub fn load(folder: Option<&Path>, selection: &Selection) -> Result<Self, LoadError> {
        Self::select(all(folder)?, selection, false)
    }

    /// The same, with the rules that are off by default.
    pub fn load_all(folder: Option<&Path>, selection: &Selection) -> Result<Self, LoadError> {
        Self::select(all(folder)?, selection, true)
    }

    fn select(mut rules: Vec<Rule>, selection: &Selection, with_disabled: bool) -> Result<Self, LoadError> {
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        let include = Globs::new("--rule", &selection.rules, &rules)?;
        let exclude = Globs::new("--skip-rule", &selection.skip_rules, &rules)?;
        check_services(&selection.services, &rules)?;
        let overrides = Overrides::new(&selection.params, &rules)?;
        let mut set = Self::default();
        for rule in rules {
            // A rule that is off runs only when it is named, not when a pattern happens to match it.
            let named = selection.rules.contains(&rule.id);
            let selected = (named || ((rule.enabled || with_disabled) && include.matches_or_empty(&rule.id)))
                && !exclude.matches(&rule.id)
                && (selection.services.is_empty() || selection.services.iter().any(|service| is_of_service(&rule, service)))
                && selection.min_severity.is_none_or(|least| rule.severity >= least);
            if selected {
                set.add(Active { params: overrides.params_of(&rule), rule: Arc::new(rule) });
            }
        }
        if set.rules.is_empty() {
            return Err(LoadError::Selection("no rule is selected; `dbmoat rules list` shows them all".into()));
        }
        Ok(set)
    }

    fn add(&mut self, active: Active) {
        for kind in &active.rule.kinds {
            self.by_kind.entry(*kind).or_default().push(self.rules.len());
        }
        self.rules.push(active);
    }

    /// The rules, by id.
    pub fn rules(&self) -> impl ExactSizeIterator<Item = &Arc<Rule>> {
        self.rules.iter().map(|active| &active.rule)
    }

    /// The rules for a kind of resource.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Active> {
        self.by_kind.get(&kind).into_iter().flatten().map(|position| &self.rules[*position])
    }

    /// The kinds that some rule judges, in the order of their names.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        Kind::all().filter(|kind| self.by_kind.contains_key(kind))
    }

    /// What has to be asked of AWS to judge by these rules.
    pub fn needs(&self) -> Needs {
        Needs {
            operations: self.rules().flat_map(|rule| rule.operations()).collect(),
            parameters: self.rules().flat_map(|rule| rule.parameters().map(ToOwned::to_owned).collect::<Vec<_>>()).collect(),
        }
    }
}

/// What a set of rules reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// API operations, as IAM names the actions.
    pub operations: BTreeSet<&'static str>,
    /// Names of database parameters.
    pub parameters: BTreeSet<String>,
}

impl Needs {
    /// Whether some rule reads what the operation returns.
    pub fn operation(&self, operation: &str) -> bool {
        self.operations.contains(operation)
    }
}

fn all(folder: Option<&Path>) -> Result<Vec<Rule>, LoadError> {
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
        return Err(LoadError::Folder { folder: folder.to_owned(), source: io::Error::new(io::ErrorKind::NotFound, "it holds no .yaml file") });
    }
    let taken: BTreeSet<_> = known.iter().map(|rule| rule.id.as_str()).collect();
    let errors = super::lint::lint(&sources, &taken);
    if !errors.is_empty() {
        return Err(LoadError::Rules(errors));
    }
    sources.iter().map(|source| parse(source).map(|(_, rule)| rule).map_err(|error| LoadError::Rules(vec![error]))).collect()
}

/// Globs over rule ids, each of which must match some rule.
struct Globs(Vec<GlobMatcher>);

impl Globs {
    fn new(flag: &str, patterns: &[String], rules: &[Rule]) -> Result<Self, LoadError> {
        let mut matchers = Vec::new();
        for pattern in patterns {
            let glob = Glob::new(pattern).map_err(|error| LoadError::Selection(format!("{flag} {pattern}: {error}").into()))?.compile_matcher();
            if !rules.iter().any(|rule| glob.is_match(&rule.id)) {
                let nearest = suggest::nearest(pattern, rules.iter().map(|rule| rule.id.as_str()));
                return Err(LoadError::Selection(format!("{flag} {pattern} matches no rule{nearest}").into()));
            }
            matchers.push(glob);
        }
        Ok(Self(matchers))
    }

    fn matches(&self, id: &str) -> bool {
        self.0.iter().any(|glob| glob.is_match(id))
    }

    fn matches_or_empty(&self, id: &str) -> bool {
        self.0.is_empty() || self.matches(id)
    }
}

fn is_of_service(rule: &Rule, service: &str) -> bool {
    rule.service() == service || rule.kinds.iter().any(|kind| kind.service == service)
}

fn check_services(services: &[String], rules: &[Rule]) -> Result<(), LoadError> {
    for service in services {
        if !rules.iter().any(|rule| is_of_service(rule, service)) {
            let known: BTreeSet<_> =
                rules.iter().flat_map(|rule| std::iter::once(rule.service()).chain(rule.kinds.iter().map(|kind| kind.service))).collect();
            let nearest = suggest::nearest(service, known.iter().copied());
            let all = known.into_iter().collect::<Vec<_>>().join(", ");
            return Err(LoadError::Selection(format!("--service {service} is none of {all}{nearest}").into()));
        }
    }
    Ok(())
}

/// The values that `--param` sets, by rule and name.
struct Overrides(BTreeMap<(String, String), serde_json::Value>);

impl Overrides {
    fn new(params: &[(String, String)], rules: &[Rule]) -> Result<Self, LoadError> {
        let mut overrides = BTreeMap::new();
        for (target, text) in params {
            let refuse = |reason: String| LoadError::Selection(format!("--param {target}={text}: {reason}").into());
            let (id, name) = target.rsplit_once('.').ok_or_else(|| refuse("write RULE.NAME=VALUE".to_owned()))?;
            let rule = rules
                .iter()
                .find(|rule| rule.id == id)
                .ok_or_else(|| refuse(format!("there is no rule {id}{}", suggest::nearest(id, rules.iter().map(|rule| rule.id.as_str())))))?;
            let param = rule
                .params
                .get(name)
                .ok_or_else(|| refuse(format!("{id} has no parameter {name}{}", suggest::nearest(name, rule.params.keys().map(String::as_str)))))?;
            overrides.insert((id.to_owned(), name.to_owned()), param.parse(text).map_err(refuse)?);
        }
        Ok(Self(overrides))
    }

    fn params_of(&self, rule: &Rule) -> Node<'static> {
        let values = rule.params.iter().map(|(name, param)| {
            let value = self.0.get(&(rule.id.clone(), name.clone())).unwrap_or(&param.default);
            (name.clone().into(), node_of(value))
        });
        Node::map(values)
    }
}

/// The parameters at their defaults.
pub fn defaults(rule: &Rule) -> Node<'static> {
    Overrides(BTreeMap::new()).params_of(rule)
}

/// JSON as a value of expressions.
pub fn node_of(value: &serde_json::Value) -> Node<'static> {
    use serde_json::Value as Json;
    let node = match value {
        Json::Null => Some(Node::Null(cel::common::types::CelNull)),
        Json::Bool(value) => value.into_node(),
        Json::Number(number) => number.as_i64().map_or_else(|| number.as_f64().and_then(IntoNode::into_node), IntoNode::into_node),
        Json::String(text) => text.clone().into_node(),
        Json::Array(values) => Some(Node::List(values.iter().map(node_of).collect())),
        Json::Object(fields) => Some(Node::map(fields.iter().map(|(name, value)| (name.clone().into(), node_of(value))))),
    };
    node.unwrap_or(Node::Null(cel::common::types::CelNull))
}

impl Param {
    /// Reads a value of the default's type and within the bounds; the error says what is wanted.
    fn parse(&self, text: &str) -> Result<serde_json::Value, String> {
        use serde_json::Value as Json;
        match &self.default {
            Json::Bool(_) => text.parse::<bool>().map(Json::from).map_err(|_| "true or false is wanted".to_owned()),
            Json::Number(default) if default.is_i64() => {
                let value = text.parse::<i64>().map_err(|_| "a whole number is wanted".to_owned())?;
                #[expect(clippy::cast_precision_loss, reason = "bounds are small")]
                self.within(value as f64).map(|()| value.into())
            }
            Json::Number(_) => {
                let value = text.parse::<f64>().ok().filter(|value| value.is_finite()).ok_or("a number is wanted")?;
                self.within(value).map(|()| value.into())
            }
            Json::Array(_) => Ok(text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(Json::from).collect()),
            _ => Ok(text.into()),
        }
    }

    fn within(&self, value: f64) -> Result<(), String> {
        match (self.min, self.max) {
            (Some(min), _) if value < min => Err(format!("{min} is the least")),
            (_, Some(max)) if value > max => Err(format!("{max} is the most")),
            _ => Ok(()),
        }
    }
}
