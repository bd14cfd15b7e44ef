//! What is judged: the demo, inventory files, or what AWS says now.

use std::path::Path;

use super::Failure;
use super::judgement::Judgement;
use crate::cli::{Global, SourceArgs};
use crate::engine::RuleSet;
use crate::inventory::read::{self, Scopes};

/// The demo account, which `fixtures/demo.py` writes.
static DEMO: &[u8] = include_bytes!("../../fixtures/demo.jsonl");

/// Judges what the arguments name.
pub fn judge<'r>(args: &SourceArgs, rules: &'r RuleSet, keep_passes: bool, global: &Global) -> Result<Judgement<'r>, Failure> {
    let mut judged = Judgement::new(rules, keep_passes);
    if args.demo {
        for scope in Scopes::new(DEMO, Path::new("demo")) {
            judged.add(scope?, &args.aws.region)?;
        }
    } else if args.inventory.is_empty() {
        for scope in super::collect::live(&args.aws, rules, global)? {
            judged.add(scope, &[])?;
        }
    } else {
        for file in &args.inventory {
            for scope in read::open(file)? {
                judged.add(scope?, &args.aws.region)?;
            }
        }
    }
    if args.demo || !args.inventory.is_empty() {
        judged.check_regions(&args.aws.region)?;
    }
    if judged.is_empty() {
        return Err(Failure::not_run(anyhow::anyhow!("there is nothing to judge: no scope of the regions asked for is in the inventory")));
    }
    Ok(judged)
}
