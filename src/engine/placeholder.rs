//! Expressions where there is no resource to evaluate them on: `{{resource.Engine}}` becomes
//! `<Engine>`, a choice becomes its alternatives. For readers only; nothing is judged by it.

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, operators};

use super::expression::Expression;

/// What stands for the value of an expression in a command or a sentence.
pub fn placeholder(expression: &Expression) -> String {
    let text = outline(expression.ast());
    if text.is_empty() { format!("<{}>", expression.source) } else { text }
}

/// Literals as they are, names in angle brackets.
fn outline(expression: &IdedExpr) -> String {
    match &expression.expr {
        Expr::Ident(name) => format!("<{name}>"),
        Expr::Select(select) => format!("<{}>", select.field),
        Expr::Literal(literal) => outline_literal(literal),
        Expr::List(list) => list.elements.iter().map(outline).collect::<Vec<_>>().join(", "),
        Expr::Comprehension(comprehension) => outline_comprehension(comprehension),
        Expr::Call(call) => outline_call(call, expression),
        Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => String::new(),
    }
}

fn outline_literal(literal: &LiteralValue) -> String {
    match literal {
        LiteralValue::String(text) => text.inner().to_owned(),
        LiteralValue::Int(number) => number.inner().to_string(),
        LiteralValue::UInt(number) => number.inner().to_string(),
        LiteralValue::Double(number) => number.inner().to_string(),
        LiteralValue::Boolean(value) => value.inner().to_string(),
        LiteralValue::Bytes(_) | LiteralValue::Null => String::new(),
    }
}

fn outline_call(call: &CallExpr, whole: &IdedExpr) -> String {
    match (call.func_name.as_str(), &call.target, call.args.as_slice()) {
        (operators::CONDITIONAL, None, _) => one_of(&alternatives(whole)),
        (operators::ADD, None, [left, right]) => outline(left) + &outline(right),
        (operators::MULTIPLY, None, [left, right]) => format!("<{} × {}>", bare(&outline(left)), bare(&outline(right))),
        (operators::INDEX, None, [of, index]) => match &index.expr {
            Expr::Literal(LiteralValue::String(name)) => format!("<{}>", name.inner()),
            _ => outline(of),
        },
        ("size", None, [of]) => format!("<number of {}>", bare(&outline(of))),
        // Elements that are written out are joined as they will be; those of the resource are one placeholder.
        ("join", Some(of), [separator]) => match (&of.expr, &separator.expr) {
            (Expr::List(list), Expr::Literal(LiteralValue::String(separator))) => {
                list.elements.iter().map(outline).collect::<Vec<_>>().join(separator.inner())
            }
            _ => outline(of),
        },
        // Whatever else is done to a value, it is about that value.
        (_, Some(of), _) => outline(of),
        (_, None, [of, ..]) => outline(of),
        (_, None, []) => String::new(),
    }
}

/// What `map()` puts into its list, or the list that `filter()` takes from.
fn outline_comprehension(comprehension: &ComprehensionExpr) -> String {
    match element(&comprehension.loop_step) {
        Some(element) if element.expr != Expr::Ident(comprehension.iter_var.clone()) => outline(element),
        _ => outline(&comprehension.iter_range),
    }
}

/// The element that a step of a comprehension appends.
fn element(step: &IdedExpr) -> Option<&IdedExpr> {
    let Expr::Call(call) = &step.expr else { return None };
    match (call.func_name.as_str(), call.args.as_slice()) {
        (operators::CONDITIONAL, [_, then, _]) => element(then),
        (operators::ADD, [_, appended]) => match &appended.expr {
            Expr::List(list) => list.elements.first(),
            _ => None,
        },
        _ => None,
    }
}

/// What a chain of choices may come to, each once.
fn alternatives(expression: &IdedExpr) -> Vec<String> {
    if let Expr::Call(call) = &expression.expr
        && let (operators::CONDITIONAL, [_, then, otherwise]) = (call.func_name.as_str(), call.args.as_slice())
    {
        let mut all = alternatives(then);
        all.extend(alternatives(otherwise));
        let mut seen = std::collections::HashSet::new();
        all.retain(|text| seen.insert(text.clone()));
        return all;
    }
    vec![outline(expression)]
}

fn one_of(alternatives: &[String]) -> String {
    let said: Vec<&str> = alternatives.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    match said.as_slice() {
        [one] if alternatives.len() > 1 => format!("[{one}]"),
        [one] => (*one).to_owned(),
        _ if said.iter().all(|text| !bare(text).contains('<')) => {
            format!("<{}>", said.iter().map(|text| bare(text)).collect::<Vec<_>>().join(" or "))
        }
        _ => format!("({})", said.join(" | ")),
    }
}

/// A placeholder without its brackets.
fn bare(text: &str) -> &str {
    text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).filter(|text| !text.contains(['<', '>'])).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_outline(source: &str, wanted: &str) {
        assert_eq!(placeholder(&Expression::parse(source).unwrap()), wanted, "{source}");
    }

    #[test]
    fn a_value_is_called_by_its_last_name() {
        assert_outline("name", "<name>");
        assert_outline("params.min_days", "<min_days>");
        assert_outline("resource.EngineVersion.split('.')[0]", "<EngineVersion>");
        assert_outline("parameters.value['rds.force_ssl']", "<rds.force_ssl>");
        assert_outline("resource.AllocatedStorage * 2", "<AllocatedStorage × 2>");
    }

    #[test]
    fn a_list_is_called_by_its_elements() {
        assert_outline("resource.DBClusterMembers.map(member, member.DBInstanceIdentifier).join(' ')", "<DBInstanceIdentifier>");
        assert_outline("resource.RestoreAccounts.filter(id, id != account).join(' ')", "<RestoreAccounts>");
        assert_outline("['audit', 'error'].filter(type, type != 'audit').join(' and ')", "audit, error");
    }

    #[test]
    fn a_choice_shows_its_alternatives() {
        assert_outline("resource.Engine == 'postgres' ? 'immediate' : 'pending-reboot'", "<immediate or pending-reboot>");
        assert_outline("name.startsWith('default.') ? '<custom-group>' : name", "<custom-group or name>");
        assert_outline("has(resource.A) ? 'cluster --id ' + resource.A : 'instance --id ' + name", "(cluster --id <A> | instance --id <name>)");
        assert_outline("has(resource.A) ? ', ' + resource.A : ''", "[, <A>]");
    }
}
