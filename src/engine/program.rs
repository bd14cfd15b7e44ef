//! An expression as it is evaluated: it means what was written, and `cel` has less to look up.
//!
//! * `a.b` is `a["b"]`. Of a dotted name `cel` asks each time whether it is, as a whole, a variable or
//!   a type; rules know neither.
//! * `matches` keeps its patterns. `cel`'s own compiles one whenever it is called.

use std::cell::RefCell;
use std::collections::HashMap;

use cel::common::ast::{CallExpr, EntryExpr, Expr, IdedExpr, LiteralValue, operators};
use cel::common::types::{CelBool, CelString, STRING_TYPE};
use cel::common::value::CowVal;
use cel::{DeclarationError, Env, ExecutionError};
use regex::Regex;

/// What `matches` is called in programs.
const MATCHES: &str = "matches_kept";

/// Declares what programs call.
pub fn extension(env: &mut Env) -> Result<(), DeclarationError> {
    env.add_member_overload(MATCHES, "string.matches_kept(string)", STRING_TYPE, vec![STRING_TYPE], matches)
}

/// Makes a program of an expression.
pub fn of(mut expression: IdedExpr) -> IdedExpr {
    rewrite(&mut expression);
    expression
}

fn rewrite(expression: &mut IdedExpr) {
    match &mut expression.expr {
        Expr::Select(select) => rewrite(&mut select.operand),
        Expr::Call(call) => {
            call.target.iter_mut().for_each(|target| rewrite(target));
            call.args.iter_mut().for_each(rewrite);
        }
        Expr::List(list) => list.elements.iter_mut().for_each(rewrite),
        Expr::Map(map) => {
            for entry in &mut map.entries {
                if let EntryExpr::MapEntry(entry) = &mut entry.expr {
                    rewrite(&mut entry.key);
                    rewrite(&mut entry.value);
                }
            }
        }
        Expr::Comprehension(all) => {
            [&mut all.iter_range, &mut all.accu_init, &mut all.loop_cond, &mut all.loop_step, &mut all.result].into_iter().for_each(rewrite);
        }
        Expr::Ident(_) | Expr::Literal(_) | Expr::Struct(_) | Expr::Unspecified => {}
    }
    match &mut expression.expr {
        Expr::Select(select) if !select.test => {
            let select = std::mem::take(select);
            let field = IdedExpr { id: expression.id, expr: Expr::Literal(LiteralValue::String(select.field.into())) };
            expression.expr = Expr::Call(CallExpr { func_name: operators::INDEX.to_owned(), target: None, args: vec![*select.operand, field] });
        }
        Expr::Call(call) if call.func_name == "matches" && call.target.is_some() => MATCHES.clone_into(&mut call.func_name),
        _ => {}
    }
}

thread_local! {
    /// The patterns that were used so far: those of rules, so they are few.
    static PATTERNS: RefCell<HashMap<String, Regex>> = RefCell::default();
}

fn matches<'b, 'v>(arguments: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let mut texts = arguments.iter().map(|argument| argument.downcast_ref::<CelString>().map_or("", |text| text.inner()));
    let (text, pattern) = (texts.next().unwrap_or_default(), texts.next().unwrap_or_default());
    PATTERNS.with_borrow_mut(|patterns| {
        if let Some(kept) = patterns.get(pattern) {
            return Ok(CowVal::owned(CelBool::from(kept.is_match(text))));
        }
        let compiled = Regex::new(pattern).map_err(|error| ExecutionError::function_error("matches", error))?;
        let answer = compiled.is_match(text);
        patterns.insert(pattern.to_owned(), compiled);
        Ok(CowVal::owned(CelBool::from(answer)))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use cel::common::types::{CelBool, CelMap};
    use cel::common::value::{CowVal, Val};
    use cel::context::VariableResolver;
    use cel::{Context, Value};

    use super::super::decide::Values;
    use super::super::expression::Expression;

    /// What `cel` makes of an expression as it was written, and of its program.
    fn both(source: &str) -> [String; 2] {
        let expression = Expression::parse(source).unwrap();
        let mut context = Context::default();
        for name in ["a", "b"] {
            let value: serde_json::Value =
                serde_json::from_str(r#"{"list": [{"x": 1}, {"x": 2}], "text": "mysql8", "inner": {"flag": true}}"#).unwrap();
            context.add_variable(name, cel::to_value(value).unwrap()).unwrap();
        }
        let written = Value::resolve(expression.ast(), &context);
        let program = Value::resolve(&super::of(expression.ast().clone()), &context);
        [written, program].map(|answer| format!("{answer:?}"))
    }

    /// Counts what it is asked for.
    #[derive(Default)]
    struct Counting(AtomicUsize);

    impl VariableResolver for Counting {
        fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
            self.0.fetch_add(1, Ordering::Relaxed);
            (variable == "resource").then(|| CowVal::owned(CelMap::from(HashMap::from([("Engine".into(), yes()), ("Storage".into(), yes())]))))
        }
    }

    impl Values for Counting {}

    fn yes() -> Box<dyn Val> {
        Box::new(CelBool::from(true))
    }

    #[test]
    fn a_field_costs_one_lookup() {
        let asked = Counting::default();
        let expression = Expression::parse("resource.Engine && resource.Storage && !has(resource.Nothing)").unwrap();
        assert_eq!(expression.test(&asked), Ok(true));
        assert_eq!(asked.0.into_inner(), 3);
    }

    #[test]
    fn a_pattern_that_is_none_is_an_error_every_time() {
        let expression = Expression::parse("'a'.matches('[') || 'a'.matches('^b')").unwrap();
        for _ in 0..2 {
            let error = expression.test(&Counting::default()).unwrap_err().to_string();
            assert!(error.contains("matches"), "{error}");
        }
        assert_eq!(Expression::parse("'ab'.matches('^b') || 'ba'.matches('^b')").unwrap().test(&Counting::default()), Ok(true));
    }

    #[test]
    fn a_program_answers_as_what_was_written() {
        for source in [
            "a.inner.flag && !has(a.inner.other)",
            "has(a.inner.flag) ? a.list.all(e, e.x > 0) : b.text == ''",
            "a.list.filter(e, e.x > 1).map(e, e.x)",
            "a.list[0].x + b.list[1].x",
            "{'k': a.text}['k'].size()",
            "a.text in ['mysql8'] || b.nothing",
            "a.nothing.at.all",
            "has(a.nothing.at)",
        ] {
            let [written, program] = both(source);
            assert_eq!(written, program, "{source}");
        }
    }
}
