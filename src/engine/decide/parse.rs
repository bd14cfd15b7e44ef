//! From the tree of an expression to what can be decided of it.

use std::cmp::Ordering;

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, operators};

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
            fact => Self::Fact(facts::position(fact)?),
        })
    }
}

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
