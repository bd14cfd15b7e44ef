//! Which rules run, and `dbmoat rules` and `dbmoat permissions`.

use std::path::PathBuf;

use clap::{ArgAction, Args, Subcommand};

use super::ListFormat;
use super::aws::{role, role_name};
use crate::engine::{Selection, Severity};

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
    /// Also what `scan --last-change` needs
    #[arg(long, conflicts_with = "doc")]
    pub last_change: bool,
    /// As a page in Markdown, the rules that are off by default included
    #[arg(long)]
    pub doc: bool,
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
