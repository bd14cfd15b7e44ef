//! From the tree of an expression to what can be decided of it.

use std::cmp::Ordering;

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, operators};
use chrono::TimeDelta;
use regex::Regex;

use super::{Literal, Operand, Start, Test, Variable};
use crate::facts;

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
            "now" => Self::Now,
            fact => Self::Fact(facts::position(fact)?),
        })
    }
}

impl Test {
    /// Of an expression as it was parsed.
    pub fn of(expression: &IdedExpr) -> Self {
        Self::within(expression, &mut Vec::new())
    }

    pub(super) fn within<'e>(expression: &'e IdedExpr, elements: &mut Vec<&'e str>) -> Self {
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
            ("matches", Some(of), [pattern]) => match Literal::of(pattern)? {
                Literal::Text(pattern) => Some(Self::Matches(Operand::of(of, elements)?, Regex::new(&pattern).ok()?)),
                _ => None,
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
}

impl Operand {
    /// Of an expression inside of `all()` or `exists()` with these variables.
    pub(super) fn of<'e>(expression: &'e IdedExpr, elements: &mut Vec<&'e str>) -> Option<Self> {
        match &expression.expr {
            Expr::Literal(_) => Literal::of(expression).map(Self::Literal),
            Expr::Call(call) => match (call.func_name.as_str(), call.target.as_deref(), call.args.as_slice()) {
                ("size", None, [of]) | ("size", Some(of), []) => match &of.expr {
                    Expr::Comprehension(comprehension) => Self::count(comprehension, elements),
                    _ => Some(Self::Size(Box::new(Self::of(of, elements)?))),
                },
                ("timestamp", None, [of]) => Some(Self::Timestamp(Box::new(Self::of(of, elements)?))),
                ("duration", None, [of]) => Self::duration(of, elements),
                ("int", None, [of]) => Some(Self::Integer(Box::new(Self::of(of, elements)?))),
                (operators::SUBSTRACT, None, [one, other]) => {
                    Some(Self::Difference(Box::new([Self::of(one, elements)?, Self::of(other, elements)?])))
                }
                (operators::MULTIPLY, None, [one, other]) => Some(Self::Product(Box::new([Self::of(one, elements)?, Self::of(other, elements)?]))),
                (operators::INDEX, None, [of, index]) => Self::piece(of, index, elements).or_else(|| Self::path(expression, elements)),
                _ => Self::path(expression, elements),
            },
            _ => Self::path(expression, elements),
        }
    }

    /// As rules write one: `duration(string(number) + "h")`.
    fn duration<'e>(text: &'e IdedExpr, elements: &mut Vec<&'e str>) -> Option<Self> {
        let Expr::Call(CallExpr { func_name: add, target: None, args: parts }) = &text.expr else { return None };
        let (operators::ADD, [number, unit]) = (add.as_str(), parts.as_slice()) else { return None };
        let Expr::Call(CallExpr { func_name: string, target: None, args: number }) = &number.expr else { return None };
        let ("string", [number], Literal::Text(unit)) = (string.as_str(), number.as_slice(), Literal::of(unit)?) else { return None };
        let unit = match &*unit {
            "h" => TimeDelta::hours(1),
            "m" => TimeDelta::minutes(1),
            _ => return None,
        };
        Some(Self::Duration(Box::new(Self::of(number, elements)?), unit))
    }

    /// `text.split(between)[position]`.
    fn piece<'e>(split: &'e IdedExpr, position: &IdedExpr, elements: &mut Vec<&'e str>) -> Option<Self> {
        let Expr::Call(CallExpr { func_name, target: Some(text), args }) = &split.expr else { return None };
        let ("split", [between]) = (func_name.as_str(), args.as_slice()) else { return None };
        let (Literal::Text(between), Literal::Int(position)) = (Literal::of(between)?, Literal::of(position)?) else { return None };
        // An empty one splits between characters.
        if between.is_empty() {
            return None;
        }
        Some(Self::Piece(Box::new(Self::of(text, elements)?), between, usize::try_from(position).ok()?))
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
}

impl Literal {
    pub(super) fn of(expression: &IdedExpr) -> Option<Self> {
        match &expression.expr {
            Expr::Literal(LiteralValue::Boolean(value)) => Some(Self::Bool(*value.inner())),
            Expr::Literal(LiteralValue::Int(value)) => Some(Self::Int(*value.inner())),
            Expr::Literal(LiteralValue::String(text)) => Some(Self::Text(text.inner().into())),
            _ => None,
        }
    }
}

/// The test by which a comprehension keeps elements as they are: `list.filter(element, test)`.
pub fn kept_by(comprehension: &ComprehensionExpr) -> Option<&IdedExpr> {
    let step = appending(comprehension)?;
    let (operators::CONDITIONAL, [test, kept, dropped]) = (step.func_name.as_str(), step.args.as_slice()) else { return None };
    let Expr::Call(append) = &kept.expr else { return None };
    (is(appended(append, comprehension)?, &comprehension.iter_var) && is(dropped, &comprehension.accu_var)).then_some(test)
}

/// What a comprehension makes of each element: `list.map(element, made)`.
pub(super) fn made_by(comprehension: &ComprehensionExpr) -> Option<&IdedExpr> {
    appended(appending(comprehension)?, comprehension)
}

/// The step of a comprehension that makes a list.
fn appending(comprehension: &ComprehensionExpr) -> Option<&CallExpr> {
    let ComprehensionExpr { iter_var2: None, accu_var, accu_init, loop_step, result, .. } = comprehension else { return None };
    let Expr::Call(step) = &loop_step.expr else { return None };
    let empty = matches!(&accu_init.expr, Expr::List(list) if list.elements.is_empty());
    (empty && is(result, accu_var)).then_some(step)
}

/// What a call appends to the list so far.
fn appended<'c>(call: &'c CallExpr, comprehension: &ComprehensionExpr) -> Option<&'c IdedExpr> {
    let (operators::ADD, [so_far, list]) = (call.func_name.as_str(), call.args.as_slice()) else { return None };
    let Expr::List(list) = &list.expr else { return None };
    let [element] = list.elements.as_slice() else { return None };
    is(so_far, &comprehension.accu_var).then_some(element)
}

fn is(expression: &IdedExpr, name: &str) -> bool {
    matches!(&expression.expr, Expr::Ident(of) if of == name)
}
