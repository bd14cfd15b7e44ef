//! The rules as SARIF describes them: title, risk, how to mend it, and how bad it is.

use std::collections::BTreeSet;

use super::wire::{Configuration, Help, Message, ReportingDescriptor, RuleProperties};
use crate::engine::{Rule, Severity};
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
    let topic = serde_json::to_value(rule.topic).ok().and_then(|topic| topic.as_str().map(str::to_owned));
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
    let remediation = &rule.remediation.written;
    let bare = |text: &str| spoken(text.trim(), |expression| format!("<{expression}>"));
    let mut help = format!("{}\n\n{}\n", rule.risk.trim(), bare(&remediation.text));
    for (tool, command) in [("AWS CLI", &remediation.cli), ("Terraform", &remediation.terraform)] {
        if let Some(command) = command {
            help += &format!("\n{tool}:\n\n{}\n", bare(command));
        }
    }
    for (position, reference) in rule.references.iter().enumerate() {
        help += &format!("{}{reference}\n", if position == 0 { "\n" } else { "" });
    }
    help
}

fn help_markdown(rule: &Rule) -> String {
    let remediation = &rule.remediation.written;
    let text = spoken(remediation.text.trim(), |expression| format!("`{expression}`"));
    let mut help = format!("{}\n\n**How to mend it:** {text}\n", rule.risk.trim());
    for (tool, language, command) in [("AWS CLI", "sh", &remediation.cli), ("Terraform", "hcl", &remediation.terraform)] {
        if let Some(command) = command {
            help += &format!("\n**{tool}**\n\n{}", fenced(language, command));
        }
    }
    for (position, reference) in rule.references.iter().enumerate() {
        help += &format!("{}- <{reference}>\n", if position == 0 { "\n**References**\n\n" } else { "" });
    }
    help
}

fn fenced(language: &str, code: &str) -> String {
    let code = spoken(code.trim(), |expression| format!("<{expression}>"));
    let fence = if code.contains("```") { "````" } else { "```" };
    format!("{fence}{language}\n{code}\n{fence}\n")
}

/// A template where there is no resource to fill it in with: its expressions stand for themselves.
fn spoken(template: &str, expression: impl Fn(&str) -> String) -> String {
    let mut spoken = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, (inside, after))) = rest.split_once("{{").and_then(|(before, after)| Some((before, after.split_once("}}")?))) {
        spoken.push_str(before);
        spoken.push_str(&expression(inside.trim()));
        rest = after;
    }
    spoken + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_without_a_resource_shows_its_expressions() {
        let command = "aws rds modify --id {{name}} --days {{ params.min_days }}";
        assert_eq!(spoken(command, |expression| format!("<{expression}>")), "aws rds modify --id <name> --days <params.min_days>");
        assert_eq!(spoken("{{open", |_| String::new()), "{{open");
    }

    #[test]
    fn an_id_becomes_a_name() {
        assert_eq!(pascal_case("rds-instance-backup-retention"), "RdsInstanceBackupRetention");
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fenced("sh", "a\n```\nb"), "````sh\na\n```\nb\n````\n");
    }
}
