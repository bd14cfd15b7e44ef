//! The grammar of policy documents.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// A policy document in the grammar of IAM.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Policy {
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    pub(super) statement: OneOrMany<Statement>,
}

/// One statement of a policy.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Statement {
    pub sid: Option<String>,
    pub effect: Effect,
    pub principal: Option<Principal>,
    pub not_principal: Option<Principal>,
    pub action: Option<OneOrMany<String>>,
    pub not_action: Option<OneOrMany<String>>,
    pub resource: Option<OneOrMany<String>>,
    pub not_resource: Option<OneOrMany<String>>,
    #[serde(default)]
    pub condition: Conditions,
}

/// What a statement does where it applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Effect {
    Allow,
    Deny,
}

/// The conditions of a statement: values by key by operator. All must hold.
pub type Conditions = BTreeMap<String, BTreeMap<String, OneOrMany<Scalar>>>;

/// Whom a statement of a resource's policy speaks of.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Principal {
    Everyone(String),
    Of(BTreeMap<String, OneOrMany<String>>),
}

/// A value, or a list of them.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl<T> OneOrMany<T> {
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        match self {
            Self::One(one) => std::slice::from_ref(one).iter(),
            Self::Many(many) => many.iter(),
        }
    }
}

/// Condition values are strings, but policies write booleans and numbers too.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    Text(String),
    Bool(bool),
    Number(serde_json::Number),
}

impl Scalar {
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Bool(value) => Cow::Owned(value.to_string()),
            Self::Number(number) => Cow::Owned(number.to_string()),
        }
    }
}

impl Statement {
    /// The patterns of `Resource` or `NotResource`.
    pub fn resources(&self) -> impl Iterator<Item = &str> {
        self.resource.iter().chain(&self.not_resource).flat_map(OneOrMany::iter).map(String::as_str)
    }
}

/// The elements of a document.
const OF_DOCUMENT: [&str; 3] = ["Version", "Id", "Statement"];

/// Those of a statement that names no principal.
const OF_CONTROL: [&str; 7] = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];

fn keys(object: &Value) -> impl Iterator<Item = &str> {
    object.as_object().into_iter().flat_map(|object| object.keys().map(String::as_str))
}

impl Policy {
    /// Reads a document.
    ///
    /// # Errors
    ///
    /// Why it is no policy.
    pub fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| format!("the policy cannot be read: {error}"))
    }

    /// Reads a document that is to take rights away: one that says anything beyond what is known here is
    /// refused, lest it be taken to say more or less than it does.
    ///
    /// # Errors
    ///
    /// Why it is no such policy.
    pub fn parse_strictly(text: &str) -> Result<Self, String> {
        let policy = Self::parse(text)?;
        let document: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let statements = match &document["Statement"] {
            Value::Array(statements) => statements.as_slice(),
            one => std::slice::from_ref(one),
        };
        let elements = keys(&document).filter(|key| !OF_DOCUMENT.contains(key));
        let strange = elements.chain(statements.iter().flat_map(keys).filter(|key| !OF_CONTROL.contains(key))).next();
        if let Some(strange) = strange {
            return Err(format!("the meaning of its element {strange} is not decided here"));
        }
        let one_of = |statement: &Value, element: &str| statement.get(element).is_some() != statement.get(format!("Not{element}")).is_some();
        let are_whole = statements.iter().all(|statement| one_of(statement, "Action") && one_of(statement, "Resource"));
        if are_whole { Ok(policy) } else { Err("a statement does not say of which actions and resources it speaks".to_owned()) }
    }

    /// The statements, each with a name to show: its `Sid`, or its position.
    pub fn statements(&self) -> impl Iterator<Item = (Cow<'_, str>, &Statement)> {
        self.statement.iter().enumerate().map(|(position, statement)| {
            let sid = statement.sid.as_deref().filter(|sid| !sid.is_empty());
            (sid.map_or_else(|| Cow::Owned(format!("statement {}", position + 1)), Cow::Borrowed), statement)
        })
    }

    /// Whether `${…}` is a variable: the first version of the language has none.
    pub(super) fn has_variables(&self) -> bool {
        self.version.as_deref() == Some("2012-10-17")
    }
}
