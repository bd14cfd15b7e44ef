//! What surrounds the program where it is installed.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "../support/program.rs"]
mod program;
mod shell;
mod workflows;
