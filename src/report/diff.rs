//! A comparison of two reports, for people.

use std::fmt::Write as _;

use super::markdown;
use super::text::{changed, counted, printable};
use crate::gate::baseline::{Changes, Earlier, Gone};

/// What is listed: a title, and each finding with what is said of it.
type Section<'a> = (&'static str, Vec<(&'a Earlier, &'a str)>);

/// Plain text: what changed, and how much did not.
pub fn table(changes: &Changes) -> String {
    let mut text = head(changes) + "\n";
    for (title, findings) in sections(changes) {
        let _ = writeln!(text, "\n{}  {}", title.to_uppercase(), counted(findings.len(), "failure"));
        for (finding, said) in findings {
            let Earlier { rule, severity, resource, .. } = finding;
            let line = format!("  {severity:<8}  {rule}  {} {} {}", resource.name, resource.account, resource.region);
            let _ = writeln!(text, "{}\n            {}", printable(&line), printable(said));
        }
    }
    text
}

/// Markdown: a table of what changed.
pub fn markdown(changes: &Changes) -> String {
    let mut text = format!("Failures {}.\n", head(changes));
    for (title, findings) in sections(changes) {
        let _ = write!(text, "\n### {title}\n\n| Severity | Rule | Resource | Account | Region | |\n| --- | --- | --- | --- | --- | --- |\n");
        for (finding, said) in findings {
            let Earlier { rule, severity, resource, .. } = finding;
            let cells = [severity.name(), rule, &resource.name, &resource.account, &resource.region, said].map(markdown::text);
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        }
    }
    text
}

fn head(changes: &Changes) -> String {
    changed(changes.collected_at, [changes.new.len(), changes.unchanged.len()], changes)
}

/// What is worth listing: all but what is unchanged.
fn sections(changes: &Changes) -> impl Iterator<Item = Section<'_>> {
    fn own(findings: &[Earlier]) -> Vec<(&Earlier, &str)> {
        findings.iter().map(|finding| (finding, finding.message.as_str())).collect()
    }
    let not_assessed = changes.not_assessed.iter().map(|gone| (&gone.finding, why(gone.why))).collect();
    let sections =
        [("New", own(&changes.new)), ("Fixed", own(&changes.fixed)), ("Waived", own(&changes.waived)), ("No longer assessed", not_assessed)];
    sections.into_iter().filter(|(_, findings)| !findings.is_empty())
}

fn why(gone: Gone) -> &'static str {
    match gone {
        Gone::NotRead => "what the rule needs could not be read",
        Gone::NotScanned => "its account or region was not scanned",
        Gone::NotRun => "the rule did not run",
    }
}
