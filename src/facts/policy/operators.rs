//! The condition operators.

use std::cmp::Ordering;
use std::net::IpAddr;

use chrono::{DateTime, NaiveDate, Utc};
use ipnet::IpNet;

use super::Answer;
use super::context::{Context, Value};
use super::document::{OneOrMany, Scalar};
use super::pattern::{self, Case, Resolved, Token};

/// An operator, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operator {
    pub quantifier: Option<Quantifier>,
    pub comparison: Comparison,
    /// `StringNotEquals` and its like: none of the policy's values may match.
    pub negated: bool,
    pub if_exists: bool,
}

/// What of a key with several values has to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    ForAllValues,
    ForAnyValue,
}

/// How one value of the request is compared with one of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equals(Case),
    Like,
    Arn,
    Number(Order),
    Date(Order),
    Bool,
    Binary,
    Ip,
    Null,
}

/// The order that a number or date has to have to the policy's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Operator {
    /// Reads an operator's name, whatever its case; none where IAM has no such operator.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let (quantifier, name) = match name.split_once(':') {
            Some(("forallvalues", rest)) => (Some(Quantifier::ForAllValues), rest),
            Some(("foranyvalue", rest)) => (Some(Quantifier::ForAnyValue), rest),
            Some(_) => return None,
            None => (None, name.as_str()),
        };
        let (name, if_exists) = name.strip_suffix("ifexists").map_or((name, false), |name| (name, true));
        let (comparison, negated) = match name {
            "stringequals" => (Comparison::Equals(Case::Matters), false),
            "stringnotequals" => (Comparison::Equals(Case::Matters), true),
            "stringequalsignorecase" => (Comparison::Equals(Case::Ignored), false),
            "stringnotequalsignorecase" => (Comparison::Equals(Case::Ignored), true),
            "stringlike" => (Comparison::Like, false),
            "stringnotlike" => (Comparison::Like, true),
            "arnequals" | "arnlike" => (Comparison::Arn, false),
            "arnnotequals" | "arnnotlike" => (Comparison::Arn, true),
            "numericequals" => (Comparison::Number(Order::Equal), false),
            "numericnotequals" => (Comparison::Number(Order::Equal), true),
            "numericlessthan" => (Comparison::Number(Order::Less), false),
            "numericlessthanequals" => (Comparison::Number(Order::LessOrEqual), false),
            "numericgreaterthan" => (Comparison::Number(Order::Greater), false),
            "numericgreaterthanequals" => (Comparison::Number(Order::GreaterOrEqual), false),
            "dateequals" => (Comparison::Date(Order::Equal), false),
            "datenotequals" => (Comparison::Date(Order::Equal), true),
            "datelessthan" => (Comparison::Date(Order::Less), false),
            "datelessthanequals" => (Comparison::Date(Order::LessOrEqual), false),
            "dategreaterthan" => (Comparison::Date(Order::Greater), false),
            "dategreaterthanequals" => (Comparison::Date(Order::GreaterOrEqual), false),
            "bool" => (Comparison::Bool, false),
            "binaryequals" => (Comparison::Binary, false),
            "ipaddress" => (Comparison::Ip, false),
            "notipaddress" => (Comparison::Ip, true),
            "null" => (Comparison::Null, false),
            _ => return None,
        };
        Some(Self { quantifier, comparison, negated, if_exists })
    }

    /// Whether the operator holds where the request has not the key.
    pub fn holds_without_key(self) -> bool {
        match self.quantifier {
            Some(Quantifier::ForAllValues) => true,
            _ if self.if_exists => true,
            Some(Quantifier::ForAnyValue) => false,
            None => self.negated,
        }
    }
}

/// Whether a condition holds in a request.
pub fn holds(operator: &str, key: &str, values: &OneOrMany<Scalar>, variables: bool, context: &Context) -> Answer {
    let Some(operator) = Operator::parse(operator) else { return Answer::maybe(key) };
    let of_request = match (operator.comparison, context.value(key)) {
        (_, Value::Unknown) => return Answer::maybe(key),
        (Comparison::Null, value) => {
            let wanted = values.iter().any(|value| value.text().eq_ignore_ascii_case("true"));
            return ((value == Value::Absent) == wanted).into();
        }
        (_, Value::Absent) => return operator.holds_without_key().into(),
        (_, Value::Known(of_request)) => of_request,
    };
    let of_one = |value: &String| {
        let matching = Answer::any(values.iter().map(|wanted| compare(operator.comparison, &wanted.text(), value, key, variables, context)));
        if operator.negated { matching.not() } else { matching }
    };
    let mut answers = of_request.iter().map(of_one);
    match operator.quantifier {
        Some(Quantifier::ForAllValues) => Answer::all(&mut answers),
        _ => Answer::any(&mut answers),
    }
}

/// Compares a value of the request with one of the policy.
fn compare(comparison: Comparison, wanted: &str, value: &str, key: &str, variables: bool, context: &Context) -> Answer {
    let plain = || Resolved::Known(wanted.chars().map(Token::of).collect());
    let tokens = match if variables { pattern::resolve(wanted, context) } else { plain() } {
        Resolved::Known(tokens) => tokens,
        Resolved::Absent => return Answer::No,
        Resolved::Unknown(_, key) => return Answer::maybe(key),
    };
    let text = || tokens.iter().map(|token| token.letter()).collect::<String>();
    let known = match comparison {
        Comparison::Like => Some(pattern::matches_tokens(tokens.iter().copied(), value, Case::Matters)),
        Comparison::Arn => matches_arn(&tokens, value),
        Comparison::Equals(Case::Matters) | Comparison::Binary => Some(text() == value),
        Comparison::Equals(Case::Ignored) => Some(text().to_lowercase() == value.to_lowercase()),
        Comparison::Bool => Some(text().eq_ignore_ascii_case(value)),
        Comparison::Number(order) => ordered(order, text().parse::<f64>().ok(), value.parse::<f64>().ok()),
        Comparison::Date(order) => ordered(order, date(&text()), date(value)),
        Comparison::Ip => network(&text()).zip(value.parse::<IpAddr>().ok()).map(|(network, address)| network.contains(&address)),
        Comparison::Null => None,
    };
    known.map_or_else(|| Answer::maybe(key), Answer::from)
}

/// Each of the six parts of an ARN is matched by itself, so that a wildcard spans no colon but those
/// of the last part. What a shorter pattern with wildcards matches, such as `*`, AWS does not say.
fn matches_arn(pattern: &[Token], arn: &str) -> Option<bool> {
    let parts: Vec<_> = pattern.splitn(6, |token| *token == Token::Letter(':')).collect();
    let arn: Vec<_> = arn.splitn(6, ':').collect();
    if parts.len() < arn.len() && pattern.contains(&Token::Many) {
        return None;
    }
    let mut pairs = parts.iter().zip(&arn);
    Some(parts.len() == arn.len() && pairs.all(|(pattern, part)| pattern::matches_tokens(pattern.iter().copied(), part, Case::Matters)))
}

fn ordered<T: PartialOrd>(order: Order, wanted: Option<T>, value: Option<T>) -> Option<bool> {
    let found = value?.partial_cmp(&wanted?)?;
    Some(match order {
        Order::Equal => found == Ordering::Equal,
        Order::Less => found == Ordering::Less,
        Order::LessOrEqual => found != Ordering::Greater,
        Order::Greater => found == Ordering::Greater,
        Order::GreaterOrEqual => found != Ordering::Less,
    })
}

/// A date in ISO 8601, with or without a time, or in seconds since 1970.
fn date(text: &str) -> Option<DateTime<Utc>> {
    let seconds = || DateTime::from_timestamp(text.parse().ok()?, 0);
    let day = || text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0).map(|time| time.and_utc());
    text.parse::<DateTime<Utc>>().ok().or_else(seconds).or_else(day)
}

/// A network in CIDR notation; an address alone is one of a single address.
pub fn network(text: &str) -> Option<IpNet> {
    text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}
