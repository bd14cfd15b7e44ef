//! Only parses an inventory into its types, as `scan --inventory` does before it judges: what judging is
//! measured against (see README.md).
#![allow(clippy::print_stdout, reason = "what a measurement says is its output")]

use std::path::Path;

use dbmoat::inventory::read::Source;

fn main() -> anyhow::Result<()> {
    for file in std::env::args().skip(1).filter(|argument| !argument.starts_with("--")) {
        let (mut scopes, mut resources) = (0, 0);
        for scope in Source::new(Path::new(&file))?.scopes()? {
            scopes += 1;
            resources += scope?.resources.len();
        }
        println!("{resources} resources in {scopes} scopes");
    }
    Ok(())
}
