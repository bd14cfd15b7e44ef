//! The recipes for many machines, run: every shard collects, and one scan of all files is a live scan.

use std::collections::BTreeSet;

use crate::emulator::Emulator;
use crate::program::{NOW, outcomes, run};
use crate::{recipes, scan};

#[test]
fn the_shards_of_each_recipe_together_are_the_live_scan() {
    let emulator = Emulator::take();
    let live = scan(&emulator, &["--region", "all"]);
    let url = emulator.url();
    let environment = [
        ("AWS_ACCESS_KEY_ID", "testing"),
        ("AWS_SECRET_ACCESS_KEY", "testing"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ENDPOINT_URL", &url),
        ("DBMOAT_NOW", NOW),
    ];
    for (scheduler, recipe) in recipes::all() {
        let folder = tempfile::tempdir().unwrap();
        let mut notes = BTreeSet::new();
        for step in &recipe.collect {
            let collected = run(step.command(folder.path(), &environment));
            assert_eq!(collected.code, 0, "{scheduler}: {}", collected.stderr);
            notes.extend(collected.stderr.lines().next().map(ToOwned::to_owned));
        }
        assert_eq!(notes.len(), recipe.collect.len(), "each says which shard it is: {notes:?}");
        let files = format!("{}/shard-*", folder.path().display());
        let judged = run(crate::program::dbmoat(&["scan", "--inventory", &files, "--include", "pass", "-o", "json"]));
        assert_eq!(judged.code, live.code, "{scheduler}: {}", judged.stderr);
        assert_eq!(outcomes(&judged.json()), outcomes(&live.json()), "{scheduler}");
    }
}
