//! From findings to a verdict and an exit code: before anything is rendered, so that the code and
//! every format agree.

pub mod baseline;
pub mod waivers;

use serde::Serialize;

use crate::engine::Severity;
use crate::findings::Tally;

/// When a scan fails.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// The least severity that fails the gate; none lets everything through.
    pub fail_on: Option<Severity>,
    /// Whether only failures that the baseline lacks fail the gate.
    pub only_new: bool,
    /// Whether what was not assessed lets the gate pass.
    pub allow_incomplete: bool,
    /// Whether the exit code is 0 whatever was found.
    pub exit_zero: bool,
}

/// What the gate decided, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Verdict {
    /// 0: nothing at or over the threshold. 1: findings at or over it. 4: something was not assessed.
    pub exit_code: u8,
    /// One clause, such as `3 findings at or over high`.
    pub reason: String,
    /// The threshold: a severity, or `none`.
    pub fail_on: String,
}

/// The gate passed.
pub const PASSED: u8 = 0;
/// There are findings at or over the threshold.
pub const FAILED: u8 = 1;
/// The command line, the configuration or a rule file is wrong.
pub const USAGE: u8 = 2;
/// The scan could not run.
pub const NOT_RUN: u8 = 3;
/// Something was not assessed, and nothing else failed.
pub const INCOMPLETE: u8 = 4;

/// Judges the findings by the policy; `unreached` counts the scopes of which nothing could be asked.
pub fn decide(findings: &Tally, unreached: usize, policy: Policy) -> Verdict {
    let failures: Vec<_> = if policy.only_new { findings.new_failures().collect() } else { findings.failures().collect() };
    let over: usize = policy.fail_on.map_or(0, |least| failures.iter().filter(|(severity, _)| *severity >= least).map(|(_, count)| count).sum());
    let not_assessed = findings.not_assessed();
    let new = if policy.only_new { "new " } else { "" };
    let open = match (unreached, not_assessed) {
        (0, 0) => None,
        (0, _) => Some(format!("{not_assessed} not assessed")),
        (_, 0) => Some(format!("{} not reached", counted(unreached, "scope", "scopes"))),
        _ => Some(format!("{} not reached and {not_assessed} not assessed", counted(unreached, "scope", "scopes"))),
    };
    let threshold = policy.fail_on.map_or("none", Severity::name);
    let nothing = policy.fail_on.map_or_else(|| "no severity fails this scan".to_owned(), |least| format!("nothing {new}at or over {least}"));
    let (code, reason) = if over > 0 {
        (FAILED, format!("{} at or over {threshold}", counted(over, &format!("{new}finding"), &format!("{new}findings"))))
    } else if let Some(open) = open {
        if policy.allow_incomplete {
            (PASSED, format!("{nothing}; {open}, which --allow-incomplete lets pass"))
        } else {
            (INCOMPLETE, format!("{open}, and {nothing}"))
        }
    } else {
        (PASSED, nothing)
    };
    let (exit_code, reason) =
        if policy.exit_zero && code != PASSED { (PASSED, format!("{reason}, which --exit-zero lets pass")) } else { (code, reason) };
    Verdict { exit_code, reason, fail_on: threshold.to_owned() }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
