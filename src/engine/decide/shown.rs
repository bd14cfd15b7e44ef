//! What an expression says that is shown, where that takes no interpreting: values as they are, what `filter()` and
//! `map()` make of lists, `join()`, `?:`, `string()` of a number, and texts put together with `+`.
//!
//! As with a [`Test`], whatever else it is or meets is left to `cel`.

use cel::common::ast::{CallExpr, Expr, IdedExpr, operators};

use super::parse::{kept_by, made_by};
use super::{Literal, Operand, Test, Value, Values};
use crate::value::Node;

/// An expression whose value is shown.
#[derive(Debug, Clone)]
pub enum Shown {
    Operand(Operand),
    Test(Test),
    List(Box<List>),
    /// The texts of a list, with this between them.
    Joined(Box<List>, Box<str>),
    /// Texts, one after the other.
    Sum(Box<[Self; 2]>),
    /// A number as a text.
    Number(Box<Self>),
    Choice(Box<(Test, Self, Self)>),
    /// What only `cel` can tell.
    Undecided,
}

/// A list, or what is made of one.
#[derive(Debug, Clone)]
pub struct List {
    of: Operand,
    kept: Option<Test>,
    made: Option<Shown>,
}

impl Shown {
    /// Of an expression as it was parsed.
    pub fn of(expression: &IdedExpr) -> Self {
        Self::within(expression, &mut Vec::new())
    }

    fn within<'e>(expression: &'e IdedExpr, elements: &mut Vec<&'e str>) -> Self {
        Self::showable(expression, elements).unwrap_or(Self::Undecided)
    }

    fn showable<'e>(expression: &'e IdedExpr, elements: &mut Vec<&'e str>) -> Option<Self> {
        if let Some(operand) = Operand::of(expression, elements) {
            return Some(Self::Operand(operand));
        }
        let shown = match &expression.expr {
            Expr::Call(call) => Self::call(call, elements),
            Expr::Comprehension(_) => List::of(expression, elements).map(|list| Self::List(Box::new(list))),
            _ => None,
        };
        shown.or_else(|| match Test::within(expression, elements) {
            Test::Undecided => None,
            test => Some(Self::Test(test)),
        })
    }

    fn call<'e>(call: &'e CallExpr, elements: &mut Vec<&'e str>) -> Option<Self> {
        match (call.func_name.as_str(), call.target.as_deref(), call.args.as_slice()) {
            (operators::ADD, None, [left, right]) => Some(Self::Sum(Box::new([left, right].map(|of| Self::within(of, elements))))),
            (operators::CONDITIONAL, None, [test, one, other]) => {
                Some(Self::Choice(Box::new((Test::within(test, elements), Self::within(one, elements), Self::within(other, elements)))))
            }
            ("string", None, [of]) => Some(Self::Number(Box::new(Self::within(of, elements)))),
            ("join", Some(list), [between]) => match Literal::of(between)? {
                Literal::Text(between) => Some(Self::Joined(Box::new(List::of(list, elements)?), between)),
                _ => None,
            },
            _ => None,
        }
    }

    /// What it says, where that is certain.
    pub fn value(&self, variables: &impl Values) -> Option<serde_json::Value> {
        self.among(variables, &mut Vec::new())
    }

    /// What it says, where that is at hand.
    pub fn at_hand<'n>(&'n self, variables: &'n impl Values) -> Option<Value<'n>> {
        match self {
            Self::Operand(operand) => operand.value(variables, &mut Vec::new()),
            _ => None,
        }
    }

    fn among<'n>(&'n self, variables: &'n impl Values, elements: &mut Vec<&'n Node<'n>>) -> Option<serde_json::Value> {
        match self {
            Self::Operand(operand) => match operand.value(variables, elements)? {
                Value::Bool(value) => Some(value.into()),
                Value::Int(value) => Some(value.into()),
                Value::Text(value) => Some(value.into()),
                Value::Node(node) => serde_json::to_value(node).ok(),
                Value::Double(value) => Some(value.into()),
                Value::Time(_) | Value::Span(_) => None,
            },
            Self::Test(test) => test.among(variables, elements).map(Into::into),
            Self::List(list) => {
                let mut all = Vec::new();
                list.each(variables, elements, &mut |value| {
                    all.push(value);
                    Some(())
                })?;
                Some(all.into())
            }
            Self::Choice(of) => {
                let (test, one, other) = &**of;
                (if test.among(variables, elements)? { one } else { other }).among(variables, elements)
            }
            Self::Joined(..) | Self::Sum(_) | Self::Number(_) => {
                let mut text = String::new();
                self.text(variables, elements, &mut text)?;
                Some(text.into())
            }
            Self::Undecided => None,
        }
    }

    /// Adds it to a text, if it is one.
    fn text<'n>(&'n self, variables: &'n impl Values, elements: &mut Vec<&'n Node<'n>>, text: &mut String) -> Option<()> {
        match self {
            Self::Operand(operand) => {
                let Value::Text(value) = operand.value(variables, elements)? else { return None };
                text.push_str(value);
            }
            Self::Sum(of) => of.iter().try_for_each(|part| part.text(variables, elements, text))?,
            Self::Number(of) => {
                let serde_json::Value::Number(number) = of.among(variables, elements)? else { return None };
                text.push_str(&number.as_i64()?.to_string());
            }
            Self::Choice(of) => {
                let (test, one, other) = &**of;
                (if test.among(variables, elements)? { one } else { other }).text(variables, elements, text)?;
            }
            Self::Joined(list, between) => {
                let mut first = true;
                list.each(variables, elements, &mut |value| {
                    if !std::mem::take(&mut first) {
                        text.push_str(between);
                    }
                    text.push_str(value.as_str()?);
                    Some(())
                })?;
            }
            Self::Test(_) | Self::List(_) | Self::Undecided => return None,
        }
        Some(())
    }
}

impl List {
    fn of<'e>(expression: &'e IdedExpr, elements: &mut Vec<&'e str>) -> Option<Self> {
        if let Some(of) = Operand::of(expression, elements) {
            return Some(Self { of, kept: None, made: None });
        }
        let Expr::Comprehension(comprehension) = &expression.expr else { return None };
        let list = Self::of(&comprehension.iter_range, elements)?;
        elements.push(&comprehension.iter_var);
        let list = match (made_by(comprehension), kept_by(comprehension), list) {
            (Some(made), _, Self { of, kept, made: None }) => Some(Self { of, kept, made: Some(Shown::within(made, elements)) }),
            (None, Some(test), Self { of, kept: None, made: None }) => Some(Self { of, kept: Some(Test::within(test, elements)), made: None }),
            _ => None,
        };
        elements.pop();
        list
    }

    fn each<'n>(
        &'n self,
        variables: &'n impl Values,
        elements: &mut Vec<&'n Node<'n>>,
        take: &mut dyn FnMut(serde_json::Value) -> Option<()>,
    ) -> Option<()> {
        let Value::Node(Node::List(nodes)) = self.of.value(variables, elements)? else { return None };
        for node in nodes.iter() {
            elements.push(node);
            let kept = self.kept.as_ref().map_or(Some(true), |test| test.among(variables, elements));
            let value = match (kept, &self.made) {
                (Some(true), Some(made)) => made.among(variables, elements).map(Some),
                (Some(true), None) => serde_json::to_value(node).ok().filter(|_| !matches!(node, Node::Gap(_))).map(Some),
                (kept, _) => kept.map(|_| None),
            };
            elements.pop();
            if let Some(value) = value? {
                take(value)?;
            }
        }
        Some(())
    }
}
