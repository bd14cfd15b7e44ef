//! Parses the command line, runs the command, and maps what came of it to an exit code.

use std::process::ExitCode;

use clap::Parser;
use dbmoat::cli::Cli;
use dbmoat::commands::{self, End, Failure};

fn main() -> ExitCode {
    let end = match Cli::try_parse() {
        Ok(cli) => commands::run(&cli).unwrap_or_else(Failure::end),
        Err(error) => End::of_usage(&error),
    };
    end.announce();
    ExitCode::from(end.code)
}
