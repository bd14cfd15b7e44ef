//! The commands: one readable function each.

mod access;
mod collect;
mod compliance;
mod config;
mod diff;
#[cfg(feature = "live")]
mod doctor;
mod files;
mod history;
mod judgement;
mod last_change;
mod man;
mod output;
mod permissions;
mod progress;
mod reference;
mod rules;
mod scan;
mod source;
#[cfg(feature = "live")]
mod unfinished;
mod upload;
mod waiting;

use crate::cli::{Cli, Command, SchemaOf};
use crate::config::{Error as ConfigError, built, schema::schema};
use crate::engine::load::LoadError;
use crate::gate::{self, waivers};
use crate::inventory::read::ReadError;
use crate::report;
use crate::shard::Shard;

/// How a command ended.
#[derive(Debug)]
pub struct End {
    pub code: u8,
    /// Why, in one clause; commands that only print have none.
    pub reason: Option<String>,
}

impl End {
    /// Nothing to say: it worked.
    pub fn done() -> Self {
        Self { code: gate::PASSED, reason: None }
    }

    /// Without a command: help and version, or what is wrong with the command line or the configuration.
    pub fn of_usage(error: ConfigError) -> Self {
        let error = match error {
            ConfigError::Configuration(error) => return Failure::usage(error).end(),
            ConfigError::Usage(error) => error,
        };
        let _ = error.print();
        if error.use_stderr() { Self { code: gate::USAGE, reason: Some("the command line is wrong".to_owned()) } } else { Self::done() }
    }

    /// Says why on standard error, as the last line.
    pub fn announce(&self) {
        if let Some(reason) = &self.reason {
            output::say(&format!("exit {}: {reason}", self.code));
        }
    }
}

/// A command that could not do its work.
#[derive(Debug)]
pub struct Failure {
    pub code: u8,
    pub error: anyhow::Error,
}

impl Failure {
    /// Wrong usage, configuration or rule file.
    pub fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self { code: gate::USAGE, error: error.into() }
    }

    /// The scan could not run.
    pub fn not_run(error: impl Into<anyhow::Error>) -> Self {
        Self { code: gate::NOT_RUN, error: error.into() }
    }

    /// As the end of the program.
    pub fn end(self) -> End {
        End { code: self.code, reason: Some(format!("{:#}", self.error)) }
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Rules(errors) if errors.len() > 1 => {
                errors.iter().for_each(|error| output::say(&error.to_string()));
                Self::usage(anyhow::anyhow!("{} problems in rule files, the first in {}", errors.len(), errors[0]))
            }
            error => Self::usage(error),
        }
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::usage(error)
    }
}

/// Which of several runs this is: what the flag says, else the environment.
fn shard(flag: Option<Shard>) -> Result<Option<Shard>, Failure> {
    if flag.is_some() {
        return Ok(flag);
    }
    let found = Shard::of_environment(|name| std::env::var(name).ok()).map_err(|reason| Failure::usage(anyhow::anyhow!(reason)))?;
    Ok(found.map(|(shard, source)| {
        output::say(&format!("note: shard {shard}, by {source}"));
        shard
    }))
}

/// Runs the command that the line names.
///
/// # Errors
///
/// What kept it from its work, with the exit code that it means.
pub fn run(cli: &Cli) -> Result<End, Failure> {
    match &cli.command {
        Command::Scan(args) => scan::run(args, &cli.global),
        Command::Diff(args) => diff::run(args),
        Command::Access(args) => access::run(args, &cli.global),
        Command::History { history, format } => history::run(history, *format),
        Command::Collect(args) => collect::run(args, &cli.global),
        #[cfg(feature = "live")]
        Command::Doctor(args) => doctor::run(args, &cli.global),
        #[cfg(not(feature = "live"))]
        Command::Doctor(_) => Err(collect::not_built_in()),
        Command::Compliance(args) => compliance::run(args, &cli.global),
        Command::Upload(command) => upload::run(command),
        Command::Rules(command) => rules::run(command),
        Command::Permissions(args) => permissions::run(args),
        Command::Config(command) => config::run(command, &cli.global),
        Command::Completions { shell } => man::completions(*shell),
        Command::Man { output } => man::run(output.as_deref()),
        Command::Schema { of: SchemaOf::Report } => output::print(&output::pretty(&report::json::schema())),
        Command::Schema { of: SchemaOf::Waivers } => output::print(&output::pretty(&waivers::schema())),
        Command::Schema { of: SchemaOf::Config } => output::print(&output::pretty(&schema(&built()))),
    }
}
