//! `dbmoat diff`: what has changed between two reports.

use std::fs::File;
use std::path::Path;

use anyhow::Context;

use super::output::{pretty, print};
use super::{End, Failure};
use crate::cli::{DiffArgs, DiffFormat};
use crate::gate::baseline::Baseline;
use crate::report::diff;

/// Prints the comparison.
pub fn run(args: &DiffArgs) -> Result<End, Failure> {
    let changes = read(&args.new).and_then(|new| Ok(new.since(read(&args.old)?))).map_err(Failure::usage)?;
    print(&match args.format {
        DiffFormat::Table => diff::table(&changes),
        DiffFormat::Markdown => diff::markdown(&changes),
        DiffFormat::Json => pretty(&changes),
    })
}

/// Reads a report.
pub fn read(path: &Path) -> anyhow::Result<Baseline> {
    let file = File::open(path).with_context(|| format!("cannot read the report {}", path.display()))?;
    Baseline::read(file).with_context(|| format!("{} is no JSON report of dbmoat", path.display()))
}
