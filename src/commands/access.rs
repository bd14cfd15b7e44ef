//! `dbmoat access`: who has access to databases, and by which statement.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::output::{pretty, print};
use super::source::Opened;
use super::{End, Failure};
use crate::access::{self, Access, Control, Database, Report};
use crate::cli::{AccessArgs, Global, ListFormat};
use crate::facts;
use crate::gate;
use crate::inventory::{Scope, ScopeId};
use crate::suggest;

/// Lists who has access to what the arguments name.
pub fn run(args: &AccessArgs, global: &Global) -> Result<End, Failure> {
    let opened = Opened::new(&args.origin, None, &access::needs(), global)?;
    // Of a scope that comes twice the newer counts.
    let mut scopes: BTreeMap<ScopeId, Scope> = BTreeMap::new();
    let regions = &args.origin.aws.region;
    opened.each(|scope| {
        let asked = regions.is_empty() || scope.id.is_global() || regions.iter().any(|region| region == "all" || *region == scope.id.region);
        if asked && scopes.get(&scope.id).is_none_or(|known| known.collected_at < scope.collected_at) {
            scopes.insert(scope.id.clone(), scope);
        }
        Ok(None)
    })?;
    if let Some(arn) = &args.arn {
        check(arn, &scopes)?;
    }
    let report = list(scopes, args.arn.as_deref());
    match args.format {
        ListFormat::Json => print(&pretty(&report))?,
        ListFormat::Table => print(&table(&report))?,
    };
    Ok(match (report.is_complete(), args.allow_incomplete) {
        (true, _) => End { code: gate::PASSED, reason: Some(complete(&report).to_owned()) },
        (false, true) => End { code: gate::PASSED, reason: Some("something could not be read, which --allow-incomplete lets pass".to_owned()) },
        (false, false) => End { code: gate::INCOMPLETE, reason: Some("something could not be read; others may have access".to_owned()) },
    })
}

/// Service control policies are often not for the caller to read: that makes nothing incomplete, and is said.
fn complete(report: &Report) -> &'static str {
    let unread = report.service_control_policies.values().any(|control| matches!(control, Control::Unread { .. }));
    if unread { "complete, but for service control policies, which may take more away" } else { "complete" }
}

/// Errs where no database has the ARN.
fn check(arn: &str, scopes: &BTreeMap<ScopeId, Scope>) -> Result<(), Failure> {
    let arns =
        || scopes.values().flat_map(|scope| &scope.resources).filter(|resource| access::is_listed(resource.kind)).map(|resource| &*resource.arn);
    if arns().any(|known| known == arn) {
        return Ok(());
    }
    Err(Failure::usage(anyhow::anyhow!("no database or snapshot has the ARN {arn}{}", suggest::nearest(arn, arns()))))
}

/// One account after the other.
fn list(scopes: BTreeMap<ScopeId, Scope>, arn: Option<&str>) -> Report {
    let mut accounts: BTreeMap<String, (Vec<Scope>, Option<facts::Global>)> = BTreeMap::new();
    for (id, scope) in scopes {
        let (regions, global) = accounts.entry(id.account.clone()).or_default();
        if id.is_global() { *global = Some(facts::Global::new(scope)) } else { regions.push(scope) }
    }
    let mut all = Report::default();
    for (regions, global) in accounts.values() {
        if arn.is_none_or(|arn| regions.iter().flat_map(|scope| &scope.resources).any(|resource| resource.arn == arn)) {
            all.extend(access::list(regions, global.as_ref(), arn));
        }
    }
    all
}

/// A line for each principal and ability, under the database.
fn table(report: &Report) -> String {
    let mut text = String::new();
    for database in &report.databases {
        of_database(&mut text, database);
    }
    if !report.assumable_by.is_empty() {
        text.push_str("Roles that others may take on\n");
        for (role, outsiders) in &report.assumable_by {
            for outsider in outsiders {
                let depends = outsider.depends_on.iter().map(String::as_str).collect::<Vec<_>>();
                let _ = writeln!(text, "  {role}: {} by {}{}", outsider.principal, outsider.by, maybe(&depends));
            }
        }
    }
    for (account, control) in &report.service_control_policies {
        if let Control::Unread { why } = control {
            let _ = writeln!(text, "service control policies over {account} were not read, and may take more away: {why}");
        }
    }
    for gap in &report.unknown {
        let _ = writeln!(text, "unknown: {gap}");
    }
    text
}

fn of_database(text: &mut String, database: &Database) {
    let _ = writeln!(text, "{} ({})", database.arn, database.kind.noun.0);
    let mut ability = None;
    for access in &database.access {
        if ability != Some(access.may) {
            ability = Some(access.may);
            let _ = writeln!(text, "  {}", access.may.name());
        }
        let _ = writeln!(text, "    {}", of_principal(access));
    }
    if database.access.is_empty() && database.unknown.is_empty() {
        text.push_str("  nobody\n");
    }
    for gap in &database.unknown {
        let _ = writeln!(text, "  unknown: {gap}");
    }
    text.push('\n');
}

fn of_principal(access: &Access) -> String {
    let outside = if access.outside { " (outside)" } else { "" };
    let granted = &access.by.0;
    let statements = granted.statements.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let depends: Vec<_> = granted.depends.iter().map(String::as_str).collect();
    format!("{}{outside}: {} by {statements}{}", access.principal, access.actions.join(", "), maybe(&depends))
}

fn maybe(depends: &[&str]) -> String {
    if depends.is_empty() { String::new() } else { format!(" - maybe: depends on {}", depends.join(", ")) }
}
