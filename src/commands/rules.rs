//! `dbmoat rules`: list, explain, lint and test.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use super::output::{pretty, print};
use super::{End, Failure};
use crate::cli::{CheckArgs, ListFormat, RuleArgs, RulesCommand};
use crate::engine::load::{self, LoadError, RuleError, Source};
use crate::engine::{Rule, RuleSet, Selection, cases, lint};
use crate::gate;
use crate::reference::manual;
use crate::suggest;

/// Runs a `rules` command.
pub fn run(command: &RulesCommand) -> Result<End, Failure> {
    match command {
        RulesCommand::List { rules, all, format } => list(rules, *all, *format),
        RulesCommand::Show { id, rules, format } => show(id, rules.as_deref(), *format),
        RulesCommand::Lint(args) => lint_files(args),
        RulesCommand::Test(args) => test_files(args),
        RulesCommand::Doc(args) => super::reference::run(args),
    }
}

fn list(args: &RuleArgs, all: bool, format: ListFormat) -> Result<End, Failure> {
    // The JSON is the registry: it names every rule, whether it is on or off.
    let set = if all || format == ListFormat::Json {
        RuleSet::load_all(args.rules.as_deref(), &args.selection())?
    } else {
        RuleSet::load(args.rules.as_deref(), &args.selection())?
    };
    let text = match format {
        ListFormat::Json => pretty(&set.rules().map(|rule| summary(rule)).collect::<Vec<_>>()),
        ListFormat::Table => set.rules().fold(String::new(), |mut text, rule| {
            let off = if rule.enabled { "" } else { " (off)" };
            let _ = writeln!(text, "{:<9} {:<60} {}{off}", rule.severity, rule.id, rule.title);
            text
        }),
    };
    print(&text)
}

/// What `rules list -f json` says of a rule.
fn summary(rule: &Rule) -> serde_json::Value {
    json!({
        "id": rule.id,
        "title": rule.title,
        "resource": match rule.kinds.as_slice() {
            [kind] => json!(kind),
            kinds => json!(kinds),
        },
        "service": rule.service(),
        "severity": rule.severity,
        "topic": rule.topic,
        "enabled": rule.enabled,
        "controls": rule.controls,
        "equivalents": rule.equivalents,
        "operations": rule.operations(),
    })
}

fn show(id: &str, folder: Option<&Path>, format: ListFormat) -> Result<End, Failure> {
    let set = RuleSet::load_all(folder, &Selection::default())?;
    let rule = set.rules().find(|rule| rule.id == id).ok_or_else(|| {
        let nearest = suggest::nearest(id, set.rules().map(|rule| rule.id.as_str()));
        Failure::usage(anyhow::anyhow!("there is no rule {id:?}{nearest}"))
    })?;
    match format {
        ListFormat::Json => print(&pretty(&page_json(rule))),
        ListFormat::Table => print(&manual::page(rule)),
    }
}

fn page_json(rule: &Rule) -> serde_json::Value {
    let mut page = summary(rule);
    if let Some(fields) = page.as_object_mut() {
        fields.insert("when".to_owned(), json!(rule.when.as_ref().map(|when| &when.source)));
        fields.insert("require".to_owned(), json!(rule.require.source));
        fields.insert(
            "params".to_owned(),
            rule.params
                .iter()
                .map(|(name, param)| (name.clone(), json!({"default": param.default, "min": param.min, "max": param.max, "about": param.about})))
                .collect(),
        );
        fields.insert("risk".to_owned(), json!(rule.risk));
        let written = &rule.remediation.written;
        fields.insert("remediation".to_owned(), json!({"text": written.text, "cli": written.cli, "terraform": written.terraform}));
        fields.insert("references".to_owned(), json!(rule.references));
    }
    page
}

fn sources(args: &CheckArgs) -> Result<Vec<Source>, Failure> {
    match &args.rules {
        None => Ok(load::embedded_sources().collect()),
        Some(folder) => match load::folder_sources(folder) {
            Ok(sources) if sources.is_empty() => Err(LoadError::empty(folder).into()),
            Ok(sources) => Ok(sources),
            Err(source) => Err(LoadError::Folder { folder: folder.clone(), source }.into()),
        },
    }
}

fn lint_files(args: &CheckArgs) -> Result<End, Failure> {
    let sources = sources(args)?;
    let errors = problems(args, &sources)?;
    match args.format {
        ListFormat::Json => {
            print(&pretty(&errors.iter().map(|error| json!({"file": error.file, "line": error.line, "reason": error.reason})).collect::<Vec<_>>()))?
        }
        ListFormat::Table => print(&errors.iter().map(|error| format!("{error}\n")).collect::<String>())?,
    };
    let (files, problems) = (sources.len(), errors.len());
    if errors.is_empty() {
        return Ok(End { code: gate::PASSED, reason: Some(format!("{files} rule files are well formed")) });
    }
    Ok(End { code: gate::USAGE, reason: Some(format!("{problems} problems in {files} rule files")) })
}

fn problems(args: &CheckArgs, sources: &[Source]) -> Result<Vec<RuleError>, Failure> {
    let built_in = if args.rules.is_some() { Some(RuleSet::load_all(None, &Selection::default())?) } else { None };
    let taken: BTreeSet<&str> = built_in.iter().flat_map(|set| set.rules().map(|rule| rule.id.as_str())).collect();
    Ok(lint::lint_and_run(sources, &taken))
}

fn test_files(args: &CheckArgs) -> Result<End, Failure> {
    let sources = sources(args)?;
    let (mut ran, mut failures) = (0, Vec::new());
    for source in &sources {
        let (file, rule) = load::parse(source).map_err(|error| LoadError::Rules(vec![error]))?;
        let (cases, failed) = cases::run(&file, &rule);
        ran += cases;
        failures.extend(failed.into_iter().map(|failure| (source.file.clone(), rule.id.clone(), failure)));
    }
    let failed = failures.len();
    match args.format {
        ListFormat::Json => {
            let failures: Vec<_> = failures
                .iter()
                .map(|(file, rule, failure)| json!({"file": file, "rule": rule, "case": failure.case, "reason": failure.reason}))
                .collect();
            print(&pretty(&json!({"rules": sources.len(), "cases": ran, "failures": failures})))?;
        }
        ListFormat::Table => {
            let lines = failures.iter().map(|(file, _, failure)| format!("{}: {:?}: {}\n", file.display(), failure.case, failure.reason));
            print(&lines.collect::<String>())?;
        }
    }
    if failed == 0 {
        return Ok(End { code: gate::PASSED, reason: Some(format!("{ran} cases of {} rules hold", sources.len())) });
    }
    Ok(End { code: gate::FAILED, reason: Some(format!("{failed} of {ran} cases do not hold")) })
}
