//! Checks rule files before anything is judged by them: a rule that is wrong must not look like a
//! rule that found nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use cel::common::ast::{CallExpr, Expr, LiteralValue, operators};

use super::cases;
use super::expression::{ELEMENT, Expression, OPTIONAL_ACCESS, Path};
use super::lint_cases;
use super::load::{RuleError, Source, at_key, parse};
use super::rule::{Problem, Rule, RuleFile};
use super::schema::{self, NoSuchPath, Type};
use crate::facts::{self, FACTS};
use crate::inventory::Kind;
use crate::suggest;

/// Every problem of the files, by file and line. `taken` are ids that other rules have.
pub fn lint(sources: &[Source], taken: &BTreeSet<&str>) -> Vec<RuleError> {
    let mut errors = Vec::new();
    let mut seen: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut schemas = Schemas::default();
    for source in sources {
        match parse(source) {
            Err(error) => errors.push(error),
            Ok((file, rule)) => {
                let mut problems = check(source, &file, &rule, &mut schemas);
                if let Some(first) = seen.insert(rule.id.clone(), source.file.clone()) {
                    problems.push(Problem::new("id", format!("{} is the id of {} too", rule.id, first.display())));
                }
                if taken.contains(rule.id.as_str()) {
                    problems.push(Problem::new("id", format!("{} is the id of a built-in rule", rule.id)));
                }
                errors.extend(problems.iter().map(|problem| at_key(source, problem)));
            }
        }
    }
    errors.sort();
    errors
}

/// The problems, and the cases that do not hold.
pub fn lint_and_run(sources: &[Source], taken: &BTreeSet<&str>) -> Vec<RuleError> {
    let mut errors = lint(sources, taken);
    let clean = sources.iter().filter(|source| !errors.iter().any(|error| error.file == source.file)).collect::<Vec<_>>();
    for source in clean {
        let Ok((file, rule)) = parse(source) else { continue };
        let (_, failures) = cases::run(&file, &rule);
        errors.extend(failures.iter().map(|failure| at_key(source, &Problem::new("cases", format!("{:?}: {}", failure.case, failure.reason)))));
    }
    errors
}

fn check(source: &Source, file: &RuleFile, rule: &Rule, schemas: &mut Schemas) -> Vec<Problem> {
    let mut problems = check_id(source, rule);
    problems.extend(check_texts(file));
    let expressions = rule.when.iter().map(|when| ("when", when)).chain([("require", &rule.require)]);
    let expressions = expressions.chain(rule.evidence.iter().map(|expression| ("evidence", expression)));
    let expressions = expressions.chain(rule.message.expressions().map(|expression| ("message", expression)));
    let remediation = [Some(&rule.remediation.text), rule.remediation.cli.as_ref(), rule.remediation.terraform.as_ref()];
    let expressions = expressions
        .chain(remediation.into_iter().flatten().flat_map(|template| template.expressions()).map(|expression| ("remediation", expression)));
    for (key, expression) in expressions {
        problems.extend(check_expression(expression, rule, schemas).into_iter().map(|reason| Problem::new(key, reason)));
    }
    problems.extend(check_in_sync(rule));
    problems.extend(lint_cases::check_cases(file, rule, schemas));
    problems
}

fn check_id(source: &Source, rule: &Rule) -> Vec<Problem> {
    let mut problems = Vec::new();
    if rule.id.is_empty() || !rule.id.chars().all(|character| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-') {
        problems.push(Problem::new("id", "an id has lower case letters, digits and hyphens only"));
    }
    let stem = source.path.file_stem().and_then(|stem| stem.to_str());
    if stem != Some(rule.id.as_str()) {
        problems.push(Problem::new("id", format!("the file should be called {}.yaml", rule.id)));
    }
    problems
}

fn check_texts(file: &RuleFile) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut want = |key, present: bool, reason: &str| {
        if !present {
            problems.push(Problem::new(key, reason));
        }
    };
    want("title", !file.title.trim().is_empty(), "a title is wanted");
    want("message", file.message.contains("{{"), "a message names the offending resource and value in {{…}}");
    want("risk", !file.risk.trim().is_empty(), "what may happen is wanted");
    want("risk", !file.risk.contains("{{"), "a risk speaks of no resource in particular, so it has no {{…}}");
    want("title", !file.title.contains("{{"), "a title speaks of no resource in particular, so it has no {{…}}");
    want("remediation", !file.remediation.text.trim().is_empty(), "a text is wanted");
    want("references", !file.references.is_empty(), "a reference is wanted");
    want("references", file.references.iter().all(|reference| reference.starts_with("https://")), "references are https addresses");
    for (name, param) in &file.params {
        let default = param.default.as_f64();
        let inside = default.is_none_or(|value| param.min.is_none_or(|min| value >= min) && param.max.is_none_or(|max| value <= max));
        want("params", inside, &format!("the default of {name} is out of its own bounds"));
    }
    problems
}

/// The schemas of kinds and facts, made once a run.
#[derive(Default)]
pub(super) struct Schemas(BTreeMap<(Kind, String), schemars::Schema>);

impl Schemas {
    pub(super) fn of(&mut self, kind: Kind, variable: &str) -> Option<&schemars::Schema> {
        let make = || match variable {
            "resource" => Some((kind.schema)()),
            "tags" => Some(schemars::schema_for!(BTreeMap<String, String>)),
            "tag_keys" => Some(schemars::schema_for!(Vec<String>)),
            "name" | "arn" | "account" | "region" => Some(schemars::schema_for!(String)),
            fact => facts::named(fact).filter(|fact| (fact.applies)(kind)).map(|fact| (fact.schema)(kind)),
        };
        let key = (kind, variable.to_owned());
        if !self.0.contains_key(&key) {
            self.0.insert(key.clone(), make()?);
        }
        self.0.get(&key)
    }
}

fn check_expression(expression: &Expression, rule: &Rule, schemas: &mut Schemas) -> Vec<String> {
    let mut problems = Vec::new();
    for path in expression.paths() {
        if let Err(problem) = type_of(&path, rule, schemas) {
            problems.push(problem);
        }
        if facts::parameter_name(&path) == Some(ELEMENT) {
            problems.push("a parameter is named by a literal, so that it is known what to ask AWS for".to_owned());
        }
    }
    for path in expression.presence_tests() {
        problems.extend(check_presence(&path));
    }
    for path in expression.ranges() {
        if let Ok(found @ (Type::Map | Type::Bool | Type::Int | Type::Double | Type::String | Type::Timestamp)) = type_of(&path, rule, schemas) {
            problems.push(format!("{} is {found}; all(), exists() and their like go through a list", path.join(".")));
        }
    }
    expression.visit_calls(&mut |call, operands| problems.extend(check_call(call, operands, rule, schemas)));
    problems
}

/// A value that waits for a reboot does not run, so a rule that reads one asks whether it does.
fn check_in_sync(rule: &Rule) -> Option<Problem> {
    let reads_value = rule.parameters().next().is_some();
    let asks = rule.paths.iter().any(|path| path.join(".") == "parameters.in_sync");
    (reads_value && !asks).then(|| Problem::new("require", "a parameter counts only where it runs; ask for parameters.in_sync too"))
}

/// `parameters.value` answers for every name, so that one is missing only where nobody asked for it.
fn check_presence(path: &[String]) -> Option<String> {
    facts::parameter_name(path).map(|_| "parameters.value has every parameter, empty where unset; compare it with \"\"".to_owned())
}

/// The type that a path leads to. A rule of several kinds may read what only some of them have.
fn type_of(path: &Path, rule: &Rule, schemas: &mut Schemas) -> Result<Type, String> {
    let (root, rest) = path.split_first().ok_or("an empty path")?;
    match root.as_str() {
        "params" => return param_type(rest, rule),
        "now" => return Ok(Type::Any),
        _ => {}
    }
    let mut problem = None;
    for kind in &rule.kinds {
        let Some(schema) = schemas.of(*kind, root) else {
            problem = Some(unknown_variable(root, *kind));
            continue;
        };
        match schema::resolve(schema, rest) {
            Ok(found) => return Ok(found),
            Err(NoSuchPath { segment, candidates }) => {
                let nearest = suggest::nearest(&segment, candidates.iter().map(String::as_str));
                problem = Some(if segment == ELEMENT {
                    format!("{} of {kind} is no list", path.join("."))
                } else {
                    format!("{kind} has no {} ({segment:?} is unknown){nearest}", path.join("."))
                });
            }
        }
    }
    Err(problem.unwrap_or_default())
}

pub(super) fn unknown_variable(name: &str, kind: Kind) -> String {
    let fixed = ["resource", "tags", "tag_keys", "params", "now", "name", "arn", "account", "region"];
    let known = fixed.into_iter().chain(FACTS.iter().filter(|fact| (fact.applies)(kind)).map(|fact| fact.name));
    let nearest = suggest::nearest(name, known.clone());
    format!("{name:?} is no variable for {kind}; there are {}{nearest}", known.collect::<Vec<_>>().join(", "))
}

fn param_type(rest: &[String], rule: &Rule) -> Result<Type, String> {
    let Some(name) = rest.first() else { return Ok(Type::Map) };
    let param = rule
        .params
        .get(name)
        .ok_or_else(|| format!("the rule has no parameter {name:?}{}", suggest::nearest(name, rule.params.keys().map(String::as_str))))?;
    Ok(match &param.default {
        serde_json::Value::Bool(_) => Type::Bool,
        serde_json::Value::Number(number) if number.is_i64() => Type::Int,
        serde_json::Value::Number(_) => Type::Double,
        serde_json::Value::Array(_) if rest.len() > 1 => Type::Any,
        serde_json::Value::Array(_) => Type::List,
        _ => Type::String,
    })
}

const COMPARISONS: [&str; 6] =
    [operators::EQUALS, operators::NOT_EQUALS, operators::LESS, operators::LESS_EQUALS, operators::GREATER, operators::GREATER_EQUALS];

/// CEL's functions and those of its `strings` extension, beside the operators.
const FUNCTIONS: [&str; 32] = [
    "bool",
    "charAt",
    "contains",
    "double",
    "duration",
    "dyn",
    "endsWith",
    "format",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getFullYear",
    "getHours",
    "getMinutes",
    "getMonth",
    "getSeconds",
    "indexOf",
    "int",
    "join",
    "lastIndexOf",
    "lowerAscii",
    "matches",
    "replace",
    "size",
    "split",
    "startsWith",
    "string",
    "substring",
    "timestamp",
    "trim",
    "upperAscii",
];

/// Whether a call is of an operator: their names are not words.
fn is_operator(name: &str) -> bool {
    !name.chars().all(|character| character.is_ascii_alphanumeric())
}

/// Comparisons that can never hold, and those whose answer would hide a gap.
fn check_call(call: &CallExpr, operands: &[Option<Path>], rule: &Rule, schemas: &mut Schemas) -> Vec<String> {
    if [operators::OPT_SELECT, operators::OPT_INDEX].contains(&call.func_name.as_str()) {
        return vec![OPTIONAL_ACCESS.to_owned()];
    }
    if !is_operator(&call.func_name) && !FUNCTIONS.contains(&call.func_name.as_str()) {
        return vec![format!("there is no function {:?}{}", call.func_name, suggest::nearest(&call.func_name, FUNCTIONS))];
    }
    let arguments: Vec<_> = call.target.iter().map(AsRef::as_ref).chain(&call.args).collect();
    let mut problems = Vec::new();
    let mut types: Vec<Option<Type>> = Vec::new();
    for (operand, argument) in operands.iter().zip(&arguments) {
        types.push(match operand {
            Some(path) => type_of(path, rule, schemas).ok(),
            None => literal_type(&argument.expr),
        });
    }
    let shown = |position: usize| operands[position].as_ref().map_or_else(|| "the literal".to_owned(), |path| path.join("."));
    if COMPARISONS.contains(&call.func_name.as_str()) && types.len() == 2 {
        if let [Some(left), Some(right)] = types[..]
            && !comparable(left, right)
        {
            problems.push(format!("{} is {left} and is compared with {right}", shown(0)));
        }
        let ordered = ![operators::EQUALS, operators::NOT_EQUALS].contains(&call.func_name.as_str());
        if ordered && types.iter().flatten().any(|side| matches!(side, Type::String | Type::Timestamp)) {
            problems.push(format!("{} is text, whose order is not that of numbers or times; use int() or timestamp()", shown(0)));
        }
        if types.iter().flatten().any(|side| matches!(side, Type::List | Type::Map)) {
            problems.push("lists and maps are not compared as a whole; use size(), in, all() or exists()".to_owned());
        }
        // AWS leaves fields out, it never returns null.
        if arguments.iter().any(|argument| matches!(argument.expr, Expr::Literal(LiteralValue::Null))) {
            problems.push("nothing is ever null; use has()".to_owned());
        }
    }
    if call.func_name == operators::IN && matches!(types.first(), Some(Some(Type::List | Type::Map))) {
        problems.push(format!("{} is not looked for as a whole; use exists()", shown(0)));
    }
    if call.func_name == operators::IN && operands.get(1).and_then(Option::as_ref).is_some_and(|path| path.join(".") == "parameters.value") {
        problems.extend(check_presence(&["parameters", "value", ""].map(ToOwned::to_owned)));
    }
    if call.func_name == operators::IN
        && let (Some(Some(element)), Expr::List(list)) = (types.first(), &arguments[1].expr)
        && let Some(wrong) = list.elements.iter().filter_map(|item| literal_type(&item.expr)).find(|item| !comparable(*element, *item))
    {
        problems.push(format!("{} is {element} and is looked for among {wrong}", shown(0)));
    }
    problems
}

fn comparable(left: Type, right: Type) -> bool {
    let number = |side| matches!(side, Type::Int | Type::Double);
    // Times are strings in the inventory; timestamp() makes them times.
    let text = |side| matches!(side, Type::String | Type::Timestamp);
    left == right || left == Type::Any || right == Type::Any || (number(left) && number(right)) || (text(left) && text(right))
}

fn literal_type(expression: &Expr) -> Option<Type> {
    Some(match expression {
        Expr::Literal(LiteralValue::Boolean(_)) => Type::Bool,
        Expr::Literal(LiteralValue::Int(_) | LiteralValue::UInt(_)) => Type::Int,
        Expr::Literal(LiteralValue::Double(_)) => Type::Double,
        Expr::Literal(LiteralValue::String(_)) => Type::String,
        Expr::List(_) => Type::List,
        Expr::Map(_) => Type::Map,
        _ => return None,
    })
}

/// What is wrong with the built-in fixture of a kind: fields that its schema lacks.
pub fn lint_fixture(kind: Kind) -> Result<Vec<String>, String> {
    let mut schemas = Schemas::default();
    let fixture = cases::fixture(kind)?;
    Ok(fixture.iter().flat_map(|(variable, given)| lint_cases::unknown_paths(variable, given, kind, &mut schemas)).collect())
}
