//! `dbmoat scan --last-change`: who changed the resources of the worst findings last.

use super::Failure;
use super::collect::Reached;
use super::judgement::spilling;
use super::output::say;
use crate::cli::{Global, OriginArgs};
use crate::last_change;
use crate::report::Report;

/// Errs where CloudTrail cannot be asked.
pub fn check(origin: &OriginArgs) -> Result<(), Failure> {
    if origin.demo || !origin.inventory.is_empty() {
        return Err(Failure::usage(anyhow::anyhow!("--last-change asks CloudTrail about what is there now; leave out --inventory and --demo")));
    }
    Ok(())
}

/// The report with what CloudTrail says; what it does not say is noted, each reason once.
pub fn add(report: Report, reached: &Reached, global: &Global) -> Result<Report, Failure> {
    let targets = last_change::targets(&report.findings).map_err(|error| spilling(&error))?;
    let answers = reached.last_changes(&targets, global);
    let (findings, unknown) = last_change::told(report.findings, &answers).map_err(|error| spilling(&error))?;
    for (why, count) in unknown {
        say(&format!("note: of {count} findings it is not known who changed the resource last: {why}"));
    }
    Ok(Report { findings, ..report })
}
