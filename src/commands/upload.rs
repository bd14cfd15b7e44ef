//! `dbmoat upload`: hands reports to others' systems.

use super::{End, Failure};
use crate::cli::{GithubArgs, UploadCommand};

/// Uploads what the command names.
pub fn run(command: &UploadCommand) -> Result<End, Failure> {
    match command {
        UploadCommand::Github(args) => github(args),
    }
}

#[cfg(feature = "live")]
fn github(args: &GithubArgs) -> Result<End, Failure> {
    use std::time::Duration;

    use anyhow::Context;

    use super::output::say;
    use crate::upload::{Target, upload};

    let token = std::env::var("GITHUB_TOKEN").ok().filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| Failure::usage(anyhow::anyhow!("there is no GITHUB_TOKEN in the environment")))?;
    let target = Target { api: &args.api_url, repository: &args.repository, commit: &args.commit, reference: &args.reference, token: &token };
    for path in files(&args.files).map_err(Failure::usage)? {
        let context = || path.display().to_string();
        let sarif = std::fs::read(&path).with_context(context).map_err(Failure::usage)?;
        upload(&target, &sarif, Duration::from_secs(args.timeout)).with_context(context).map_err(Failure::not_run)?;
        say(&format!("{}: GitHub has taken it", path.display()));
    }
    Ok(End::done())
}

/// The files, and of folders those in them that are SARIF.
#[cfg(feature = "live")]
fn files(named: &[std::path::PathBuf]) -> anyhow::Result<Vec<std::path::PathBuf>> {
    use anyhow::Context;

    let mut files = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path).with_context(|| path.display().to_string())?;
        let mut inside: Vec<_> = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
        inside.retain(|file| file.extension().is_some_and(|extension| extension == "sarif"));
        inside.sort();
        anyhow::ensure!(!inside.is_empty(), "{} holds no .sarif file", path.display());
        files.append(&mut inside);
    }
    Ok(files)
}

#[cfg(not(feature = "live"))]
fn github(_: &GithubArgs) -> Result<End, Failure> {
    Err(Failure::usage(anyhow::anyhow!("this build has no network: build it with the feature live")))
}
