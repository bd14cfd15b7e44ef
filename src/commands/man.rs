//! `dbmoat man` and `dbmoat completions`: what a package installs beside the program.

use std::collections::BTreeMap;
use std::path::Path;

use clap::Command;
use clap_complete::Shell;

use super::output::{print, write_folder};
use super::{End, Failure};
use crate::config::built;
use crate::gate;

/// Prints what a shell sources to complete the command line.
pub fn completions(shell: Shell) -> Result<End, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut built(), env!("CARGO_PKG_NAME"), &mut script);
    print(&String::from_utf8_lossy(&script))
}

/// Prints the page of the program, or writes that of every command into a folder.
pub fn run(folder: Option<&Path>) -> Result<End, Failure> {
    let command = built();
    let Some(folder) = folder else { return print(&page(&command)) };
    let pages = pages(&command);
    write_folder(folder, &pages).map_err(Failure::usage)?;
    Ok(End { code: gate::PASSED, reason: Some(format!("wrote {} pages to {}", pages.len(), folder.display())) })
}

/// The pages of a command and those beneath it, by the name of the file.
fn pages(command: &Command) -> BTreeMap<String, String> {
    let beneath = command.get_subcommands().filter(|command| command.get_name() != "help").flat_map(pages);
    let name = command.get_display_name().unwrap_or(command.get_name());
    std::iter::once((format!("{name}.1"), page(command))).chain(beneath).collect()
}

fn page(command: &Command) -> String {
    let mut page = Vec::new();
    // Writing to memory cannot fail.
    let _ = clap_mangen::Man::new(command.clone()).render(&mut page);
    String::from_utf8_lossy(&page).into_owned()
}
