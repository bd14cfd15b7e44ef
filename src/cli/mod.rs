//! The command line.

mod aws;
mod reports;
mod rules;
mod scan;
mod trust;

use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;

pub use aws::{AccountArgs, AwsArgs, CollectArgs, DoctorArgs, OriginArgs};
pub use reports::{AccessArgs, ComplianceArgs, ComplianceFormat, DiffArgs, DiffFormat, GithubArgs, UploadCommand};
pub use rules::{CheckArgs, DocArgs, PermissionsArgs, RuleArgs, RulesCommand};
pub use scan::{FailOn, GateArgs, HistoryArgs, Include, SarifIncomplete, SarifSplit, ScanArgs, SourceArgs};
pub use trust::TrustArgs;

/// Audits every managed database in AWS accounts: PASS, FAIL or NOT ASSESSED, with the evidence.
///
/// It only reads. What it could not read is reported as not assessed, never as passed.
#[derive(Debug, Parser)]
#[command(name = "dbmoat", version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,

    #[command(flatten)]
    pub global: Global,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  complete, and nothing at or over --fail-on
  1  findings at or over --fail-on
  2  wrong usage, configuration or rule file
  3  the scan could not run: no credentials, no account reachable
  4  something was not assessed and nothing else failed (--allow-incomplete makes it 0, unless it was interrupted)
The last line on standard error says why.";

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Say only what went wrong, and the exit code
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say what is asked and how often, and show every finding in the table
    #[arg(short, long, global = true)]
    pub verbose: bool,

    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,

    /// The configuration file [default: the nearest dbmoat.toml upward from the working directory]
    #[arg(long, global = true, value_name = "FILE", env = "DBMOAT_CONFIG", hide_env_values = true)]
    pub config: Option<PathBuf>,

    /// Read no configuration file
    #[arg(long, global = true, env = "DBMOAT_NO_CONFIG", hide_env_values = true, value_parser = FalseyValueParser::new())]
    pub no_config: bool,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge databases: of an AWS account, of inventory files, or of the built-in demo
    Scan(Box<ScanArgs>),
    /// Compare two reports: what is new, fixed, unchanged and no longer assessed
    Diff(DiffArgs),
    /// Show what is open and for how long, how long mending takes, and the trend, of runs with --history
    History {
        #[command(flatten)]
        history: HistoryArgs,
        /// The form of the overview
        #[arg(short, long, value_enum, default_value_t = ListFormat::Table, value_name = "FORMAT")]
        format: ListFormat,
    },
    /// Write what AWS says to an inventory file, to be judged later with `scan --inventory`
    Collect(Box<CollectArgs>),
    /// Say what a scan would meet: who asks, which accounts and regions answer, which operations are denied
    Doctor(Box<DoctorArgs>),
    /// Say of each control of a framework whether it is satisfied, violated, not assessed or not covered
    Compliance(Box<ComplianceArgs>),
    /// Hand a report to another system
    #[command(subcommand)]
    Upload(UploadCommand),
    /// List who has access to databases: who may connect, read, change exposure, share snapshots, and by which statement
    Access(Box<AccessArgs>),
    /// List, explain and check rules
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Print the IAM permissions that the selected rules need
    Permissions(PermissionsArgs),
    /// Show what the options are set to, and by what
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print the completions for a shell
    Completions { shell: Shell },
    /// Print the manual page, or write those of all commands into a folder
    Man {
        /// The folder, such as /usr/local/share/man/man1
        #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        output: Option<PathBuf>,
    },
    /// Print the JSON schema of the JSON report, or of a file that dbmoat reads
    Schema {
        #[arg(value_enum, default_value_t = SchemaOf::Report)]
        of: SchemaOf,
    },
}

/// `dbmoat config`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print what is in effect and where each value comes from: the environment, the file or the default
    Show {
        /// The form of the list; the table is a file that would set it all
        #[arg(short, long, value_enum, default_value_t = ListFormat::Table, value_name = "FORMAT")]
        format: ListFormat,
    },
}

/// What has a JSON schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// The JSON report
    Report,
    /// dbmoat.toml
    Config,
    /// The file of waivers
    Waivers,
}

/// The form of what `rules` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    Table,
    Json,
}
