//! The cases of a rule: what it says of a resource that differs from a compliant one in what the
//! case gives.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};

use super::expression::Expression;
use super::judge::{Verdict, verdict};
use super::rule::{Rule, RuleFile};
use super::variables::{Subject, Variables};
use crate::facts;
use crate::inventory::{Gap, Kind, Reason, Resource, shape::Timestamp};
use crate::value::{IntoNode, Node};

/// One case of a rule file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    /// What differs from the compliant resource, by variable: a null takes a field away, and
    /// `!gap` makes it unreadable.
    #[serde(default)]
    pub given: BTreeMap<String, Given>,
    /// The kind, for a rule of several; the first by default.
    pub kind: Option<String>,
    /// Parameters that differ from their defaults.
    #[serde(default)]
    pub params: BTreeMap<String, serde_json::Value>,
    pub expect: Expect,
    /// The message of a failing case, word for word.
    pub message: Option<String>,
}

/// What a case expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expect {
    Pass,
    Fail,
    NotAssessed,
    NotApplicable,
}

impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotAssessed => "not-assessed",
            Self::NotApplicable => "not-applicable",
        })
    }
}

/// A value in a case or a fixture: what YAML can write, and `!gap`.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    String(String),
    List(Vec<Given>),
    Map(Vec<(String, Given)>),
    Gap,
}

/// The compliant resource of a kind: its data under `resource`, and facts by their names.
pub type Fixture = BTreeMap<String, Given>;

/// The time at which cases are judged.
pub const NOW: &str = "2026-11-22T09:00:00Z";

/// The account of the resources of cases.
const ACCOUNT: &str = "111122223333";

/// The fixture of a kind, from the built-in ones.
pub fn fixture(kind: Kind) -> Result<Fixture, String> {
    let name = format!("{}.yaml", kind.name.replace("::", "."));
    let (_, text) = super::load::FIXTURE_FILES
        .iter()
        .find(|(file, _)| *file == name)
        .ok_or_else(|| format!("there is no fixture for {kind} (fixtures/resources/{name})"))?;
    serde_saphyr::from_str(text).map_err(|error| format!("fixtures/resources/{name}: {}", error.without_snippet()))
}

/// A case that did not come out as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub case: String,
    pub reason: String,
}

/// Runs all cases of a rule; the number that ran, and those that failed.
pub fn run(file: &RuleFile, rule: &Rule) -> (usize, Vec<Failure>) {
    let failures = file.cases.iter().filter_map(|case| {
        let reason = check(case, rule).err()?;
        Some(Failure { case: case.name.clone(), reason })
    });
    (file.cases.len(), failures.collect())
}

/// The kind that a case speaks of.
pub fn kind_of(case: &Case, rule: &Rule) -> Result<Kind, String> {
    match &case.kind {
        None => Ok(rule.kinds[0]),
        Some(name) => rule.kinds.iter().copied().find(|kind| kind.name == name).ok_or_else(|| format!("{name} is none of the rule's resource kinds")),
    }
}

/// The compliant resource with what differs in a case.
pub fn given(case: &Case, rule: &Rule) -> Result<Fixture, String> {
    let mut given = fixture(kind_of(case, rule)?)?;
    given.insert(facts::TRUSTED.name.to_owned(), trusted());
    for (variable, patch) in &case.given {
        let slot = given.entry(variable.clone()).or_insert(Given::Map(Vec::new()));
        slot.merge(patch);
    }
    Ok(given)
}

/// Looks at what is given in a case as a rule would.
pub fn look<T>(given: &Fixture, case: &Case, rule: &Rule, at: impl FnOnce(&Variables<'_, '_, '_>) -> T) -> Result<T, String> {
    let now = NOW.parse::<Timestamp>().map_err(|error| error.to_string())?;
    let resource = resource(kind_of(case, rule)?)?;
    let mut known: BTreeMap<String, Node<'_>> = given.iter().map(|(name, value)| (name.clone(), value.node())).collect();
    let data = known.remove("resource").unwrap_or_else(|| Node::map([]));
    let tags = known.remove("tags").unwrap_or_else(|| Node::map([]));
    let subject = Subject::given(&resource, data, tags, known, now);
    let params = params(case, rule);
    Ok(at(&Variables { subject: &subject, params: &params }))
}

fn check(case: &Case, rule: &Rule) -> Result<(), String> {
    look(&given(case, rule)?, case, rule, |variables| check_given(case, rule, variables))?
}

fn check_given(case: &Case, rule: &Rule, variables: &Variables<'_, '_, '_>) -> Result<(), String> {
    let outcome = match verdict(variables, rule.when.as_ref(), &rule.require) {
        Ok(Verdict::Pass) => Expect::Pass,
        Ok(Verdict::Fail) => Expect::Fail,
        Ok(Verdict::NotApplicable) => Expect::NotApplicable,
        Err(_) => Expect::NotAssessed,
    };
    if outcome != case.expect {
        let why = match verdict(variables, rule.when.as_ref(), &rule.require) {
            Err(error) => super::judge::gaps_behind(&error, variables.subject, &rule.paths).iter().map(|gap| format!(" ({gap})")).collect(),
            Ok(_) => String::new(),
        };
        return Err(format!("expected {}, got {outcome}{why}", case.expect));
    }
    if outcome == Expect::Fail {
        let message = rule.message.render_strictly(variables).ok_or("the message reads something that the resource lacks")?;
        if rule.remediation.templates().any(|template| template.render_strictly(variables).is_none()) {
            return Err("the remediation reads something that the resource lacks".to_owned());
        }
        let shows = |expression: &Expression| expression.evaluate(variables).map_or_else(|error| crate::value::gap_of(&error).is_some(), |_| true);
        if let Some(expression) = rule.evidence.iter().find(|expression| !shows(expression)) {
            return Err(format!("the evidence {} reads something that the resource lacks", expression.source));
        }
        if let Some(expected) = &case.message
            && *expected != message
        {
            return Err(format!("expected the message {expected:?}, got {message:?}"));
        }
    }
    Ok(())
}

fn resource(kind: Kind) -> Result<Resource, String> {
    Ok(Resource {
        kind,
        arn: format!("arn:aws:{}:us-east-1:{ACCOUNT}:example", kind.service),
        account: ACCOUNT.to_owned(),
        region: "us-east-1".to_owned(),
        tags: BTreeMap::new(),
        data: serde_json::value::RawValue::from_string("{}".to_owned()).map_err(|error| error.to_string())?,
        gaps: Vec::new(),
        memo: Default::default(),
    })
}

/// Whom a case trusts unless it says otherwise: the account of its resource, which is in no organization.
fn trusted() -> Given {
    let field = |name: &str, value| (name.to_owned(), value);
    let accounts = Given::List(vec![Given::String(ACCOUNT.to_owned())]);
    let own = Given::String(String::new());
    Given::Map(vec![field("accounts", accounts), field("organizations", Given::List(Vec::new())), field("own_organization", own)])
}

fn params(case: &Case, rule: &Rule) -> Node<'static> {
    let values =
        rule.params.iter().map(|(name, param)| (Cow::Owned(name.clone()), super::params::node_of(case.params.get(name).unwrap_or(&param.default))));
    Node::map(values)
}

impl Given {
    /// Lays a patch over the value as a JSON merge patch does (RFC 7396): maps merge, a null takes
    /// away, all else replaces.
    fn merge(&mut self, patch: &Self) {
        let Self::Map(changes) = patch else {
            *self = patch.clone();
            return;
        };
        if !matches!(self, Self::Map(_)) {
            *self = Self::Map(Vec::new());
        }
        let Self::Map(fields) = self else { return };
        for (name, change) in changes {
            let position = fields.iter().position(|(field, _)| field == name);
            match (position, change) {
                (Some(position), Self::Null) => {
                    fields.remove(position);
                }
                (Some(position), _) => fields[position].1.merge(change),
                (None, Self::Null) => {}
                (None, _) => {
                    let mut value = Self::Null;
                    value.merge(change);
                    fields.push((name.clone(), value));
                }
            }
        }
    }

    fn node(&self) -> Node<'static> {
        let node = match self {
            Self::Null => None,
            Self::Bool(value) => value.into_node(),
            Self::Int(value) => value.into_node(),
            Self::Double(value) => value.into_node(),
            Self::String(value) => value.clone().into_node(),
            Self::List(values) => Some(Node::List(values.iter().map(Self::node).collect())),
            Self::Map(fields) => Some(Node::map(fields.iter().map(|(name, value)| (Cow::Owned(name.clone()), value.node())))),
            Self::Gap => Some(Node::Gap(Arc::new(Gap::new("case", Reason::AccessDenied, "given as a gap")))),
        };
        node.unwrap_or(Node::Null(cel::common::types::CelNull))
    }

    /// Every path inside, with the variable first, for checks against the schema.
    pub fn paths(&self, prefix: &[String]) -> Vec<Vec<String>> {
        match self {
            Self::Map(fields) if !fields.is_empty() => {
                fields.iter().flat_map(|(name, value)| value.paths(&[prefix, std::slice::from_ref(name)].concat())).collect()
            }
            Self::List(values) if !values.is_empty() => {
                let element = [prefix, &[super::expression::ELEMENT.to_owned()]].concat();
                values.iter().flat_map(|value| value.paths(&element)).collect()
            }
            _ => vec![prefix.to_vec()],
        }
    }

    /// Whether a gap stands anywhere inside.
    pub fn has_gap(&self) -> bool {
        match self {
            Self::Gap => true,
            Self::List(values) => values.iter().any(Self::has_gap),
            Self::Map(fields) => fields.iter().any(|(_, value)| value.has_gap()),
            _ => false,
        }
    }

    /// Whether a gap stands as an element of a list, where only fields can be unread.
    pub fn has_gap_in_list(&self) -> bool {
        match self {
            Self::List(values) => values.iter().any(|value| *value == Self::Gap || value.has_gap_in_list()),
            Self::Map(fields) => fields.iter().any(|(_, value)| value.has_gap_in_list()),
            _ => false,
        }
    }
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let serde_saphyr::Tagged(Untagged(value), tag) = Deserialize::deserialize(deserializer)?;
        match tag.as_deref() {
            Some("!gap") => Ok(Self::Gap),
            Some(tag) if tag.starts_with('!') => Err(de::Error::custom(format!("unknown tag {tag}; only !gap is known"))),
            _ => Ok(value),
        }
    }
}

/// A value whose tag has been taken off.
struct Untagged(Given);

impl<'de> Deserialize<'de> for Untagged {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct GivenVisitor;
        impl<'de> Visitor<'de> for GivenVisitor {
            type Value = Given;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }
            fn visit_unit<E>(self) -> Result<Given, E> {
                Ok(Given::Null)
            }
            fn visit_none<E>(self) -> Result<Given, E> {
                Ok(Given::Null)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Given, E> {
                Ok(Given::Bool(value))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Given, E> {
                Ok(Given::Int(value))
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Given, E> {
                i64::try_from(value).map(Given::Int).map_err(de::Error::custom)
            }
            fn visit_f64<E>(self, value: f64) -> Result<Given, E> {
                Ok(Given::Double(value))
            }
            fn visit_str<E>(self, value: &str) -> Result<Given, E> {
                Ok(Given::String(value.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Given, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = seq.next_element()? {
                    values.push(value);
                }
                Ok(Given::List(values))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Given, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Given::Map(fields))
            }
        }
        deserializer.deserialize_any(GivenVisitor).map(Untagged)
    }
}
