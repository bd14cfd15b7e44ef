//! Chooses the rules that run.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use globset::{Glob, GlobMatcher};

use super::load::{LoadError, all};
use super::params::Overrides;
use super::rule::Rule;
use crate::inventory::{Kind, Needs};
use crate::suggest;
use crate::value::Node;

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
        for pattern in &selection.rules {
            let runs = |rule: &Rule| rule.enabled || with_disabled || rule.id == *pattern;
            let matches = Glob::new(pattern).map(|glob| glob.compile_matcher());
            if matches.is_ok_and(|glob| !rules.iter().any(|rule| glob.is_match(&rule.id) && runs(rule))) {
                let reason = format!("--rule {pattern} matches only rules that are off by default; name one in full to run it");
                return Err(LoadError::Selection(reason.into()));
            }
        }
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
            judged: self.kinds().collect(),
            parameters: self.rules().flat_map(|rule| rule.parameters().map(ToOwned::to_owned).collect::<Vec<_>>()).collect(),
        }
    }
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
