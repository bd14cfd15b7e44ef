//! Sentences with expressions in them: `{{resource.DBInstanceIdentifier}} keeps …`.

use cel::ExecutionError;

use super::decide::Values;
use super::expression::{Expression, Path};
use super::placeholder::placeholder;
use crate::finding::ResourceRef;

/// A text whose `{{…}}` are expressions.
#[derive(Debug, Clone)]
pub struct Template {
    parts: Vec<Part>,
    paths: Vec<Path>,
}

/// The variables that a [`ResourceRef`] tells.
const OF_REFERENCE: [&str; 4] = ["name", "arn", "account", "region"];

/// What stands in place of a value that cannot be evaluated.
const UNKNOWN: &str = "(unknown)";

#[derive(Debug, Clone)]
enum Part {
    Text(String),
    Expression(Box<Expression>),
}

impl Template {
    /// Parses a template; the error names the expression that is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (source, remainder) = after.split_once("}}").ok_or_else(|| format!("{{{{{after} is not closed with }}}}"))?;
            parts.push(Part::Text(before.to_owned()));
            let source = source.trim();
            let expression = Expression::parse(source).map_err(|error| format!("{{{{{source}}}}}: {error}"))?;
            parts.push(Part::Expression(Box::new(expression)));
            rest = remainder;
        }
        parts.push(Part::Text(rest.to_owned()));
        let mut template = Self { parts, paths: Vec::new() };
        template.paths = template.expressions().flat_map(Expression::paths).collect();
        Ok(template)
    }

    /// Every path that the expressions read.
    pub fn paths(&self) -> &[Path] {
        &self.paths
    }

    /// The expressions inside.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.parts.iter().filter_map(|part| match part {
            Part::Expression(expression) => Some(&**expression),
            Part::Text(_) => None,
        })
    }

    /// The text with every expression's value in its place; one that cannot be evaluated reads
    /// `(unknown)`.
    pub fn render(&self, variables: &impl Values) -> String {
        self.try_render(variables, |_| Some(UNKNOWN.to_owned())).unwrap_or_default()
    }

    /// The text, or none if an expression reads what is not there. What could not be read is no
    /// fault of the text: it reads `(unknown)`.
    pub fn render_strictly(&self, variables: &impl Values) -> Option<String> {
        self.try_render(variables, |error| crate::value::is_unknown(error).then(|| UNKNOWN.to_owned()))
    }

    /// The values of the expressions, for [`fill`](Self::fill); but for those that a [`ResourceRef`] has.
    pub fn values(&self, variables: &impl Values) -> impl Iterator<Item = String> {
        let others = self.expressions().filter(|expression| !OF_REFERENCE.contains(&expression.source.as_str()));
        others.map(|expression| {
            let mut text = String::new();
            expression.say(variables, &mut text).map_or_else(|_| UNKNOWN.to_owned(), |()| text)
        })
    }

    /// The text with these values in the places of its expressions.
    pub fn fill<'v>(&self, resource: &ResourceRef, values: &mut impl Iterator<Item = &'v String>) -> String {
        let mut text = String::new();
        for part in &self.parts {
            text.push_str(match part {
                Part::Text(text) => text,
                Part::Expression(expression) => match expression.source.as_str() {
                    "name" => &resource.name,
                    "arn" => &resource.arn,
                    "account" => &resource.account,
                    "region" => &resource.region,
                    _ => values.next().map_or(UNKNOWN, String::as_str),
                },
            });
        }
        text
    }

    /// The text where there is no resource to fill it in with: every expression as a placeholder,
    /// such as `<name>`.
    pub fn outline(&self) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Expression(expression) => placeholder(expression),
            })
            .collect()
    }

    fn try_render(&self, variables: &impl Values, unknown: impl Fn(&ExecutionError) -> Option<String>) -> Option<String> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Expression(expression) => {
                    if let Err(error) = expression.say(variables, &mut text) {
                        text.push_str(&unknown(&error)?);
                    }
                }
            }
        }
        Some(text)
    }
}
