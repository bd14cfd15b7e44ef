//! `dbmoat config`: what the options are set to, and by what.

use std::env;
use std::fmt::Write as _;

use clap::Arg;
use serde_json::{Value as Json, json};

use super::output::{pretty, print};
use super::{End, Failure};
use crate::cli::{ConfigCommand, Global, ListFormat};
use crate::config::file::File;
use crate::config::settings::{self, PARAMS};
use crate::config::{self, Origin, Value};

/// Runs a `config` command.
pub fn run(command: &ConfigCommand, global: &Global) -> Result<End, Failure> {
    let ConfigCommand::Show { format } = command;
    let file = config::find(global.config.as_deref(), global.no_config).map(|path| config::load(&path)).transpose().map_err(Failure::usage)?;
    let root = config::built();
    let Some(scan) = root.find_subcommand("scan") else { return Ok(End::done()) };
    let values = config::resolve(scan, |_| false, &|name| env::var(name).ok(), file.as_ref()).map_err(Failure::usage)?;
    let options: Vec<_> = settings::all(&root).map(|arg| (arg, values.iter().find(|value| value.id == arg.get_id().as_str()))).collect();
    print(&match format {
        ListFormat::Table => as_toml(file.as_ref(), &options),
        ListFormat::Json => pretty(&as_json(file.as_ref(), &options)),
    })
}

/// The options as a file that would set them, each with where it comes from.
fn as_toml(file: Option<&File>, options: &[(&Arg, Option<&Value>)]) -> String {
    let mut text = file.map_or("# no dbmoat.toml\n".to_owned(), |file| format!("# {}\n", file.path.display()));
    let (params, others): (Vec<_>, Vec<_>) = options.iter().copied().partition(|(arg, _)| is_params(arg));
    for (arg, set) in others {
        let _ = match effective(arg, set) {
            Json::Null => writeln!(text, "# {} is not set", settings::name(arg)),
            value => writeln!(text, "{} = {value}  # {}", settings::name(arg), origin(file, set)),
        };
    }
    text.push_str("[params]\n");
    for set in params.into_iter().filter_map(|(_, set)| set) {
        for (target, value) in set.texts.iter().filter_map(|text| text.split_once('=')) {
            let _ = writeln!(text, "{target} = {}  # {}", parameter(value), origin(file, Some(set)));
        }
    }
    text
}

fn as_json(file: Option<&File>, options: &[(&Arg, Option<&Value>)]) -> Json {
    let settings: Vec<_> =
        options.iter().map(|(arg, set)| json!({"key": settings::name(arg), "value": effective(arg, *set), "origin": origin(file, *set)})).collect();
    json!({"file": file.map(|file| &file.path), "settings": settings})
}

/// Both `--param` and the table `[params]`.
fn is_params(arg: &Arg) -> bool {
    [PARAMS, "param"].contains(&settings::name(arg))
}

/// What the option is set to, by whatever; null where nothing sets it.
fn effective(arg: &Arg, set: Option<&Value>) -> Json {
    let defaults = || arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    let texts: Vec<String> = set.map_or_else(defaults, |set| set.texts.clone());
    let one = |text: &String| if settings::is_flag(arg) || settings::is_number(arg) { parameter(text) } else { json!(text) };
    match texts.as_slice() {
        [] if settings::is_flag(arg) => json!(false),
        [] => Json::Null,
        texts if settings::is_list(arg) => texts.iter().map(one).collect(),
        [text, ..] => one(text),
    }
}

/// A number, true or false as such, anything else as a text.
fn parameter(text: &str) -> Json {
    serde_json::from_str(text).ok().filter(|value: &Json| value.is_number() || value.is_boolean()).unwrap_or_else(|| json!(text))
}

/// Such as `DBMOAT_FAIL_ON`, `dbmoat.toml:3` or `default`.
fn origin(file: Option<&File>, set: Option<&Value>) -> String {
    match (set.map(|set| &set.origin), file) {
        (Some(Origin::Environment(name)), _) => name.clone(),
        (Some(Origin::File(line)), Some(file)) => format!("{}:{line}", file.path.display()),
        _ => "default".to_owned(),
    }
}
