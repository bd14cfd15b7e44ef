//! The JSON schema of `dbmoat.toml`, for editors.

use clap::{Arg, Command};
use serde_json::{Map, Value, json};

use super::settings::{self, PARAMS};

/// The schema, made of the command line's options.
pub fn schema(root: &Command) -> Value {
    let keys = settings::all(root).filter(|arg| settings::name(arg) != "param");
    let properties: Map<_, _> = keys.map(|arg| (settings::name(arg).to_owned(), property(arg))).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of dbmoat",
        "description": "What dbmoat.toml may set: the options of `dbmoat scan`, which other commands share.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

fn property(arg: &Arg) -> Value {
    let mut property = if settings::name(arg) == PARAMS { params() } else { of_type(arg) };
    property["description"] = arg.get_help().map(ToString::to_string).unwrap_or_default().into();
    property
}

fn of_type(arg: &Arg) -> Value {
    let choices = || arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect::<Vec<_>>();
    let one = if settings::is_flag(arg) {
        json!({"type": "boolean"})
    } else if settings::is_number(arg) {
        json!({"type": "number"})
    } else if choices().is_empty() {
        json!({"type": "string"})
    } else {
        json!({"enum": choices()})
    };
    if settings::is_list(arg) { json!({"anyOf": [one, {"type": "array", "items": one}]}) } else { one }
}

fn params() -> Value {
    let value = json!({"type": ["string", "number", "boolean", "array"], "items": {"type": "string"}});
    json!({"type": "object", "additionalProperties": {"type": "object", "additionalProperties": value}})
}
