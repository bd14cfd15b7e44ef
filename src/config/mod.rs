//! What the options of `dbmoat scan` are set to besides the command line: by environment variables
//! and by `dbmoat.toml`. A flag goes before the environment, that before the file, that before the
//! default; whatever goes before also takes out the options that it conflicts with.
//!
//! There is no second list of options: keys, types and the JSON schema come from the command line's
//! own definition. Other commands take what they share with `scan`.

pub mod file;
mod layers;
pub mod schema;
pub mod settings;

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory, FromArgMatches};

use crate::cli::Cli;
use file::File;
pub use layers::{Origin, Value, resolve};

/// Why there is no command to run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Help and version too.
    #[error(transparent)]
    Usage(#[from] clap::Error),
    #[error(transparent)]
    Configuration(#[from] anyhow::Error),
}

/// Reads the command line, with what the environment and the file set beneath it.
pub fn parse(arguments: &[OsString]) -> Result<Cli, Error> {
    // What the line itself says; what it lacks may be in the file.
    let given = built().ignore_errors(true).try_get_matches_from(arguments)?;
    let root = built();
    let (path, leaf, matches) = leaf(&root, &given);
    let is_explicit = |id: &str| matches!(matches.value_source(id), Some(ValueSource::CommandLine));
    let file = read(matches)?;
    let values = resolve(leaf, is_explicit, &|name| env::var(name).ok(), file.as_ref())?;
    let command = values.iter().fold(Cli::command(), |command, value| with_default(command, &path, value));
    Ok(Cli::from_arg_matches(&command.try_get_matches_from(arguments)?)?)
}

/// The file that counts: the one that is named, else the nearest upward from the working directory.
pub fn find(named: Option<&Path>, none: bool) -> Option<PathBuf> {
    match (named, none) {
        (Some(named), _) => Some(named.to_owned()),
        (None, true) => None,
        (None, false) => env::current_dir().ok().and_then(|folder| file::nearest(&folder)),
    }
}

fn read(matches: &ArgMatches) -> anyhow::Result<Option<File>> {
    let from_line = matches.value_source("config") == Some(ValueSource::CommandLine);
    let none = matches.get_flag("no_config");
    let named = matches.get_one::<PathBuf>("config").filter(|path| !path.as_os_str().is_empty() && (from_line || !none));
    find(named.map(PathBuf::as_path), none).map(|path| load(&path)).transpose()
}

/// Reads and checks a file.
pub fn load(path: &Path) -> anyhow::Result<File> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read the configuration {}", path.display()))?;
    File::parse(path, &text, &built())
}

/// The command line, with global options in every command.
pub fn built() -> Command {
    let mut command = Cli::command();
    command.build();
    command
}

/// The command that the line names: its path, its definition and what was given to it.
fn leaf<'a>(root: &'a Command, matches: &'a ArgMatches) -> (Vec<&'a str>, &'a Command, &'a ArgMatches) {
    let mut found = (Vec::new(), root, matches);
    while let Some((name, matches)) = found.2.subcommand() {
        let Some(command) = found.1.find_subcommand(name) else { break };
        found.0.push(name);
        (found.1, found.2) = (command, matches);
    }
    found
}

/// The command line with a value as the default of an option.
fn with_default(command: Command, path: &[&str], value: &Value) -> Command {
    let set = |command: Command| command.mut_arg(&value.id, |arg| arg.required(false).default_values(value.texts.iter().map(OsString::from)));
    match path {
        [name, rest @ ..] if !value.global => command.mut_subcommand(name, |command| with_default(command, rest, value)),
        _ => set(command),
    }
}
