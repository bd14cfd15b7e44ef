//! `dbmoat rules doc`: writes the reference into a folder.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;

use anyhow::Context;

use super::output::write_folder;
use super::{End, Failure};
use crate::cli::DocArgs;
use crate::engine::{RuleSet, Selection};
use crate::gate;
use crate::reference;

/// Writes every page, and removes the pages of services that are gone.
pub fn run(args: &DocArgs) -> Result<End, Failure> {
    let pages = reference::pages(&RuleSet::load_all(args.rules.as_deref(), &Selection::default())?);
    write_folder(&args.output, &pages).map_err(Failure::usage)?;
    remove_stale(&args.output, &pages).with_context(|| format!("cannot clear {}", args.output.display())).map_err(Failure::usage)?;
    Ok(End { code: gate::PASSED, reason: Some(format!("wrote {} pages to {}", pages.len(), args.output.display())) })
}

/// Removes pages that an earlier run wrote and this one did not; what a person wrote stays.
fn remove_stale(folder: &Path, pages: &BTreeMap<String, String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        let is_current = file.file_name().and_then(OsStr::to_str).is_some_and(|name| pages.contains_key(name));
        let is_page = file.extension() == Some(OsStr::new("md")) && file.is_file();
        if is_page && !is_current && fs::read(&file)?.starts_with(reference::GENERATED.as_bytes()) {
            fs::remove_file(&file)?;
        }
    }
    Ok(())
}
