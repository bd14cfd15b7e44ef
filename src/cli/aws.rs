//! Where the inventory comes from: AWS, by which credentials, accounts and regions; files; the demo.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use clap::Args;

use super::ListFormat;
use super::rules::RuleArgs;
use crate::shard::Shard;

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

/// `dbmoat collect`.
#[derive(Debug, Args)]
pub struct CollectArgs {
    #[command(flatten)]
    pub aws: AwsArgs,

    #[command(flatten)]
    pub rules: RuleArgs,

    /// Where to write the inventory: a .jsonl or .jsonl.zst file, or - for standard output [default: what is resumed]
    #[arg(short, long, value_name = "FILE", required_unless_present = "resume")]
    pub output: Option<PathBuf>,

    /// Go on with a collection of FILE that was interrupted, killed or incomplete: keep its complete scopes and ask for the
    /// others. Takes FILE.partial where there is one. Give the options of that collection again
    #[arg(long, value_name = "FILE")]
    pub resume: Option<PathBuf>,

    /// Exit 0 rather than 4 when an operation did not answer
    #[arg(long)]
    pub allow_incomplete: bool,
}

/// `dbmoat doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    #[command(flatten)]
    pub aws: AwsArgs,

    #[command(flatten)]
    pub rules: RuleArgs,

    /// The form of what is said
    #[arg(short, long, value_enum, default_value_t = ListFormat::Table, value_name = "FORMAT")]
    pub format: ListFormat,
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

    /// At most N calls a second of a service in each account and region, repeatable; also of an operation with a limit
    /// of its own, such as dynamodb:DescribeContinuousBackups [default: what AWS publishes, or little]
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

pub(super) fn address(text: &str) -> Result<String, String> {
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

pub(super) fn account(text: &str) -> Result<String, String> {
    let is_id = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_id { Ok(text.to_owned()) } else { Err("an account id has 12 digits".to_owned()) }
}

pub(super) fn role(text: &str) -> Result<String, String> {
    match text.splitn(6, ':').collect::<Vec<_>>()[..] {
        ["arn", _, "iam", "", id, name] if account(id).is_ok() && name.strip_prefix("role/").is_some_and(|name| role_name(name).is_ok()) => {
            Ok(text.to_owned())
        }
        _ => Err("write arn:aws:iam::ACCOUNT:role/NAME".to_owned()),
    }
}

pub(super) fn role_name(text: &str) -> Result<String, String> {
    let allowed = |character: char| character.is_ascii_alphanumeric() || "/+=,.@_-".contains(character);
    let is_name = !text.is_empty() && !text.starts_with('/') && !text.ends_with('/') && text.chars().all(allowed);
    if is_name { Ok(text.to_owned()) } else { Err("write the role's name, or its path and name without the first slash".to_owned()) }
}

fn unit(text: &str) -> Result<String, String> {
    if text.starts_with("ou-") || text.starts_with("r-") { Ok(text.to_owned()) } else { Err("an id begins with ou-, or r- for the root".to_owned()) }
}
