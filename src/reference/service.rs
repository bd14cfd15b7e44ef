//! The page of a service folder: its rules, one after the other.

use super::markdown::{code, codes, fenced, prose, table};
use super::sections::{Body, Section, range, sections};
use super::{GENERATED, link};
use crate::engine::Rule;

/// The page of the rules of a service.
pub fn page(service: &str, rules: &[&Rule]) -> String {
    let rows = rules.iter().map(|rule| [link("", rule), rule.severity.to_string(), rule.topic.name().to_owned(), prose(&rule.title)]);
    let contents = table(["rule", "severity", "topic", "requirement"], rows);
    let mut text = format!("{GENERATED}\n# Rules of {service}\n\n[All rules](index.md)\n\n{contents}");
    rules.iter().for_each(|rule| text += &entry(rule));
    text
}

/// One rule. Its heading is its id, so GitHub makes the id its anchor.
fn entry(rule: &Rule) -> String {
    let mut text = format!("\n## {}\n\n**{}**\n", rule.id, prose(&rule.title));
    sections(rule).iter().for_each(|section| text += &format!("\n{}", self::section(section)));
    text
}

fn section(section: &Section<'_>) -> String {
    let title = section.title;
    match &section.body {
        Body::Prose(text) => format!("**{title}:** {}\n", prose(text)),
        Body::Code(language, text) => format!("**{title}**\n\n{}", fenced(language, text)),
        Body::Params(params) => {
            let rows = params.iter().map(|(name, param)| [code(name), code(&param.default.to_string()), range(param), prose(&param.about)]);
            format!("**{title}**\n\n{}", table(["parameter", "default", "bounds", "about"], rows))
        }
        Body::Links(links) => format!("**{title}**\n\n{}", links.iter().map(|address| format!("- <{address}>\n")).collect::<String>()),
        Body::Ids(ids) => {
            let lines = ids.iter().map(|(name, ids)| format!("- {name}: {}\n", codes(ids.iter().map(String::as_str))));
            format!("**{title}**\n\n{}", lines.collect::<String>())
        }
        Body::Names(names) => format!("**{title}:** {}\n", codes(names.iter().copied())),
    }
}
