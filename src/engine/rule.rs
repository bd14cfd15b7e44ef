//! A rule: as its file writes it ([`RuleFile`]), and as it is judged by ([`Rule`]).

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::expression::{Expression, Path};
use super::template::Template;
use crate::facts;
use crate::inventory::{Kind, kinds};

/// The keys of a rule file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    pub id: String,
    pub title: String,
    pub resource: OneOrMany,
    pub topic: Topic,
    pub severity: Severity,
    /// Whether the rule runs without being named; cost and capacity hygiene does not.
    #[serde(default = "yes")]
    pub enabled: bool,
    pub when: Option<String>,
    pub require: String,
    #[serde(default)]
    pub params: BTreeMap<String, Param>,
    pub message: String,
    /// Expressions to show beside the paths that `require` reads.
    #[serde(default)]
    pub evidence: Vec<String>,
    pub risk: String,
    pub remediation: Remediation,
    pub references: Vec<String>,
    #[serde(default)]
    pub controls: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub equivalents: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub cases: Vec<super::cases::Case>,
}

fn yes() -> bool {
    true
}

/// One kind, or several that share a rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    /// The names.
    pub fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Many(names) => names,
        }
    }
}

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    PublicExposure,
    VpcIsolation,
    EncryptionAtRest,
    EncryptionInTransit,
    Backup,
    IamAccess,
    Secrets,
    Availability,
    LoggingAudit,
    Patching,
    DeletionProtection,
    InventoryTagging,
    Other,
}

impl Topic {
    /// The name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::PublicExposure => "public-exposure",
            Self::VpcIsolation => "vpc-isolation",
            Self::EncryptionAtRest => "encryption-at-rest",
            Self::EncryptionInTransit => "encryption-in-transit",
            Self::Backup => "backup",
            Self::IamAccess => "iam-access",
            Self::Secrets => "secrets",
            Self::Availability => "availability",
            Self::LoggingAudit => "logging-audit",
            Self::Patching => "patching",
            Self::DeletionProtection => "deletion-protection",
            Self::InventoryTagging => "inventory-tagging",
            Self::Other => "other",
        }
    }
}

/// How bad a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// The name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

/// A number, word or list that a user may set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Param {
    pub default: serde_json::Value,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub about: String,
}

/// How to mend what the rule finds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remediation {
    pub text: String,
    pub cli: Option<String>,
    pub terraform: Option<String>,
}

/// A rule, ready to judge by.
#[derive(Debug)]
pub struct Rule {
    pub id: String,
    pub title: String,
    pub kinds: Vec<Kind>,
    pub topic: Topic,
    pub severity: Severity,
    pub enabled: bool,
    pub when: Option<Expression>,
    pub require: Expression,
    pub params: BTreeMap<String, Param>,
    pub message: Template,
    pub evidence: Vec<Expression>,
    pub risk: String,
    pub remediation: RemediationTemplates,
    pub references: Vec<String>,
    pub controls: BTreeMap<String, Vec<String>>,
    pub equivalents: BTreeMap<String, Vec<String>>,
    /// The file it came from, relative to the rules folder.
    pub file: PathBuf,
    /// Every path that `when` and `require` read.
    pub paths: Vec<Path>,
    /// Those of them whose values are shown, under their names.
    pub evidence_paths: Vec<(String, Path)>,
    /// Every path that only the message, the evidence and the remediation read.
    pub shown: Vec<Path>,
}

/// The remediation with its expressions parsed.
#[derive(Debug)]
pub struct RemediationTemplates {
    pub text: Template,
    pub cli: Option<Template>,
    pub terraform: Option<Template>,
    /// As the file writes them, for pages that speak of no resource.
    pub written: Remediation,
}

/// What is wrong with a rule file, and under which key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub key: &'static str,
    pub reason: String,
}

impl Problem {
    pub fn new(key: &'static str, reason: impl Into<String>) -> Self {
        Self { key, reason: reason.into() }
    }
}

impl Rule {
    /// Reads what a file wrote: parses its expressions and finds its kinds.
    pub fn new(file: &RuleFile, path: PathBuf) -> Result<Self, Problem> {
        let expression = |key, source: &str| Expression::parse(source).map_err(|error| Problem::new(key, error));
        let template = |key, text: &str| Template::parse(text).map_err(|error| Problem::new(key, error));
        let mut kinds = Vec::new();
        for name in file.resource.names() {
            kinds.push(Kind::named(name).ok_or_else(|| Problem::new("resource", kinds::unknown(name)))?);
        }
        let when = file.when.as_deref().map(|source| expression("when", source)).transpose()?;
        let require = expression("require", &file.require)?;
        let mut paths: Vec<Path> = when.iter().flat_map(Expression::paths).chain(require.paths()).collect();
        paths.sort();
        paths.dedup();
        let remediation = RemediationTemplates {
            text: template("remediation", &file.remediation.text)?,
            cli: file.remediation.cli.as_deref().map(|text| template("remediation", text)).transpose()?,
            terraform: file.remediation.terraform.as_deref().map(|text| template("remediation", text)).transpose()?,
            written: file.remediation.clone(),
        };
        let message = template("message", &file.message)?;
        let evidence: Vec<_> = file.evidence.iter().map(|source| expression("evidence", source)).collect::<Result<_, _>>()?;
        let templates = std::iter::once(&message).chain(remediation.templates());
        let shown = templates.flat_map(Template::paths).cloned().chain(evidence.iter().flat_map(Expression::paths)).collect();
        Ok(Self {
            id: file.id.clone(),
            title: file.title.clone(),
            kinds,
            topic: file.topic,
            severity: file.severity,
            enabled: file.enabled,
            when,
            require,
            params: file.params.clone(),
            message,
            evidence,
            risk: file.risk.clone(),
            remediation,
            references: file.references.clone(),
            controls: file.controls.clone(),
            equivalents: file.equivalents.clone(),
            file: path,
            evidence_paths: evidence_paths(&paths),
            paths,
            shown,
        })
    }

    /// The service whose folder it lives in.
    pub fn service(&self) -> &str {
        self.file.parent().and_then(|folder| folder.to_str()).filter(|folder| !folder.is_empty()).unwrap_or_else(|| self.kinds[0].service)
    }

    /// Every API operation that it draws on, with its service as IAM names it.
    pub fn operations(&self) -> BTreeSet<&'static str> {
        let mut operations = BTreeSet::new();
        for kind in &self.kinds {
            operations.extend(kind.operations.iter().chain(kind.found_by));
            operations.extend(self.paths.iter().chain(&self.shown).flat_map(|path| operations_of(*kind, path)));
        }
        operations
    }

    /// The database parameters that it reads.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().chain(&self.shown).filter_map(|path| facts::parameter_name(path))
    }
}

/// The paths whose values a verdict rests on: not whom the user trusts, which is the same list
/// everywhere; and what is read in detail is not shown as a whole too.
fn evidence_paths(paths: &[Path]) -> Vec<(String, Path)> {
    // Paths are sorted, so details follow.
    let in_detail = |position: usize, path: &Path| paths[position + 1..].iter().any(|longer| longer.starts_with(path));
    let shown = paths.iter().enumerate().filter(|(position, path)| path[0] != facts::TRUSTED.name && !in_detail(*position, path));
    shown.map(|(_, path)| (path.join("."), path.clone())).collect()
}

impl RemediationTemplates {
    /// Those that there are.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        [Some(&self.text), self.cli.as_ref(), self.terraform.as_ref()].into_iter().flatten()
    }
}

/// The operations behind one path on resources of a kind.
pub fn operations_of(kind: Kind, path: &Path) -> Vec<&'static str> {
    let field = path.get(1).map_or("", String::as_str);
    match path.first().map(String::as_str) {
        Some("resource") => kind.operations_of(field).to_vec(),
        Some("tags" | "tag_keys") => kind.tag_operations().to_vec(),
        Some(name) => facts::named(name).filter(|fact| (fact.applies)(kind)).map_or_else(Vec::new, |fact| (fact.operations)(kind, field).to_vec()),
        None => Vec::new(),
    }
}
