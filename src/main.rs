//! Parses the command line, runs the command, and maps what came of it to an exit code.

use std::process::ExitCode;

use clap::Parser;
use dbmoat::cli::Cli;
use dbmoat::commands;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let end = commands::run(&cli).unwrap_or_else(commands::Failure::end);
    end.announce();
    ExitCode::from(end.code)
}
