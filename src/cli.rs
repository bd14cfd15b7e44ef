//! The command line.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum, ValueHint};

use crate::engine::{Selection, Severity};
use crate::facts::Trust;
use crate::gate::Policy;
use crate::shard::Shard;

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
  4  something was not assessed and nothing else failed (--allow-incomplete makes it 0)
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
    #[arg(long, global = true, env = "DBMOAT_NO_CONFIG", hide_env_values = true)]
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

/// What to look at.
#[derive(Debug, Args)]
pub struct OriginArgs {
    /// The account that is built into the program; asks nothing of AWS
    #[arg(long, conflicts_with_all = ["inventory", "profile", "endpoint_url", "exclude_region", "role_arn", "org"])]
    pub demo: bool,

    /// Inventory files (.jsonl, .jsonl.zst, - for standard input, a pattern in quotes) together, instead of asking AWS
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["profile", "endpoint_url", "exclude_region", "role_arn", "org"])]
    pub inventory: Vec<PathBuf>,

    #[command(flatten)]
    pub aws: AwsArgs,
}

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

/// What to judge, and by which rules.
#[derive(Debug, Args)]
pub struct SourceArgs {
    #[command(flatten)]
    pub origin: OriginArgs,

    #[command(flatten)]
    pub rules: RuleArgs,

    #[command(flatten)]
    pub trust: TrustArgs,
}

/// `dbmoat scan`.
#[derive(Debug, Args)]
pub struct ScanArgs {
    #[command(flatten)]
    pub source: SourceArgs,

    /// Write a report as FORMAT=FILE (- is standard output); repeatable. Formats: table, json, jsonl, sarif, csv, junit, markdown, html, ocsf, asff
    #[arg(short, long, value_name = "FORMAT=FILE", value_hint = ValueHint::FilePath)]
    pub output: Vec<String>,

    /// Write a SARIF file for each account, DBMOAT.ACCOUNT.sarif beside the DBMOAT.sarif that is named: GitHub takes 20 accounts in a file
    #[arg(long, value_enum, value_name = "BY")]
    pub sarif_split: Option<SarifSplit>,

    /// Report passes too, in the formats that list findings
    #[arg(long, value_enum, value_name = "OUTCOME")]
    pub include: Vec<Include>,

    #[command(flatten)]
    pub gate: GateArgs,

    #[command(flatten)]
    pub history: HistoryArgs,
}

/// What fails a scan.
#[derive(Debug, Args)]
#[command(next_help_heading = "Gate")]
pub struct GateArgs {
    /// The least severity that fails the scan
    #[arg(long, value_enum, default_value_t = FailOn::High, value_name = "SEVERITY")]
    pub fail_on: FailOn,

    /// Exit 0 rather than 4 when something was not assessed
    #[arg(long)]
    pub allow_incomplete: bool,

    /// Exit 0 whatever is found
    #[arg(long, visible_alias = "soft-fail")]
    pub exit_zero: bool,

    /// A file of waivers: findings that somebody answers for, listed apart until they expire
    #[arg(long, value_name = "FILE")]
    pub waivers: Option<PathBuf>,

    /// An earlier report (json, jsonl) to compare with; what failed there and is not assessed now is carried over
    #[arg(long, value_name = "REPORT")]
    pub baseline: Option<PathBuf>,

    /// Only failures that the baseline lacks fail the scan
    #[arg(long)]
    pub fail_on_new: bool,

    /// What SARIF does with accounts in which something was not assessed, whose alerts GitHub might close
    #[arg(long, value_enum, default_value_t = SarifIncomplete::Write, value_name = "WHAT")]
    pub sarif_incomplete: SarifIncomplete,
}

/// Where runs are kept.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// An SQLite file that keeps what each run finds; made where there is none
    #[arg(long, value_name = "FILE")]
    pub history: Option<PathBuf>,
}

/// What SARIF does with incomplete accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SarifIncomplete {
    /// Writes what is known
    Write,
    /// Leaves the account out; where none is left, writes no file
    Refuse,
}

impl GateArgs {
    /// What the flags say of the exit code.
    pub fn policy(&self) -> Policy {
        Policy { fail_on: self.fail_on.severity(), only_new: self.fail_on_new, allow_incomplete: self.allow_incomplete, exit_zero: self.exit_zero }
    }
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

/// `dbmoat collect`.
#[derive(Debug, Args)]
pub struct CollectArgs {
    #[command(flatten)]
    pub aws: AwsArgs,

    #[command(flatten)]
    pub rules: RuleArgs,

    /// Where to write the inventory: a .jsonl or .jsonl.zst file, or - for standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,

    /// Exit 0 rather than 4 when an operation did not answer
    #[arg(long)]
    pub allow_incomplete: bool,
}

/// How to reach AWS.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "AWS")]
pub struct AwsArgs {
    /// The profile of the AWS configuration files
    #[arg(short, long, value_name = "NAME")]
    pub profile: Option<String>,

    /// A region, repeatable; `all` is every region the account has opted in to [default: the configured one]
    #[arg(long, value_name = "REGION", value_delimiter = ',')]
    pub region: Vec<String>,

    /// Not this region, repeatable
    #[arg(long, value_name = "REGION", value_delimiter = ',')]
    pub exclude_region: Vec<String>,

    #[command(flatten)]
    pub accounts: AccountArgs,

    /// At most so many calls at once, over all accounts
    #[arg(long, value_name = "N", default_value = "50")]
    pub concurrency: NonZeroUsize,

    /// At most N calls a second of a service in each account and region, repeatable [default: what AWS publishes, or little]
    #[arg(long, value_name = "SERVICE=N", value_delimiter = ',', value_parser = rate)]
    pub max_rate: Vec<(String, NonZeroU32)>,

    /// Give a region up after so many seconds; what is not finished is not assessed
    #[arg(long, value_name = "SECONDS", default_value = "1800")]
    pub scope_timeout: NonZeroU32,

    /// Only the scopes (an account in a region) that are this run's of several, such as 1/8; without it, the indices that
    /// Kubernetes' indexed jobs (JOB_COMPLETION_INDEX, with JOB_COMPLETIONS) and AWS Batch's array jobs set
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,

    /// Send every call to this address, such as an emulator's (AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_RDS and so on work too)
    #[arg(long, value_name = "URL", value_parser = address)]
    pub endpoint_url: Option<String>,
}

/// Which accounts are asked; without any of these, the account of the credentials.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Accounts")]
pub struct AccountArgs {
    /// Assume this role and ask its account, repeatable
    #[arg(long, value_name = "ARN", value_delimiter = ',', value_parser = role, conflicts_with = "org")]
    pub role_arn: Vec<String>,

    /// The external id that the roles' trust policies want
    #[arg(long, value_name = "ID")]
    pub external_id: Option<String>,

    /// Every active account of the organization, each through the role of --org-role
    #[arg(long, requires = "org_role")]
    pub org: bool,

    /// The name of the role to assume in each account of the organization, with its path if it has one
    #[arg(long, value_name = "NAME", requires = "org", value_parser = role_name)]
    pub org_role: Option<String>,

    /// Of the organization only this account, repeatable
    #[arg(long, value_name = "ID", value_delimiter = ',', requires = "org", value_parser = account)]
    pub account: Vec<String>,

    /// Of the organization not this account, repeatable
    #[arg(long, value_name = "ID", value_delimiter = ',', requires = "org", value_parser = account)]
    pub exclude_account: Vec<String>,

    /// Of the organization only what is below this organizational unit or root, repeatable
    #[arg(long, value_name = "ID", value_delimiter = ',', requires = "org", value_parser = unit)]
    pub ou: Vec<String>,
}

/// Which rules run.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Rules")]
pub struct RuleArgs {
    /// Only rules whose id matches the glob, repeatable; a rule that is off by default runs when named in full
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    pub rule: Vec<String>,

    /// Not the rules whose id matches the glob, repeatable
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    pub skip_rule: Vec<String>,

    /// Only rules of the service, repeatable
    #[arg(long, value_name = "SERVICE", value_delimiter = ',')]
    pub service: Vec<String>,

    /// Only rules of at least this severity
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub min_severity: Option<Severity>,

    /// Set a parameter of a rule, repeatable
    #[arg(long, value_name = "RULE.NAME=VALUE", value_parser = assignment)]
    pub param: Vec<(String, String)>,

    /// Parameters of rules: `RULE.NAME = VALUE`
    #[arg(long, hide = true, value_parser = assignment)]
    pub params: Vec<(String, String)>,

    /// A folder with rules of your own, beside the built-in ones
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
}

impl RuleArgs {
    /// The selection that the flags make.
    pub fn selection(&self) -> Selection {
        Selection {
            rules: self.rule.clone(),
            skip_rules: self.skip_rule.clone(),
            services: self.service.clone(),
            min_severity: self.min_severity,
            // Those of the configuration first: the last one counts.
            params: [&self.params[..], &self.param].concat(),
        }
    }
}

/// Whom rules trust beside the accounts that are scanned and the organizations that these are in.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Trust")]
pub struct TrustArgs {
    /// An account that may be let in, repeatable; those that are scanned are trusted anyway
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = account_id)]
    pub trusted_account: Vec<String>,

    /// An organization whose accounts may be let in, repeatable; the one that the account is in is trusted anyway
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = organization_id)]
    pub trusted_organization: Vec<String>,
}

impl TrustArgs {
    /// Those that the flags name.
    pub fn trust(&self) -> Trust {
        Trust { accounts: self.trusted_account.iter().cloned().collect(), organizations: self.trusted_organization.iter().cloned().collect() }
    }
}

fn account_id(text: &str) -> Result<String, String> {
    let is_id = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_id { Ok(text.to_owned()) } else { Err("an account id is 12 digits".to_owned()) }
}

fn organization_id(text: &str) -> Result<String, String> {
    let is_id = |rest: &str| (10..=32).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if text.strip_prefix("o-").is_some_and(is_id) {
        Ok(text.to_owned())
    } else {
        Err("an organization id is o- and 10 to 32 small letters and digits".to_owned())
    }
}

fn address(text: &str) -> Result<String, String> {
    if text.starts_with("http://") || text.starts_with("https://") {
        Ok(text.to_owned())
    } else {
        Err("write http:// or https:// in front".to_owned())
    }
}

fn rate(text: &str) -> Result<(String, NonZeroU32), String> {
    let (service, rate) = text.split_once('=').ok_or("write SERVICE=N")?;
    Ok((service.to_owned(), rate.parse().map_err(|_| "N is a number of calls a second, at least 1")?))
}

fn account(text: &str) -> Result<String, String> {
    let is_id = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_id { Ok(text.to_owned()) } else { Err("an account id has 12 digits".to_owned()) }
}

fn role(text: &str) -> Result<String, String> {
    match text.splitn(6, ':').collect::<Vec<_>>()[..] {
        ["arn", _, "iam", "", id, name] if account(id).is_ok() && name.strip_prefix("role/").is_some_and(|name| role_name(name).is_ok()) => {
            Ok(text.to_owned())
        }
        _ => Err("write arn:aws:iam::ACCOUNT:role/NAME".to_owned()),
    }
}

fn role_name(text: &str) -> Result<String, String> {
    let allowed = |character: char| character.is_ascii_alphanumeric() || "/+=,.@_-".contains(character);
    let is_name = !text.is_empty() && !text.starts_with('/') && !text.ends_with('/') && text.chars().all(allowed);
    if is_name { Ok(text.to_owned()) } else { Err("write the role's name, or its path and name without the first slash".to_owned()) }
}

fn unit(text: &str) -> Result<String, String> {
    if text.starts_with("ou-") || text.starts_with("r-") { Ok(text.to_owned()) } else { Err("an id begins with ou-, or r- for the root".to_owned()) }
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (target, value) = text.split_once('=').ok_or("write RULE.NAME=VALUE")?;
    Ok((target.to_owned(), value.to_owned()))
}

/// `dbmoat permissions`.
#[derive(Debug, Args)]
pub struct PermissionsArgs {
    #[command(flatten)]
    pub rules: RuleArgs,
    /// As an IAM policy document
    #[arg(long, conflicts_with = "doc")]
    pub policy: bool,
    /// Also what the caller of `--org --org-role NAME` needs: to list the accounts and assume the role in each
    #[arg(long, value_name = "NAME", conflicts_with = "doc", value_parser = role_name)]
    pub org_role: Option<String>,
    /// Also what the caller of `--role-arn ARN` needs: to assume the role; repeatable
    #[arg(long, value_name = "ARN", value_delimiter = ',', conflicts_with = "doc", value_parser = role)]
    pub role_arn: Vec<String>,
    /// As a page in Markdown, the rules that are off by default included
    #[arg(long)]
    pub doc: bool,
}

/// What SARIF is split by into files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SarifSplit {
    Account,
}

/// Outcomes that are not reported unless asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Include {
    Pass,
}

/// A severity, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    Critical,
    High,
    Medium,
    Low,
    None,
}

impl FailOn {
    /// The least severity that fails, if any does.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Critical => Some(Severity::Critical),
            Self::High => Some(Severity::High),
            Self::Medium => Some(Severity::Medium),
            Self::Low => Some(Severity::Low),
            Self::None => None,
        }
    }
}

/// `dbmoat rules`.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// List the rules
    List {
        #[command(flatten)]
        rules: RuleArgs,
        /// Also the rules that are off by default
        #[arg(long, action = ArgAction::SetTrue)]
        all: bool,
        /// The form of the list
        #[arg(short, long, value_enum, default_value_t = ListFormat::Table, value_name = "FORMAT")]
        format: ListFormat,
    },
    /// Explain one rule: what it wants and why, how to mend it, what it reads
    Show {
        /// The rule's id
        id: String,
        /// A folder with rules of your own, beside the built-in ones
        #[arg(long, value_name = "DIR")]
        rules: Option<PathBuf>,
        /// The form of the page
        #[arg(short, long, value_enum, default_value_t = ListFormat::Table, value_name = "FORMAT")]
        format: ListFormat,
    },
    /// Check rule files: the built-in ones, or a folder's
    Lint(CheckArgs),
    /// Run the cases of rule files: the built-in ones, or a folder's
    Test(CheckArgs),
    /// Write the reference of all rules into a folder, in Markdown
    Doc(DocArgs),
}

/// `dbmoat rules doc`.
#[derive(Debug, Args)]
pub struct DocArgs {
    /// A folder with rules of your own, beside the built-in ones
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// Where to write the pages; those that an earlier run wrote and that are gone are removed
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
}

/// What to check, and how to say it.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The folder; the built-in rules by default
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// The form of the result
    #[arg(short, long, value_enum, default_value_t = ListFormat::Table, value_name = "FORMAT")]
    pub format: ListFormat,
}

/// The form of what `rules` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    Table,
    Json,
}
