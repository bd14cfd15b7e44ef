//! The parameters of rules: their defaults, and the values that a user sets.

use std::collections::BTreeMap;

use super::load::LoadError;
use super::rule::{Param, Rule};
use crate::suggest;
use crate::value::{IntoNode, Node};

/// The values that a user sets, by rule and name.
pub struct Overrides(BTreeMap<(String, String), serde_json::Value>);

impl Overrides {
    /// Reads assignments, of which the last counts; each names a rule's parameter and fits it.
    pub fn new(params: &[(String, String)], rules: &[Rule]) -> Result<Self, LoadError> {
        let mut overrides = BTreeMap::new();
        for (target, text) in params {
            let refuse = |reason: String| LoadError::Selection(format!("parameter {target}={text}: {reason}").into());
            let (id, name) = target.rsplit_once('.').ok_or_else(|| refuse("write RULE.NAME=VALUE".to_owned()))?;
            let rule = rules
                .iter()
                .find(|rule| rule.id == id)
                .ok_or_else(|| refuse(format!("there is no rule {id}{}", suggest::nearest(id, rules.iter().map(|rule| rule.id.as_str())))))?;
            let param = rule
                .params
                .get(name)
                .ok_or_else(|| refuse(format!("{id} has no parameter {name}{}", suggest::nearest(name, rule.params.keys().map(String::as_str)))))?;
            overrides.insert((id.to_owned(), name.to_owned()), param.parse(text).map_err(refuse)?);
        }
        Ok(Self(overrides))
    }

    /// The parameters of a rule.
    pub fn params_of(&self, rule: &Rule) -> Node<'static> {
        let values = rule.params.iter().map(|(name, param)| {
            let value = self.0.get(&(rule.id.clone(), name.clone())).unwrap_or(&param.default);
            (name.clone().into(), node_of(value))
        });
        Node::map(values)
    }
}

/// JSON as a value of expressions.
pub fn node_of(value: &serde_json::Value) -> Node<'static> {
    use serde_json::Value as Json;
    let node = match value {
        Json::Null => Some(Node::Null(cel::common::types::CelNull)),
        Json::Bool(value) => value.into_node(),
        Json::Number(number) => number.as_i64().map_or_else(|| number.as_f64().and_then(IntoNode::into_node), IntoNode::into_node),
        Json::String(text) => text.clone().into_node(),
        Json::Array(values) => Some(Node::List(values.iter().map(node_of).collect())),
        Json::Object(fields) => Some(Node::map(fields.iter().map(|(name, value)| (name.clone().into(), node_of(value))))),
    };
    node.unwrap_or(Node::Null(cel::common::types::CelNull))
}

impl Param {
    /// Reads a value of the default's type and within the bounds; the error says what is wanted.
    fn parse(&self, text: &str) -> Result<serde_json::Value, String> {
        use serde_json::Value as Json;
        match &self.default {
            Json::Bool(_) => text.parse::<bool>().map(Json::from).map_err(|_| "true or false is wanted".to_owned()),
            Json::Number(default) if default.is_i64() => {
                let value = text.parse::<i64>().map_err(|_| "a whole number is wanted".to_owned())?;
                #[expect(clippy::cast_precision_loss, reason = "bounds are small")]
                self.within(value as f64).map(|()| value.into())
            }
            Json::Number(_) => {
                let value = text.parse::<f64>().ok().filter(|value| value.is_finite()).ok_or("a number is wanted")?;
                self.within(value).map(|()| value.into())
            }
            Json::Array(_) => Ok(text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(Json::from).collect()),
            _ => Ok(text.into()),
        }
    }

    fn within(&self, value: f64) -> Result<(), String> {
        match (self.min, self.max) {
            (Some(min), _) if value < min => Err(format!("{min} is the least")),
            (_, Some(max)) if value > max => Err(format!("{max} is the most")),
            _ => Ok(()),
        }
    }
}
