//! Decides what can be decided of an expression without interpreting it: comparisons of what is read with what is
//! written, and what is made of these with `&&`, `||`, `!`, `?:`, `has()`, `in`, `size()`, `all()` and `exists()`.
//!
//! It says yes or no only where `cel` would; whatever is unread, absent, of another type or not among these it leaves
//! to `cel`, whose errors are the ones that count. A test holds both against each other on every case of every rule.

use std::cmp::Ordering;

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, operators};
use cel::context::VariableResolver;

use crate::facts;
use crate::value::Node;

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
    /// By its position in [`FACTS`](facts::FACTS).
    Fact(usize),
}

impl Variable {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "resource" => Self::Resource,
            "tags" => Self::Tags,
            "tag_keys" => Self::TagKeys,
            "params" => Self::Params,
            "name" => Self::Name,
            "arn" => Self::Arn,
            "account" => Self::Account,
            "region" => Self::Region,
            fact => Self::Fact(facts::position(fact)?),
        })
    }
}

/// A value that is at hand.
#[derive(Debug, Clone, Copy)]
pub enum Value<'n> {
    Bool(bool),
    Int(i64),
    Text(&'n str),
    /// A list or a map.
    Node(&'n Node<'n>),
}

impl<'n> Value<'n> {
    /// The value of a node; none for what is unread or null, and for numbers with a fraction.
    pub fn of(node: &'n Node<'_>) -> Option<Self> {
        match node {
            Node::Bool(value) => Some(Self::Bool(*value.inner())),
            Node::Int(value) => Some(Self::Int(*value.inner())),
            Node::String(text) => Some(Self::Text(text.inner())),
            Node::List(_) | Node::Map(_) => Some(Self::Node(node)),
            Node::Null(_) | Node::Double(_) | Node::Gap(_) => None,
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
    /// Of an expression as it was parsed.
    pub fn of(expression: &IdedExpr) -> Self {
        Self::within(expression, &mut Vec::new())
    }

    fn within<'e>(expression: &'e IdedExpr, elements: &mut Vec<&'e str>) -> Self {
        Self::decidable(expression, elements).unwrap_or(Self::Undecided)
    }

    fn decidable<'e>(expression: &'e IdedExpr, elements: &mut Vec<&'e str>) -> Option<Self> {
        match &expression.expr {
            Expr::Select(select) if select.test => Some(Self::Has(Operand::of(&select.operand, elements)?, select.field.as_str().into())),
            Expr::Call(call) => Self::call(call, elements).or_else(|| Operand::of(expression, elements).map(Self::Operand)),
            Expr::Comprehension(comprehension) => Self::comprehension(comprehension, elements),
            _ => Operand::of(expression, elements).map(Self::Operand),
        }
    }

    fn call<'e>(call: &'e CallExpr, elements: &mut Vec<&'e str>) -> Option<Self> {
        let mut compare = |left, right, comparison| Some(Self::Compare(comparison, Operand::of(left, elements)?, Operand::of(right, elements)?));
        match (call.func_name.as_str(), call.target.as_deref(), call.args.as_slice()) {
            (operators::LOGICAL_AND, None, [left, right]) => Some(Self::And(Box::new([left, right].map(|of| Self::within(of, elements))))),
            (operators::LOGICAL_OR, None, [left, right]) => Some(Self::Or(Box::new([left, right].map(|of| Self::within(of, elements))))),
            (operators::LOGICAL_NOT, None, [of]) => Some(Self::Not(Box::new(Self::within(of, elements)))),
            (operators::CONDITIONAL, None, [one, two, three]) => Some(Self::Choice(Box::new([one, two, three].map(|of| Self::within(of, elements))))),
            (operators::EQUALS, None, [left, right]) => Some(Self::Same(true, Operand::of(left, elements)?, Operand::of(right, elements)?)),
            (operators::NOT_EQUALS, None, [left, right]) => Some(Self::Same(false, Operand::of(left, elements)?, Operand::of(right, elements)?)),
            (operators::LESS, None, [left, right]) => compare(left, right, Ordering::is_lt),
            (operators::LESS_EQUALS, None, [left, right]) => compare(left, right, Ordering::is_le),
            (operators::GREATER, None, [left, right]) => compare(left, right, Ordering::is_gt),
            (operators::GREATER_EQUALS, None, [left, right]) => compare(left, right, Ordering::is_ge),
            (operators::IN, None, [of, list]) => match &list.expr {
                Expr::List(list) => Some(Self::OneOf(Operand::of(of, elements)?, list.elements.iter().map(Literal::of).collect::<Option<_>>()?)),
                _ => Some(Self::In(Operand::of(of, elements)?, Operand::of(list, elements)?)),
            },
            ("startsWith", Some(of), [with]) => {
                Some(Self::Text(|text, with| text.starts_with(with), Operand::of(of, elements)?, Operand::of(with, elements)?))
            }
            ("endsWith", Some(of), [with]) => {
                Some(Self::Text(|text, with| text.ends_with(with), Operand::of(of, elements)?, Operand::of(with, elements)?))
            }
            ("contains", Some(of), [what]) => {
                Some(Self::Text(|text, what| text.contains(what), Operand::of(of, elements)?, Operand::of(what, elements)?))
            }
            _ => None,
        }
    }

    /// `all()` and `exists()`, as their macros write them.
    fn comprehension<'e>(comprehension: &'e ComprehensionExpr, elements: &mut Vec<&'e str>) -> Option<Self> {
        let ComprehensionExpr { iter_range, iter_var, iter_var2: None, accu_var, accu_init, loop_step, result, .. } = comprehension else {
            return None;
        };
        let accumulated = Expr::Ident(accu_var.clone());
        let Expr::Call(step) = &loop_step.expr else { return None };
        let [accumulator, test] = step.args.as_slice() else { return None };
        if result.expr != accumulated || accumulator.expr != accumulated {
            return None;
        }
        let list = Operand::of(iter_range, elements)?;
        elements.push(iter_var);
        let test = Box::new(Self::within(test, elements));
        elements.pop();
        match (step.func_name.as_str(), Literal::of(accu_init)?) {
            (operators::LOGICAL_AND, Literal::Bool(true)) => Some(Self::All(list, test)),
            (operators::LOGICAL_OR, Literal::Bool(false)) => Some(Self::Exists(list, test)),
            _ => None,
        }
    }

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
                _ => None,
            },
            Self::OneOf(of, literals) => match of.value(variables, elements)? {
                Value::Node(_) => None,
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
    /// Of an expression inside of `all()` or `exists()` with these variables.
    fn of<'e>(expression: &'e IdedExpr, elements: &mut Vec<&'e str>) -> Option<Self> {
        match &expression.expr {
            Expr::Literal(_) => Literal::of(expression).map(Self::Literal),
            Expr::Call(call) => match (call.func_name.as_str(), call.target.as_deref(), call.args.as_slice()) {
                ("size", None, [of]) | ("size", Some(of), []) => match &of.expr {
                    Expr::Comprehension(comprehension) => Self::count(comprehension, elements),
                    _ => Some(Self::Size(Box::new(Self::of(of, elements)?))),
                },
                _ => Self::path(expression, elements),
            },
            _ => Self::path(expression, elements),
        }
    }

    /// The number of what `filter()`, as its macro writes it, keeps.
    fn count<'e>(comprehension: &'e ComprehensionExpr, elements: &mut Vec<&'e str>) -> Option<Self> {
        let test = kept_by(comprehension)?;
        let list = Self::of(&comprehension.iter_range, elements)?;
        elements.push(&comprehension.iter_var);
        let test = Test::within(test, elements);
        elements.pop();
        Some(Self::Count(Box::new((list, test))))
    }

    fn path(expression: &IdedExpr, elements: &[&str]) -> Option<Self> {
        let (mut at, mut fields) = (expression, Vec::new());
        let start = loop {
            at = match &at.expr {
                Expr::Ident(name) => {
                    let element = elements.iter().rposition(|element| element == name).map(Start::Element);
                    break element.or_else(|| Variable::named(name).map(Start::Variable))?;
                }
                Expr::Select(select) if !select.test => {
                    fields.push(select.field.as_str().into());
                    &select.operand
                }
                Expr::Call(call) if call.func_name == operators::INDEX => match call.args.as_slice() {
                    [of, index] => {
                        let Literal::Text(field) = Literal::of(index)? else { return None };
                        fields.push(field);
                        of
                    }
                    _ => return None,
                },
                _ => return None,
            };
        };
        fields.reverse();
        Some(Self::Path(start, fields.into()))
    }

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
        }
    }
}

impl Literal {
    fn of(expression: &IdedExpr) -> Option<Self> {
        match &expression.expr {
            Expr::Literal(LiteralValue::Boolean(value)) => Some(Self::Bool(*value.inner())),
            Expr::Literal(LiteralValue::Int(value)) => Some(Self::Int(*value.inner())),
            Expr::Literal(LiteralValue::String(text)) => Some(Self::Text(text.inner().into())),
            _ => None,
        }
    }

    fn is(&self, value: Value<'_>) -> bool {
        match (self, value) {
            (Self::Bool(literal), Value::Bool(value)) => *literal == value,
            (Self::Int(literal), Value::Int(value)) => *literal == value,
            (Self::Text(literal), Value::Text(value)) => **literal == *value,
            _ => false,
        }
    }
}

/// The test by which a comprehension keeps elements as they are: `list.filter(element, test)`.
fn kept_by(comprehension: &ComprehensionExpr) -> Option<&IdedExpr> {
    let ComprehensionExpr { iter_var, iter_var2: None, accu_var, accu_init, loop_step, result, .. } = comprehension else { return None };
    let is = |expression: &IdedExpr, name: &str| matches!(&expression.expr, Expr::Ident(of) if of == name);
    let empty = |expression: &IdedExpr| matches!(&expression.expr, Expr::List(list) if list.elements.is_empty());
    let Expr::Call(step) = &loop_step.expr else { return None };
    let (operators::CONDITIONAL, [test, kept, dropped]) = (step.func_name.as_str(), step.args.as_slice()) else { return None };
    let Expr::Call(append) = &kept.expr else { return None };
    let (operators::ADD, [so_far, list]) = (append.func_name.as_str(), append.args.as_slice()) else { return None };
    let appended = matches!(&list.expr, Expr::List(list) if matches!(list.elements.as_slice(), [element] if is(element, iter_var)));
    (empty(accu_init) && is(result, accu_var) && is(so_far, accu_var) && is(dropped, accu_var) && appended).then_some(test)
}
