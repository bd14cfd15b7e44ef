//! `dbmoat scan`: what to judge, what to write and what fails.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use super::aws::OriginArgs;
use super::rules::RuleArgs;
use super::trust::TrustArgs;
use crate::engine::Severity;
use crate::gate::Policy;

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

    /// Write waived failures to SARIF too, as suppressed: for readers that heed it, which GitHub does not
    #[arg(long)]
    pub sarif_waived: bool,

    /// Report passes too, in the formats that list findings
    #[arg(long, value_enum, value_name = "OUTCOME")]
    pub include: Vec<Include>,

    /// Ask CloudTrail who changed the resources of failures of high and over last, at two calls a second in each account and region
    #[arg(long)]
    pub last_change: bool,

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
