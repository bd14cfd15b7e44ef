//! The inventory that `dbmoat collect` is writing: `FILE.partial` beside the file that it will be.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use tempfile::NamedTempFile;

use super::Failure;
use super::output::{self, Sink, say};
use crate::cli::CollectArgs;
use crate::inventory::partial::Partial;
use crate::inventory::read::Source;
use crate::inventory::{Needs, Scope, ScopeId};

/// The scopes so far, and where they will be.
pub struct Unfinished {
    scopes: Partial,
    sink: Sink,
    /// The file that they will be; none, if a device or a pipe takes them.
    target: Option<PathBuf>,
    /// The file that they are in, until there is something in it that is worth a name.
    unnamed: Option<NamedTempFile>,
}

impl Unfinished {
    /// Opens what the arguments name, and takes over what they resume.
    pub fn new(args: &CollectArgs, needs: &Needs) -> Result<Self, Failure> {
        let output = args.output.as_ref().or(args.resume.as_ref()).ok_or_else(|| Failure::usage(anyhow!("name the inventory: --output FILE")))?;
        let sink = Sink::open(output).map_err(Failure::usage)?;
        let target = sink.file().map(Path::to_owned);
        let unnamed = target.as_deref().map(output::temporary_beside).transpose().map_err(Failure::usage)?;
        let file = unnamed.as_ref().map_or_else(tempfile::tempfile, NamedTempFile::reopen).map_err(Failure::not_run)?;
        let compressed = output.extension().is_some_and(|extension| extension == "zst");
        let mut scopes = Partial::new(file, compressed, needs.digest());
        if let Some(file) = &args.resume {
            take_over(&mut scopes, file).map_err(Failure::usage)?;
        } else if target.as_deref().is_some_and(|file| partial(file).exists()) {
            say(&format!("note: this begins anew; --resume {} would go on with an earlier collection", output.display()));
        }
        Ok(Self { scopes, sink, target, unnamed })
    }

    /// The scopes that need not be asked again.
    pub fn complete(&self) -> BTreeSet<ScopeId> {
        self.scopes.complete()
    }

    /// Adds a scope. It is on disk then.
    pub fn add(&mut self, scope: &Scope) -> Result<(), Failure> {
        self.scopes.add(scope).map_err(|error| self.unwritable(error))?;
        if let Some(target) = self.target.as_deref().filter(|_| scope.reached)
            && let Some(file) = self.unnamed.take()
        {
            file.persist(partial(target)).map_err(|error| self.unwritable(error.error))?;
        }
        Ok(())
    }

    /// Writes the inventory, whole. Says how many of its scopes are incomplete, and how many there are.
    pub fn finish(mut self) -> Result<(usize, usize), Failure> {
        self.scopes.settle();
        let counts = (self.scopes.count() - self.scopes.complete().len(), self.scopes.count());
        let Self { scopes, sink, target, .. } = self;
        let written = sink.write(|out| scopes.finish(out)).and_then(|((), written)| written.appear());
        written.with_context(|| go_on(target.as_deref())).map_err(Failure::not_run)?;
        match target.map(|file| fs::remove_file(partial(&file))) {
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(Failure::not_run(error)),
            _ => Ok(counts),
        }
    }

    fn unwritable(&self, error: io::Error) -> Failure {
        Failure::not_run(anyhow::Error::new(error).context("the inventory cannot be written").context(go_on(self.target.as_deref())))
    }
}

/// Where the scopes of an inventory are, until it is finished.
fn partial(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".partial");
    PathBuf::from(name)
}

/// What to do about an inventory that cannot be finished.
fn go_on(target: Option<&Path>) -> String {
    target.filter(|file| partial(file).exists()).map_or_else(
        || "nothing is kept".to_owned(),
        |file| format!("{} has the scopes so far; --resume {} goes on", partial(file).display(), file.display()),
    )
}

/// Takes over what was collected of a file, the newest first.
fn take_over(scopes: &mut Partial, file: &Path) -> anyhow::Result<()> {
    let partial = partial(file);
    let source = if partial.exists() { &partial } else { file };
    scopes.take_over(&Source::new(source)?).with_context(|| format!("cannot go on with {}", source.display()))?;
    say(&format!("note: {} of {} scopes in {} are complete", scopes.complete().len(), scopes.count(), source.display()));
    Ok(())
}
