//! What decides over findings besides the rules: the configuration, waivers, baselines and the history.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod baseline;
mod configuration;
mod history;
#[path = "../support/program.rs"]
mod program;
mod waivers;
