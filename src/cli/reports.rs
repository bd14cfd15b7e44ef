//! Commands that answer one question of an inventory, or take reports: access, compliance, diff, upload.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::ListFormat;
use super::aws::{OriginArgs, address};
use super::scan::SourceArgs;

/// `dbmoat access`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("which").required(true).args(["arn", "all"]))]
pub struct AccessArgs {
    /// The database or snapshot
    #[arg(value_name = "ARN")]
    pub arn: Option<String>,

    /// Every database and snapshot
    #[arg(long)]
    pub all: bool,

    #[command(flatten)]
    pub origin: OriginArgs,

    /// The form of the list
    #[arg(short, long, value_enum, default_value_t = ListFormat::Table, value_name = "FORMAT")]
    pub format: ListFormat,

    /// Exit 0 rather than 4 when something could not be read
    #[arg(long)]
    pub allow_incomplete: bool,
}

/// `dbmoat compliance`.
#[derive(Debug, Args)]
pub struct ComplianceArgs {
    /// The framework; without it, the frameworks are listed
    #[arg(value_name = "FRAMEWORK")]
    pub framework: Option<String>,

    /// The edition of the framework [default: the newest]
    #[arg(long, value_name = "EDITION", requires = "framework")]
    pub edition: Option<String>,

    #[command(flatten)]
    pub source: SourceArgs,

    /// The form of the result
    #[arg(short, long, value_enum, default_value_t = ComplianceFormat::Table, value_name = "FORMAT")]
    pub format: ComplianceFormat,

    /// Where to write it (- is standard output)
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
}

/// The form of what `compliance` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ComplianceFormat {
    Table,
    Json,
    Csv,
    Html,
}

/// `dbmoat upload`.
#[derive(Debug, Subcommand)]
pub enum UploadCommand {
    /// SARIF to GitHub code scanning; the token is read from GITHUB_TOKEN
    Github(GithubArgs),
}

/// `dbmoat upload github`.
#[derive(Debug, Args)]
pub struct GithubArgs {
    /// SARIF files, and folders with such
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,

    /// The repository whose alerts they become
    #[arg(long, value_name = "OWNER/NAME", env = "GITHUB_REPOSITORY")]
    pub repository: String,

    /// The commit that they are of
    #[arg(long, value_name = "SHA", env = "GITHUB_SHA")]
    pub commit: String,

    /// The reference that they are of, such as refs/heads/main
    #[arg(long = "ref", value_name = "REF", env = "GITHUB_REF")]
    pub reference: String,

    /// The address of the API
    #[arg(long, value_name = "URL", env = "GITHUB_API_URL", default_value = "https://api.github.com", value_parser = address)]
    pub api_url: String,

    /// How many seconds to wait for GitHub to accept a file
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub timeout: u64,
}

/// `dbmoat diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The older report (json, jsonl)
    pub old: PathBuf,
    /// The newer report
    pub new: PathBuf,
    /// The form of the comparison
    #[arg(short, long, value_enum, default_value_t = DiffFormat::Table, value_name = "FORMAT")]
    pub format: DiffFormat,
}

/// The form of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    Table,
    Json,
    Markdown,
}
