//! The rules as SARIF describes them: title, risk, how to mend it, and how bad it is.

use std::collections::BTreeSet;

use super::wire::{Configuration, Help, Message, ReportingDescriptor, RuleProperties};
use crate::engine::{Rule, Severity};
use crate::reference::markdown::{fenced, prose};
use crate::report::text::cut;

/// GitHub shows so many characters of a description.
const DESCRIPTION: usize = 1024;
/// And of a rule's name.
const NAME: usize = 255;
/// And so many tags.
const TAGS: usize = 10;

/// Describes a rule.
pub fn descriptor(rule: &Rule) -> ReportingDescriptor<'_> {
    ReportingDescriptor {
        id: &rule.id,
        name: cut(&pascal_case(&rule.id), NAME).into_owned(),
        short_description: Message { text: cut(&rule.title, DESCRIPTION) },
        full_description: Message { text: cut(&rule.risk, DESCRIPTION) },
        help: Help { text: help_text(rule), markdown: help_markdown(rule) },
        help_uri: rule.references.first().map(String::as_str),
        default_configuration: Configuration { level: level(rule.severity) },
        properties: RuleProperties { tags: tags(rule), precision: "high", security_severity: score(rule.severity) },
    }
}

/// The level of a severity.
pub fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// The score that GitHub shows as the severity of the same name. It reads over 9.0 as critical.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
    }
}

/// SARIF wants a name in this form, beside the id.
fn pascal_case(id: &str) -> String {
    let capitalised = |word: &str| {
        let mut characters = word.chars();
        characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
    };
    id.split(|character: char| !character.is_alphanumeric()).map(capitalised).collect()
}

/// `security`, the topic, the services, then the controls, as many as GitHub shows.
fn tags(rule: &Rule) -> Vec<String> {
    let topic = Some(rule.topic.name().to_owned());
    let services: BTreeSet<_> = rule.kinds.iter().map(|kind| kind.service.to_owned()).collect();
    let controls = rule.controls.iter().flat_map(|(framework, controls)| controls.iter().map(move |control| format!("{framework}/{control}")));
    let mut tags = vec!["security".to_owned()];
    for tag in topic.into_iter().chain(services).chain(controls) {
        if tags.len() < TAGS && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

fn help_text(rule: &Rule) -> String {
    let remediation = &rule.remediation;
    let mut help = format!("{}\n\n{}\n", rule.risk.trim(), remediation.text.outline().trim());
    for (tool, command) in [("AWS CLI", &remediation.cli), ("Terraform", &remediation.terraform)] {
        if let Some(command) = command {
            help += &format!("\n{tool}:\n\n{}\n", command.outline().trim());
        }
    }
    for (position, reference) in rule.references.iter().enumerate() {
        help += &format!("{}{reference}\n", if position == 0 { "\n" } else { "" });
    }
    help
}

fn help_markdown(rule: &Rule) -> String {
    let remediation = &rule.remediation;
    let mut help = format!("{}\n\n**How to mend it:** {}\n", rule.risk.trim(), prose(&remediation.text.outline()));
    for (tool, language, command) in [("AWS CLI", "sh", &remediation.cli), ("Terraform", "hcl", &remediation.terraform)] {
        if let Some(command) = command {
            help += &format!("\n**{tool}**\n\n{}", fenced(language, &command.outline()));
        }
    }
    for (position, reference) in rule.references.iter().enumerate() {
        help += &format!("{}- <{reference}>\n", if position == 0 { "\n**References**\n\n" } else { "" });
    }
    help
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_becomes_a_name() {
        assert_eq!(pascal_case("rds-instance-backup-retention"), "RdsInstanceBackupRetention");
    }
}
