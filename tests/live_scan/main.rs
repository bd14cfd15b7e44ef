//! Scans of an emulated AWS account over the real wire protocols: which rules fail, pass and are
//! not assessed, resource by resource; what a denied operation leaves open; what a file preserves.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![cfg(feature = "live")]

#[path = "../support/emulator.rs"]
mod emulator;
#[path = "../support/program.rs"]
mod program;
#[path = "../support/recipes.rs"]
#[allow(dead_code, reason = "what judges the shards is run by another test")]
mod recipes;

mod access;
mod alone;
mod control_policies;
mod denied;
mod doctor;
mod faults;
mod flips;
mod inventory;
mod large;
mod large_tables;
mod last_change;
mod limits;
mod organization;
mod progress;
mod resume;
mod shards;
mod verdicts;
mod verdicts_account;
mod verdicts_around;
mod verdicts_backup;
mod verdicts_dax;
mod verdicts_dsql;
mod verdicts_dynamodb;
mod verdicts_elasticache;
mod verdicts_iam;
mod verdicts_lifecycle;
mod verdicts_memorydb;
mod verdicts_timestream;

use emulator::Emulator;
use program::{Run, run, with_credentials};

/// Scans the emulated account with passes, as JSON.
fn scan(emulator: &Emulator, more: &[&str]) -> Run {
    let url = emulator.url();
    let mut arguments = vec!["scan", "--endpoint-url", &url, "--include", "pass", "-o", "json"];
    if !more.contains(&"--region") {
        arguments.extend(["--region", "us-east-1"]);
    }
    arguments.extend(more);
    run(with_credentials(&arguments))
}
