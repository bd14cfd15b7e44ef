//! Parses the command line, runs the command, and maps what came of it to an exit code.

use std::process::ExitCode;

use dbmoat::commands::{self, End, Failure};
use dbmoat::config;

fn main() -> ExitCode {
    let end = match config::parse(&std::env::args_os().collect::<Vec<_>>()) {
        Ok(cli) => commands::run(&cli).unwrap_or_else(Failure::end),
        Err(error) => End::of_usage(error),
    };
    end.announce();
    ExitCode::from(end.code)
}
