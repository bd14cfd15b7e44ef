//! What the paths of expressions lead to: the types behind JSON schemas.

use serde_json::Value as Json;

use super::expression::ELEMENT;

/// The type at the end of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    Bool,
    Int,
    Double,
    String,
    Timestamp,
    List,
    Map,
    Any,
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Bool => "a boolean",
            Self::Int => "an integer",
            Self::Double => "a number",
            Self::String => "a string",
            Self::Timestamp => "a time",
            Self::List => "a list",
            Self::Map => "a map",
            Self::Any => "any value",
        })
    }
}

/// A path that leads nowhere: the segment that is not there, and what is there instead.
#[derive(Debug, PartialEq, Eq)]
pub struct NoSuchPath {
    pub segment: String,
    pub candidates: Vec<String>,
}

/// Follows a path through a schema.
pub fn resolve(root: &schemars::Schema, path: &[String]) -> Result<Type, NoSuchPath> {
    let root = root.as_value();
    let mut schema = root;
    for segment in path {
        schema = dereference(root, schema);
        schema = step(schema, segment)?;
    }
    Ok(type_of(dereference(root, schema)))
}

fn step<'s>(schema: &'s Json, segment: &str) -> Result<&'s Json, NoSuchPath> {
    if segment == ELEMENT {
        return schema.get("items").or_else(|| schema.get("additionalProperties")).ok_or_else(|| missing(segment, schema));
    }
    if let Some(found) = schema.get("properties").and_then(|properties| properties.get(segment)) {
        return Ok(found);
    }
    match schema.get("additionalProperties") {
        Some(values) if values.is_object() => Ok(values),
        _ => Err(missing(segment, schema)),
    }
}

fn missing(segment: &str, schema: &Json) -> NoSuchPath {
    let candidates = schema.get("properties").and_then(Json::as_object).map(|properties| properties.keys().cloned().collect());
    NoSuchPath { segment: segment.to_owned(), candidates: candidates.unwrap_or_default() }
}

/// Follows `$ref`, and takes the part of a nullable schema that is not null.
fn dereference<'s>(root: &'s Json, schema: &'s Json) -> &'s Json {
    if let Some(pointer) = schema.get("$ref").and_then(Json::as_str).and_then(|reference| reference.strip_prefix('#')) {
        return root.pointer(pointer).map_or(schema, |found| dereference(root, found));
    }
    let options = schema.get("anyOf").and_then(Json::as_array);
    match options.and_then(|options| options.iter().find(|option| option.get("type").and_then(Json::as_str) != Some("null"))) {
        Some(option) => dereference(root, option),
        None => schema,
    }
}

fn type_of(schema: &Json) -> Type {
    let name = match schema.get("type") {
        Some(Json::String(name)) => name.as_str(),
        Some(Json::Array(names)) => names.iter().filter_map(Json::as_str).find(|name| *name != "null").unwrap_or_default(),
        _ => "",
    };
    match name {
        "boolean" => Type::Bool,
        "integer" => Type::Int,
        "number" => Type::Double,
        "string" if schema.get("format").and_then(Json::as_str) == Some("date-time") => Type::Timestamp,
        "string" => Type::String,
        "array" => Type::List,
        "object" => Type::Map,
        _ => Type::Any,
    }
}
