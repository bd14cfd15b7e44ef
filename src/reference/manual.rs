//! A rule's page for the terminal.

use std::fmt::Write as _;

use super::sections::{Body, range, sections};
use crate::engine::Rule;

const WIDTH: usize = 90;

/// The manual page of a rule.
pub fn page(rule: &Rule) -> String {
    let mut text = format!("{}\n{}\n\n", rule.id, rule.title);
    for section in sections(rule) {
        let _ = writeln!(text, "{}\n{}\n", section.title, textwrap::indent(body(&section.body).trim_end(), "    "));
    }
    text
}

fn body(body: &Body<'_>) -> String {
    match body {
        Body::Prose(text) => textwrap::fill(text, WIDTH),
        Body::Code(_, text) => text.clone(),
        Body::Params(params) => {
            let line = |(name, param): (&String, &crate::engine::rule::Param)| {
                let range = range(param);
                let range = if range.is_empty() { range } else { format!(" ({range})") };
                format!("{name} = {}{range}: {}", param.default, param.about)
            };
            params.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        Body::Links(links) => links.join("\n"),
        Body::Ids(ids) => ids.iter().map(|(name, ids)| textwrap::fill(&format!("{name}: {}", ids.join(", ")), WIDTH)).collect::<Vec<_>>().join("\n"),
        Body::Names(names) => names.join("\n"),
    }
}
