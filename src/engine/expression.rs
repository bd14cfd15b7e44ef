//! CEL expressions: parsing, evaluation, and the paths that they read.

use std::sync::{Arc, LazyLock, OnceLock};

use cel::common::ast::{CallExpr, ComprehensionExpr, EntryExpr, Expr, IdedExpr, LiteralValue, operators};
use cel::common::types::CelBool;
use cel::{Context, Env, ExecutionError, Value};

use super::decide::{Shown, Test, Value as Decided, Values, kept_by};
use super::program;
use crate::value::Node;

/// A parsed expression.
///
/// The parser is `cel`'s hand-written one, a tenth of the time of its generated one; a test holds
/// the two against each other on every expression of every rule.
#[derive(Debug, Clone)]
pub struct Expression {
    pub source: String,
    ast: IdedExpr,
    /// Made when it is first evaluated: most rules of a start see no resource.
    program: OnceLock<IdedExpr>,
    test: OnceLock<Test>,
    shown: OnceLock<Shown>,
}

/// A path that an expression reads: a variable and what is selected from it. [`ELEMENT`] stands for
/// any element of a list.
pub type Path = Vec<String>;

/// The path segment of a list's elements.
pub const ELEMENT: &str = "[]";

/// Why `.?` and `[?]` are refused, by the parser today and by the linter should it learn them.
pub const OPTIONAL_ACCESS: &str = "optional access (.? and [?]) turns what could not be read into what is not there; use has()";

/// The functions that expressions may call: CEL's standard library and its `strings` extension; and
/// those of programs.
static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| {
    let mut env = Env::stdlib();
    #[expect(clippy::expect_used, reason = "an extension of the same crate declares each function once")]
    env.add_extension(cel::extensions::strings)
        .and_then(|()| env.add_extension(program::extension))
        .expect("the extensions fit the standard library");
    Arc::new(env)
});

impl Expression {
    /// Parses an expression; the error says where it goes wrong.
    pub fn parse(source: &str) -> Result<Self, String> {
        let ast = cel::parser::PrattParser::new().parse(source).map_err(|errors| {
            let of = |error: &cel::ParseError| match error.msg.trim() {
                "unsupported syntax '.?'" | "unsupported syntax '?'" => format!("{OPTIONAL_ACCESS}, at character {}", error.pos.1),
                message => format!("{message} at character {}", error.pos.1),
            };
            errors.errors.first().map_or_else(|| errors.to_string(), of)
        })?;
        Ok(Self { source: source.to_owned(), ast, program: OnceLock::new(), test: OnceLock::new(), shown: OnceLock::new() })
    }

    /// The syntax tree.
    pub fn ast(&self) -> &IdedExpr {
        &self.ast
    }

    /// Evaluates to a boolean.
    pub fn test(&self, variables: &impl Values) -> Result<bool, ExecutionError> {
        match self.decided().decide(variables) {
            Some(is) => Ok(is),
            None => self.interpret_test(variables),
        }
    }

    /// The same, by `cel` alone.
    pub(super) fn interpret_test(&self, variables: &impl Values) -> Result<bool, ExecutionError> {
        let mut context = Context::with_env(Arc::clone(&ENV));
        context.set_variable_resolver(variables);
        let value = Value::resolve_val(self.program(), &context)?;
        value
            .downcast_ref::<CelBool>()
            .map(|value| *value.inner())
            .ok_or_else(|| ExecutionError::UnexpectedType { got: value.get_type().name().to_owned(), want: "bool".to_owned() })
    }

    /// Evaluates to any value, as JSON.
    pub fn evaluate(&self, variables: &impl Values) -> Result<serde_json::Value, ExecutionError> {
        self.shown().value(variables).map_or_else(|| self.interpret(variables), Ok)
    }

    /// Adds the value to a text as a person reads it: strings bare, lists joined, `none` for a list that is empty.
    pub fn say(&self, variables: &impl Values, text: &mut String) -> Result<(), ExecutionError> {
        match self.shown().at_hand(variables) {
            Some(Decided::Text(value)) => text.push_str(value),
            Some(Decided::Int(value)) => text.push_str(&value.to_string()),
            _ => text.push_str(&plain(self.evaluate(variables)?)),
        }
        Ok(())
    }

    /// The same, by `cel` alone.
    pub(super) fn interpret(&self, variables: &impl Values) -> Result<serde_json::Value, ExecutionError> {
        let mut context = Context::with_env(Arc::clone(&ENV));
        context.set_variable_resolver(variables);
        Value::resolve_val(self.program(), &context).map(|value| to_json(value.as_ref()))
    }

    /// Whether its test takes no `cel`.
    #[cfg(test)]
    pub(super) fn is_decided(&self, variables: &impl Values) -> bool {
        self.decided().decide(variables).is_some()
    }

    /// Whether its value takes no `cel`.
    #[cfg(test)]
    pub(super) fn is_shown(&self, variables: &impl Values) -> bool {
        self.shown().value(variables).is_some()
    }

    fn shown(&self) -> &Shown {
        self.shown.get_or_init(|| Shown::of(&self.ast))
    }

    fn decided(&self) -> &Test {
        self.test.get_or_init(|| Test::of(&self.ast))
    }

    fn program(&self) -> &IdedExpr {
        self.program.get_or_init(|| program::of(self.ast.clone()))
    }

    /// Every longest path that the expression reads, in the order of its text.
    pub fn paths(&self) -> Vec<Path> {
        let mut walk = Walk::default();
        walk.visit(&self.ast);
        walk.paths
    }

    /// Every path that the expression asks `has()` for.
    pub fn presence_tests(&self) -> Vec<Path> {
        let mut walk = Walk::default();
        walk.visit(&self.ast);
        walk.presence_tests
    }

    /// Every path that a comprehension, such as `all()`, goes through.
    pub fn ranges(&self) -> Vec<Path> {
        let mut walk = Walk::default();
        walk.visit(&self.ast);
        walk.ranges
    }

    /// Visits every call with the paths of its operands.
    pub fn visit_calls(&self, visitor: &mut dyn FnMut(&CallExpr, &[Option<Path>])) {
        let mut walk = Walk { calls: Some(visitor), ..Walk::default() };
        walk.visit(&self.ast);
    }
}

/// A value of `cel` as JSON; what JSON cannot hold as text.
fn to_json(value: &dyn cel::common::value::Val) -> serde_json::Value {
    use cel::common::types::{CelDouble, CelInt, CelString, CelTimestamp};
    if let Some(value) = value.downcast_ref::<CelString>() {
        return value.inner().into();
    }
    if let Some(value) = value.downcast_ref::<CelInt>() {
        return (*value.inner()).into();
    }
    if let Some(value) = value.downcast_ref::<CelBool>() {
        return (*value.inner()).into();
    }
    if let Some(value) = value.downcast_ref::<CelDouble>() {
        return (*value.inner()).into();
    }
    if let Some(value) = value.downcast_ref::<CelTimestamp>() {
        return value.inner().to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true).into();
    }
    if let Some(list) = value.as_iterable() {
        let mut elements = list.iter();
        let mut all = Vec::new();
        while let Some(element) = elements.next() {
            all.push(to_json(element));
        }
        return all.into();
    }
    match Value::try_from(value) {
        Ok(Value::Null) => serde_json::Value::Null,
        Ok(value) => format!("{value:?}").into(),
        // A node, of which `cel` lets nothing be seen but this.
        Err(_) => {
            let text = format!("{value:?}");
            serde_json::from_str(&text).unwrap_or_else(|_| text.into())
        }
    }
}

fn plain(value: serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text,
        serde_json::Value::Array(values) if values.is_empty() => "none".to_owned(),
        serde_json::Value::Array(values) => values.into_iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// What is shown each call with the paths of its operands.
type CallVisitor<'v> = dyn FnMut(&CallExpr, &[Option<Path>]) + 'v;

/// The walk over a syntax tree that follows which path each part denotes.
#[derive(Default)]
struct Walk<'v> {
    bindings: Vec<(String, Option<Path>)>,
    paths: Vec<Path>,
    presence_tests: Vec<Path>,
    ranges: Vec<Path>,
    calls: Option<&'v mut CallVisitor<'v>>,
}

impl Walk<'_> {
    fn visit(&mut self, expression: &IdedExpr) {
        if let Some(path) = self.path_of(expression) {
            if matches!(&expression.expr, Expr::Select(select) if select.test) {
                self.presence_tests.push(path.clone());
            }
            self.paths.push(path);
            self.visit_indices(expression);
            return;
        }
        match &expression.expr {
            Expr::Select(select) => self.visit(&select.operand),
            Expr::Call(call) => {
                if self.calls.is_some() {
                    let operands: Vec<_> = call.target.iter().map(AsRef::as_ref).chain(&call.args).map(|part| self.path_of(part)).collect();
                    if let Some(visitor) = &mut self.calls {
                        visitor(call, &operands);
                    }
                }
                call.target.iter().for_each(|target| self.visit(target));
                call.args.iter().for_each(|argument| self.visit(argument));
            }
            Expr::List(list) => list.elements.iter().for_each(|element| self.visit(element)),
            Expr::Map(map) => {
                for entry in &map.entries {
                    if let EntryExpr::MapEntry(entry) = &entry.expr {
                        self.visit(&entry.key);
                        self.visit(&entry.value);
                    }
                }
            }
            Expr::Comprehension(comprehension) => self.visit_comprehension(comprehension),
            Expr::Ident(_) | Expr::Literal(_) | Expr::Struct(_) | Expr::Unspecified => {}
        }
    }

    fn visit_comprehension(&mut self, comprehension: &ComprehensionExpr) {
        self.ranges.extend(self.path_of(&comprehension.iter_range));
        self.visit(&comprehension.iter_range);
        let bound = self.bindings.len();
        self.bindings.push((comprehension.iter_var.clone(), self.elements_of(&comprehension.iter_range)));
        self.bindings.push((comprehension.accu_var.clone(), None));
        self.visit(&comprehension.accu_init);
        self.visit(&comprehension.loop_step);
        self.visit(&comprehension.result);
        self.bindings.truncate(bound);
    }

    fn elements_of(&self, list: &IdedExpr) -> Option<Path> {
        let mut path = self.path_of(list)?;
        path.push(ELEMENT.to_owned());
        Some(path)
    }

    /// The indices inside a path may hold paths of their own: `map[resource.Name]`.
    fn visit_indices(&mut self, expression: &IdedExpr) {
        match &expression.expr {
            Expr::Select(select) => self.visit_indices(&select.operand),
            Expr::Call(call) if call.func_name == operators::INDEX => {
                self.visit_indices(&call.args[0]);
                self.visit(&call.args[1]);
            }
            Expr::Comprehension(comprehension) => self.visit_comprehension(comprehension),
            _ => {}
        }
    }

    /// The path that a part of the expression denotes, if it denotes one.
    fn path_of(&self, expression: &IdedExpr) -> Option<Path> {
        match &expression.expr {
            Expr::Ident(name) => match self.bindings.iter().rev().find(|(bound, _)| bound == name) {
                Some((_, path)) => path.clone(),
                None => Some(vec![name.clone()]),
            },
            Expr::Select(select) => {
                let mut path = self.path_of(&select.operand)?;
                path.push(select.field.clone());
                Some(path)
            }
            Expr::Call(call) if call.func_name == operators::INDEX && call.args.len() == 2 => {
                let mut path = self.path_of(&call.args[0])?;
                path.push(match &call.args[1].expr {
                    Expr::Literal(LiteralValue::String(name)) => name.inner().to_owned(),
                    _ => ELEMENT.to_owned(),
                });
                Some(path)
            }
            Expr::Comprehension(comprehension) if kept_by(comprehension).is_some() => self.path_of(&comprehension.iter_range),
            _ => None,
        }
    }
}

/// The nodes that a path leads to, through every element of the lists on its way.
pub fn resolve<'n, 'a>(node: &'n Node<'a>, path: &[String]) -> Vec<&'n Node<'a>> {
    let mut nodes = Vec::new();
    follow(node, path, &mut nodes);
    nodes
}

fn follow<'n, 'a>(node: &'n Node<'a>, path: &[String], found: &mut Vec<&'n Node<'a>>) {
    match (path, node) {
        ([], _) | (_, Node::Gap(_)) => found.push(node),
        ([segment, rest @ ..], Node::List(nodes)) if segment == ELEMENT => nodes.iter().for_each(|node| follow(node, rest, found)),
        ([segment, rest @ ..], Node::Map(_)) => node.get(segment).into_iter().for_each(|node| follow(node, rest, found)),
        _ => {}
    }
}
