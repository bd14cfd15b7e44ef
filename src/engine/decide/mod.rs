//! Decides what can be decided of an expression without interpreting it: comparisons of what is read with what is
//! written, and what is made of these with `&&`, `||`, `!`, `?:`, `has()`, `in`, `size()`, `all()` and `exists()`.
//!
//! It says yes or no only where `cel` would; whatever is unread, absent, of another type or not among these it leaves
//! to `cel`, whose errors are the ones that count. A test holds both against each other on every case of every rule.

mod parse;
mod shown;

use std::cmp::Ordering;

use cel::context::VariableResolver;
use chrono::{DateTime, Datelike, FixedOffset, TimeDelta};

use crate::value::Node;

pub use parse::kept_by;
pub use shown::Shown;

/// Variables by what they are, not by their names.
pub trait Values: VariableResolver {
    /// The value of a variable; none where it is left to `cel`, by name.
    fn value(&self, _variable: Variable) -> Option<Value<'_>> {
        None
    }
}

/// What an expression may begin a path with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variable {
    Resource,
    Tags,
    TagKeys,
    Params,
    Name,
    Arn,
    Account,
    Region,
    Now,
    /// By its position in [`FACTS`](crate::facts::FACTS).
    Fact(usize),
}

/// A value that is at hand.
#[derive(Debug, Clone, Copy)]
pub enum Value<'n> {
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(&'n str),
    Time(DateTime<FixedOffset>),
    Span(TimeDelta),
    /// A list or a map.
    Node(&'n Node<'n>),
}

/// The years of which no difference, and no difference with a span of as many years, is out of `cel`'s range.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;
/// The longest span.
const LONGEST: TimeDelta = TimeDelta::days(300 * 365);

impl<'n> Value<'n> {
    /// The value of a node; none for what is unread or null.
    pub fn of(node: &'n Node<'_>) -> Option<Self> {
        match node {
            Node::Bool(value) => Some(Self::Bool(*value.inner())),
            Node::Int(value) => Some(Self::Int(*value.inner())),
            Node::String(text) => Some(Self::Text(text.inner())),
            Node::List(_) | Node::Map(_) => Some(Self::Node(node)),
            Node::Double(value) => Some(Self::Double(*value.inner())),
            Node::Null(_) | Node::Gap(_) => None,
        }
    }
}

/// An expression that is true or false.
#[derive(Debug, Clone)]
pub enum Test {
    And(Box<[Self; 2]>),
    Or(Box<[Self; 2]>),
    Not(Box<Self>),
    Choice(Box<[Self; 3]>),
    /// Whether a map has a field.
    Has(Operand, Box<str>),
    /// Whether two values are the same, or not.
    Same(bool, Operand, Operand),
    Compare(Comparison, Operand, Operand),
    OneOf(Operand, Box<[Literal]>),
    In(Operand, Operand),
    Text(fn(&str, &str) -> bool, Operand, Operand),
    Matches(Operand, regex::Regex),
    /// Of each element of a list.
    All(Operand, Box<Self>),
    /// Of some element of a list.
    Exists(Operand, Box<Self>),
    Operand(Operand),
    /// What only `cel` can tell.
    Undecided,
}

/// A value in an expression.
#[derive(Debug, Clone)]
pub enum Operand {
    Literal(Literal),
    Path(Start, Box<[Box<str>]>),
    Size(Box<Self>),
    /// How many elements of a list `filter()` keeps.
    Count(Box<(Self, Test)>),
    /// The time that a text says.
    Timestamp(Box<Self>),
    /// So many times this.
    Duration(Box<Self>, TimeDelta),
    Difference(Box<[Self; 2]>),
    Product(Box<[Self; 2]>),
    /// The number that a text says.
    Integer(Box<Self>),
    /// One of the pieces into which `split()` cuts a text.
    Piece(Box<Self>, Box<str>, usize),
}

/// Where a path begins.
#[derive(Debug, Clone, Copy)]
pub enum Start {
    Variable(Variable),
    /// An element of the list that `all()` or `exists()` goes through, by how many of these are around it.
    Element(usize),
}

/// A value that is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Bool(bool),
    Int(i64),
    Text(Box<str>),
}

/// Which order of two values is wanted.
pub type Comparison = fn(Ordering) -> bool;

impl Test {
    /// What the expression says, where that is certain.
    pub fn decide<'n>(&'n self, variables: &'n impl Values) -> Option<bool> {
        self.among(variables, &mut Vec::new())
    }

    fn among<'n>(&'n self, variables: &'n impl Values, elements: &mut Vec<&'n Node<'n>>) -> Option<bool> {
        match self {
            // As with `cel`, the side that decides does so whatever the other is.
            Self::And(sides) => match sides[0].among(variables, elements) {
                Some(false) => Some(false),
                left => sides[1].among(variables, elements).and_then(|right| if right { left } else { Some(false) }),
            },
            Self::Or(sides) => match sides[0].among(variables, elements) {
                Some(true) => Some(true),
                left => sides[1].among(variables, elements).and_then(|right| if right { Some(true) } else { left }),
            },
            Self::Not(of) => of.among(variables, elements).map(|is| !is),
            Self::Choice(of) => of[if of[0].among(variables, elements)? { 1 } else { 2 }].among(variables, elements),
            Self::Has(of, field) => match of.value(variables, elements)? {
                Value::Node(map @ Node::Map(_)) => match map.get(field) {
                    Some(Node::Gap(_)) => None,
                    found => Some(found.is_some()),
                },
                _ => None,
            },
            Self::Same(wanted, left, right) => match (left.value(variables, elements)?, right.value(variables, elements)?) {
                (Value::Text(left), Value::Text(right)) => Some((left == right) == *wanted),
                (Value::Int(left), Value::Int(right)) => Some((left == right) == *wanted),
                (Value::Bool(left), Value::Bool(right)) => Some((left == right) == *wanted),
                _ => None,
            },
            Self::Compare(wanted, left, right) => match (left.value(variables, elements)?, right.value(variables, elements)?) {
                (Value::Text(left), Value::Text(right)) => Some(wanted(left.cmp(right))),
                (Value::Int(left), Value::Int(right)) => Some(wanted(left.cmp(&right))),
                (Value::Double(left), Value::Double(right)) => left.partial_cmp(&right).map(wanted),
                (Value::Time(left), Value::Time(right)) => Some(wanted(left.cmp(&right))),
                (Value::Span(left), Value::Span(right)) => Some(wanted(left.cmp(&right))),
                _ => None,
            },
            Self::OneOf(of, literals) => match of.value(variables, elements)? {
                Value::Node(_) | Value::Double(_) | Value::Time(_) | Value::Span(_) => None,
                value => Some(literals.iter().any(|literal| literal.is(value))),
            },
            Self::In(of, container) => match (of.value(variables, elements)?, container.value(variables, elements)?) {
                (Value::Text(text), Value::Node(Node::List(nodes))) => Some(nodes.iter().any(|node| node.as_str() == Some(text))),
                (Value::Text(text), Value::Node(map @ Node::Map(_))) => match map.get(text) {
                    Some(Node::Gap(_)) => None,
                    found => Some(found.is_some()),
                },
                _ => None,
            },
            Self::Text(holds, of, with) => match (of.value(variables, elements)?, with.value(variables, elements)?) {
                (Value::Text(text), Value::Text(with)) => Some(holds(text, with)),
                _ => None,
            },
            Self::Matches(of, pattern) => match of.value(variables, elements)? {
                Value::Text(text) => Some(pattern.is_match(text)),
                _ => None,
            },
            Self::All(list, test) => test.of_each(list, variables, elements, false),
            Self::Exists(list, test) => test.of_each(list, variables, elements, true),
            Self::Operand(of) => match of.value(variables, elements)? {
                Value::Bool(is) => Some(is),
                _ => None,
            },
            Self::Undecided => None,
        }
    }

    /// Whether it is `decisive` of one element; one that is decides, whatever the others are.
    fn of_each<'n>(&'n self, list: &'n Operand, variables: &'n impl Values, elements: &mut Vec<&'n Node<'n>>, decisive: bool) -> Option<bool> {
        let Value::Node(Node::List(nodes)) = list.value(variables, elements)? else { return None };
        let mut outcome = Some(!decisive);
        for node in nodes.iter() {
            elements.push(node);
            let is = self.among(variables, elements);
            elements.pop();
            match is {
                Some(is) if is == decisive => return Some(decisive),
                Some(_) => {}
                None => outcome = None,
            }
        }
        outcome
    }
}

impl Operand {
    /// The value, where it is at hand.
    pub fn value<'n>(&'n self, variables: &'n impl Values, elements: &mut Vec<&'n Node<'n>>) -> Option<Value<'n>> {
        match self {
            Self::Literal(Literal::Bool(value)) => Some(Value::Bool(*value)),
            Self::Literal(Literal::Int(value)) => Some(Value::Int(*value)),
            Self::Literal(Literal::Text(text)) => Some(Value::Text(text)),
            Self::Path(start, fields) => {
                let start = match start {
                    Start::Variable(variable) => variables.value(*variable)?,
                    Start::Element(position) => Value::of(elements.get(*position)?)?,
                };
                let Some((last, before)) = fields.split_last() else { return Some(start) };
                let Value::Node(node) = start else { return None };
                Value::of(before.iter().try_fold(node, |node, field| node.get(field))?.get(last)?)
            }
            Self::Size(of) => match of.value(variables, elements)? {
                Value::Node(Node::List(nodes)) => i64::try_from(nodes.len()).ok().map(Value::Int),
                _ => None,
            },
            Self::Count(of) => {
                let (list, test) = &**of;
                let Value::Node(Node::List(nodes)) = list.value(variables, elements)? else { return None };
                let mut count = 0;
                for node in nodes.iter() {
                    elements.push(node);
                    let is = test.among(variables, elements);
                    elements.pop();
                    count += i64::from(is?);
                }
                Some(Value::Int(count))
            }
            Self::Timestamp(of) => match of.value(variables, elements)? {
                Value::Text(text) => DateTime::parse_from_rfc3339(text).ok().filter(|time| YEARS.contains(&time.year())).map(Value::Time),
                _ => None,
            },
            Self::Duration(of, unit) => match of.value(variables, elements)? {
                Value::Int(count) => unit.checked_mul(i32::try_from(count).ok()?).filter(|span| span.abs() < LONGEST).map(Value::Span),
                _ => None,
            },
            Self::Difference(of) => match (of[0].value(variables, elements)?, of[1].value(variables, elements)?) {
                (Value::Time(left), Value::Time(right)) => Some(Value::Span(left - right)),
                (Value::Time(left), Value::Span(right)) => left.checked_sub_signed(right).map(Value::Time),
                _ => None,
            },
            Self::Product(of) => match (of[0].value(variables, elements)?, of[1].value(variables, elements)?) {
                (Value::Int(left), Value::Int(right)) => left.checked_mul(right).map(Value::Int),
                _ => None,
            },
            Self::Integer(of) => match of.value(variables, elements)? {
                Value::Text(text) => text.parse().ok().map(Value::Int),
                _ => None,
            },
            Self::Piece(of, between, position) => match of.value(variables, elements)? {
                Value::Text(text) => text.split(&**between).nth(*position).map(Value::Text),
                _ => None,
            },
        }
    }
}

impl Literal {
    fn is(&self, value: Value<'_>) -> bool {
        match (self, value) {
            (Self::Bool(literal), Value::Bool(value)) => *literal == value,
            (Self::Int(literal), Value::Int(value)) => *literal == value,
            (Self::Text(literal), Value::Text(value)) => **literal == *value,
            _ => false,
        }
    }
}
