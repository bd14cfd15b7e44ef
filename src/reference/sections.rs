//! What there is to say of a rule, section by section: the one source of its manual page
//! (`rules show`) and of its part of the reference.

use std::collections::BTreeMap;

use crate::engine::Rule;
use crate::engine::rule::Param;

/// A part of a rule's page; one without content is left out.
pub struct Section<'a> {
    pub title: &'static str,
    pub body: Body<'a>,
}

/// The content of a section, in no form yet.
pub enum Body<'a> {
    /// A paragraph.
    Prose(String),
    /// Code, and the language it is in.
    Code(&'static str, String),
    /// What a user may set.
    Params(&'a BTreeMap<String, Param>),
    /// Addresses.
    Links(&'a [String]),
    /// Ids, by who gave them.
    Ids(&'a BTreeMap<String, Vec<String>>),
    /// Names, one beside the other.
    Names(Vec<&'a str>),
}

impl Body<'_> {
    fn is_empty(&self) -> bool {
        match self {
            Self::Prose(text) | Self::Code(_, text) => text.trim().is_empty(),
            Self::Params(params) => params.is_empty(),
            Self::Links(links) => links.is_empty(),
            Self::Ids(ids) => ids.is_empty(),
            Self::Names(names) => names.is_empty(),
        }
    }
}

/// The sections of a rule, in the order of reading.
pub fn sections(rule: &Rule) -> Vec<Section<'_>> {
    let remediation = &rule.remediation;
    let code = |language, template: Option<&crate::engine::template::Template>| {
        Body::Code(language, template.map(|template| template.outline().trim().to_owned()).unwrap_or_default())
    };
    let all = [
        ("Judges", Body::Prose(judges(rule))),
        ("Applies when", Body::Code("cel", rule.when.as_ref().map(|when| when.source.clone()).unwrap_or_default())),
        ("Requires", Body::Code("cel", rule.require.source.clone())),
        ("Parameters", Body::Params(&rule.params)),
        ("Risk", Body::Prose(rule.risk.trim().to_owned())),
        ("Remediation", Body::Prose(remediation.text.outline().trim().to_owned())),
        ("AWS CLI", code("sh", remediation.cli.as_ref())),
        ("Terraform", code("hcl", remediation.terraform.as_ref())),
        ("References", Body::Links(&rule.references)),
        ("Controls", Body::Ids(&rule.controls)),
        ("Equivalents", Body::Ids(&rule.equivalents)),
        ("Operations", Body::Names(rule.operations().into_iter().collect())),
    ];
    all.into_iter().map(|(title, body)| Section { title, body }).filter(|section| !section.body.is_empty()).collect()
}

fn judges(rule: &Rule) -> String {
    let kinds = rule.kinds.iter().map(|kind| kind.name).collect::<Vec<_>>().join(", ");
    let off = if rule.enabled { "" } else { "; off unless named with --rule" };
    format!("{kinds}; severity {}; topic {}{off}", rule.severity, rule.topic.name())
}

/// A parameter's default and the least and most it may be.
pub fn range(param: &Param) -> String {
    let bounds = [("at least", param.min), ("at most", param.max)];
    bounds.iter().filter_map(|(word, bound)| Some(format!("{word} {}", (*bound)?))).collect::<Vec<_>>().join(", ")
}
